"""The tables of docs/results/speed.md of single training steps."""

from benchmarks.result_columns import mean
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table


def _in_turn(name, theirs, ours):
    """Processor time of a step in two ways that took turns."""
    return Table(
        tuple(read_rows(name)),
        (
            mean("theirs", f"{theirs}, CPU s a step", 2),
            mean("ours", ours, 2),
            mean("ratio", "ratio", 2),
        ),
        name,
    )


STEP_TABLES = {
    "step_beside_torch": Table(
        {
            "torch": "PyTorch, plain",
            "torch, memory kept": "PyTorch, freed memory kept",
            "torch, channels last": "PyTorch, channels last",
            "bpbreid": "BPBReID",
            "drop": "DROP",
            "pab_reid": "PAB-ReID",
            "hpnet, shared conv5": "HPNet with shared conv5",
            "backbone": "its backbone alone, classifying",
            "keras": "the same as Keras has it",
        },
        (
            mean("seconds", "s a step", 2),
            mean("processor seconds", "CPU s a step", 2),
            mean("torch / this", "plain PyTorch / this", 2),
            mean("processor torch / this", "the same, CPU s", 2),
            mean("over the backbone", "above the backbone, %"),
            mean("processor over the backbone", "the same, CPU s"),
            mean("million parameters", "million parameters", 1),
            mean("GFLOP forward", "GFLOP forward", 0),
        ),
        "step_beside_torch",
    ),
    "bfloat16": Table(
        ("float32", "mixed_bfloat16"),
        (
            mean("seconds a step", "s a step", 2),
            mean("gain of a step", "gain", 2),
            mean("images embedded a second", "embedded images/s", 0),
            mean("gain of embedding", "gain", 2),
        ),
        "bfloat16",
    ),
    "batch_normalization": _in_turn("batch_normalization", "Keras'", "ours"),
    "depthwise_convolution": _in_turn(
        "depthwise_convolution", "the operation", "a product"
    ),
    "optimizer_steps": Table(
        tuple(read_rows("optimizer_steps")),
        (
            mean("weights", decimals=0),
            mean("weight by weight", "weight by weight, CPU s a step", 3),
            mean("at once", "at once", 3),
            mean("ratio", decimals=2),
        ),
        "optimizer_steps",
    ),
}

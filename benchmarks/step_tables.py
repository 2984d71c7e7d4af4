"""The tables of docs/results/speed.md of single training steps."""

from benchmarks.result_columns import mean
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table

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
    "batch_normalization": Table(
        tuple(read_rows("batch_normalization")),
        (
            mean("theirs", "Keras', CPU s a step", 2),
            mean("ours", "ours", 2),
            mean("ratio", "ratio", 2),
        ),
        "batch_normalization",
    ),
    "depthwise_convolution": Table(
        tuple(read_rows("depthwise_convolution")),
        (
            mean("theirs", "the operation, CPU s a step", 2),
            mean("ours", "a product", 2),
            mean("ratio", "ratio", 2),
        ),
        "depthwise_convolution",
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

"""The tables of docs/results/speed.md: which rows and columns each has."""

from benchmarks.result_columns import compared, failed_or, mean
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table
from benchmarks.step_tables import STEP_TABLES

_SIZES = {
    "occluded_duke": "Occluded-Duke, 2,210 x 17,661",
    "market1501": "Market-1501, 3,368 x 15,913",
    "msmt17": "MSMT17, 11,659 x 82,161",
    "market1501_500k": "Market-1501 + 500,000, 3,368 x 515,913",
}
_FEATURES = {"0.6": "easy", "0.42": "medium", "0.05": "near random"}
_NAMES = {
    "resnet50": "ResNet-50",
    "hrnet_w32": "HRNet-W32",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
    "torch": "PyTorch",
}
_PARTS_DISTANCES = {"visibility_mean": "mean", "visibility_max": "largest"}
_OCCLUSIONS = "with roa, roa:0.5"


def _named(row):
    """The cells of a row that is called by several words."""
    return " | ".join(_NAMES.get(word, word) for word in row.split(", "))


def _costs(ratio_decimals=2):
    return (
        mean("seconds", decimals=None),
        mean("product", decimals=None),
        mean("ratio", decimals=ratio_decimals),
        mean("MB above features", decimals=0),
    )


def throughput_table(rows):
    """Table of a dictionary of rows by `"backbone, batch, backend"`."""
    return Table(
        {row: _named(row) for row in rows},
        (
            failed_or(mean("seconds a step", "s a step", 2)),
            mean("ratio", decimals=2),
            mean("trained images a second", "trained images/s"),
            mean("embedded images a second", "embedded images/s"),
            mean("peak GB"),
        ),
        "throughput",
        "backbone | batch | backend",
    )


SPEED_TABLES = {
    **STEP_TABLES,
    "throughput": throughput_table(read_rows("throughput")),
    "input_pipeline": Table(
        {
            f"{backend} {_OCCLUSIONS}": _NAMES[backend]
            for backend in ("tensorflow", "jax", "torch")
        },
        (
            mean("TrainingBatches", "images/s", 0),
            compared("roa", "TrainingBatches", "with ROA"),
            compared("roa:0.5", "TrainingBatches", "ROA on every second"),
            mean("TrainingBatches, cached", "cached", 0),
            compared(
                "roa, cached", "TrainingBatches, cached", "cached, with ROA"
            ),
        ),
        "input_pipeline",
        "consumer",
    ),
    "input_beside_torch": Table(
        {
            f"{kind}, {workers}": f"{kind} | {workers}"
            for kind in ("JPEG", "packed")
            for workers in (1, 2)
        },
        (
            mean("images a processor second", "images / CPU s", 0),
            mean("of DataLoader a processor second", "of DataLoader", 0),
            mean("ratio", decimals=2),
            mean("images a second", "images/s", 0),
            mean("of DataLoader", "DataLoader's", 0),
        ),
        "input_beside_torch",
        "stored as | workers",
    ),
    "waiting": Table(
        {"resnet50, 16": "ResNet-50, 16 images"},
        (
            mean("seconds a step", "s a step", 2),
            mean("waiting", "s waiting", 4),
            mean("share", "share, %", 3),
        ),
        "waiting",
    ),
    "large_table": Table(
        {
            "csv, 1,000,000 rows": "CSV",
            "parquet, 1,000,000 rows": "Parquet",
        },
        (
            mean("processor seconds"),
            mean("MB at most", decimals=0),
            mean("MB of the records", decimals=0),
        ),
        "large_table",
        "1,000,000 images",
    ),
    "drawing": Table(
        {"whole": "whole people", "hidden": "people behind an obstacle"},
        (mean("images a second", "images/s and core", 0),),
        "drawing",
    ),
    "data_check": Table(
        {"30,000 images": "30,000 images of 128 x 64"},
        (mean("seconds"), mean("processor seconds")),
        "data_check",
    ),
    "ranking": Table(
        {
            f"{size}, separation {separation}": f"{shown} | {features}"
            for size, shown in _SIZES.items()
            for separation, features in _FEATURES.items()
        },
        (mean("mAP", "mAP, %", 0), *_costs(ratio_decimals=1)),
        "ranking",
        "queries x gallery | features",
    ),
    "ranking_parts": Table(
        {
            f"occluded_duke, separation 0.3, {parts} parts, {visibility}, "
            f"{combine}": f"{parts} | {visibility} | {distance}"
            for parts in (6, 9)
            for visibility in ("binary", "continuous")
            for combine, distance in _PARTS_DISTANCES.items()
        },
        _costs(),
        "ranking_parts",
        "parts | visibility | distance",
    ),
    "reranking": Table(
        {
            **{
                f"occluded_duke, separation {separation}": (
                    f"Occluded-Duke, 19,871 | {features}"
                )
                for separation, features in _FEATURES.items()
            },
            "msmt17, separation 0.42": "MSMT17, 93,820 | medium",
        },
        _costs(),
        "reranking",
        "images | features",
    ),
    "reranking_parts": Table(
        {"occluded_duke, separation 0.3, 9 parts": "Occluded-Duke, 19,871"},
        (
            mean("seconds", decimals=None),
            mean("ratio"),
            mean("MB above features", decimals=0),
        ),
        "reranking",
        "images",
    ),
}

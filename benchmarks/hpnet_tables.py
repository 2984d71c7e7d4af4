"""The tables of docs/results/hpnet.md."""

from benchmarks.published_tables import published_pair
from benchmarks.result_columns import (
    HIDDEN,
    NUMBERS_HIDDEN,
    OF_PARTS,
    change,
    mean,
    of_each_seed,
    pair,
    plain,
)
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table

_SHARED = "ImageNet: HPNet with shared conv5"
_BASELINE = "ImageNet: maximum baseline of HPNet"
_AUGMENTED = "ImageNet: maximum baseline with HPNet's augmentation"
_AUGMENTED_LARGER = f"{_AUGMENTED} at 192 x 96"
_ROWS = {
    _BASELINE: "global maximum, the paper's baseline",
    _AUGMENTED: "the same, HPNet's augmentation and losses",
    _SHARED: "HPNet with shared conv5",
    f"{_SHARED} tested without visibility": "tested without visibility",
}
_CHANGES = {
    _AUGMENTED: _BASELINE,
    **dict.fromkeys(list(_ROWS)[2:], _AUGMENTED),
}
_IN_THE_PAPER = {
    _BASELINE: "HPNet's baseline",
    _SHARED: "HPNet, shared conv5",
    f"{_SHARED} tested without visibility": (
        "HPNet, tested without visibility"
    ),
}
_LABELLED = {
    _AUGMENTED: "global maximum",
    _SHARED: "HPNet, `area_max`",
    _AUGMENTED_LARGER: "global maximum, 192 x 96",
    f"{_SHARED} and nearest labels from 0.4 on at 192 x 96": (
        "HPNet, `nearest` from 0.4 on, 192 x 96"
    ),
}
_LARGER = {
    _AUGMENTED_LARGER: "global maximum",
    f"{_SHARED} and nearest labels from 0.4 on at 192 x 96": "HPNet",
}


def _paper(row, rows):
    """Rank-1 and mAP of the paper, beside ours."""
    name = next(key for key, value in rows.items() if value is row)
    method = _IN_THE_PAPER.get(name)
    return published_pair(method, "occluded_reid") if method else ""


HPNET_TABLES = {
    "started_hpnet": Table(
        _ROWS,
        (
            pair("rank-1", "mAP", "Rank-1 / mAP"),
            of_each_seed(),
            change(_CHANGES),
            *HIDDEN,
            *OF_PARTS[1:],
            ("paper", _paper),
        ),
    ),
    "label_cells": Table(
        tuple(read_rows("label_cells")),
        tuple(
            plain(f"{metric}, {images}", f"{title}, {images}")
            for metric, title in {
                "parts that keep a cell": "parts that keep a cell",
                "head that keep a cell": "heads",
                "its own part": "a cell shows its own part",
            }.items()
            for images in ("training images", "queries")
        ),
        "label_cells",
        "image | labels",
    ),
    "hpnet_labels": Table(
        _LABELLED,
        (mean("rank-1"), mean("mAP"), *HIDDEN, *OF_PARTS),
    ),
    "hpnet_hidden": Table(
        _LARGER,
        (
            mean("mAP"),
            change(_AUGMENTED_LARGER),
            mean("mAP, all parts in sight", "no part hidden"),
            *(mean(f"mAP, {number}", number) for number in NUMBERS_HIDDEN),
        ),
    ),
}

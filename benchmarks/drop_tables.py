"""The tables of docs/results/drop.md, occlusions.md and masks.md."""

from benchmarks.result_columns import (
    ACCURACY,
    HIDDEN,
    NUMBERS_HIDDEN,
    OF_LEVELS,
    OF_PARTS,
    change,
    mean,
    of_each_seed,
    parts,
)
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table

# Each adds one thing to the one before it.
_PIECES = {
    "BPBReID": "BPBReID",
    "BPBReID + DPU": "+ detail-preserving upsampling (DPU)",
    "+ PPE": "+ position encoder (PPE)",
    "+ WAMP": "+ average and maximum pooling (WAMP)",
    "Unscaled DROP": "+ smoothing of the parsing labels",
    "DROP": "+ parts of length 1 in the triplet loss = DROP",
    "DROP with the bank": "+ memory of parts (PCT with PEMB), as in the paper",
}
_BANK = "Unscaled DROP with the bank"
_MEMORIES = {
    "Unscaled DROP": "no memory",
    _BANK: "memory of parts",
    f"{_BANK} and the soft margin": "the same, soft margin",
    f"{_BANK} and the triplet loss stopped at the masks": (
        "the same, the triplet loss stopped at the masks"
    ),
    "Unscaled DROP with a memory of prototypes": "memory of prototypes",
    "DROP": "no memory, parts of length 1",
    "DROP with the bank": "memory of parts, parts of length 1",
}
_GLOBAL = "global baseline with vectors of length 1"
_FOREGROUND = "DROP with a triplet loss of the foreground"
_PASTED = "DROP + person over person"
_OCCLUDED = {
    "DROP": "DROP",
    _PASTED: _PASTED,
    **{
        f"Unscaled DROP{more}": f"DROP, parts as long as they are{more}"
        for more in ("", " + ROA", " + person over person")
    },
}
_WITHOUT = {_PASTED: "DROP"} | dict.fromkeys(
    list(_OCCLUDED)[3:], "Unscaled DROP"
)
_PEOPLE = " + person over person"
# All with a triplet loss between vectors of length 1.
_COMPARED = {_GLOBAL: "global baseline", "DROP": "DROP"}
_COMPARED_PASTED = {
    row + people: name + people
    for row, name in _COMPARED.items()
    for people in ("", _PEOPLE)
}
_ON_HARDER = " on the harder set"
_MASKS = (
    mean("parts", "IoU of the parts"),
    mean("person", "IoU of the person"),
    mean("visibility", "visibility right"),
    mean("of_visible", "of visible parts"),
    mean("of_hidden", "of hidden ones"),
    parts(),
)
DROP_TABLES = {
    "pieces": Table(
        _PIECES,
        (*ACCURACY, change(dict(zip(list(_PIECES)[1:], _PIECES)))),
    ),
    "pieces_parts": Table(_PIECES, (*OF_PARTS, *HIDDEN)),
    "memories": Table(
        _MEMORIES,
        (mean("rank-1"), mean("mAP"), change("Unscaled DROP"), *OF_PARTS),
    ),
    "foreground": Table(
        {
            _GLOBAL: "global baseline, vectors of length 1",
            "DROP": "DROP",
            _FOREGROUND: "DROP, triplet loss of the foreground besides",
        },
        (
            mean("rank-1"),
            mean("mAP"),
            mean("mINP"),
            change({_FOREGROUND: "DROP"}),
            *HIDDEN,
            *OF_PARTS,
        ),
    ),
    "occlusions": Table(
        _OCCLUDED, (*ACCURACY, of_each_seed(), change(_WITHOUT))
    ),
    "occlusions_models": Table(
        {
            **_COMPARED_PASTED,
            f"{_PASTED} tested without visibility": (
                "the same, tested without visibility"
            ),
        },
        (
            mean("rank-1"),
            mean("mAP"),
            mean("mINP"),
            change({row + _PEOPLE: row for row in _COMPARED}),
            *HIDDEN,
            *OF_PARTS[1:],
        ),
    ),
    "harder_set": Table(
        {row + _PEOPLE + _ON_HARDER: name for row, name in _COMPARED.items()},
        (
            mean("rank-1"),
            mean("mAP"),
            mean("mINP"),
            change(_GLOBAL + _PEOPLE + _ON_HARDER),
            *HIDDEN,
            *OF_PARTS,
        ),
    ),
    "harder_set_hidden": Table(
        {row + _PEOPLE + _ON_HARDER: name for row, name in _COMPARED.items()},
        (
            mean("mAP, all parts in sight", "no part hidden"),
            *(mean(f"mAP, {number}", number) for number in NUMBERS_HIDDEN),
        ),
    ),
    "occlusions_parts": Table(
        {
            "DROP": "DROP",
            _PASTED: _PASTED,
            f"{_PASTED} with fitted visibility": "the same, fitted thresholds",
            **_OCCLUDED,
        },
        (*OF_PARTS, *HIDDEN),
    ),
    "occlusions_levels": Table(_OCCLUDED, OF_LEVELS),
    "masks": Table(
        {row: _OCCLUDED.get(row, row) for row in read_rows("masks")},
        _MASKS,
        "masks",
    ),
}

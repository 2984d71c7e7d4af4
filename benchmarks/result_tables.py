"""The tables of the results pages: which rows and columns each one has."""

from benchmarks.drop_tables import DROP_TABLES
from benchmarks.gallery_tables import GALLERY_TABLES
from benchmarks.hpnet_tables import HPNET_TABLES
from benchmarks.published_tables import PUBLISHED_TABLES
from benchmarks.result_columns import (
    ACCURACY,
    HIDDEN,
    HIDDEN_PARTS,
    LEVELS,
    OF_LEVELS,
    OF_PARTS,
    change,
    mean,
    of_each_seed,
    parts,
    plain,
)
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table
from benchmarks.speed_tables import SPEED_TABLES

_PLAIN_LEVELS = tuple(plain(f"mAP, {level}", level) for level in LEVELS)
_RULES = ("continuous", *(f"mu = 0.{i}" for i in range(1, 7)))
_PAB_REID_UNIT = "PAB-ReID with parts of length 1"
_TRIPLETS = {
    "PAB-ReID": "mean over the parts, margin of 0.3",
    "PAB-ReID with the soft margin": "the same, soft margin",
    _PAB_REID_UNIT: "margin of 0.3, parts of length 1",
}
# Each adds one thing to the one before it, as DROP was then.
_SCRATCH_PIECES = {
    "BPBReID": "BPBReID",
    "BPBReID + DPU": "+ DPU, parsing weight 4",
    "+ PPE": "+ PPE",
    "+ WAMP": "+ WAMP",
    "+ PCT/PEMB (DROP without smoothing)": "+ memory of 1,024 parts, epoch 1",
    "DROP": "+ smoothing = DROP, as it was",
}
_SCRATCH_PABS = tuple(
    f"PAB-ReID{variant}, {rule}"
    for variant in (
        "",
        " without focuser",
        " with the focuser on the maps",
        " with the head weighted",
        " with the soft margin",
    )
    for rule in ("continuous", "mu = 0.4")
)
_SCRATCH_VITS = {
    "ViT baseline": "small ViT, class token",
    "ViT baseline + ROA": "the same + ROA",
    "ViT + ROA + DPSM": "small ViT + ROA + DPSM",
    "ViT + ROA + DPSM + FBM": "+ FBM",
    "DPEFormer": "+ memory of people = DPEFormer",
    "DPEFormer with erasing": "DPEFormer, erasing instead of ROA",
    "DPEFormer without a start": "DPEFormer without a start, 20 epochs",
}


def _as_called(*names):
    return {name: name for name in names}


_SCRATCH = {
    **_as_called("global baseline"),
    **_SCRATCH_PIECES,
    **_as_called(
        "DROP + ROA",
        "DROP + person over person",
        "DROP + GridMask",
        "DROP + hidden parts",
        "DROP with erasing by noise",
        *_SCRATCH_PABS,
        "HPNet",
        "HPNet tested without visibility",
        "HPNet with shared conv5",
        "HPNet with shared conv5, tested without visibility",
        "HPNet without triplet",
        "HPNet without extra parsing data",
        "HPNet with pseudo labels",
    ),
    **_SCRATCH_VITS,
    **_as_called(
        "global baseline, 8 epochs",
        "DROP, parsing weight 1, 8 epochs",
        "DROP, parsing weight 4, 8 epochs",
    ),
}


_GLOBAL_UNIT = "global baseline with vectors of length 1"
_BPBREID_UNIT = "BPBReID with parts of length 1"
_STARTED = {
    "global baseline": "global baseline",
    "BPBReID": "BPBReID",
    "PAB-ReID": "PAB-ReID",
    "Unscaled DROP": "DROP, parts as long as they are",
    _GLOBAL_UNIT: "global baseline, vectors of length 1",
    _BPBREID_UNIT: "BPBReID, parts of length 1",
    _PAB_REID_UNIT: "PAB-ReID, parts of length 1",
    "DROP": "DROP",
}
# The row with the same triplet loss that each is compared with.
_BPBREIDS = dict.fromkeys(
    ("global baseline", "PAB-ReID", "Unscaled DROP"), "BPBReID"
) | dict.fromkeys((_GLOBAL_UNIT, _PAB_REID_UNIT, "DROP"), _BPBREID_UNIT)
_PARTED = ("BPBReID", "DROP")
_FITTED = {
    name + kind: name + kind
    for name in _PARTED
    for kind in ("", " with fitted visibility")
}
_UNSEEN = " tested without visibility"
_SECOND = {
    f"Second set: {row}": name
    for row, name in {
        "global baseline": "global baseline",
        "BPBReID": "BPBReID",
        f"BPBReID{_UNSEEN}": f"BPBReID{_UNSEEN}",
        "Unscaled DROP": _STARTED["Unscaled DROP"],
        _GLOBAL_UNIT: _STARTED[_GLOBAL_UNIT],
        _BPBREID_UNIT: _STARTED[_BPBREID_UNIT],
        f"{_BPBREID_UNIT}{_UNSEEN}": f"{_STARTED[_BPBREID_UNIT]}{_UNSEEN}",
        "DROP": "DROP",
        f"DROP{_UNSEEN}": f"DROP{_UNSEEN}",
    }.items()
}
_SECOND_BPBREIDS = dict.fromkeys(
    list(_SECOND)[:4], "Second set: BPBReID"
) | dict.fromkeys(list(_SECOND)[4:], f"Second set: {_GLOBAL_UNIT}")
_STARTED_VITS = {
    "DINOv2: ViT baseline": "class token, the baseline",
    "DINOv2: ViT baseline + ROA": "class token + ROA",
    "DINOv2: ViT + ROA + DPSM": "two streams, ROA, patch selection (DPSM)",
    "DINOv2: ViT + ROA + DPSM + FBM": "+ feature blending (FBM)",
    "DINOv2: DPEFormer": "+ memory of people = DPEFormer",
    "DINOv2: DPEFormer with all patches kept": ("DPEFormer, all patches kept"),
    "DINOv2: DPEFormer with ten blocks kept": "DPEFormer, ten blocks kept",
}
_NEAREST = "ImageNet: HPNet with shared conv5 and nearest labels"
# One seed each.
_TRIALS = {
    _NEAREST: "HPNet, `nearest` labels, threshold of 0.5",
    f"{_NEAREST} from 0.4 on": "the same, threshold of 0.4",
    f"{_NEAREST} at 192 x 96": "HPNet, `nearest`, threshold of 0.5, 192 x 96",
    "DINOv2: ViT baseline with ten blocks kept": (
        "DINOv2, class token, ten blocks kept"
    ),
    "DINOv2: DPEFormer with eleven blocks kept": (
        "DINOv2, DPEFormer, eleven blocks kept"
    ),
}
_LABELS = {
    "fourteen": "14 parts (`fourteen`)",
    "seven": "the same labels read as `seven`",
    "five": "as `five`",
    "hpnet_four": "as `hpnet_four`",
    "hpnet_four, occluded": (
        "as `hpnet_four`, the 150 images with an obstacle"
    ),
}
_KEPT = ("running mean", "memory")
_UNTAUGHT = (
    "colour histogram",
    "ImageNet's EfficientNet-Lite0",
    "DINOv2's class token",
)
_FOLLOWED = (
    "motion alone",
    *(f"{name}, {kept}" for name in _UNTAUGHT for kept in _KEPT),
    "global vector, last crop",
    "global vector, running mean",
    "global vector, memory",
    "global vector, memory, by verdict",
    "DROP's foreground vector, memory",
    "DROP, last crop",
    "DROP, memory",
    "DROP, memory, by verdict",
    "motion, and the truth",
)
_AGAIN = {
    f"{name}, again": name
    for name in (
        *_UNTAUGHT,
        "global vector",
        "DROP's foreground vector",
        "DROP",
        "chance",
    )
}
_SHOWN = ("0-50 %", "50-80 %", "80-100 %")
TABLES = {
    "tracking": Table(
        _FOLLOWED,
        (
            mean("IDF1"),
            mean("refound", "found again", unit=" %"),
            mean("switches", decimals=0),
            mean("tracks", "numbers given", 0),
        ),
        "tracking",
    ),
    **{
        f"tracking_{gap}": Table(
            _AGAIN,
            tuple(mean(f"{gap}, {shown}", shown) for shown in _SHOWN),
            "tracking",
            f"{gap} frames later",
        )
        for gap in (9, 51)
    },
    "readme": Table(
        {
            **_STARTED,
            f"{_GLOBAL_UNIT} + person over person": (
                f"{_STARTED[_GLOBAL_UNIT]}, people pasted over people"
            ),
            "DROP + person over person": "DROP, people pasted over people",
            "the demo": "the same, 8 epochs, parsing weight 8, margin of 0.07: "
            "the demo",
        },
        (mean("rank-1"), mean("mAP"), *OF_PARTS),
    ),
    "real_start": Table(
        _STARTED,
        (*ACCURACY, of_each_seed(), change(_BPBREIDS)),
    ),
    "real_start_parts": Table(_STARTED, OF_PARTS),
    "real_start_levels": Table(_STARTED, OF_LEVELS),
    "real_start_hidden": Table(
        _STARTED,
        tuple(mean(f"mAP, {group}", group) for group in HIDDEN_PARTS),
    ),
    "bpbreid_visibility": Table(
        {
            _GLOBAL_UNIT: _STARTED[_GLOBAL_UNIT],
            _BPBREID_UNIT: _STARTED[_BPBREID_UNIT],
            f"{_BPBREID_UNIT} with fitted visibility": (
                "the same, fitted thresholds"
            ),
            f"{_BPBREID_UNIT}{_UNSEEN}": "the same, tested without visibility",
            "DROP": "DROP",
        },
        (
            mean("rank-1"),
            mean("mAP"),
            mean("mINP"),
            change(_BPBREID_UNIT),
            *HIDDEN,
            *OF_PARTS[1:],
        ),
    ),
    "second_set": Table(
        _SECOND,
        (
            mean("rank-1"),
            mean("mAP"),
            of_each_seed(),
            change(_SECOND_BPBREIDS),
            *HIDDEN,
            *OF_PARTS,
        ),
    ),
    "pab_reid_started": Table(
        {f"PAB-ReID, {rule}": rule for rule in _RULES},
        (
            mean("rank-1"),
            mean("mAP"),
            mean("mINP"),
            of_each_seed(),
            *OF_PARTS[1:],
        ),
    ),
    "started_vits": Table(
        _STARTED_VITS,
        (
            *ACCURACY,
            of_each_seed(),
            change("DINOv2: ViT baseline"),
            *_PLAIN_LEVELS,
        ),
    ),
    "trials": Table(
        _TRIALS,
        (mean("rank-1"), mean("mAP"), mean("mINP"), *OF_PARTS),
    ),
    "costs": Table(
        tuple(read_rows("costs")),
        (
            mean("training parameters", "parameters, training", 2, " M"),
            mean("serving parameters", "serving", 2, " M"),
            mean("seconds an epoch", "s an epoch"),
            mean("images embedded a second", "images/s, embedding", 0),
        ),
        "costs",
    ),
    "fitted_visibility": Table(
        _FITTED,
        (
            mean("rank-1"),
            mean("mAP"),
            change(
                {f"{name} with fitted visibility": name for name in _PARTED}
            ),
            mean(f"mAP, {HIDDEN_PARTS[1]}"),
            *OF_PARTS[1:],
        ),
    ),
    "visibility_margins": Table(
        tuple(read_rows("visibility_margins")),
        tuple(
            mean(f"{kind}, {images}")
            for images in (
                "other people, hidden by ROA",
                "second set",
                "first set",
            )
            for kind in ("visible", "hidden")
        ),
        "visibility_margins",
        "margin",
    ),
    "kept_patches_dinov2": Table(
        tuple(read_rows("kept_patches_dinov2")),
        (
            mean("patches kept", "patches kept of 72"),
            mean("on the person", "of these on the person"),
            plain("chance"),
            mean("of the person's", "of the person's kept"),
            mean("proxy on the person"),
            mean("where the proxy is", "kept on the person then"),
            mean("where it is not", "and otherwise"),
        ),
        "kept_patches_dinov2",
        "images",
    ),
    "pab_reid_triplet": Table(
        _TRIPLETS, (*ACCURACY, change("PAB-ReID"), *OF_PARTS[1:])
    ),
    "from_scratch": Table(
        _SCRATCH,
        (
            mean("rank-1"),
            mean("mAP"),
            of_each_seed(),
            plain("mAP, 60-70 %"),
            *OF_PARTS,
        ),
        "from_scratch",
    ),
    "parsing_labels": Table(
        _LABELS, (mean("mean"), parts(decimals=1)), "parsing_labels"
    ),
    **DROP_TABLES,
    **HPNET_TABLES,
    **SPEED_TABLES,
    **GALLERY_TABLES,
    **PUBLISHED_TABLES,
}


def comparison_table(rows):
    """The table of any rows of `benchmarks.embedded_comparison`."""
    return Table(tuple(rows), (*ACCURACY, of_each_seed()))

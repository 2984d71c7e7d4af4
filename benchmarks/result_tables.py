"""The tables of the results pages: which rows and columns each one has."""

from benchmarks.gallery_tables import GALLERY_TABLES
from benchmarks.result_columns import (
    HIDDEN_PARTS,
    LEVELS,
    METRICS,
    PART_SHARES,
    change,
    mean,
    of_each_seed,
    pair,
    parts,
    plain,
)
from benchmarks.result_files import read_rows
from benchmarks.result_table import Table
from benchmarks.speed_tables import SPEED_TABLES

_ACCURACY = tuple(mean(metric) for metric in METRICS)
_LEVELS = tuple(mean(f"mAP, {level}", level) for level in LEVELS)
_PLAIN_LEVELS = tuple(plain(f"mAP, {level}", level) for level in LEVELS)
_MODELS = (
    "global baseline",
    "BPBReID",
    "DROP",
    "PAB-ReID",
    "HPNet",
    "ViT baseline",
    "DPEFormer",
)
# Each adds one thing to the one before it.
_PIECES = {
    "BPBReID": "BPBReID",
    "BPBReID + DPU": "+ detail-preserving upsampling (DPU)",
    "+ PPE": "+ position encoder (PPE)",
    "+ WAMP": "+ average and maximum pooling (WAMP)",
    "DROP": "+ smoothing of the parsing labels = DROP",
    "DROP with the bank": "+ memory of parts (PCT with PEMB), as in the paper",
}
_OCCLUDED = (
    "DROP",
    "DROP + ROA",
    "DROP + person over person",
    "DROP + GridMask",
    "DROP + hidden parts",
    "DROP with erasing by noise",
)
_VITS = (
    "ViT baseline",
    "ViT baseline + ROA",
    "ViT + ROA + DPSM",
    "ViT + ROA + DPSM + FBM",
    "DPEFormer",
    "DPEFormer with erasing",
)
_RULES = ("continuous", *(f"mu = 0.{i}" for i in range(1, 7)))
_FOCUSERS = {
    "": "focuser on the features",
    " without focuser": "without focuser",
    " with the focuser on the maps": "focuser on the maps",
}
_TRIPLETS = {
    "": "mean over the parts",
    " with the head weighted": "head weighted",
    " with the soft margin": "soft margin",
}
_HPNETS = {
    "global baseline": "global baseline",
    "HPNet": "HPNet",
    "HPNet tested without visibility": "tested without visibility",
    "HPNet with shared conv5": "with shared conv5",
    "HPNet with shared conv5, tested without visibility": (
        "with shared conv5, tested without visibility"
    ),
    "HPNet without triplet": "without triplet",
    "HPNet without extra parsing data": "without extra parsing data",
    "HPNet with pseudo labels": "with pseudo labels",
}


def _pab(variants, rule):
    return {f"PAB-ReID{key}, {rule}": name for key, name in variants.items()}


def _paper(row, rows, names=None):
    """Rank-1 and mAP of the paper, beside ours."""
    name = next(key for key, value in rows.items() if value is row)
    found = read_rows("hpnet_paper").get(names[name] if names else name)
    return pair("rank-1", "mAP", "")[1](found, rows) if found else ""


_PARTS = (
    mean("parts", "IoU of the parts"),
    mean("person", "IoU of the person"),
    mean("visibility", "visibility right"),
    mean("of_visible", "of visible parts"),
    mean("of_hidden", "of hidden ones"),
    parts(),
)
_STARTED = {
    "global baseline": "global baseline",
    "BPBReID": "BPBReID",
    "PAB-ReID": "PAB-ReID",
    "DROP": "DROP",
}
_PARTED = ("BPBReID", "DROP")
_FITTED = {
    name + kind: name + kind
    for name in _PARTED
    for kind in ("", " with fitted visibility")
}
_SECOND = {
    f"Second set: {name}": name
    for name in (
        "global baseline",
        "BPBReID",
        "BPBReID tested without visibility",
        "DROP",
        "DROP tested without visibility",
    )
}
_STARTED_ONCE = {
    "DROP": "DROP",
    "DROP + ROA": "objects pasted over people in training (ROA)",
    "DROP with the bank": "the paper's memory of parts",
}
_HPNET_STARTED = "ImageNet: HPNet with shared conv5"
_STARTED_HPNETS = {
    "ImageNet: maximum baseline of HPNet": "global maximum, the baseline",
    _HPNET_STARTED: "HPNet with shared conv5",
    f"{_HPNET_STARTED} tested without visibility": (
        "tested without visibility"
    ),
}
_IN_THE_PAPER = dict(
    zip(
        _STARTED_HPNETS,
        (
            "global baseline",
            "HPNet with shared conv5",
            "HPNet tested without visibility",
        ),
    )
)
_STARTED_VITS = {
    "DINOv2: ViT baseline": "class token, the baseline",
    "DINOv2: DPEFormer": "DPEFormer",
    "DINOv2: ViT baseline with ten blocks kept": (
        "class token, ten blocks kept"
    ),
    "DINOv2: DPEFormer with ten blocks kept": "DPEFormer, ten blocks kept",
    "DINOv2: DPEFormer with eleven blocks kept": (
        "DPEFormer, eleven blocks kept"
    ),
}
_OF_PARTS = tuple(mean(name, title) for name, title in PART_SHARES.items())
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
        _STARTED, (mean("rank-1"), mean("mAP"), *_OF_PARTS), "real_start"
    ),
    "real_start": Table(
        _STARTED,
        (*_ACCURACY, of_each_seed(), change("BPBReID")),
        "real_start",
    ),
    "real_start_parts": Table(_STARTED, _OF_PARTS, "real_start"),
    "real_start_levels": Table(_STARTED, _LEVELS, "real_start"),
    "real_start_hidden": Table(
        _STARTED,
        tuple(mean(f"mAP, {group}", group) for group in HIDDEN_PARTS),
        "real_start",
    ),
    "second_set": Table(
        _SECOND,
        (
            mean("rank-1"),
            mean("mAP"),
            of_each_seed(),
            *(mean(f"mAP, {group}", f"mAP, {group}") for group in HIDDEN_PARTS),
            *_OF_PARTS,
        ),
        "real_start",
    ),
    "pab_reid_started": Table(
        {f"PAB-ReID, {rule}": rule for rule in _RULES},
        (
            mean("rank-1"),
            mean("mAP"),
            mean("mINP"),
            of_each_seed(),
            *_OF_PARTS[1:],
        ),
        "real_start",
    ),
    "real_start_once": Table(
        _STARTED_ONCE,
        (mean("rank-1"), mean("mAP"), *_OF_PARTS),
        "real_start_trials",
    ),
    "started_vits": Table(
        _STARTED_VITS,
        (*_ACCURACY, of_each_seed(), *_PLAIN_LEVELS),
        "real_start",
    ),
    "models": Table(_MODELS, (*_ACCURACY, of_each_seed())),
    "models_levels": Table(
        ("global baseline", "BPBReID", "DROP", "BPBReID + DPU"),
        tuple(pair("rank-1", "mAP", x, f", {x}") for x in LEVELS),
    ),
    "others_levels": Table(_MODELS[3:], _PLAIN_LEVELS),
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
    "pieces": Table(
        _PIECES,
        (*_ACCURACY, change(dict(zip(list(_PIECES)[1:], _PIECES)))),
        "real_start",
    ),
    "pieces_parts": Table(
        _PIECES,
        (
            *_OF_PARTS,
            *(mean(f"mAP, {group}", f"mAP, {group}") for group in HIDDEN_PARTS),
        ),
        "real_start",
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
            *_OF_PARTS[1:],
        ),
        "real_start",
    ),
    "occlusions": Table(_OCCLUDED, (*_ACCURACY, change("DROP"))),
    "occlusions_levels": Table(_OCCLUDED, _LEVELS),
    "masks": Table(tuple(read_rows("masks")), _PARTS, "masks"),
    "pab_reid_visibility": Table(
        {f"PAB-ReID, {rule}": rule for rule in _RULES},
        (mean("rank-1"), mean("mAP"), mean("mINP"), of_each_seed()),
    ),
    **{
        f"pab_reid_{name}_{key}": Table(
            _pab(variants, rule), (mean("mAP"), of_each_seed()), corner=rule
        )
        for name, variants in (("focuser", _FOCUSERS), ("triplet", _TRIPLETS))
        for key, rule in (("mu", "mu = 0.4"), ("continuous", "continuous"))
    },
    "hpnet": Table(
        _HPNETS,
        (
            pair("rank-1", "mAP", "here, Rank-1 / mAP"),
            of_each_seed(),
            ("paper", _paper),
        ),
    ),
    "started_hpnet": Table(
        _STARTED_HPNETS,
        (
            pair("rank-1", "mAP", "Rank-1 / mAP"),
            of_each_seed(),
            *(mean(f"mAP, {group}", f"mAP, {group}") for group in HIDDEN_PARTS),
            *_OF_PARTS[1:],
            ("paper", lambda row, rows: _paper(row, rows, _IN_THE_PAPER)),
        ),
        "real_start",
    ),
    "vits": Table(_VITS, (*_ACCURACY, change("ViT baseline"), of_each_seed())),
    "vits_levels": Table(_VITS, _PLAIN_LEVELS),
    "kept_patches": Table(
        tuple(read_rows("kept_patches")),
        (
            mean("patches kept", "patches kept of 128"),
            *(
                mean(metric, f"{word}{metric}", unit=" %")
                for metric, word in (
                    ("on the person", ""),
                    ("chance", ""),
                    ("24 most similar", "the "),
                    ("24 least similar", "the "),
                )
            ),
        ),
        "kept_patches",
        "images",
    ),
    "kept_patches_dinov2": Table(
        tuple(read_rows("kept_patches_dinov2")),
        (
            mean("patches kept", "patches kept of 72"),
            *(
                mean(metric, title, unit=" %")
                for metric, title in (
                    ("on the person", "on the person"),
                    ("chance", "chance"),
                    ("proxy on the person", "proxy on the person"),
                    ("where the proxy is", "kept on the person then"),
                    ("where it is not", "and otherwise"),
                )
            ),
        ),
        "kept_patches_dinov2",
        "images",
    ),
    "short_budget": Table(
        tuple(read_rows("short_budget")), _ACCURACY, "short_budget", "model"
    ),
    "parsing_labels": Table(
        _LABELS, (mean("mean"), parts(decimals=1)), "parsing_labels"
    ),
    **SPEED_TABLES,
    **GALLERY_TABLES,
}

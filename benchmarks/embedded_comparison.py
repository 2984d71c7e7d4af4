"""Accuracy of the models on the embedded pedestrians, mean and spread.

    python -m benchmarks.embedded_comparison --folder=runs/comparison

trains every row of the table below with every seed, by the settings of the
recipe `drop_demo`, on one drawn data set; only the row's settings and the seed
differ. A row may end in `tested without visibility`: the same runs, compared
over all parts; in `with fitted visibility`: from thresholds on that were fitted
on other drawn people, half of them hidden by ROA; or in `on the harder set`:
tested on more people, of whom more is hidden. It may begin with `Second set:`:
on people, obstacles and hidden parts that no setting was chosen on. The ViTs
start from one that was trained, once, on other drawn people. Runs that are
finished are not repeated, so the command can be stopped and started again. It
ends by printing the table of the rows and by writing what each seed gave to
`--results`, in the form of `benchmarks/results`: with
`--results=benchmarks/results/real_start.json`, and `python -m
benchmarks.results_pages` after it, the pages show it. The rows of
`from_scratch.json` were measured without ImageNet weights, by the demo of
before.
"""

import concurrent.futures
import functools
import os
import subprocess
import sys
from pathlib import Path

from absl import app, flags

from benchmarks.recording import record
from benchmarks.result_columns import (
    HIDDEN_PARTS,
    LEVELS,
    NUMBERS_HIDDEN,
    PART_SHARES,
)
from benchmarks.result_files import row_of
from benchmarks.result_tables import comparison_table
from keras_drop import load_model
from keras_drop.checks import checked_choice
from keras_drop.data import ParsingLabels
from keras_drop.data.occlusions import named_occlusions
from keras_drop.datasets import read_occluded_duke
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.evaluation import (
    ResultCard,
    evaluate_parts,
    fit_visibility_threshold,
    hidden_parts,
    occlusion_levels,
    stratify,
)
from keras_drop.evaluation.parts.part_quality import visible_parts_of
from keras_drop.evaluation.parts.part_truth import part_truth

FOLDER = flags.DEFINE_string("folder", "runs/comparison", "where runs go")
SEEDS = flags.DEFINE_list("seeds", ["1", "2", "3"], "seeds of the training")
ROWS_WANTED = flags.DEFINE_list("rows", [], "rows to run; empty: all")
PARALLEL = flags.DEFINE_integer("parallel", 2, "runs at a time, a core each")
EXTRA = flags.DEFINE_multi_string("extra", [], "further flags of the recipe")

# Parts are compared as long as they are.
_UNSCALED = {"model.term_losses.part_compactness.unit_length": "false"}
_BPBREID_LOSSES = {
    "model.term_losses.parsing.spatial_smoothing": "false",
    **_UNSCALED,
}
_UNIT_PARTS = {"model.term_losses.parts_triplet.unit_length": "true"}
_UNIT_BPBREID = {"model": "bpbreid", **_UNIT_PARTS}
_UNIT_GLOBAL = {
    "model": "global_baseline",
    "model.term_losses.global_triplet.unit_length": "true",
}
_NO_POSITIONS = {"model.parsing_map.position_encoder": "none"}
_AVERAGE = {"model.reid_map.pooling": "avg"}
# The paper's share of the training images, from its share of the epochs on.
_BANK = {
    "model.memory.kind": "queue",
    "model.memory.size": "6.6%",
    "model.memory.start_epoch": "8.3%",
}
_LATE = {**_BANK, "model.memory.start_epoch": "50%"}
# Two thirds of the images, as in the demo from scratch.
_LARGE = {**_BANK, "model.memory.size": "68%"}
# A centre of each person and part instead.
_PROTOTYPES = {
    "model.memory.kind": "prototype",
    "model.memory.start_epoch": "8.3%",
}
_FOREGROUND = {
    "model.loss_weights.foreground_triplet": 1,
    "model.term_losses.foreground_triplet.unit_length": "true",
}
_SOFT_MARGIN = {"model.term_losses.part_compactness.margin": 0}
_TRIPLET_STOPPED = {"model.reid_map.stop_at_masks": "triplet"}
_FROM_SCRATCH = {"recipe": "demo_from_scratch"}
_PEDESTRIANS = "{folder}/embedded_pedestrians"
# Other people, nearly all whole, hidden by other things.
_OTHERS = "{folder}/other_pedestrians"
# People that nothing was chosen on, half of them hidden in training as well,
# half of those with a part that is wholly hidden.
_SECOND = "{folder}/second_pedestrians"
# More people, of whom half to 85 % is hidden: for tests alone.
_HARDER = "{folder}/harder_pedestrians"
# Labels of the training images, by a network that saw those of the others.
_PSEUDO_LABELS = "{folder}/pseudo_labels"
# What `VIT_TRAINING` leaves.
_VIT = "{folder}/vit_of_other_people-1/model.keras"


def _occluded_drop(occlusion, **flags_of_row):
    return {"occlusions": f"{occlusion}:0.5", **flags_of_row}


def _pab_reid(**switches):
    return {"recipe": "pab_reid_demo", **switches}


def _hpnet(**flags_of_row):
    return {
        "recipe": "hpnet_demo",
        "extra_data_dir": _OTHERS,
        "extra_render": "",
        "model.share_last_stage": "false",
        **flags_of_row,
    }


def _vit(recipe="dpeformer_demo", **flags_of_row):
    """Ten epochs, starting from the ViT of `VIT_TRAINING`."""
    return {
        "recipe": recipe,
        "weights": _VIT,
        "epochs": 10,
        "warmup_epochs": 1,
        "learning_rate": 5e-4,
        **flags_of_row,
    }


_FORGETFUL = {
    "model.loss_weights.memory": 0,
    "model.loss_weights.occluded_memory": 0,
}
_DINOV2 = {"recipe": "dpeformer_dinov2_demo"}
_DINOV2_BASELINE = {"recipe": "transreid_dinov2_demo"}
# Behind the name of a row: its runs, compared over all parts.
_UNSEEN = " tested without visibility"
# The same, with thresholds of visibility that were fitted on the other people.
_FITTED = " with fitted visibility"
# The same, tested on the harder set.
_ON_HARDER = " on the harder set"
# Before the name of a row: the same, on the second set.
_ON_SECOND = "Second set: "
_SHORT = {"epochs": 12, "milestones": "8,11"}
_HPNET_BASELINE = {
    "model": "global_baseline",
    "model.pooling": "max",
    "transforms": "flip",
    **_SHORT,
}
_HPNET_STARTED = _hpnet(
    **{
        "model.share_last_stage": "true",
        "backbone": "efficientnet_lite0",
        "weights": "efficientnet_lite0_imagenet",
        "freeze_stages": 2,
        "occlusions": "part_occlusion:0.5",
    },
    **_SHORT,
)
_HPNET_NEAREST = {**_HPNET_STARTED, "label_reduction": "nearest"}
_HPNET_AUGMENTED = {
    **_HPNET_BASELINE,
    "part_schema": "hpnet_four",
    "label_reduction": "area_max",
    "occlusions": "part_occlusion:0.5",
    "model.loss_weights.global_triplet": 0.1,
    "model.term_losses.global_identity.label_smoothing": 0,
}
# The flags of each row, besides those of its recipe, else `drop_demo`. BPBReID
# with its own parsing weight, 0.35, DROP and its rows with its default, 4: each
# model the one that suited it; the last rows have the other. From DPU
# on, each row adds one thing to the row above it; `Unscaled DROP` is `+ WAMP`
# with smoothing, and DROP that with parts of length 1.
ROWS = {
    "global baseline": {"model": "global_baseline"},
    "BPBReID": {"model": "bpbreid"},
    "DROP": {},
    "the demo": {"recipe": "demo"},
    "BPBReID + DPU": {**_NO_POSITIONS, **_AVERAGE, **_BPBREID_LOSSES},
    "+ PPE": {**_AVERAGE, **_BPBREID_LOSSES},
    "+ WAMP": _BPBREID_LOSSES,
    "+ PCT/PEMB (DROP without smoothing)": {**_BANK, **_BPBREID_LOSSES},
    "BPBReID with parts of length 1": _UNIT_BPBREID,
    "BPBReID with parts of length 1 + person over person": _occluded_drop(
        "person", **_UNIT_BPBREID
    ),
    "global baseline with vectors of length 1": _UNIT_GLOBAL,
    "global baseline with vectors of length 1 + person over person": (
        _occluded_drop("person", **_UNIT_GLOBAL)
    ),
    "DROP with a triplet loss of the foreground": _FOREGROUND,
    "BPBReID with parts of length 1 and a triplet loss of the foreground": {
        **_UNIT_BPBREID,
        **_FOREGROUND,
    },
    "BPBReID with parsing weight 4": {
        "model": "bpbreid",
        "model.loss_weights.parsing": 4,
    },
    "DROP with parsing weight 1": {"model.loss_weights.parsing": 1},
    "DROP with masks detached": {"model.reid_map.stop_at_masks": "all"},
    "DROP with the triplet loss stopped at the masks": _TRIPLET_STOPPED,
    "DROP with the bank": _BANK,
    "DROP with a large bank": _LARGE,
    "DROP with the bank from epoch 10": _LATE,
    "DROP with a memory of prototypes": _PROTOTYPES,
    "DROP with the soft margin": _SOFT_MARGIN,
    **{
        f"Unscaled DROP{more}": {**flags_of_row, **_UNSCALED}
        for more, flags_of_row in {
            "": {},
            " with the bank": _BANK,
            " with the bank and the soft margin": {**_BANK, **_SOFT_MARGIN},
            " with the bank and the triplet loss stopped at the masks": {
                **_BANK,
                **_TRIPLET_STOPPED,
            },
            " with a memory of prototypes": _PROTOTYPES,
            " + ROA": _occluded_drop("roa"),
            " + person over person": _occluded_drop("person"),
        }.items()
    },
    "DROP without PPE and with the bank from epoch 10": {
        **_NO_POSITIONS,
        **_LATE,
    },
    "DROP from scratch": _FROM_SCRATCH,
    "BPBReID from scratch": {"model": "bpbreid", **_FROM_SCRATCH},
    "global baseline from scratch": {
        "model": "global_baseline",
        **_FROM_SCRATCH,
    },
    "DROP + ROA": _occluded_drop("roa"),
    "DROP + person over person": _occluded_drop("person"),
    "DROP + GridMask": _occluded_drop("grid_mask"),
    "DROP + hidden parts": _occluded_drop("part_occlusion"),
    "DROP with erasing by noise": _occluded_drop(
        "random_erasing", transforms="crop"
    ),
    "PAB-ReID": _pab_reid(),
    "PAB-ReID with parts of length 1": _pab_reid(**_UNIT_PARTS),
    "PAB-ReID with the focuser on the maps": _pab_reid(
        **{"model.focuser.place": "map"}
    ),
    "PAB-ReID without focuser": _pab_reid(**{"model.focuser.place": "none"}),
    "PAB-ReID with the head weighted": _pab_reid(**{"model.head_weight": 0.5}),
    "PAB-ReID with the soft margin": _pab_reid(
        **{"model.term_losses.parts_triplet.margin": 0}
    ),
    "HPNet": _hpnet(),
    "HPNet with shared conv5": _hpnet(**{"model.share_last_stage": "true"}),
    "HPNet without triplet": _hpnet(**{"model.loss_weights.triplet": 0}),
    "HPNet without extra parsing data": _hpnet(extra_data_dir=""),
    "HPNet with pseudo labels": _hpnet(parsing_dir=_PSEUDO_LABELS),
    "ViT baseline": _vit("transreid_demo"),
    "ViT baseline + ROA": _vit("transreid_demo", occlusions="roa:0.5"),
    "ViT + ROA + DPSM": _vit(**{"model.blending": "false", **_FORGETFUL}),
    "ViT + ROA + DPSM + FBM": _vit(**_FORGETFUL),
    "DPEFormer": _vit(),
    "DPEFormer with erasing": _vit(occluded_stream="gaussian_erasing"),
    "DINOv2: ViT baseline": _DINOV2_BASELINE,
    "DINOv2: ViT baseline + ROA": {
        **_DINOV2_BASELINE,
        "occlusions": "roa:0.5",
    },
    "DINOv2: ViT + ROA + DPSM": {
        **_DINOV2,
        "model.blending": "false",
        **_FORGETFUL,
    },
    "DINOv2: ViT + ROA + DPSM + FBM": {**_DINOV2, **_FORGETFUL},
    "DINOv2: DPEFormer": _DINOV2,
    "DINOv2: DPEFormer with all patches kept": {
        **_DINOV2,
        "model.selection.k_min": 72,
    },
    "DINOv2: DPEFormer with erasing": {
        **_DINOV2,
        "occluded_stream": "gaussian_erasing",
    },
    **{
        f"DINOv2: {name} with {number} blocks kept": {
            **flags_of_row,
            "freeze_stages": count,
        }
        for name, flags_of_row in (
            ("ViT baseline", _DINOV2_BASELINE),
            ("DPEFormer", _DINOV2),
        )
        for number, count in (("ten", 10), ("eleven", 11))
    },
    "ImageNet: maximum baseline of HPNet": _HPNET_BASELINE,
    **{
        f"ImageNet: {name}{at}": {**flags_of_row, **size}
        for name, flags_of_row in (
            ("maximum baseline with HPNet's augmentation", _HPNET_AUGMENTED),
            ("HPNet with shared conv5", _HPNET_STARTED),
            ("HPNet with shared conv5 and nearest labels", _HPNET_NEAREST),
            (
                "HPNet with shared conv5 and nearest labels from 0.4 on",
                {**_HPNET_NEAREST, "model.masks.threshold": 0.4},
            ),
        )
        for at, size in (
            ("", {}),
            (" at 192 x 96", {"image_size": "192,96"}),
        )
    },
}
VIT_TRAINING = "ViT of other people"
ROWS[VIT_TRAINING] = _vit(
    "transreid_demo",
    data=f"embedded_pedestrians:{_OTHERS}",
    parsing_dir=f"{_OTHERS}/parts",
    render="",
    weights="",
    seed=1234,
    epochs=40,
    warmup_epochs=3,
    learning_rate=1e-3,
    occlusions="roa:0.3",
)


def main(_):
    wanted = ROWS_WANTED.value or [row for row in ROWS if row != VIT_TRAINING]
    for row in wanted:
        _flags_of(row)
    trained = dict.fromkeys(_trained(row) for row in wanted)
    jobs = [(row, seed) for seed in SEEDS.value for row in trained]
    # Drawn here, because runs side by side would draw into one folder.
    render_embedded_pedestrians(_in_folder(_PEDESTRIANS), "small")
    render_embedded_pedestrians(
        _in_folder(_OTHERS),
        "small",
        seed=2,
        occlusion="light",
    )
    if any(row.startswith(_ON_SECOND) for row in trained):
        render_embedded_pedestrians(
            _in_folder(_SECOND),
            "small",
            seed=3,
            hidden_share=0.5,
            hidden_parts=0.5,
        )
    if any(row.endswith(_ON_HARDER) for row in wanted):
        render_embedded_pedestrians(
            _in_folder(_HARDER), "medium", seed=4, occlusion="heavy"
        )
    if any(_flags_of(row).get("weights") == _VIT for row in trained):
        _train(VIT_TRAINING, 1)
    if any(
        _flags_of(row).get("parsing_dir") == _PSEUDO_LABELS for row in trained
    ):
        _label()
    with concurrent.futures.ThreadPoolExecutor(PARALLEL.value) as pool:
        for row, seed in jobs:
            pool.submit(_train, row, seed).add_done_callback(_complain)
    rows = {row: figures(row) for row in wanted if finished_seeds(row)}
    print(table(rows))
    record(rows, otherwise=Path(FOLDER.value) / "comparison.json")


def _train(row, seed):
    if _is_finished(row, seed):
        return
    data = data_of(row)
    _run(
        recipe_of(row),
        {
            "run_dir": run_folder(row, seed),
            "data": f"embedded_pedestrians:{data}",
            "parsing_dir": data / "parts",
            "render": "",
            "seed": seed,
            "export": "false",
            **{
                name: _in_folder(str(value))
                for name, value in _flags_of(row).items()
                if name != "recipe"
            },
        },
        EXTRA.value,
    )
    print(f"{row}, seed {seed}: {_card(row, seed).metrics}", flush=True)


def _label():
    """Goes on with the labels where it was stopped."""
    others, pedestrians = (
        Path(_in_folder(name)) for name in (_OTHERS, _PEDESTRIANS)
    )
    _run(
        "parsing_labels_demo",
        {
            "run_dir": Path(FOLDER.value) / "parsing_labels",
            "labels_dir": _in_folder(_PSEUDO_LABELS),
            "render": "",
            "data_dir": others,
            "parsing_dir": others / "parts",
            "crops": pedestrians,
            "truth_dir": pedestrians / "parts",
        },
    )


def _in_folder(name):
    return name.replace("{folder}", FOLDER.value)


def _run(recipe, values, extra=()):
    """Runs a recipe with some flags."""
    values["run_dir"].mkdir(parents=True, exist_ok=True)
    cores = max(1, (os.cpu_count() or 1) // PARALLEL.value)
    with open(values["run_dir"] / "log.txt", "w") as log:
        subprocess.run(
            [
                sys.executable,
                *("-m", "keras_drop", "train", f"--recipe={recipe}"),
                *(f"--{name}={value}" for name, value in values.items()),
                *extra,
            ],
            check=True,
            stdout=log,
            stderr=log,
            env={
                **os.environ,
                "TF_NUM_INTRAOP_THREADS": str(cores),
                "TF_NUM_INTEROP_THREADS": "1",
            },
        )


def _complain(job):
    if job.exception():
        print(f"A run failed; see its log.txt: {job.exception()}", flush=True)


def recipe_of(row):
    """Name of the recipe that trains a row."""
    return _flags_of(row).get("recipe", "drop_demo")


def _flags_of(row):
    name = _trained(row).removeprefix(_ON_SECOND)
    return ROWS[checked_choice("rows", name, ROWS)]


def _trained(row):
    """The row whose runs a row is measured on."""
    for ending in _TESTS:
        row = row.removesuffix(ending)
    return row


def data_of(row):
    """Folder of the pedestrians that a row is measured on."""
    set_ = _SECOND if row.startswith(_ON_SECOND) else _PEDESTRIANS
    set_ = _HARDER if row.endswith(_ON_HARDER) else set_
    return Path(_in_folder(set_))


def run_folder(row, seed):
    """Where a run is."""
    words = (c if c.isalnum() else "_" for c in _trained(row))
    name = "".join(words).strip("_").lower()
    return Path(FOLDER.value) / f"{name}-{seed}"


def _is_finished(row, seed):
    return (run_folder(row, seed) / "card.json").exists()


def finished_seeds(row):
    """The seeds that a row was trained with to the end."""
    return [seed for seed in SEEDS.value if _is_finished(row, seed)]


def _card(row, seed):
    folder = run_folder(row, seed)
    for ending, (name, test) in _TESTS.items():
        if row.endswith(ending):
            path = folder / name
            if not path.exists():
                test(folder, seed, row, path)
            return ResultCard.load(path)
    return ResultCard.load(folder / "card.json")


def _test_unseen(folder, seed, row, path):
    _test(folder / "model.keras", seed, row, path, "--combine=plain")


def _fit_and_test(folder, seed, row, path):
    model = load_model(folder / "model.keras")
    fitted = fit_visibility_threshold(
        model,
        _splits(Path(_in_folder(_OTHERS)))["train"],
        ParsingLabels("densepose14", model.part_schema),
        occlusions=named_occlusions(["roa:0.5"]),
    )
    fitted.applied(model).save(folder / "fitted.keras")
    _test_with_parts(folder / "fitted.keras", seed, row, path)


def _test_on_harder(folder, seed, row, path):
    _test_with_parts(folder / "model.keras", seed, row, path)


# Card of a run's folder and what writes it, by the ending of a row's name.
_TESTS = {
    _UNSEEN: ("card_without_visibility.json", _test_unseen),
    _FITTED: ("card_with_fitted_visibility.json", _fit_and_test),
    _ON_HARDER: ("card_on_harder_set.json", _test_on_harder),
}


def _test_with_parts(path_of_model, seed, row, path):
    """Writes the result card of a model, how well it finds parts as well."""
    _test(path_of_model, seed, row, path)
    model = load_model(path_of_model)
    if not hasattr(model, "part_schema"):
        return
    labels = ParsingLabels("densepose14", model.part_schema)
    parts = evaluate_parts(model, splits_of(row)["query"], labels)
    card = ResultCard.load(path)
    card.model.run["parts"] = parts.as_dictionary()
    card.save(path)


def _test(model, seed, row, path, *flags_of_test):
    """Writes the result card of a model, tested on the queries of a row."""
    command = [
        *(sys.executable, "-m", "keras_drop", "evaluate"),
        f"--model={model}",
        f"--data=embedded_pedestrians:{data_of(row)}",
        *(*flags_of_test, f"--seed={seed}", f"--card={path}"),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def splits_of(row):
    """`Records` of the pedestrians that a row learns and is measured on."""
    return _splits(data_of(row))


@functools.cache
def _splits(data):
    return read_occluded_duke(data, data / "parts", "densepose14")


def figures(row):
    """What the finished seeds of a row gave, as `benchmarks/results` has it."""
    return row_of(
        {
            seed: _shares(_card(row, seed), data_of(row))
            for seed in finished_seeds(row)
        }
    )


def _shares(card, data):
    """Metrics of all queries and of groups of them; of the parts."""
    found = {
        **stratify(
            card.result, occlusion_levels(_splits(data)["query"].occlusion)
        ),
        **stratify(card.result, _by_hidden_parts(data)),
    }
    shares = {
        f"{metric}, {group}": found[group][metric]
        for group in (*LEVELS, *HIDDEN_PARTS, *NUMBERS_HIDDEN)
        if group in found
        for metric in ("rank-1", "mAP")
    }
    parts = card.model.run.get("parts") or {}
    measured = {name: parts[name] for name in PART_SHARES if name in parts}
    return {**card.metrics, **shares, **measured}


@functools.cache
def _by_hidden_parts(data):
    """Queries whose true labels show all parts; that lack some, so many."""
    labels = ParsingLabels("densepose14", "five")
    truth = part_truth(_splits(data)["query"], labels, (128, 64))
    shown = visible_parts_of(truth, labels.part_schema.num_parts)
    lacks = ~shown.all(axis=1)
    return {**dict(zip(HIDDEN_PARTS, (~lacks, lacks))), **hidden_parts(shown)}


def table(rows):
    """Markdown of the metrics of rows, a dictionary as of `figures`."""
    return "\n".join(comparison_table(rows).lines(rows))


if __name__ == "__main__":
    app.run(main)

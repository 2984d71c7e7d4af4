"""Accuracy of the models on the embedded pedestrians, mean and spread.

    python -m benchmarks.embedded_comparison --folder=runs/comparison

trains every row of the table below with every seed, by the demo's recipe and
settings, on one drawn data set; only the row's settings and the seed differ.
The ViTs start from one that was trained, once, on other drawn people.
Runs that are finished are not repeated, so the command can be stopped and
started again. It ends by printing the table of docs/results/models.md and by
writing what each seed gave to `--results`, in the form of
`benchmarks/results`: with `--results=benchmarks/results/retrieval.json`, and
`python -m benchmarks.results_pages` after it, the pages show it.
"""

import concurrent.futures
import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

from absl import app, flags

from benchmarks.result_columns import LEVELS
from benchmarks.result_files import row_of, write_rows
from benchmarks.result_tables import TABLES
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians

ROOT = Path(__file__).parents[1]
FOLDER = flags.DEFINE_string("folder", "runs/comparison", "where runs go")
SEEDS = flags.DEFINE_list("seeds", ["1", "2", "3"], "seeds of the training")
ROWS_WANTED = flags.DEFINE_list("rows", [], "rows to run; empty: all")
PARALLEL = flags.DEFINE_integer("parallel", 2, "runs at a time, a core each")
RESULTS = flags.DEFINE_string(
    "results", None, "file of the figures; left out, in the folder of the runs"
)
EXTRA = flags.DEFINE_multi_string("extra", [], "further flags of the recipe")

_BPBREID_LOSS = {"pemb": "none", "parsing_spatial_smoothing": False}
# The settings of each recipe's small run; a row without a recipe has the first.
FLAG_FILES = {
    "occluded_duke": "demo.flags",
    "pab_reid_occluded_duke": "pab_reid_demo.flags",
    "hpnet_market1501": "hpnet_demo.flags",
    "dpeformer_occluded_duke": "dpeformer_demo.flags",
    "parsing_labels": "parsing_labels_demo.flags",
}


def _drop(**switches):
    switches = {"lambda_parse": 4.0, **switches}
    return {"model": "drop", "switches": json.dumps(switches)}


def _occluded_drop(occlusion, **settings):
    return {**_drop(), "occlusions": f"{occlusion}:0.5", **settings}


def _pab_reid(**switches):
    return {
        "recipe": "pab_reid_occluded_duke",
        "switches": json.dumps(switches),
    }


_PEDESTRIANS = "{folder}/embedded_pedestrians"
# Other people, nearly all whole, hidden by other things.
_OTHERS = "{folder}/other_pedestrians"
# Labels of the training images, by a network that saw those of the others.
_PSEUDO_LABELS = "{folder}/pseudo_labels"
# What `VIT_TRAINING` leaves.
_VIT = "{folder}/vit_of_other_people-1/model.keras"


def _hpnet(**settings):
    switches = {"seg_warmup_epochs": 2, **settings.pop("switches", {})}
    return {
        "recipe": "hpnet_market1501",
        "extra_data_dir": _OTHERS,
        "extra_render": "",
        "switches": json.dumps(switches),
        **settings,
    }


def _vit(**settings):
    """Ten epochs, starting from the ViT of `VIT_TRAINING`."""
    switches = settings.pop("switches", {})
    return {
        "recipe": "dpeformer_occluded_duke",
        "label_format": "densepose14",
        "weights": _VIT,
        "epochs": 10,
        "warmup_epochs": 1,
        "learning_rate": 5e-4,
        "switches": json.dumps(switches),
        **settings,
    }


# BPBReID with its own parsing weight, 0.35, DROP and its rows with the demo's,
# 4: each model the one that suited it; the last rows have the other. From DPU
# on, each row adds one thing to the row above it, up to DROP.
ROWS = {
    "global baseline": {"model": "global", "switches": "{}"},
    "BPBReID": {"model": "bpbreid", "switches": "{}"},
    "DROP": _drop(),
    "BPBReID + DPU": _drop(ppe="none", wamp="avg", **_BPBREID_LOSS),
    "+ PPE": _drop(wamp="avg", **_BPBREID_LOSS),
    "+ WAMP": _drop(**_BPBREID_LOSS),
    "+ PCT/PEMB (DROP without smoothing)": _drop(
        parsing_spatial_smoothing=False
    ),
    "BPBReID with parsing weight 4": {
        "model": "bpbreid",
        "switches": '{"lambda_pa": 4.0}',
    },
    "DROP with parsing weight 1": _drop(lambda_parse=1.0),
    "DROP with masks detached": _drop(detach_parsing=True),
    "DROP with the bank from epoch 10": _drop(pemb_start_epoch=10),
    "DROP without PPE and with the bank from epoch 10": _drop(
        ppe="none", pemb_start_epoch=10
    ),
    "DROP + ROA": _occluded_drop("roa"),
    "DROP + person over person": _occluded_drop("person"),
    "DROP + GridMask": _occluded_drop("grid_mask"),
    "DROP + hidden parts": _occluded_drop("part_occlusion"),
    "DROP with erasing by noise": _occluded_drop(
        "random_erasing", transforms="crop"
    ),
    "PAB-ReID": _pab_reid(),
    "PAB-ReID with the focuser on the maps": _pab_reid(fgff="map"),
    "PAB-ReID without focuser": _pab_reid(fgff="none"),
    "PAB-ReID with the head weighted": _pab_reid(part_triplet="head_weighted"),
    "PAB-ReID with the soft margin": _pab_reid(part_triplet="soft_margin"),
    "HPNet": _hpnet(),
    "HPNet with shared conv5": _hpnet(switches={"share_conv5": True}),
    "HPNet without triplet": _hpnet(switches={"lambda_tri": 0.0}),
    "HPNet without extra parsing data": _hpnet(extra_data_dir=""),
    "HPNet with pseudo labels": _hpnet(parsing_dir=_PSEUDO_LABELS),
    "ViT baseline": _vit(model="baseline"),
    "ViT baseline + ROA": _vit(model="baseline", occlusions="roa:0.5"),
    "ViT + ROA + DPSM": _vit(switches={"fbm": False, "bank_weight": 0.0}),
    "ViT + ROA + DPSM + FBM": _vit(switches={"bank_weight": 0.0}),
    "DPEFormer": _vit(),
    "DPEFormer with erasing": _vit(occluded_stream="gaussian_erasing"),
}
VIT_TRAINING = "ViT of other people"
ROWS[VIT_TRAINING] = _vit(
    model="baseline",
    data_dir=_OTHERS,
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
    jobs = [(row, seed) for seed in SEEDS.value for row in wanted]
    render_embedded_pedestrians(
        _in_folder(_OTHERS),
        "small",
        seed=2,
        occlusion="light",
    )
    if any(ROWS[row].get("weights") == _VIT for row in wanted):
        _train(VIT_TRAINING, 1)
    if any(ROWS[row].get("parsing_dir") == _PSEUDO_LABELS for row in wanted):
        _label()
    with concurrent.futures.ThreadPoolExecutor(PARALLEL.value) as pool:
        for row, seed in jobs:
            pool.submit(_train, row, seed).add_done_callback(_complain)
    rows = {row: figures(row) for row in wanted if finished_seeds(row)}
    print(table(rows))
    write_rows(
        RESULTS.value or Path(FOLDER.value) / "retrieval.json",
        f"python -m benchmarks.embedded_comparison {' '.join(EXTRA.value)}",
        rows,
    )


def _train(row, seed):
    if _is_finished(row, seed):
        return
    data = Path(_in_folder(_PEDESTRIANS))
    _run(
        recipe_of(row),
        {
            "run_dir": run_folder(row, seed),
            "data_dir": data,
            "parsing_dir": data / "parts",
            "seed": seed,
            "export": "false",
            **{
                name: _in_folder(str(value))
                for name, value in ROWS[row].items()
                if name != "recipe"
            },
        },
        EXTRA.value,
    )
    print(f"{row}, seed {seed}: {summary(row, seed)['metrics']}", flush=True)


def _label():
    """Goes on with the labels where it was stopped."""
    others, pedestrians = (
        Path(_in_folder(name)) for name in (_OTHERS, _PEDESTRIANS)
    )
    _run(
        "parsing_labels",
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
    """Runs a recipe by its small settings and some flags more."""
    values["run_dir"].mkdir(parents=True, exist_ok=True)
    cores = max(1, (os.cpu_count() or 1) // PARALLEL.value)
    with open(values["run_dir"] / "log.txt", "w") as log:
        subprocess.run(
            [
                sys.executable,
                ROOT / "recipes" / f"{recipe}.py",
                f"--flagfile={ROOT / 'recipes' / FLAG_FILES[recipe]}",
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
    return ROWS[row].get("recipe", next(iter(FLAG_FILES)))


def run_folder(row, seed):
    """Where a run is."""
    name = "".join(c if c.isalnum() else "_" for c in row).strip("_").lower()
    return Path(FOLDER.value) / f"{name}-{seed}"


def _is_finished(row, seed):
    return (run_folder(row, seed) / "metrics.json").exists()


def finished_seeds(row):
    """The seeds that a row was trained with to the end."""
    return [seed for seed in SEEDS.value if _is_finished(row, seed)]


def summary(row, seed):
    """What a finished run wrote to `metrics.json`."""
    return json.loads((run_folder(row, seed) / "metrics.json").read_text())


def figures(row):
    """What the finished seeds of a row gave, as `benchmarks/results` has it."""
    return row_of(
        {seed: _shares(summary(row, seed)) for seed in finished_seeds(row)}
    )


def _shares(found):
    """Metrics of all queries, and of those of every level of occlusion."""
    levels = {
        f"{metric}, {level}": found["by_occlusion"][level][metric]
        for level in LEVELS
        if level in found["by_occlusion"]
        for metric in ("rank-1", "mAP")
    }
    return {**found["metrics"], **levels}


def table(rows):
    """Markdown of the metrics of rows, a dictionary as of `figures`."""
    shown = dataclasses.replace(TABLES["models"], rows=tuple(rows))
    return "\n".join(shown.lines(rows))


if __name__ == "__main__":
    app.run(main)

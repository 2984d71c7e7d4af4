"""How many of the patches that DPEFormer keeps lie on the person.

    python -m benchmarks.kept_patches --run=runs/dpeformer_demo

prints, for the run's model.keras and the pedestrians that were drawn for it,
the share of kept patches that lie on the person by the true labels, obstacles
not being the person, against that of all patches, which is chance; for whole
images of the gallery and for the occluded queries; the share of the first and
of the last patches in the order of similarity; and how often the proxy patch
lies on the person, with the share of kept patches where it does and where it
does not: the proxy decides what is kept. A patch lies on the person if more
than half of its cell of the grid does. `kept_share.png` and
`kept_patches.png` in the folder of the run show the shares, and the patches
of some people in a whole image and in an occluded one.

`--recipe=dpeformer_dinov2_demo` instead of a run measures the recipe's model
before it is trained, with its pictures in `runs/untrained_` and the recipe's
name; `--block=11` with either what the tokens after this block would keep,
without a picture. With `--name` the figures become two rows of the
file of `--results`; `--run=FOLDER,FOLDER` are then the seeds of these rows.
"""

from pathlib import Path

import cv2
import keras
import numpy as np
from absl import app, flags
from PIL import Image

import keras_drop as kd
from benchmarks.kept_shares import shares
from benchmarks.recording import record
from keras_drop import recipes
from keras_drop.models.base.vit_features import vit_features

RUNS = flags.DEFINE_list("run", ["runs/dpeformer_demo"], "folders of the runs")
RECIPE = flags.DEFINE_string(
    "recipe", None, "recipe whose untrained model is measured instead"
)
BLOCK = flags.DEFINE_integer(
    "block", None, "block whose tokens are compared; left out, as the model"
)
DATA = flags.DEFINE_string(
    "data_dir", "runs/embedded_pedestrians", "the drawn pedestrians"
)
NUM_PEOPLE = flags.DEFINE_integer("num_people", 6, "people in the picture")
NAME = flags.DEFINE_string("name", None, "begin of the rows of --results")


def main(_):
    data = Path(DATA.value)
    splits = kd.datasets.read_occluded_duke(data, data / "parts", "densepose14")
    queries, gallery = splits["query"], splits["gallery"]
    groups = {
        "whole": gallery[np.flatnonzero(gallery.occlusion == 0)],
        "occluded": queries[np.flatnonzero(queries.occlusion > 0)],
    }
    if RECIPE.value:
        folder = Path(f"runs/untrained_{RECIPE.value}")
        folder.mkdir(parents=True, exist_ok=True)
        untrained = recipes.find(RECIPE.value).make_model(splits["train"])
        runs = {folder: untrained}
    else:
        runs = {
            Path(run): kd.load_model(Path(run) / "model.keras")
            for run in RUNS.value
        }
    found = {run: measured(model, groups) for run, model in runs.items()}
    if NAME.value:
        record(
            {
                f"{NAME.value}, {kind}": _row(
                    [each[kind] for each in found.values()]
                )
                for kind in groups
            }
        )
    if not BLOCK.value:
        for run, model in runs.items():
            draw_pictures(model, groups, found[run], run)


def measured(model, groups):
    """Prints and returns the shares of each group of `Records`, by its name."""
    chosen = selection_after(model, BLOCK.value) if BLOCK.value else model
    found = {}
    for name, records in groups.items():
        _, outputs = predicted(chosen, records)
        found[name] = shares(
            outputs["kept_patches"] > 0,
            outputs["patch_ranks"],
            on_person(records, model.backbone),
            model.selection.k_min,
        )
        print(f"{name}, {len(records)} images:")
        for title, figure in found[name].items():
            print(f"  {title}: {figure:.1f}", flush=True)
    return found


def selection_after(model, block):
    """A model of what DPEFormer's selection makes of an earlier block's tokens.

    Args:
        model: `DPEFormer`.
        block: Which, from 1.

    Returns:
        Model of images, whose outputs are `kept_patches` and `patch_ranks`.
    """
    images, features = vit_features(model.backbone, [f"block_{block}"])
    tokens = features[f"block_{block}"]
    _, kept, ranks = model.get_layer("patch_selection")(
        tokens[:, 0], tokens[:, 1:]
    )
    return keras.Model(images, {"kept_patches": kept, "patch_ranks": ranks})


def predicted(model, records):
    """The images of the records, and the model's outputs for them."""
    batches = kd.data.ImageBatches(records.paths, model.input_shape[1:3])
    images = np.concatenate([batches[k] for k in range(len(batches))])
    return images, model.predict(images, verbose=0)


def _row(seeds):
    """A row of what each run gave."""
    return {
        "seeds": {
            str(seed): {name: round(x, 1) for name, x in figures.items()}
            for seed, figures in enumerate(seeds, 1)
        }
    }


def draw_pictures(model, groups, found, folder):
    """Writes the shares, and the patches of some people, as pictures."""
    kd.visualization.save_kept_share(
        folder / "kept_share.png",
        {
            name: (each["on the person"] / 100, each["chance"] / 100)
            for name, each in found.items()
        },
    )
    draw(model, groups, folder / "kept_patches.png")
    print(f"kept_share.png and kept_patches.png are in {folder}.")


def on_person(records, backbone):
    """`(images, patches)` bool: whether most of a patch's cell is person."""
    height, width = backbone.image_shape[:2]
    stride = backbone.patch_stride or backbone.patch_size
    half = (backbone.patch_size - stride) // 2
    rows, columns = backbone.token_grid
    result = []
    for path in records.parsing_paths:
        person = (np.asarray(Image.open(path)) > 0).astype("float32")
        person = cv2.resize(person, (width, height))
        # What is right of the last patch and below it is not seen.
        seen = person[half:, half:][: rows * stride, : columns * stride]
        cells = cv2.resize(seen, (columns, rows), interpolation=cv2.INTER_AREA)
        result.append(cells.ravel() > 0.5)
    return np.array(result)


def draw(model, groups, path):
    """Evenly spread queries, each beside a whole image of the same person."""
    whole, occluded = groups["whole"], groups["occluded"]
    known = np.isin(occluded.identities, whole.identities)
    candidates = np.flatnonzero(known)
    places = np.linspace(0, len(candidates) - 1, NUM_PEOPLE.value).astype(int)
    rows = candidates[places]
    pairs = {
        "whole": whole[
            [
                np.flatnonzero(whole.identities == identity)[0]
                for identity in occluded.identities[rows]
            ]
        ],
        "occluded": occluded[rows],
    }
    kd.visualization.save_kept_patches(
        path,
        {name: predicted(model, records) for name, records in pairs.items()},
        model.backbone.token_grid,
    )


if __name__ == "__main__":
    app.run(main)

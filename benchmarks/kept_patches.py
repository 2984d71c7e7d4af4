"""How many of the patches that DPEFormer keeps lie on the person.

    python benchmarks/kept_patches.py --run=runs/dpeformer_demo

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
"""

from pathlib import Path

import cv2
import numpy as np
from absl import app, flags
from PIL import Image

import keras_drop as kd

RUN = flags.DEFINE_string("run", "runs/dpeformer_demo", "folder of the run")
DATA = flags.DEFINE_string(
    "data_dir", "runs/embedded_pedestrians", "the drawn pedestrians"
)
NUM_PEOPLE = flags.DEFINE_integer("num_people", 6, "people in the picture")


def main(_):
    run, data = Path(RUN.value), Path(DATA.value)
    model = kd.load_model(run / "model.keras")
    splits = kd.datasets.read_occluded_duke(data, data / "parts", "densepose14")
    queries, gallery = splits["query"], splits["gallery"]
    groups = {
        "whole": gallery[np.flatnonzero(gallery.occlusion == 0)],
        "occluded": queries[np.flatnonzero(queries.occlusion > 0)],
    }
    shares = {}
    for name, records in groups.items():
        _, outputs = predicted(model, records)
        kept = outputs["kept_patches"] > 0
        person = on_person(records, model.backbone)
        on_kept = (kept & person).sum()
        shares[name] = on_kept / kept.sum(), person.mean()
        print(
            f"{name}: {100 * shares[name][0]:.1f} % of the kept patches lie on "
            f"the person ({on_kept} of {kept.sum()}), chance "
            f"{100 * shares[name][1]:.1f} % ({person.sum()} of {person.size}); "
            f"{kept.sum(axis=1).mean():.1f} of {kept.shape[1]} patches kept, "
            f"{len(records)} images",
            flush=True,
        )
        k_min = model.selection.k_min
        first = outputs["patch_ranks"] < k_min
        last = outputs["patch_ranks"] >= kept.shape[1] - k_min
        print(
            f"  of the {k_min} most similar ones "
            f"{100 * person[first].mean():.1f} %, of the {k_min} least "
            f"similar ones {100 * person[last].mean():.1f} %",
            flush=True,
        )
        tell_proxies(outputs["patch_ranks"] == 0, kept, person)
    kd.visualization.save_kept_share(run / "kept_share.png", shares)
    draw(model, groups, run / "kept_patches.png")
    print(f"kept_share.png and kept_patches.png are in {run}.")


def predicted(model, records):
    """The images of the records, and the model's outputs for them."""
    batches = kd.data.ImageBatches(records.paths, model.input_shape[1:3])
    images = np.concatenate([batches[k] for k in range(len(batches))])
    return images, model.predict(images, verbose=0)


def tell_proxies(proxies, kept, person):
    """Prints where the proxy patches lie, and what that does.

    Args:
        proxies: `(images, patches)` bool, one patch of each image.
        kept: `(images, patches)` bool.
        person: `(images, patches)` bool.
    """
    on = (proxies & person).any(axis=1)
    print(
        f"  the proxy patch lies on the person in {100 * on.mean():.1f} % of "
        f"the images ({on.sum()} of {len(on)}), chance "
        f"{100 * person.mean():.1f} %"
    )
    for where, images in (("on the person", on), ("elsewhere", ~on)):
        if images.any():
            share = (kept & person)[images].sum() / kept[images].sum()
            print(
                f"  proxy {where}: {100 * share:.1f} % of the kept patches lie "
                "on the person",
                flush=True,
            )


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

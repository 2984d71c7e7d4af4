"""By which margin a part is visible: what is right of visible and hidden parts.

    python -m benchmarks.visibility_margins --folder=runs/comparison

takes the models that `benchmarks.embedded_comparison` trained for a row, and
the scores of their parts, by how much a part is the likeliest class where it
is most so, on images of three kinds: the training images of other drawn people,
half of them hidden by ROA, on which a margin may be chosen; and, to confirm it,
the queries of the second set and those that the tables show. Prints, and with
`--results` records, the share of visible and of hidden parts that each margin
calls so; several seeds have their mean and deviation.
"""

from pathlib import Path

from absl import app

from benchmarks import embedded_comparison as comparison
from benchmarks.recording import record
from benchmarks.result_files import row_of
from benchmarks.result_tables import TABLES
from keras_drop import load_model
from keras_drop.data import ParsingLabels
from keras_drop.data.occlusions import named_occlusions
from keras_drop.datasets import read_occluded_duke
from keras_drop.evaluation.parts.fit_visibility_threshold import parts_seen
from keras_drop.evaluation.parts.part_quality import visible_parts_of

MARGINS = (0.0, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3)
_ROW = "the demo"
# Name of the images: the set of the comparison, its split, what hides them.
_IMAGES = {
    "other people, hidden by ROA": ("other", "train", ("roa:0.5",)),
    "second set": ("second", "query", ()),
    "first set": ("embedded", "query", ()),
}


def main(_):
    found = {
        seed: _shares(comparison.run_folder(_ROW, seed) / "model.keras")
        for seed in comparison.finished_seeds(_ROW)
    }
    rows = {
        f"{margin:g}": row_of(
            {seed: shares[margin] for seed, shares in found.items()}
        )
        for margin in MARGINS
    }
    print("\n".join(TABLES["visibility_margins"].lines(rows)))
    record(rows)


def _shares(path):
    """Share that is right, by margin and by `visible, second set`."""
    model = load_model(path)
    labels = ParsingLabels("densepose14", model.part_schema)
    shares = {margin: {} for margin in MARGINS}
    for images, (folder, split, names) in _IMAGES.items():
        data = Path(comparison.FOLDER.value) / f"{folder}_pedestrians"
        records = read_occluded_duke(data, data / "parts", "densepose14")[split]
        truth, _, _, scores = parts_seen(
            model, records, labels, named_occlusions(names), seed=1
        )
        shown = visible_parts_of(truth, scores.shape[1])
        for margin, right in shares.items():
            called = scores > margin
            right[f"visible, {images}"] = called[shown].mean()
            right[f"hidden, {images}"] = (~called)[~shown].mean()
    return shares


if __name__ == "__main__":
    app.run(main)

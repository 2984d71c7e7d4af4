"""Search on the embedded set: all engines rank as evaluation does."""

import csv

import numpy as np
import pytest
from PIL import Image

from keras_drop import Descriptors, Gallery, Records
from keras_drop.datasets.embedded_pedestrians import (
    render_embedded_pedestrians,
)
from keras_drop.evaluation import (
    Distance,
    Protocol,
    evaluate_retrieval,
    nearest,
)
from keras_drop.gallery.engines import milvus

pytestmark = [pytest.mark.backend_neutral, pytest.mark.slow]
# From where to where a part is, as shares of the height.
BANDS = {"head": (0, 0.2), "torso": (0.2, 0.5), "left_lower_leg": (0.6, 1)}


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """`Descriptors` and `Records` of queries and gallery: colours of bands.

    What is seen is true; colours are rounded, so that some are equal.
    """
    root = render_embedded_pedestrians(
        tmp_path_factory.mktemp("embedded"), "mini", occlusion="heavy"
    )
    with open(root / "images.csv") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for split in ("query", "gallery"):
        some = [row for row in rows if row["split"] == split]
        pixels = [np.asarray(Image.open(root / row["path"])) for row in some]
        colours = [
            [
                image[int(top * len(image)) : int(low * len(image))]
                .mean((0, 1))
                .round(-2)
                + 1
                for top, low in BANDS.values()
            ]
            for image in pixels
        ]
        seen = [
            [float(row[f"visible_{part}"]) > 0.7 for part in BANDS]
            for row in some
        ]
        found[split] = (
            Descriptors(colours, seen, tuple(BANDS)),
            Records(
                [row["path"] for row in some],
                [int(row["identity"]) for row in some],
                [int(row["camera"]) for row in some],
            ),
        )
    return found


@pytest.mark.parametrize("engine", ["disk", "memory", "milvus"])
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_all_are_ranked_as_in_evaluation(
    people, engine, metric, tmp_path, monkeypatch
):
    if engine == "milvus":
        pytest.importorskip("milvus_lite")
        monkeypatch.setattr(milvus, "_READ", 0)
    (queries, asked), (images, records) = people["query"], people["gallery"]
    distance = Distance(metric)
    gallery = Gallery.create(tmp_path / "g", distance=distance, engine=engine)
    numbers = gallery.add(
        images, records.identities, records.cameras, path=records.paths
    )
    found = gallery.search_many(queries, k=len(images))
    gallery.close()

    rows, distances = nearest(queries, images, k=len(images), distance=distance)
    for hits, row, values in zip(found, rows, distances):
        assert hits.ids.tolist() == numbers[row].tolist()
        assert hits.distances.tolist() == values.tolist()
    ties = [len(np.unique(values)) < len(values) for values in distances]
    assert np.mean(ties) > 0.5, "there are none to be in order"
    assert (distances == 1e4).any(), "all share a part"

    first = []
    for hits, who, where in zip(found, asked.identities, asked.cameras):
        kept = [
            hit.identity == who
            for hit in hits
            if hit.identity != who or hit.camera != where
        ]
        first.append(kept.index(True) + 1 if any(kept) else 0)
    result = evaluate_retrieval(
        queries,
        images,
        asked,
        records,
        distance=distance,
        protocol=Protocol("mine", ties="stable"),
    )
    ranked = [rank for rank in first if rank]
    assert result.first_rank.tolist() == ranked and max(ranked) > 1

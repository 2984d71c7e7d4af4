"""The same person some frames later, beside loops."""

import numpy as np
import pytest
from PIL import Image

from keras_drop import Descriptors, Records
from keras_drop.evaluation import Distance
from keras_drop.tracking import reassociation, reassociation_table

pytestmark = pytest.mark.backend_neutral

LEVELS = (0, 0.6, 1)


def street(seed):
    """Two cameras, 9 frames, up to four people in each."""
    rng = np.random.default_rng(seed)
    rows = [
        (person, camera, time, rng.random())
        for camera in range(2)
        for time in range(9)
        for person in rng.permutation(4)[: rng.integers(1, 5)]
    ]
    people, cameras, times, visible = map(np.array, zip(*rows))
    faces = rng.normal(size=(4, 2, 5))[people]
    crops = Descriptors(
        faces + 0.8 * rng.normal(size=faces.shape),
        rng.random((len(rows), 2)) > 0.4,
    )
    records = Records(
        [""] * len(rows), people, cameras, time=times, visibility=visible
    )
    return crops, records


def slowly(crops, records, gap, distance):
    """(level, right, unknown, chance) of everybody who is looked for."""
    unit = crops.embeddings / np.linalg.norm(
        crops.embeddings, axis=2, keepdims=True
    )

    def far(a, b):
        both = crops.visibility[a] & crops.visibility[b]
        if not both.any():
            return None
        return np.mean(1 - (unit[a] * unit[b]).sum(axis=1)[both])

    for a in range(len(records)):
        later = [
            b
            for b in range(len(records))
            if records.cameras[a] == records.cameras[b]
            and records.time[b] == records.time[a] + gap
        ]
        own = [
            b for b in later if records.identities[a] == records.identities[b]
        ]
        if not own or len(later) < 2:
            continue
        mine = far(a, own[0])
        others = [far(a, b) for b in later if b != own[0]]
        shown = min(records.visibility[a], records.visibility[own[0]])
        yield (
            int(shown >= 0.6),
            mine is not None and all(o is None or mine < o for o in others),
            mine is None,
            1 / len(later),
        )


@pytest.mark.parametrize("gap", [1, 3])
def test_equals_loops(gap):
    crops, records = street(gap)
    cosine = Distance("cosine")
    rows = reassociation(crops, records, [gap], LEVELS, cosine)
    found = np.array(list(slowly(crops, records, gap, cosine)), float)
    assert [row.visible for row in rows] == [(0, 0.6), (0.6, 1)]
    for level, row in enumerate(rows):
        some = found[found[:, 0] == level, 1:]
        assert (row.gap, row.num) == (gap, len(some))
        np.testing.assert_allclose(
            [row.right, row.unknown, row.chance], some.mean(axis=0)
        )
    assert 0 < rows[0].right < 1 and rows[0].unknown > 0


def test_any_encoder_reads_the_crops(tmp_path):
    paths, colours = [], [(200, 0, 0), (0, 0, 200)]
    for time in range(3):
        for person, colour in enumerate(colours):
            paths.append(str(tmp_path / f"{time}_{person}.png"))
            Image.new("RGB", (4, 8), colour).save(paths[-1])
    records = Records(paths, [0, 1] * 3, [0] * 6, time=[0, 0, 1, 1, 2, 2])
    calls = []

    def encoder(crops):
        calls.append(len(crops))
        return np.array([crop.mean(axis=(0, 1)) for crop in crops])

    (row,) = reassociation(encoder, records, gaps=[1])
    assert (row.right, row.num, calls) == (1.0, 4, [6])
    table = reassociation_table({"colours": [row]})
    assert "| colours |" in table and "80-100 %" in table


def test_somebody_alone_is_no_question():
    records = Records([""] * 2, [1, 1], [0, 0], time=[0, 1])
    assert reassociation(Descriptors(np.eye(2)), records, [1]) == []


def test_records_without_time_are_refused():
    records = Records([""] * 2, [1, 1], [0, 0])
    with pytest.raises(ValueError, match="column `time`"):
        reassociation(Descriptors(np.eye(2)), records)


def test_who_has_no_identity_is_not_looked_for():
    people, times = [-1, -1, 9, 9, -1, -1], [0, 0, 0, 1, 1, 1]
    records = Records([""] * 6, people, [0] * 6, time=times)
    crops = Descriptors(np.eye(3)[[0, 1, 2, 2, 0, 1]])
    (row,) = reassociation(crops, records, gaps=[1])
    assert (row.right, row.chance, row.num) == (1.0, pytest.approx(1 / 3), 1)
    # They are among those one looks at.
    crops = Descriptors(np.eye(3)[[0, 1, 2, 1, 2, 0]])
    (row,) = reassociation(crops, records, gaps=[1])
    assert (row.right, row.num) == (0.0, 1)

import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    Distance,
    common_parts,
    estimated_occlusion,
    evaluate,
    evaluate_camera_pairs,
    group_table,
    missing_parts,
    occlusion_levels,
    table,
)
from keras_drop.evaluation.protocol import Protocol
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral

DISTANCE = Distance("cosine", "visibility_max", "product")
PROTOCOL = Protocol(
    "mine",
    average_precision="trapezoid",
    ties="optimistic",
    camera_mode="fake",
    max_rank=10,
)


def side(count, seed):
    rng = np.random.default_rng(seed)
    return (
        Descriptors(
            rng.normal(size=(count, 3, 4)),
            rng.random((count, 3)) < 0.6,
            ("head", "torso", "legs"),
        ),
        Records(
            [f"{k}" for k in range(count)],
            np.arange(count) % 4,
            np.arange(count) % 3,
        ),
    )


QUERY, QUERY_RECORDS = side(12, 0)
GALLERY, GALLERY_RECORDS = side(20, 1)
SPLITS = {"query": QUERY_RECORDS, "gallery": GALLERY_RECORDS}
BOTH = QUERY, GALLERY, QUERY_RECORDS, GALLERY_RECORDS
CARD = evaluate(
    (QUERY, GALLERY), SPLITS, PROTOCOL, model="m", distance=DISTANCE
)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("occlusion", occlusion_levels(estimated_occlusion(QUERY))),
        ("missing_part", missing_parts(QUERY)),
        ("common_parts", common_parts(*BOTH, camera_mode="fake")),
    ],
)
def test_groups(by, groups):
    got = group_table(by, CARD, QUERY, GALLERY, SPLITS)
    assert got == table({"m": CARD.result}, groups)
    assert got.count("\n") > 3


def test_occlusion_of_the_records_goes_first():
    told = Records(
        QUERY_RECORDS.paths,
        QUERY_RECORDS.identities,
        QUERY_RECORDS.cameras,
        occlusion=np.full(12, 0.15),
    )
    got = group_table(
        "occlusion", CARD, QUERY, GALLERY, {**SPLITS, "query": told}
    )
    assert "10-20 %" in got and got.count("\n") == 3


def test_queries_whose_occlusion_the_records_do_not_tell_are_in_no_row():
    def rows(occlusion):
        told = Records(
            QUERY_RECORDS.paths,
            QUERY_RECORDS.identities,
            QUERY_RECORDS.cameras,
            occlusion=occlusion,
        )
        splits = {**SPLITS, "query": told}
        return group_table("occlusion", CARD, QUERY, GALLERY, splits)

    half = rows([0.15] * 6 + [np.nan] * 6).split("\n")
    assert len(half) == 4 and half[3].endswith("|       6 |")
    unknown = group_table("occlusion", CARD, QUERY, GALLERY, SPLITS)
    assert rows([np.nan] * 12) == unknown


def test_camera_pairs():
    got = group_table("camera_pair", CARD, QUERY, GALLERY, SPLITS)
    pairs = evaluate_camera_pairs(*BOTH, distance=DISTANCE, protocol=PROTOCOL)
    assert len(pairs) == 9
    names = {f"camera {a} -> {b}": r for (a, b), r in pairs.items()}
    assert got == table(names)


def test_unknown_group():
    with pytest.raises(ValueError, match=r"one of 'occlusion', .* 'weather'"):
        group_table("weather", CARD, QUERY, GALLERY, SPLITS)

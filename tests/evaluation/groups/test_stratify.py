import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import Distance, Protocol
from keras_drop.evaluation.groups.common_parts import common_parts
from keras_drop.evaluation.groups.estimated_occlusion import estimated_occlusion
from keras_drop.evaluation.groups.evaluate_camera_pairs import (
    evaluate_camera_pairs,
)
from keras_drop.evaluation.groups.missing_parts import missing_parts
from keras_drop.evaluation.groups.not_comparable import not_comparable
from keras_drop.evaluation.groups.stratify import stratify
from keras_drop.evaluation.groups.table import table
from keras_drop.evaluation.ranking.evaluate_retrieval import (
    evaluate_retrieval,
)
from keras_drop.records import Records
from tests.evaluation.blocks import blocks_of
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral

NAMES = ("foreground", "head", "torso", "feet")
PARTS = NAMES[1:]


def people(count, seed, names=PARTS, identities=5):
    """Descriptors and records of random images, with junk among them."""
    rng = np.random.default_rng(seed)
    visibility = rng.random((count, len(names))) < 0.5
    visibility[:, np.array(names) == "foreground"] = True
    descriptors = Descriptors(
        rng.normal(size=(count, len(names), 3)), visibility, names
    )
    records = Records(
        [""] * count,
        rng.integers(-1, identities, count),
        rng.integers(0, 3, count),
    )
    return descriptors, records


QUERY, QUERY_RECORDS = people(24, 0, identities=7)
GALLERY, GALLERY_RECORDS = people(40, 1)
BOTH = QUERY, GALLERY, QUERY_RECORDS, GALLERY_RECORDS


def kept_pairs(camera_mode):
    """Rows of queries and gallery images that are not junk, slowly."""
    return [
        (q, g)
        for q in range(len(QUERY))
        for g in range(len(GALLERY))
        if not ranking.is_dropped(
            QUERY_RECORDS, GALLERY_RECORDS, q, g, camera_mode
        )
    ]


def test_estimated_occlusion():
    visibility = [[1, 0.5, 0, 0.25], [1, 1, 1, 1], [1, 0, 0, 0]]
    seen = Descriptors(np.ones((3, 4, 2)), visibility, NAMES)
    assert estimated_occlusion(seen).tolist() == [0.75, 0, 1]


@pytest.mark.parametrize("group", [estimated_occlusion, missing_parts])
def test_no_parts(group):
    whole = Descriptors(np.ones((1, 2, 2)), names=("global", "foreground"))
    with pytest.raises(ValueError, match="only global and foreground"):
        group(whole)


def test_missing_parts():
    visibility = [[1, 0.3, 0.2, 1], [1, 0.4, 0.3, 0.3], [1, 0.1, 1, 1]]
    seen = Descriptors(np.ones((3, 4, 2)), visibility, NAMES)
    groups = missing_parts(seen, threshold=0.3)
    assert {k: v.tolist() for k, v in groups.items()} == {
        "no head": [False, False, True],
        "no torso": [True, False, False],
        "no feet": [False, False, False],
        "all parts": [False, True, False],
    }


@pytest.mark.parametrize("camera_mode", ["real", "none"])
def test_common_parts_match_reference(camera_mode):
    want = np.full(len(QUERY), -1)
    for q, g in kept_pairs(camera_mode):
        if QUERY_RECORDS.identities[q] == GALLERY_RECORDS.identities[g]:
            both = QUERY.visibility[q] & GALLERY.visibility[g]
            want[q] = max(want[q], both.sum())
    got = common_parts(*BOTH, camera_mode=camera_mode)
    np.testing.assert_array_equal(got, want)
    assert {-1, 1, 2} <= set(got.tolist())


def test_common_parts_know_a_threshold_and_the_foreground():
    query = Descriptors(np.ones((1, 4, 2)), [[1, 0.7, 0.6, 0.5]], NAMES)
    gallery = Descriptors(np.ones((1, 4, 2)), [[1, 0.6, 0.7, 1.0]], NAMES)
    records = Records(["a"], [1], [0]), Records(["b"], [1], [1])
    for threshold, count in ((0.5, 3), (0.6, 2), (0.65, 0)):
        got = common_parts(query, gallery, *records, threshold=threshold)
        assert got.tolist() == [count]


@pytest.mark.parametrize("camera_mode", ["real", "fake"])
def test_not_comparable_matches_reference(camera_mode):
    want = np.zeros(len(QUERY), int)
    for q, g in kept_pairs(camera_mode):
        want[q] += not (QUERY.visibility[q] & GALLERY.visibility[g]).any()
    with blocks_of(7):
        got = not_comparable(*BOTH, camera_mode=camera_mode)
    np.testing.assert_array_equal(got, want)
    result = evaluate_retrieval(
        *BOTH, protocol=Protocol(camera_mode=camera_mode)
    )
    total = got[result.counted].sum()
    assert total == result.num_not_comparable_pairs > 0


def test_groups_may_overlap():
    result = evaluate_retrieval(*BOTH, protocol=Protocol(max_rank=5))
    assert result.num_skipped
    apart = not_comparable(*BOTH)
    groups = missing_parts(QUERY)
    strata = stratify(result, groups, apart)
    assert list(strata) == ["no head", "no torso", "no feet", "all parts"]
    for label, rows in groups.items():
        counted = [q for q in np.flatnonzero(rows) if result.counted[q]]
        group = strata[label]
        assert group["num_queries"] == rows.sum()
        assert group["num_counted"] == len(counted)
        assert group["num_not_comparable_pairs"] == sum(apart[counted])
        for name, values in (
            ("rank-1", result.first_rank == 1),
            ("rank-5", result.first_rank <= 5),
            ("mAP", result.average_precision),
            ("mINP", result.inverse_negative_penalty),
        ):
            want = np.mean([values[q] for q in counted])
            np.testing.assert_allclose(group[name], want)
        assert "rank-10" not in group
    assert sum(g["num_queries"] for g in strata.values()) > len(QUERY)
    lines = table({"DROP": result}, groups).split("\n")
    assert [line.split("|")[2].strip() for line in lines[2:]] == [
        *("all", "no head", "no torso", "no feet", "all parts")
    ]


def test_labels():
    result = evaluate_retrieval(*BOTH)
    labels = common_parts(*BOTH)
    strata = stratify(result, labels)
    assert list(strata) == sorted(set(labels.tolist()))
    assert strata[-1]["num_counted"] == 0 and np.isnan(strata[-1]["mAP"])
    whole = sum(
        g["num_counted"] * g["mAP"] for g in strata.values() if g["num_counted"]
    )
    np.testing.assert_allclose(
        whole / result.counted.sum(), result.metrics["mAP"]
    )
    assert "num_not_comparable_pairs" not in strata[-1]


def test_refuses_groups_that_do_not_fit():
    result = evaluate_retrieval(*BOTH)
    with pytest.raises(ValueError, match=r"24 queries .* `groups` .* \(3,\)"):
        stratify(result, ["a", "b", "c"])
    with pytest.raises(ValueError, match=r"`groups\['x'\]` has the shape"):
        stratify(result, {"x": [True]})
    with pytest.raises(ValueError, match="as bool; it is int64"):
        stratify(result, {"x": np.arange(24)})
    with pytest.raises(ValueError, match="`num_not_comparable` has"):
        stratify(result, np.zeros(24), np.zeros(2))


@pytest.mark.parametrize("camera_mode", ["real", "none"])
def test_camera_pairs_match_reference(camera_mode):
    pairs = evaluate_camera_pairs(
        *BOTH,
        distance=Distance("cosine", "visibility_max"),
        protocol=Protocol(
            camera_mode=camera_mode,
            average_precision="trapezoid",
            ties="optimistic",
            max_rank=3,
        ),
    )
    assert ((0, 0) in pairs) == (camera_mode == "none")
    assert len(pairs) == (6 if camera_mode == "real" else 9)
    distances, _ = ranking.all_distances(
        QUERY, GALLERY, "cosine", "visibility_max"
    )
    for (first, second), result in pairs.items():
        rows = QUERY_RECORDS.cameras == first
        columns = GALLERY_RECORDS.cameras == second
        want = ranking.metrics(
            distances[rows][:, columns],
            QUERY_RECORDS[rows],
            GALLERY_RECORDS[columns],
            "optimistic",
            camera_mode,
            "trapezoid",
            3,
        )
        np.testing.assert_allclose(result.metrics["mAP"], want["mAP"])
        np.testing.assert_allclose(result.cmc, want["cmc"])


def test_camera_pairs_without_a_match_are_left_out():
    query = Records([""] * 2, [1, -1], [0, 0])
    gallery = Records([""] * 4, [1, 2, -1, 1], [1, 2, 3, 0])
    pairs = evaluate_camera_pairs(
        Descriptors(np.ones((2, 2))),
        Descriptors(np.ones((4, 2))),
        query,
        gallery,
    )
    assert list(pairs) == [(0, 1)]

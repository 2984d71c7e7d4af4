import json

import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    Distance,
    PairVerdict,
    fit_pair_verdict,
    nearest,
)
from keras_drop.evaluation.verdicts.part_calibration import PartCalibration
from keras_drop.evaluation.verdicts.platt_scaling import PlattScaling
from keras_drop.evaluation.verdicts.verdict_thresholds import VerdictThreshold
from keras_drop.records import Records
from tests.evaluation.verdicts.test_fit_pair_verdict import known_pairs
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral

NAMES = "foreground", "head", "legs"


def hand_made(metric="euclidean", visibility_weight="sqrt"):
    """Head alone, any one part, and all else have a function each."""
    return PairVerdict(
        NAMES,
        Distance(metric, visibility_weight=visibility_weight),
        0.3,
        20,
        PartCalibration(
            {(False, True, False): PlattScaling(-2.0, 1.0, 30, 40)},
            {1: PlattScaling(-4.0, 2.0, 50, 60)},
            PlattScaling(-6.0, 8.5, 70, 80),
        ),
        (
            VerdictThreshold(0.1, 0.25, 0.9),
            VerdictThreshold(0.01, 0.75, 0.6),
        ),
    )


def random_side(rng, count):
    visibility = rng.random((count, 3)) * (rng.random((count, 3)) < 0.5)
    return Descriptors(rng.normal(size=(count, 3, 4)), visibility, NAMES)


@pytest.mark.parametrize("rate, threshold", [(None, 0.5), (0.01, 0.75)])
@pytest.mark.parametrize(
    "metric, rule", [("euclidean", "sqrt"), ("cosine", "product")]
)
def test_predictions_match_reference(metric, rule, rate, threshold):
    rng = np.random.default_rng(1)
    query, gallery = random_side(rng, 12), random_side(rng, 15)
    rows = rng.integers(-1, 15, (12, 6))
    found = hand_made(metric, rule).predict(
        query, gallery, rows, false_positive_rate=rate
    )
    distances, comparable = ranking.all_distances(
        query, gallery, metric, rule=rule
    )
    for (q, column), row in np.ndenumerate(rows):
        place = q, column
        shared = (query.visibility[q] > 0) & (gallery.visibility[row] > 0)
        if row < 0 or not comparable[q, row]:
            assert found.verdict[place] == "not comparable"
            assert found.basis[place] == ""
            assert np.isnan(found.probability[place])
            assert np.isnan(found.distance[place])
            assert not found.shared_parts[place].any()
            continue
        intercept, slope, basis = (
            (1, -2, "parts")
            if shared.tolist() == [False, True, False]
            else (2, -4, "count")
            if shared.sum() == 1
            else (8.5, -6, "all")
        )
        log_odds = intercept + slope * distances[q, row]
        probability = 1 / (1 + np.exp(-log_odds))
        assert found.distance[place] == pytest.approx(
            distances[q, row], abs=1e-5
        )
        assert found.probability[place] == pytest.approx(probability, abs=1e-4)
        assert found.basis[place] == basis
        assert found.shared_parts[place].tolist() == shared.tolist()
        assert found.shared_names(q, column) == tuple(
            name for name, seen in zip(NAMES, shared) if seen
        )
        same = probability >= threshold
        assert found.verdict[place] == ("same" if same else "different")
    assert set(found.verdict.ravel()) == {
        "same",
        "different",
        "not comparable",
    }
    assert set(found.basis.ravel()) == {"", "parts", "count", "all"}


@pytest.mark.filterwarnings("ignore:.*queries have fewer than 5")
def test_judges_what_nearest_returns():
    rng = np.random.default_rng(2)
    query, gallery = random_side(rng, 4), random_side(rng, 3)
    rows, distances = nearest(
        query,
        gallery,
        Records([""] * 4, [1, 2, 3, 4], [0] * 4),
        Records([""] * 3, [1, 2, 3], [1, 1, 1]),
        k=5,
    )
    found = hand_made().predict(query, gallery, rows)
    assert found.verdict.shape == (4, 5)
    assert (found.verdict[rows < 0] == "not comparable").all()
    comparable = distances < 10
    np.testing.assert_allclose(
        found.distance[comparable], distances[comparable], atol=1e-5
    )
    assert (found.verdict[~comparable] == "not comparable").all()


@pytest.mark.parametrize("num_pairs", [0, 2])
def test_nobody_to_judge(num_pairs):
    images = random_side(np.random.default_rng(4), 3)
    rows = np.full((3, num_pairs), -1)
    found = hand_made().predict(images, images, rows)
    assert found.verdict.shape == (3, num_pairs)
    assert (found.verdict == "not comparable").all()
    assert np.isnan(found.probability).all()


def test_hidden_parts_never_speak():
    rng = np.random.default_rng(3)
    query, gallery = random_side(rng, 6), random_side(rng, 9)
    rows = rng.integers(0, 9, (6, 4))
    expected = hand_made().predict(query, gallery, rows)
    noise = np.where(gallery.visibility[..., None] > 0, 0, 50)
    disturbed = Descriptors(
        gallery.embeddings + noise, gallery.visibility, NAMES
    )
    found = hand_made().predict(query, disturbed, rows)
    np.testing.assert_array_equal(found.probability, expected.probability)


def test_round_trip(tmp_path):
    path = tmp_path / "new" / "verdict.json"
    for verdict in (
        hand_made("cosine", "product"),
        fit_pair_verdict(
            *known_pairs(1, 500)[0],
            prior=None,
            distance=Distance("sqeuclidean", no_common="max_plus_1"),
        ),
    ):
        assert verdict.save(path) == path
        assert PairVerdict.load(path) == verdict
        assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_file_names_parts(tmp_path):
    content = json.loads(hand_made().save(tmp_path / "a.json").read_text())
    assert content["by_parts"] == [
        {
            "parts": ["head"],
            "slope": -2.0,
            "intercept": 1.0,
            "num_same": 30,
            "num_different": 40,
        }
    ]


def test_an_unfinished_file_replaces_nothing(tmp_path, monkeypatch):
    path = hand_made().save(tmp_path / "verdict.json")
    before = path.read_text()
    broken = hand_made()
    scaling = PlattScaling(-1.0, 0.0, 1, 1)
    object.__setattr__(scaling, "slope", np.nan)
    broken.calibration.by_count[2] = scaling
    with pytest.raises(ValueError):
        broken.save(path)
    assert path.read_text() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "text, message",
    [
        ("no json", "verdict.json is not JSON"),
        ("[1, 2]", "verdict.json is no file"),
        ('{"format": "something else"}', "verdict.json is no file"),
        ('{"format": "keras_drop PairVerdict 1"}', "no by_count, by_parts"),
    ],
)
def test_foreign_files_are_refused(tmp_path, text, message):
    path = tmp_path / "verdict.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        PairVerdict.load(path)


def test_damaged_entries_are_refused(tmp_path):
    path = hand_made().save(tmp_path / "verdict.json")
    content = json.loads(path.read_text())
    del content["by_parts"][0]["slope"]
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match="no slope"):
        PairVerdict.load(path)
    with pytest.raises(FileNotFoundError):
        PairVerdict.load(tmp_path / "none.json")


def changed(content, place, value):
    *way, last = place
    for step in way:
        content = content[step]
    content[last] = value


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("prior",), 2, "`prior` is 2; it is a number from 0 to 1"),
        (("prior",), "a", "`prior` is 'a'"),
        (("prior",), True, "`prior` is True"),
        (("min_pairs",), 0, "`min_pairs` is at least 1"),
        (("overall", "slope"), float("nan"), "NaN is no number"),
        (("overall", "slope"), float("inf"), "Infinity is no number"),
        (("overall", "slope"), 0.5, r"`slope` is 0\.5; .*from -inf to 0"),
        (("overall", "intercept"), None, "`intercept` is None"),
        (("overall", "num_same"), -1, "`num_same` is -1"),
        (("by_parts", 0, "slope"), [], r"`slope` is \[\]"),
        (("by_parts", 0, "parts"), ["arm"], "`parts` does not have 'arm'"),
        (("by_count", 0, "num_parts"), 9, "`num_parts` is 9"),
        (("thresholds", 0, "probability"), 1.5, "`probability` is 1.5"),
        (("thresholds", 0, "false_positive_rate"), -1, "_rate` is -1"),
        (("thresholds",), 3, "damaged: 'int'"),
        (("names",), ["a", "a"], "`names` are different texts"),
        (("names",), "head", "`names` are different texts"),
        (("metric",), "l1", "`metric` is one of"),
    ],
)
def test_values_that_no_fit_gives_are_refused(tmp_path, place, value, message):
    path = hand_made().save(tmp_path / "verdict.json")
    content = json.loads(path.read_text())
    changed(content, place, value)
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=message) as error:
        PairVerdict.load(path)
    assert str(error.value).startswith(str(path))


def test_other_parts_are_refused():
    verdict = hand_made()
    images = Descriptors(np.ones((2, 3, 4)), names=("foreground", "a", "b"))
    records = Records(["", ""], [1, 2], [0, 1])
    message = "fitted on the embeddings foreground, head, legs; .* a, b"
    with pytest.raises(ValueError, match=message):
        verdict.predict(images, images, [[0], [1]])
    with pytest.raises(ValueError, match=message):
        verdict.reliability(images, images, records, records)
    good = Descriptors(np.ones((2, 3, 4)), names=NAMES)
    with pytest.raises(ValueError, match="the gallery foreground, a, b"):
        verdict.predict(good, images, [[0], [1]])


@pytest.mark.parametrize(
    "rows, options, message",
    [
        ([[0]], {}, r"2 queries.*int64 of the shape \(1, 1\)"),
        ([0, 1], {}, r"the shape \(2,\)"),
        ([[0.0], [1.0]], {}, "whole numbers.*float64"),
        ([[0], [2]], {}, "from 0 to 2; the gallery has 2"),
        ([[0], [-2]], {}, "from -2 to 0"),
        (
            [[0], [1]],
            {"false_positive_rate": 0.5},
            "rate of 0.5, only for 0.1, 0.01",
        ),
    ],
)
def test_bad_predictions(rows, options, message):
    images = Descriptors(np.ones((2, 3, 4)), names=NAMES)
    with pytest.raises(ValueError, match=message):
        hand_made().predict(images, images, rows, **options)


def test_bad_bins():
    sides, _ = known_pairs(1, 500)
    with pytest.raises(ValueError, match="`num_bins` is at least 1"):
        fit_pair_verdict(*sides).reliability(*sides, num_bins=0)

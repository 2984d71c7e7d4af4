import pytest

from keras_drop.evaluation import published_results
from keras_drop.evaluation.published.published_results import MARKS

pytestmark = pytest.mark.backend_neutral

# Where a Rank-1 below the mAP is what was published.
BELOW = {
    ("PFD*", "occluded_reid"),
    ("HPNet", "partial_ilids_18"),
    ("HPNet's baseline", "partial_ilids_18"),
    ("fast-reid DSR", "partial_ilids_18"),
    ("HPNet's baseline", "partial_reid_uncropped"),
    ("HPNet, tested without visibility", "occluded_reid"),
}


def test_every_entry_stands_once_and_can_be_true():
    results = published_results(marks=tuple(MARKS))
    entries = [
        (r.method, r.protocol, r.image_size, r.rank_1 is None) for r in results
    ]
    assert len(set(entries)) == len(entries) > 150
    below = set()
    for result in results:
        values = (result.rank_1, result.mean_average_precision)
        given = [value for value in values if value is not None]
        assert given and all(0 < value < 100 for value in given), result
        assert result.method and result.source and result.mark in MARKS
        assert result.average_precision in ("standard", "trapezoid")
        if len(given) == 2 and values[0] < values[1]:
            below.add((result.method, result.protocol))
    assert below == BELOW


def test_the_best_come_first_and_the_unverified_only_when_asked_for():
    shown = published_results("occluded_duke")
    maps = [result.mean_average_precision or 0 for result in shown]
    assert maps == sorted(maps, reverse=True)
    assert {result.mark for result in shown} == {"P", "R"}
    assert not any(result.method == "PAB-ReID" for result in shown)
    unverified = published_results("occluded_duke", ("U",))
    assert {"PAB-ReID", "AMFOR"} <= {result.method for result in unverified}


def test_what_is_unknown_is_refused():
    with pytest.raises(ValueError, match=r"'Q'.*'P', 'R', 'U'|P.*R.*U.*'Q'"):
        published_results(marks=("Q",))
    with pytest.raises(ValueError, match="Did you mean 'p_duke'"):
        published_results("p_dukes")

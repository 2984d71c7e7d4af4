import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.records import Records
from tests.reference import ranking

pytestmark = pytest.mark.backend_neutral


def random_comparison(seed):
    rng = np.random.default_rng(seed)
    records = [
        Records(
            [f"{k}" for k in range(count)],
            # Large numbers: labels must not be made by adding them up.
            rng.choice([-1, 3, 4, 2**40, 2**40 + 1], count),
            rng.choice([0, 1, 2**33], count),
        )
        for count in (17, 23)
    ]
    sides = [Descriptors(rng.normal(size=(len(r), 2, 3))) for r in records]
    return Comparison(*sides, *records)


@pytest.mark.parametrize("camera_mode", ["real", "fake", "none"])
def test_labels_are_equal_where_a_pair_is_junk(camera_mode):
    both = random_comparison(1)
    labels, others = both.junk_labels(camera_mode)
    for q, g in np.ndindex(17, 23):
        if both.gallery_records.identities[g] == -1:
            continue
        junk = ranking.is_dropped(
            both.query_records, both.gallery_records, q, g, camera_mode
        )
        assert (labels[q] == others[g]) == junk


def test_some_of_it():
    both = random_comparison(2)
    some = both.of([3, 1], np.arange(23) > 20)
    assert (len(some.query), len(some.gallery)) == (2, 2)
    np.testing.assert_array_equal(
        some.query.embeddings, both.query.embeddings[[3, 1]]
    )
    assert some.query_records.paths.tolist() == ["3", "1"]
    assert some.gallery_records.paths.tolist() == ["21", "22"]
    with pytest.raises(ValueError, match="The gallery is empty"):
        both.of([1], [])

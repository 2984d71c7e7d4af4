import numpy as np
import pytest

from keras_drop.data import EachIdentityOnceSampler, TrainingBatches
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Seven people with five images, of which the last has two left."""
    return make_records(tmp_path_factory.mktemp("people"), 7)[:32]


def make_batches(records, **arguments):
    sampler = EachIdentityOnceSampler(2, 3)
    return TrainingBatches(records, (32, 16), sampler=sampler, **arguments)


def test_everybody_appears_once(records):
    batches, left_out, drawn = make_batches(records), set(), set()
    for epoch in range(12):
        batches.epoch = epoch
        people = []
        for index in range(len(batches)):
            rows = batches.rows(index).reshape(2, 3)
            shown = records.identities[rows]
            assert (shown == shown[:, :1]).all()
            _, targets = batches[index]
            expected = (shown.ravel() - 3) // 10
            assert targets["identities"].tolist() == expected.tolist()
            for person, own in zip(shown[:, 0], rows):
                people.append(int(person))
                drawn |= set(own.tolist())
                assert (len(set(own)) == 3) == (person != 63)
        assert len(batches) == 3 and len(set(people)) == 6
        left_out |= set(records.identities) - set(people)
    assert len(left_out) > 2
    assert drawn == set(range(32))


def test_few_images_are_drawn_not_taken_in_turn():
    """Of 3 images for 3 places, all; of 2, now and then one alone."""
    identities = np.array([4, 4, 9, 9, 9])
    sampler, shown = EachIdentityOnceSampler(2, 3), [set(), set()]
    for seed in range(40):
        (batch,) = sampler.draw(identities, np.random.default_rng(seed))
        for person, rows in enumerate(([0, 1], [2, 3, 4])):
            own = [row for row in batch.tolist() if row in rows]
            assert len(own) == 3
            shown[person].add(len(set(own)))
    assert shown == [{1, 2}, {3}]


def test_follow_from_seed_and_epoch(records):
    one, two = make_batches(records), make_batches(records, seed=2)
    again = make_batches(records, workers=1)
    one.epoch = again.epoch = two.epoch = 4
    np.testing.assert_array_equal(one.rows(2), again.rows(2))
    np.testing.assert_array_equal(one[2][0], again[2][0])
    assert (one.rows(2) != two.rows(2)).any()
    one.epoch = 5
    assert (one.rows(2) != again.rows(2)).any()


def test_refuses_too_few_people(records):
    with pytest.raises(ValueError, match="needs 2 people, the records have 1"):
        make_batches(records[:5])

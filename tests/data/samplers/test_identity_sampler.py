import collections

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_drop.data import EachIdentityOnceSampler, IdentitySampler
from keras_drop.data.samplers.identity_sampler import count_batches

pytestmark = pytest.mark.backend_neutral


def make_identities(seed, num_people=40, most=30):
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, most, num_people)
    identities = np.repeat(rng.permutation(1000)[:num_people], counts)
    return rng.permutation(identities)


def draw(identities, per_batch=16, per_identity=4, seed=0):
    sampler = IdentitySampler(per_batch, per_identity)
    return sampler.draw(identities, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(4))
def test_sixteen_people_with_four_images(seed):
    identities = make_identities(seed)
    batches = draw(identities, seed=seed)
    people = identities[batches].reshape(len(batches), 16, 4)
    assert (people == people[..., :1]).all(), "a person's images are together"
    for batch in people[..., 0]:
        assert len(set(batch)) == 16
    counts = collections.Counter(identities.tolist())
    shown = collections.Counter(batches.ravel().tolist())
    for row, times in shown.items():
        assert times == 1 or counts[identities[row]] < 4
    for person, count in counts.items():
        chunks = (identities[batches] == person).sum() // 4
        assert chunks <= max(1, count // 4)


@pytest.mark.parametrize("seed", range(4))
def test_it_stops_when_too_few_people_have_a_chunk(seed):
    identities = make_identities(seed)
    batches = draw(identities, seed=seed)
    left = sum(
        (identities[batches] == person).sum() // 4 < max(1, count // 4)
        for person, count in collections.Counter(identities.tolist()).items()
    )
    assert left < 16


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000))
def test_every_epoch_has_the_same_number_of_batches(seed):
    identities = make_identities(seed % 7, num_people=9, most=20)
    batches = draw(identities, per_batch=4, per_identity=3, seed=seed)
    assert len(batches) == len(draw(identities, 4, 3, seed=0))


def most_batches(chunks, identities_per_batch):
    """By trying: always taking the people with the most chunks is optimal."""
    chunks, count = sorted(chunks, reverse=True), 0
    while chunks[identities_per_batch - 1] > 0:
        for person in range(identities_per_batch):
            chunks[person] -= 1
        chunks.sort(reverse=True)
        count += 1
    return count


@settings(deadline=None)
@given(
    chunks=st.lists(st.integers(1, 9), min_size=3, max_size=12),
    identities_per_batch=st.integers(1, 3),
)
def test_the_number_of_batches_is_the_largest(chunks, identities_per_batch):
    assert count_batches(chunks, identities_per_batch) == most_batches(
        chunks, identities_per_batch
    )


def test_every_person_is_drawn_about_as_often_as_it_has_chunks():
    identities = np.repeat(np.arange(8), [40, 40, 40, 40, 8, 8, 8, 8])
    first = np.zeros(8)
    for seed in range(200):
        batch = draw(identities, 2, 4, seed=seed)[0]
        first[np.unique(identities[batch])] += 1
    assert first[:4].min() > 2 * first[4:].max()
    assert first[4:].min() > 0


def test_people_are_drawn_alike_if_wished():
    identities = np.repeat(np.arange(8), [40, 40, 40, 40, 8, 8, 8, 8])
    sampler, first = IdentitySampler(2, 4, sampling="uniform"), np.zeros(8)
    for seed in range(400):
        batches = sampler.draw(identities, np.random.default_rng(seed))
        first[np.unique(identities[batches[0]])] += 1
    assert np.abs(first / 400 - 2 / 8).max() < 0.08
    assert len(batches) == len(draw(identities, 2, 4))
    with pytest.raises(ValueError, match="`sampling` is one of"):
        IdentitySampler(sampling="at random")


@pytest.mark.parametrize("seed", range(10))
def test_a_person_needed_in_every_batch_is_in_every_batch(seed):
    identities = np.array([5] * 8 + list(range(10, 18)))
    batches = draw(identities, per_batch=2, per_identity=1, seed=seed)
    assert len(batches) == 8
    assert sorted(batches.ravel().tolist()) == list(range(16))


def test_epochs_differ_and_a_seed_repeats():
    identities = make_identities(0)
    np.testing.assert_array_equal(draw(identities), draw(identities))
    assert (draw(identities) != draw(identities, seed=1)).any()


def test_one_image_is_repeated():
    batches = draw(np.array([4, 9, 9]), per_batch=2, per_identity=3)
    assert batches.shape == (1, 6)
    assert sorted(batches[0].tolist()).count(0) == 3


def test_few_images_are_drawn_not_taken_in_turn():
    """Of 3 images for 3 places, all; of 2, now and then one alone."""
    identities = np.array([4, 4, 9, 9, 9])
    shown = [set(), set()]
    for seed in range(40):
        batches = draw(identities, per_batch=2, per_identity=3, seed=seed)
        for person, rows in enumerate(([0, 1], [2, 3, 4])):
            own = [row for row in batches[0].tolist() if row in rows]
            assert len(own) == 3
            shown[person].add(len(set(own)))
    assert shown == [{1, 2}, {3}]


def test_too_few_people():
    with pytest.raises(
        ValueError,
        match=r"needs 16 people.* have 9. Lower `identities_per_batch",
    ):
        draw(np.repeat(np.arange(9), 4))


@pytest.mark.parametrize("numbers", [(0, 4), (16, 0)])
def test_no_people_or_no_images(numbers):
    for sampler in (IdentitySampler, EachIdentityOnceSampler):
        with pytest.raises(
            ValueError, match=r"per_\w+` is at least 1; it is 0"
        ):
            sampler(*numbers)

import numpy as np
import pytest

from keras_drop.data import (
    BalancedSampler,
    EachIdentityOnceSampler,
    IdentitySampler,
)

pytestmark = pytest.mark.backend_neutral

# Ten people with eight images, four with two, three with four.
IDENTITIES = np.repeat(np.arange(17), [8] * 10 + [2] * 4 + [4] * 3)
SETS = np.repeat([0, 1, 2], [80, 8, 12])


@pytest.mark.parametrize(
    "sampler", [IdentitySampler(6, 2), EachIdentityOnceSampler(6, 2)]
)
def test_every_batch_has_as_many_people_of_each_set(sampler):
    rng = np.random.default_rng(0)
    rows = BalancedSampler(sampler, SETS).draw(IDENTITIES, rng)
    assert rows.shape[1] == 12
    for batch in rows:
        people = IDENTITIES[batch].reshape(6, 2)
        assert (people[:, 0] == people[:, 1]).all()
        assert len(np.unique(people)) == 6
        sets, count = np.unique(SETS[batch], return_counts=True)
        assert sets.tolist() == [0, 1, 2] and count.tolist() == [4, 4, 4]


def test_an_epoch_is_as_long_and_shows_all_people():
    rng = np.random.default_rng(1)
    sampler = BalancedSampler(IdentitySampler(6, 2), SETS)
    rows = sampler.draw(IDENTITIES, rng)
    assert len(rows) == 100 // 12
    seen = {*IDENTITIES[rows].ravel()}
    assert {*range(10, 17)} <= seen and len(seen) > 12
    assert not (sampler.draw(IDENTITIES, rng) == rows).all()


def test_what_cannot_be_shared_out():
    with pytest.raises(ValueError, match="`identities_per_batch` to 9"):
        BalancedSampler(IdentitySampler(7, 2), SETS)
    with pytest.raises(ValueError, match="this is one"):
        BalancedSampler(IdentitySampler(6, 2), 0 * SETS)
    sampler = BalancedSampler(IdentitySampler(6, 2), SETS[:-1])
    with pytest.raises(ValueError, match=r"of 99 images .* there are 100"):
        sampler.draw(IDENTITIES, np.random.default_rng(0))
    sampler = BalancedSampler(IdentitySampler(12, 2), SETS)
    with pytest.raises(ValueError, match="needs 4 people, the records have 3"):
        sampler.draw(IDENTITIES, np.random.default_rng(0))

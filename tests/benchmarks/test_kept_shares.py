"""Where kept patches lie is counted image by image."""

import numpy as np
import pytest

from benchmarks.kept_shares import shares

pytestmark = pytest.mark.backend_neutral


def by_hand(kept, ranks, person):
    """Counts of kept patches, of those on the person, and of proxies."""
    kept_there = {True: [0, 0], False: [0, 0]}
    proxies = 0
    for image in range(len(kept)):
        proxy = next(p for p in range(kept.shape[1]) if ranks[image, p] == 0)
        proxies += bool(person[image, proxy])
        for patch in range(kept.shape[1]):
            if kept[image, patch]:
                counts = kept_there[bool(person[image, proxy])]
                counts[0] += 1
                counts[1] += bool(person[image, patch])
    return kept_there, proxies


def test_shares_are_those_counted_by_hand():
    rng = np.random.default_rng(3)
    ranks = np.argsort(rng.random((9, 12)), axis=1)
    kept = ranks < rng.integers(4, 12, (9, 1))
    person = rng.random((9, 12)) < 0.4
    found = shares(kept, ranks, person, k_min=4)
    there, proxies = by_hand(kept, ranks, person)
    (number, on), (other, on_other) = there[True], there[False]
    assert found["patches kept"] == pytest.approx((number + other) / 9)
    assert found["on the person"] == pytest.approx(
        100 * (on + on_other) / (number + other)
    )
    assert found["chance"] == pytest.approx(100 * person.sum() / 108)
    assert found["of the person's"] == pytest.approx(
        100 * (on + on_other) / person.sum()
    )
    assert found["proxy on the person"] == pytest.approx(100 * proxies / 9)
    assert found["where the proxy is"] == pytest.approx(100 * on / number)
    assert found["where it is not"] == pytest.approx(100 * on_other / other)
    first = [person[i, p] for i, p in zip(*np.nonzero(ranks < 4))]
    last = [person[i, p] for i, p in zip(*np.nonzero(ranks >= 8))]
    assert found["of the most similar"] == pytest.approx(100 * np.mean(first))
    assert found["of the least similar"] == pytest.approx(100 * np.mean(last))


def test_a_case_that_does_not_occur_has_no_share():
    ranks = np.tile(np.arange(5), (2, 1))
    person = ranks == 0
    found = shares(ranks < 3, ranks, person, k_min=3)
    assert found["proxy on the person"] == 100
    assert found["where the proxy is"] == pytest.approx(100 / 3)
    assert "where it is not" not in found

import os

import pytest

from keras_drop.evaluation.distances.threads import in_threads, num_threads

pytestmark = pytest.mark.backend_neutral


def test_all_cores_that_were_given_and_no_more(monkeypatch):
    monkeypatch.setattr(
        os, "sched_getaffinity", lambda _: {0, 2, 5}, raising=False
    )
    for told, expected in (("", 3), ("1", 1), ("9", 3), ("0", 3), ("x", 3)):
        monkeypatch.setenv("OMP_NUM_THREADS", told)
        assert num_threads() == expected


def test_results_in_the_order_of_the_items():
    assert in_threads(lambda item: item**2, range(50)) == [
        item**2 for item in range(50)
    ]


def test_an_error_comes_through():
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda item: 1 / item, [2, 1, 0])

import threading

import pytest

from keras_drop.data.reading.look_ahead import LookAhead

pytestmark = pytest.mark.backend_neutral


class Recorder:
    def __init__(self):
        self.made, self.lock = [], threading.Lock()

    def __call__(self, index):
        with self.lock:
            self.made.append(index)
        return f"batch {index}"


@pytest.mark.parametrize("workers", [1, 3])
def test_in_order_everything_is_made_once(workers):
    make = Recorder()
    ahead = LookAhead(make, 9, workers)
    assert [ahead[i] for i in range(9)] == [f"batch {i}" for i in range(9)]
    assert sorted(make.made) == list(range(9))


def test_makes_the_next_ones_before_they_are_asked_for():
    made = threading.Event()

    def make(index):
        if index == 2:
            made.set()
        return index

    ahead = LookAhead(make, 9, workers=1)
    ahead[0]
    assert made.wait(timeout=10)


def test_out_of_order_nothing_is_made_in_vain():
    make = Recorder()
    ahead = LookAhead(make, 20, workers=2)
    order = [5, 17, 3, 11, 8]
    assert [ahead[i] for i in order] == [f"batch {i}" for i in order]
    assert sorted(make.made) == sorted(order)


def test_forgotten_batches_are_made_again():
    make = Recorder()
    ahead = LookAhead(make, 3, workers=1)
    ahead[0]
    ahead.forget()
    assert ahead[1] == "batch 1"
    assert make.made.count(1) <= 2


def test_an_error_reaches_who_asks():
    def make(index):
        raise ValueError(f"broken {index}")

    with pytest.raises(ValueError, match="broken 4"):
        LookAhead(make, 9, workers=2)[4]

import pytest

from keras_drop.training import warmup_multistep

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    "epoch, expected",
    [
        (0, 3.5e-6),
        (5, 1.7675e-4),
        (9, 3.1535e-4),
        (10, 3.5e-4),
        (39, 3.5e-4),
        (40, 3.5e-5),
        (69, 3.5e-5),
        (70, 3.5e-6),
        (119, 3.5e-6),
    ],
)
def test_pinned_numbers(epoch, expected):
    assert warmup_multistep(epoch) == pytest.approx(expected, rel=1e-9)


def test_every_argument_counts():
    rates = [
        warmup_multistep(epoch, 0.8, 2, 0.5, (3, 5), 0.25) for epoch in range(6)
    ]
    assert rates == pytest.approx([0.4, 0.6, 0.8, 0.2, 0.2, 0.05])


def test_no_warmup():
    assert warmup_multistep(0, base=0.5, warmup_epochs=0) == 0.5

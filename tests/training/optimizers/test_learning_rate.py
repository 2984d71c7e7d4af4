import pytest

from keras_drop.training import warmup_cosine, warmup_multistep

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


@pytest.mark.parametrize(
    "number, expected",
    [
        (1, 1.664e-3),
        (4, 6.416e-3),
        (5, 7.965848e-3),
        (60, 4.008e-3),
        (112, 1.032348e-4),
        (120, 1.6e-5),
    ],
)
def test_pinned_numbers_of_the_cosine(number, expected):
    """Epochs there are counted from 1."""
    assert warmup_cosine(number - 1) == pytest.approx(expected, rel=1e-6)


def test_every_argument_of_the_cosine_counts():
    rates = [warmup_cosine(epoch, 0.8, 4, 2, 0.5, 0.25) for epoch in range(4)]
    assert rates == pytest.approx([0.6, 0.5, 0.2 + 0.6 * 0.14644661, 0.2])


def test_cosine_without_warmup():
    rates = [warmup_cosine(epoch, 1.0, 2, 0, 0.0, 0.0) for epoch in range(2)]
    assert rates == pytest.approx([0.5, 0.0])

import numpy as np
import pytest

from keras_drop.training import (
    CoupledAdam,
    CoupledSGD,
    OptimizerSettings,
    warmup_cosine,
)

pytestmark = pytest.mark.backend_neutral


def test_sgd_with_multipliers():
    settings = OptimizerSettings(
        "sgd", 0.02, l2=3e-4, momentum=0.8, multipliers=("a:b|(c)$:2.5", "d:0")
    )
    optimizer = settings.build()
    assert isinstance(optimizer, CoupledSGD)
    assert float(optimizer.learning_rate) == pytest.approx(0.02)
    assert (optimizer.l2, optimizer.momentum) == (3e-4, 0.8)
    assert optimizer.multipliers == {"a:b|(c)$": 2.5, "d": 0.0}


def test_adam():
    optimizer = OptimizerSettings("adam", 0.01, l2=3e-4).build()
    assert isinstance(optimizer, CoupledAdam)
    assert float(optimizer.learning_rate) == pytest.approx(0.01)
    assert optimizer.l2 == 3e-4


def test_the_cosine():
    settings = OptimizerSettings(
        learning_rate=0.3, schedule="cosine", warmup_epochs=2
    )
    rates = [settings.rate(epoch, 9) for epoch in range(9)]
    expected = [warmup_cosine(epoch, 0.3, 9, 2) for epoch in range(9)]
    assert rates == expected and np.ptp(rates) > 0.2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"optimizer": "lion"}, "`optimizer` is one of 'adam', 'sgd'"),
        ({"schedule": "step"}, "Did you mean 'steps'"),
        ({"learning_rate": -1.0}, "`learning_rate` is -1.0"),
        ({"multipliers": ("bias",)}, "'bias' is no expression and factor"),
        ({"multipliers": ("(bias:2",)}, r"'\(bias:2' is no expression"),
        ({"multipliers": ("bias:-2",)}, "factor of 0 or more"),
        ({"multipliers": ("bias:nan",)}, "factor of 0 or more"),
        ({"optimizer": "sgd", "momentum": 1.0}, "`momentum` is 1.0; it has"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        OptimizerSettings(**arguments)

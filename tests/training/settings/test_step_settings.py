import pytest

from keras_drop.training import OptimizerSettings, StepSettings
from tests.models.small import resnet

pytestmark = pytest.mark.backend_neutral


def test_all_is_off_by_default():
    optimizer = OptimizerSettings().build(resnet((32, 16)))
    config = optimizer.get_config()
    assert config["gradient_accumulation_steps"] is None
    assert config["global_clipnorm"] is None and config["use_ema"] is False
    assert config["layer_factors"] is None


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_what_is_on_is_in_the_optimizer(name):
    steps = StepSettings(4, 1.5, 0.99, 0.5)
    optimizer = OptimizerSettings(name, steps=steps).build(resnet((32, 16)))
    config = optimizer.get_config()
    assert config["gradient_accumulation_steps"] == 4
    assert config["global_clipnorm"] == 1.5
    assert (config["use_ema"], config["ema_momentum"]) == (True, 0.99)
    assert config["layer_factors"]["conv1_conv"] == 0.0625


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"accumulate": 0}, "`accumulate` is at least 1"),
        ({"clip_norm": -1.0}, "`clip_norm` is -1.0"),
        ({"average": 1.0}, "`average` is 1.0"),
        ({"layer_decay": 1.2}, "`layer_decay` is 1.2"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        StepSettings(**arguments)

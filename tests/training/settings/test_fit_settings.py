import pytest

from keras_drop.training import FitSettings

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"calibrate_images": 1}, "variance of one image is 0"),
        ({"calibrate_images": -2}, "calibrate_images"),
        ({"tracker": "notebook"}, "'notebook'"),
        ({"precision": "float8"}, "'float8'"),
        ({"epochs": -1}, "`epochs` is -1"),
        ({"evaluate_every": 0}, "`evaluate_every` is at least 1"),
        ({"num_devices": 0}, "`num_devices` is at least 1"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_wrong_settings_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        FitSettings(**wrong)

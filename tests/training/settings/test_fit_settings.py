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
    ],
    ids=lambda value: str(value)[:30],
)
def test_wrong_settings_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        FitSettings(**wrong)

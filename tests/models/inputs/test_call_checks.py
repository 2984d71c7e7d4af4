import types

import keras
import numpy as np
import pytest

from keras_drop.models.inputs.call_checks import (
    check_batch,
    check_images,
    check_learnt,
)
from tests.models.small import images

# As far as the checks look.
MODEL = types.SimpleNamespace(
    num_identities=3, input_shape=(None, 64, 32, 3), output={}
)
PEOPLE = {"identities": np.array([0, 1])}


def standardised():
    return np.random.default_rng(0).normal(size=(2, 64, 32, 3))


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (images(2) / 255, "divided by 255"),
        (standardised(), "standardised"),
        (images(2)[:, :32], r"\(2, 32, 32, 3\).*\(any, 64, 32, 3\)"),
        (images(2).transpose(0, 3, 1, 2), r"\(2, 3, 64, 32\)"),
        (images(2)[0], r"the shape \(64, 32, 3\)"),
    ],
)
def test_images_that_are_none_of_the_model(wrong, message):
    for check, *given in (
        (check_learnt, wrong, PEOPLE),
        (check_learnt, [(wrong, PEOPLE)]),
        (check_learnt, {"images": wrong, "cameras": [0, 0]}),
        (check_batch, wrong, PEOPLE),
        (check_images, wrong),
        (check_images, {"images": wrong, "cameras": [0, 0]}),
    ):
        with pytest.raises(ValueError, match=message):
            check(MODEL, *given)


@pytest.mark.parametrize("convert", [np.asarray, keras.ops.convert_to_tensor])
def test_the_first_image_stands_for_a_batch(convert):
    pixels = images(3)
    pixels[0] /= 255
    check_batch(MODEL, convert(pixels), PEOPLE)  # A dark one.
    check_images(MODEL, convert(pixels))
    pixels[1:] = np.nan
    with pytest.raises(ValueError, match="no pixel values"):
        check_batch(MODEL, convert(pixels), PEOPLE)
    pixels[0] *= 255
    check_batch(MODEL, convert(pixels), PEOPLE)
    for check in (check_learnt, check_images):
        with pytest.raises(ValueError, match="no pixel values"):
            check(MODEL, convert(pixels))


@pytest.mark.backend_neutral
def test_what_would_be_used_up_is_not_looked_at():
    batches = iter([(standardised(), PEOPLE)])
    for check in (check_learnt, check_images):
        check(MODEL, batches)
    assert len(list(batches)) == 1


@pytest.mark.backend_neutral
def test_any_size_where_the_model_takes_any():
    model = types.SimpleNamespace(input_shape=(None, None, None, 3))
    check_images(model, images(2, (9, 5)))
    with pytest.raises(ValueError, match=r"\(any, any, any, 3\)"):
        check_images(model, images(2, (9, 5))[..., :1])


@pytest.mark.backend_neutral
@pytest.mark.parametrize("check", [check_learnt, check_batch])
def test_labels_are_looked_at(check):
    with pytest.raises(ValueError, match="a label 3"):
        check(MODEL, images(2), {"identities": np.array([0, 3])})
    parts = types.SimpleNamespace(
        input_shape=(None, 64, 32, 3),
        output={"part_maps": np.zeros((1, 2, 2, 3))},
    )
    with pytest.raises(ValueError, match="one_hot"):
        check(parts, images(2), {"parsing": np.zeros((2, 16, 8), int)})


@pytest.mark.backend_neutral
def test_batches_that_say_for_how_many_they_are_are_believed():
    batches = types.SimpleNamespace(num_identities=4)
    with pytest.raises(ValueError, match=r"a label 3 .*`num_identities=4`"):
        check_learnt(MODEL, batches)
    batches.num_identities = 3
    check_learnt(MODEL, batches)

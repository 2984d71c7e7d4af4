import numpy as np
import pytest
from PIL import Image

from keras_drop.models import GlobalBaseline
from keras_drop.models.inputs.fit_checks import check_fit
from keras_drop.models.inputs.given_images import as_pixels, refuse_other_pixels
from tests.models.small import images, resnet


class Model:
    """As far as `check_fit` looks."""

    num_identities = 3


def standardised():
    return np.random.default_rng(0).normal(size=(2, 8, 4, 3)).astype("float32")


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (images(2) / 255, "divided by 255"),
        (standardised(), "standardised"),
        (np.zeros((2, 8, 4, 3)), "black images.*astype"),
        (300 + images(2), "no pixel values"),
        (np.full((2, 8, 4, 3), np.nan), "no pixel values"),
        (np.full((2, 8, 4, 3), 3000, "uint16"), "more than 8 bits"),
        (np.full((2, 8, 4, 3), -1), "standardised"),
    ],
)
def test_values_that_are_no_pixels(wrong, message):
    with pytest.raises(ValueError, match=message):
        refuse_other_pixels([wrong])
    with pytest.raises(ValueError, match=message):
        check_fit(Model(), wrong, {"identities": np.array([0, 1])})
    with pytest.raises(ValueError, match=message):
        check_fit(Model(), [(wrong, {})])
    with pytest.raises(ValueError, match=message):
        check_fit(Model(), {"images": wrong, "cameras": [0, 0]})


@pytest.mark.backend_neutral
def test_values_that_are():
    refuse_other_pixels([images(2)])
    refuse_other_pixels([np.zeros((2, 8, 4, 3), "uint8")])
    refuse_other_pixels([np.zeros((2, 8, 4, 3), "int64")])
    # A dark one beside others, and nothing to look at.
    refuse_other_pixels([images(1)[0], images(1)[0] / 255])
    refuse_other_pixels([])
    check_fit(Model(), (batch for batch in [(standardised(), {})]))


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    ("people", "message"),
    [([0, 3], "a label 3 .*`num_identities=4`"), ([-1, 2], "a label -1")],
)
def test_people_without_a_place(people, message):
    with pytest.raises(ValueError, match=message):
        check_fit(Model(), images(2), {"identities": np.array(people)})
    batches = type("Batches", (), {"num_identities": max(people) + 1})()
    if people[1] == 3:
        with pytest.raises(ValueError, match=message):
            check_fit(Model(), batches)


@pytest.mark.backend_neutral
def test_every_kind_of_image(tmp_path):
    picture = Image.fromarray(images(1)[0].astype("uint8"))
    picture.save(tmp_path / "a.png")
    for given in (picture, tmp_path / "a.png", str(tmp_path / "a.png")):
        np.testing.assert_array_equal(as_pixels(given), np.asarray(picture))
    with pytest.raises(FileNotFoundError, match="There is no image"):
        as_pixels("gone.png")
    with pytest.raises(ValueError, match=r"got one of shape \(8, 4\)"):
        as_pixels(np.zeros((8, 4)))


def test_embed_takes_them_and_fit_refuses(tmp_path):
    model = GlobalBaseline(resnet(), 2)
    height, width = model.input_shape[1:3]
    pixels = images(3, (height + 9, width)).astype("uint8")
    picture = Image.fromarray(pixels[0])
    picture.save(tmp_path / "a.png")
    want = model.embed(pixels).embeddings
    mixed = [tmp_path / "a.png", pixels[1], Image.fromarray(pixels[2])]
    np.testing.assert_allclose(
        model.embed(mixed, batch_size=2).embeddings, want, atol=1e-4
    )
    alone = model.embed(str(tmp_path / "a.png")).embeddings
    np.testing.assert_allclose(alone, want[:1], atol=1e-4)
    paths = np.array([tmp_path / "a.png"], str)  # As those of records.
    np.testing.assert_allclose(model.embed(paths).embeddings, alone, atol=1e-6)
    with pytest.raises(ValueError, match=r"a single one.*`images\[None\]`"):
        model.embed(pixels[0])
    with pytest.raises(ValueError, match="got a int"):
        model.embed(3)
    with pytest.raises(ValueError, match="divided by 255"):
        model.embed(list(pixels / 255.0))
    with pytest.raises(ValueError, match="no image to embed"):
        model.embed([])
    model.compile("sgd")
    with pytest.raises(ValueError, match="a label 2"):
        model.fit(pixels, {"identities": np.array([0, 1, 2])}, verbose=0)

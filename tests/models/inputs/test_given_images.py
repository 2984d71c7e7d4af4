import numpy as np
import pytest
from PIL import Image

from keras_drop.models import GlobalBaseline
from keras_drop.models.inputs.given_images import as_pixels
from tests.models.small import images, resnet


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
        people = {"identities": np.array([0, 1, 2])}
        model.fit(pixels[:, :height], people, verbose=0)

import numpy as np
import pytest
from PIL import Image

from keras_drop.data.occlusions import (
    OCCLUSIONS,
    RandomErasing,
    RealisticOcclusion,
    named_occlusions,
    procedural_occluders,
)

pytestmark = pytest.mark.backend_neutral


def test_every_name_is_a_stage():
    image = np.zeros((64, 32, 3), "float32")
    for stage in named_occlusions(OCCLUSIONS):
        hidden = stage.at(0.5)(image, np.random.default_rng(0))
        assert hidden.shape == (64, 32)
        assert 0 < stage.probability <= 1


def test_names_with_a_probability():
    roa, erase, grid = named_occlusions(
        ["roa", "gaussian_erasing:0.25", "grid_mask:0"]
    )
    assert isinstance(roa, RealisticOcclusion)
    assert roa.bank is procedural_occluders()
    assert erase == RandomErasing(
        0.25, (0.05, 0.4), (0.3, 3.3), "normal", log_aspect=True
    )
    assert grid.probability == 0.0
    assert named_occlusions([]) == ()


def test_a_bank_of_images(tmp_path):
    Image.new("RGBA", (3, 4), (9, 9, 9, 255)).save(tmp_path / "crate.png")
    (roa,) = named_occlusions(["roa:0.5"], tmp_path)
    assert len(roa.bank) == 1
    assert roa.probability == 0.5
    named_occlusions(["gaussian_erasing"], tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        named_occlusions(["roa"], tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cutout", r"`occlusions` is one of 'roa', 'random_erasing'"),
        ("roa:often", r"'roa:often': the probability of roa .* 'often'"),
        ("roa:1.5", "number from 0 to 1; it is '1.5'"),
        ("roa:nan", "number from 0 to 1; it is 'nan'"),
    ],
)
def test_mistakes_are_named(name, message):
    with pytest.raises(ValueError, match=message):
        named_occlusions([name])

import numpy as np
import pytest
from PIL import Image

from keras_drop.visualization import save_kept_patches
from keras_drop.visualization.drawing import WRONG

pytestmark = pytest.mark.backend_neutral

GRID = (4, 2)


def example(num_images=1, kept=(0, 3, 4)):
    """Red images, of which these patches are kept, the first as proxy."""
    images = np.zeros((num_images, 64, 32, 3), "float32")
    images[..., 0] = 200
    mask = np.isin(np.arange(8), kept).astype("float32")
    ranks = np.argsort(
        np.argsort(np.where(mask, np.arange(8), 9), kind="stable")
    )
    outputs = {
        "kept_patches": np.tile(mask, (num_images, 1)),
        "patch_ranks": np.tile(ranks, (num_images, 1)),
        "embeddings": None,
    }
    return images, outputs


def test_only_kept_patches_have_colour(tmp_path):
    path = save_kept_patches(tmp_path / "p.png", {"whole": example()}, GRID)
    picture = np.asarray(Image.open(path)).astype(int)
    left, top, width, height = 24 + 112 + 6, 52 + 20, 112, 224
    for patch in range(8):
        row, column = divmod(patch, 2)
        centre = picture[
            top + height * (2 * row + 1) // 8,
            left + width * (2 * column + 1) // 4,
        ]
        if patch in (0, 3, 4):
            assert centre.tolist() == [200, 0, 0]
        else:
            assert np.ptp(centre) == 0 and centre[0] > 170
    # The frame of the proxy, the first patch, and of no other.
    framed = np.argwhere((picture == WRONG).all(axis=-1))
    assert framed.min(axis=0).tolist() == [top, left]
    assert (framed.max(axis=0) <= [top + 57, left + 57]).all()


def test_views_stand_side_by_side_and_people_in_lines(tmp_path):
    def size(count, views, columns):
        path = save_kept_patches(
            tmp_path / "p.png",
            {f"view {k}": example(count) for k in range(views)},
            GRID,
            num_columns=columns,
        )
        return Image.open(path).size

    assert size(1, 2, 2)[0] > 1.8 * size(1, 1, 2)[0]
    assert size(4, 1, 2)[1] > 1.7 * size(2, 1, 2)[1]
    assert size(3, 1, 2) == size(4, 1, 2)


def without(name):
    images, outputs = example()
    return images, {key: outputs[key] for key in outputs if key != name}


@pytest.mark.parametrize(
    "views, message",
    [
        ({"a": without("patch_ranks")}, "no patch_ranks"),
        ({"a": example(1), "b": example(2)}, "the same images"),
        ({"a": (np.ones((1, 4, 4)), example()[1])}, r"\(1, 4, 4\)"),
        ({"a": (example()[0][:, :, :, :2], example()[1])}, "height, width, 3"),
        ({"a": (example()[0] / 255, example()[1])}, "divided by 255"),
        ({"a": (example(2)[0], example()[1])}, r"need .*\(2, 8\).*\(1, 8\)"),
    ],
)
def test_bad_input(tmp_path, views, message):
    with pytest.raises(ValueError, match=message):
        save_kept_patches(tmp_path / "p.png", views, GRID)


def test_other_bad_input(tmp_path):
    views = {"whole": example()}
    with pytest.raises(ValueError, match="`num_columns` is at least 1"):
        save_kept_patches(tmp_path / "p.png", views, GRID, num_columns=0)
    with pytest.raises(ValueError, match="PNG files"):
        save_kept_patches(tmp_path / "p.jpg", views, GRID)

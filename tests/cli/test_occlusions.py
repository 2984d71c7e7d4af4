import numpy as np
import pytest
from PIL import Image

from keras_drop.__main__ import main

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def images(tmp_path):
    """Four images, green, with a label each: a head and a torso."""
    for number in range(4):
        folder = tmp_path / "images" / "train" / str(number % 2)
        folder.mkdir(parents=True, exist_ok=True)
        pixels = np.full((64, 32, 3), (0, 200, 10 * number), "uint8")
        Image.fromarray(pixels).save(folder / f"{number}.png")
        ids = np.zeros((64, 32), "uint8")
        ids[8:20, 8:24], ids[20:40, 4:28] = 14, 1
        labels = tmp_path / "labels" / "train"
        labels.mkdir(parents=True, exist_ok=True)
        Image.fromarray(ids).save(labels / f"{number}.png")
    return tmp_path / "images" / "train"


def occlusions(*options):
    return main(["occlusions", *map(str, options)])


def sheet_of(path):
    return np.asarray(Image.open(path)).astype(int)


def test_draws_a_sheet(images, tmp_path, capsys):
    sheet = tmp_path / "out" / "sheet.png"
    assert not occlusions(
        f"--images={images}",
        "--stages=roa,grid_mask",
        "--severities=0.5,1",
        "--num_images=3",
        f"--sheet={sheet}",
    )
    printed = capsys.readouterr().out
    assert printed == f"3 images, 2 stages, 2 severities: {sheet}\n"
    pixels = sheet_of(sheet)
    hidden = (pixels == (60, 60, 66)).all(-1)
    assert hidden.any()
    # Three rows of five columns, the first one without an occluder.
    assert pixels.shape[0] > 3 * 2 * 160
    assert not hidden[:, :110].any()


def test_shows_what_is_left_of_the_labels(images, tmp_path):
    options = (
        f"--images={images}",
        f"--parsing_dir={tmp_path / 'labels'}",
        "--label_format=densepose14",
        "--severities=1",
        "--image_size=64,32",
    )
    sheets = []
    for name, stages in (
        ("a", "part_occlusion,person"),
        ("b", "gaussian_erasing"),
    ):
        path = tmp_path / f"{name}.png"
        assert not occlusions(*options, f"--stages={stages}", f"--sheet={path}")
        sheets.append(sheet_of(path))
    head = [int(0.35 * 118 + 0.65 * channel) for channel in (230, 85, 80)]
    for sheet in sheets:
        assert (np.abs(sheet - head).max(axis=-1) <= 2).any()


def test_the_same_seed_draws_the_same_sheet(images, tmp_path):
    sheets = []
    for number, seed in enumerate((3, 3, 4)):
        path = tmp_path / f"{number}.png"
        occlusions(f"--images={images}", f"--seed={seed}", f"--sheet={path}")
        sheets.append(path.read_bytes())
    assert sheets[0] == sheets[1] != sheets[2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--images=nowhere"], "There is no folder nowhere"),
        (
            ["--images={}", "--stages=cutout"],
            "`occlusions` is one of 'roa', 'random_erasing'",
        ),
        (["--images={}", "--stages=person"], "PersonOverPerson needs --pars"),
        (["--images={}", "--severities=2"], "--severities are from 0 to 1"),
        (["--images={}", "--severities=x"], "by commas, as 256,128; got 'x'"),
        (["--images={}", "--image_size=9"], "--image_size is height,width"),
        (["--images={}", "--parsing_dir=x"], "go together"),
        (["--images={}", "--occluder_bank=x"], "no occluder bank x"),
        (["--images={}", "--sheet=a.jpg"], "Pictures are PNG files"),
        (["--images={}/../../labels/other"], "There is no folder"),
        (["--stages=roa"], "--images"),
    ],
)
def test_mistakes_are_one_line(images, options, message, capsys):
    options = [option.format(images) for option in options]
    assert occlusions(*options) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_all_kinds_of_images_and_no_hidden_ones(tmp_path, capsys):
    for name in ("a.webp", "b.bmp", "c.TIF"):
        Image.new("RGB", (32, 64), (0, 200, 9)).save(tmp_path / name)
    # What a Mac leaves beside a copy.
    (tmp_path / "._a.jpg").write_bytes(b"no image")
    options = (f"--images={tmp_path}", f"--sheet={tmp_path / 'o' / 's.png'}")
    assert not occlusions(*options, "--stages=grid_mask", "--severities=1")
    assert capsys.readouterr().out.startswith("3 images, 1 stages")
    assert occlusions(*options, "--num_images=0") == 2
    assert "`num_images` is at least 1; it is 0" in capsys.readouterr().err

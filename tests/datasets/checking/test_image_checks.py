import numpy as np
import pytest
from PIL import Image

from keras_drop import Records
from keras_drop.datasets import check_splits, read_occluded_duke
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from tests.datasets.folders import save_image

pytestmark = pytest.mark.backend_neutral


def picture(seed=0, size=(96, 48)):
    """A smooth picture, as photographs are."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (8, 4, 3)).astype("uint8")
    return Image.fromarray(coarse).resize(size[::-1], Image.Resampling.BICUBIC)


def records(paths):
    return Records(list(map(str, paths)), range(len(paths)), [0] * len(paths))


def found(paths, split="train"):
    return {
        (finding.level, finding.kind): [
            str(item).rsplit("/", 1)[-1] for item in finding.items
        ]
        for finding in check_splits({split: records(paths)})
    }


def test_how_images_are_stored(tmp_path):
    image = picture()
    exif = Image.Exif()
    exif[0x0112] = 3
    image.save(tmp_path / "turned.jpg", exif=exif)
    deep = np.linspace(0, 65535, 32 * 16).reshape(32, 16).astype("uint16")
    Image.fromarray(deep).save(tmp_path / "deep.png")
    Image.fromarray(deep // 16).save(tmp_path / "dark.tiff")
    for alpha, name in ((255, "solid"), (254, "clear")):
        image.putalpha(alpha)
        image.save(tmp_path / f"{name}.png")
    # A sheet of grey from a camera at night, with what JPEG makes of it.
    picture(3).convert("L").convert("RGB").save(tmp_path / "grey.jpg")
    picture(4).save(tmp_path / "plain.jpg")
    assert found(sorted(tmp_path.iterdir())) == {
        ("warning", "dark"): ["dark.tiff"],
        ("note", "turned"): ["turned.jpg"],
        ("note", "deep"): ["dark.tiff", "deep.png"],
        ("note", "transparent"): ["clear.png"],
        ("note", "grey"): ["dark.tiff", "deep.png", "grey.jpg"],
    }


def test_the_share_of_grey_of_every_split(tmp_path):
    picture(1).convert("L").save(tmp_path / "a.png")
    picture(1).save(tmp_path / "b.png")
    a, b = str(tmp_path / "a.png"), str(tmp_path / "b.png")
    splits = {"train": records([a, b, b, b]), "query": records([a])}
    (finding,) = (f for f in check_splits(splits) if f.kind == "grey")
    assert finding.message.startswith("1 of 2 images have no colour: 25% of t")
    assert "100% of query" in finding.message


def test_shapes_are_those_that_are_seen(tmp_path):
    sizes = {"wide": (20, 21), "square": (20, 20), "thin": (61, 10)}
    for name, size in {**sizes, "high": (60, 10)}.items():
        save_image(tmp_path / f"{name}.png", size=size)
    exif = Image.Exif()
    exif[0x0112] = 6
    picture(1, (20, 40)).save(tmp_path / "turned.jpg", exif=exif)
    result = found(sorted(tmp_path.iterdir()))
    assert result["warning", "shape"] == ["thin.png", "wide.png"]


@pytest.fixture(scope="module")
def pedestrians(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pedestrians")
    return render_embedded_pedestrians(folder, "mini", workers=1)


def test_people_stored_as_bgr(pedestrians, tmp_path):
    paths = read_occluded_duke(pedestrians)["train"].paths[:20].tolist()
    assert len(paths) == 20
    exchanged = []
    for number, path in enumerate(paths):
        exchanged.append(tmp_path / f"{number}.png")
        pixels = np.asarray(Image.open(path))[..., ::-1]
        Image.fromarray(pixels).save(exchanged[-1])
    kind = "warning", "channel_order"
    assert kind not in found(paths)
    assert len(found(exchanged)[kind]) == 20
    assert kind not in found(exchanged[:19])


def test_nothing_is_wrong_with_the_embedded_pedestrians(pedestrians):
    splits = read_occluded_duke(
        pedestrians, pedestrians / "parts", "densepose14"
    )
    findings = check_splits(splits, label_format="densepose14")
    assert {f.kind for f in findings} == {"query_in_gallery"}

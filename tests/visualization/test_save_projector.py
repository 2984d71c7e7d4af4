import numpy as np
import pytest
from PIL import Image

from keras_drop import Records
from keras_drop.__main__ import main
from keras_drop.descriptors import Descriptors
from keras_drop.files.thumbnail import thumbnail_of
from keras_drop.visualization import save_projector
from tests.gallery.people import draw_people, make_gallery

pytestmark = pytest.mark.backend_neutral

NAMES = ("foreground", "head")


def people(count=3):
    rng = np.random.default_rng(0)
    visibility = np.ones((count, 2), "float32")
    visibility[1, 1], visibility[2, 1] = 0, 0.25
    return Descriptors(rng.normal(size=(count, 2, 4)), visibility, NAMES)


def colour(*rgb):
    return np.full((40, 20, 3), rgb, "uint8")


def config_of(folder):
    """As TensorBoard reads it."""
    pytest.importorskip("tensorboard")
    from google.protobuf import text_format
    from tensorboard.plugins.projector import ProjectorConfig

    text = (folder / "projector_config.pbtxt").read_text()
    return text_format.Parse(text, ProjectorConfig())


def test_each_part_has_those_who_show_it(tmp_path):
    shown = people()
    folder = save_projector(
        tmp_path / "new" / "p",
        shown,
        {"identity": ["anna\nben", None, 7], "camera": [1, 2, 3]},
        images=[colour(200, 0, 0), None, thumbnail_of(colour(0, 0, 200))],
    )
    for k, rows in enumerate(([0, 1, 2], [0, 2])):
        name = NAMES[k]
        vectors = np.loadtxt(folder / f"{name}.tsv")
        np.testing.assert_allclose(
            vectors, shown.embeddings[rows, k], rtol=1e-5
        )
        told = (folder / f"{name}_metadata.tsv").read_text().splitlines()
        assert told[0] == "identity\tcamera\tvisibility"
        assert len(told) == 1 + len(rows)
        assert told[1] == "anna ben\t1\t1.00"
        assert told[-1] == f"7\t3\t{'1.00' if k == 0 else '0.25'}"
    foreground, head = config_of(folder).embeddings
    assert foreground.tensor_path == "foreground.tsv"
    assert head.metadata_path == "head_metadata.tsv"
    side, other = head.sprite.single_image_dim
    sprite = np.asarray(Image.open(folder / head.sprite.image_path))
    assert side == other and sprite.shape == (2 * side, 2 * side, 3)
    first, second = sprite[side // 2, [side // 2, 3 * side // 2]].astype(int)
    assert first[0] > 150 and first[2] < 60, "anna is red"
    assert second[2] > 150 and second[0] < 60, "7 is blue"
    assert (sprite[5, 2] > 250).all(), "white beside what is narrow"


def test_points_need_no_pictures(tmp_path):
    folder = save_projector(
        tmp_path, people(), {"identity": [1, 2, 3]}, parts=["head"]
    )
    (only,) = config_of(folder).embeddings
    assert only.tensor_name == "head" and not only.HasField("sprite")
    assert not list(folder.glob("*.png"))


def test_a_single_column_has_no_heading(tmp_path):
    folder = save_projector(tmp_path, people(), {})
    told = (folder / "head_metadata.tsv").read_text().split()
    assert told == ["1.00", "0.25"]


def test_what_does_not_fit_is_refused(tmp_path):
    for options, why in (
        ({"columns": {"identity": [1]}}, "3 descriptors need .* got 1"),
        ({"images": [None]}, "`images`; got 1"),
        ({"parts": ["heads"]}, "Did you mean 'head'"),
    ):
        with pytest.raises(ValueError, match=why):
            save_projector(tmp_path, people(), **{"columns": {}, **options})
    nobody = Descriptors(np.ones((1, 2, 4)), [[False, False]], NAMES)
    with pytest.raises(ValueError, match="No image shows"):
        save_projector(tmp_path, nobody, {})
    with pytest.raises(FileNotFoundError, match="gone"):
        save_projector(tmp_path, people(), {}, images=["gone.jpg"] * 3)
    for given, images in (nobody, None), (people(), ["gone.jpg"] * 3):
        with pytest.raises((ValueError, FileNotFoundError)):
            save_projector(tmp_path / "new", given, {}, images=images)
        assert not (tmp_path / "new").exists()


def test_command(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shown = draw_people(1, 12)
    records = Records([""] * 12, np.arange(12) % 4, np.arange(12) % 2)
    shown.save("people.npz", records)
    make_gallery(tmp_path, shown)
    command = ["projector", "people.npz", "--output=a", "--no_images"]
    assert main([*command, "--parts=head,legs"]) == 0
    assert "tensorboard --logdir=a" in capsys.readouterr().out
    assert not (tmp_path / "a" / "torso.tsv").exists()
    assert main(["projector", "shop.gallery", "--output=b"]) == 0
    told = [
        (tmp_path / folder / "head_metadata.tsv").read_text().splitlines()
        for folder in "ab"
    ]
    assert told[0][0] == "identities\tcameras\tvisibility"
    assert told[1][0] == "identity\tcamera\ttime\tnumber\tframe\tvisibility"
    assert len(told[0]) == len(told[1]) == 1 + shown.visibility[:, 0].sum()
    assert (tmp_path / "a" / "head.tsv").read_text() == (
        tmp_path / "b" / "head.tsv"
    ).read_text()


def test_a_part_does_not_lead_out_of_the_folder(tmp_path):
    people = Descriptors(np.ones((1, 1, 2)), names=("../head",))
    with pytest.raises(ValueError, match="cannot be the name of a file"):
        save_projector(tmp_path / "p", people, {})
    assert not list(tmp_path.iterdir())

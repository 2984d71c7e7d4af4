import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from keras_drop.data.occlusions import read_occluders
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians

pytestmark = pytest.mark.backend_neutral
NAMES = ("b/2.png", "a/9.png", "a/1.webp", "0.tif", "b/deep/3.png")


def make_folder(root):
    for number, name in enumerate(NAMES):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.full((6 + number, 4, 4), 10 * number, "uint8")
        pixels[:4, :, 3] = 255
        Image.fromarray(pixels).save(path, lossless=True)
    (root / "notes.txt").write_text("no image")
    (root / ".hidden").mkdir()
    (root / ".hidden" / "5.png").write_text("not finished")
    return root


def values(bank):
    return [int(occluder[0, 0, 0]) for occluder in bank.occluders]


def pack(root, kind, tmp_path):
    if kind == "folder":
        return root
    path = tmp_path / f"bank.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in root.rglob("*"):
                archive.write(file, file.relative_to(root))
    else:
        with tarfile.open(path, "w:gz") as archive:
            archive.add(root, ".")
    return path


@pytest.mark.parametrize("kind", ["folder", "zip", "tar.gz"])
def test_reads_all_in_the_order_of_their_names(tmp_path, kind):
    path = pack(make_folder(tmp_path / "bank"), kind, tmp_path)
    bank = read_occluders(path)
    assert values(bank) == [30, 20, 10, 0, 40]
    rng = np.random.default_rng(0)
    drawn = [int(bank.draw(rng)[0, 0, 0]) for _ in range(2000)]
    # Four folders, of which "a" has two occluders.
    shares = np.bincount(np.array(drawn) // 10) / 2000
    expected = [1 / 4, 1 / 8, 1 / 8, 1 / 4, 1 / 4]
    np.testing.assert_allclose(shares, expected, atol=0.04)


def test_names_what_is_rejected(tmp_path):
    make_folder(tmp_path)
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(tmp_path / "a" / "air.png")
    with pytest.warns(UserWarning, match=r"a/air\.png"):
        bank = read_occluders(tmp_path)
    assert bank.rejected == ["a/air.png"]
    assert len(bank) == 5


def test_what_is_wrong_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no occluder bank .*nowhere"):
        read_occluders(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match=r"holds no \.png"):
        read_occluders(tmp_path)
    text = tmp_path / "text.zip"
    text.write_text("no archive")
    with pytest.raises(ValueError, match=r"no folder, no \.zip and no \.tar"):
        read_occluders(text)
    Image.new("RGB", (4, 4)).save(tmp_path / "plain.png")
    with pytest.raises(ValueError, match=r"plain.png .*mode 'RGB'"):
        read_occluders(tmp_path)
    (tmp_path / "plain.png").write_text("broken")
    with pytest.raises(ValueError, match=r"plain.png .* cannot be decoded"):
        read_occluders(tmp_path)


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_archives_that_are_broken_or_fill_the_memory(
    tmp_path, kind, monkeypatch
):
    path = pack(make_folder(tmp_path / "bank"), kind, tmp_path)
    monkeypatch.setattr("keras_drop.files.regular_file._ALWAYS", 100)
    monkeypatch.setattr("keras_drop.files.regular_file._RATIO", 0)
    with pytest.raises(ValueError, match=r"bank\..* expand to .* 0 times"):
        read_occluders(path)
    monkeypatch.undo()
    whole = path.read_bytes()
    # The head of a gzip file holds its time and name: nothing depends on it.
    for start in range(20, len(whole) - 200, 50) if kind == "tar.gz" else [200]:
        content = bytearray(whole)
        content[start : start + 200] = bytes(byte ^ 90 for byte in whole[:200])
        path.write_bytes(content)
        with pytest.raises(ValueError, match=rf"bank\.{kind}"):
            read_occluders(path)


def test_a_tar_file_with_a_broken_head_does_not_end_there(tmp_path):
    path = tmp_path / "bank.tar"
    with tarfile.open(path, "w") as archive:
        archive.add(make_folder(tmp_path / "bank"), ".")
    with tarfile.open(path) as archive:
        third = archive.getmembers()[2].offset
    content = bytearray(path.read_bytes())
    content[third : third + 8] = b"\xff" * 8
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"bank\.tar .* behind its end"):
        read_occluders(path)


def test_shrinks(tmp_path):
    make_folder(tmp_path)
    assert read_occluders(tmp_path, max_side=5).occluders[0].shape == (5, 2, 4)


def test_reads_the_bank_of_the_embedded_pedestrians(tmp_path):
    root = render_embedded_pedestrians(tmp_path, "mini", workers=1)
    assert len(read_occluders(root / "occluders")) == 27

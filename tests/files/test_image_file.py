import io
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from keras_drop.data import read_image

pytestmark = pytest.mark.backend_neutral


def pixels(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape).astype("uint8")


def saved(image, path, **options):
    image.save(path, **options)
    return read_image(path)


def test_transparent_pixels_lie_over_white(tmp_path):
    rgba = pixels(7, 5, 4)
    found = saved(Image.fromarray(rgba), tmp_path / "a.png")
    for row in range(7):
        for column in range(5):
            share = rgba[row, column, 3] / 255
            over = rgba[row, column, :3] * share + 255 * (1 - share)
            assert abs(found[row, column] - over).max() <= 0.5 + 1e-6


def test_every_way_to_be_transparent(tmp_path):
    clear = Image.new("LA", (4, 6), (9, 0))
    assert saved(clear, tmp_path / "la.png").min() == 255
    palette = Image.new("P", (4, 6), 1)
    palette.putpalette([0, 0, 0, 200, 100, 50])
    assert saved(palette, tmp_path / "p.png")[0, 0].tolist() == [200, 100, 50]
    assert saved(palette, tmp_path / "q.png", transparency=1).min() == 255
    webp = Image.new("RGBA", (4, 6), (9, 9, 9, 0))
    assert saved(webp, tmp_path / "a.webp", lossless=True).min() == 255


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "tiff", "webp"])
def test_what_is_stored_turned_is_seen_upright(tmp_path, turn, ending):
    image = Image.fromarray(pixels(6, 4, 3)).resize((40, 60))
    exif = Image.Exif()
    exif[0x0112] = turn
    path = tmp_path / f"a.{ending}"
    image.save(path, exif=exif, quality=95)
    with Image.open(path) as stored:
        expected = np.asarray(ImageOps.exif_transpose(stored).convert("RGB"))
    assert expected.shape == ((60, 40, 3) if turn < 5 else (40, 60, 3))
    np.testing.assert_array_equal(read_image(path), expected)


def test_broken_notes_do_not_matter(tmp_path):
    image = Image.fromarray(pixels(60, 40, 3))
    notes = b"Exif\0\0MM\0\x2a\0\0\xff\xffnonsense"
    assert saved(image, tmp_path / "a.jpg", exif=notes).shape == (60, 40, 3)


@pytest.mark.parametrize("ending", ["png", "tiff"])
def test_sixteen_grey_bits_are_scaled(tmp_path, ending):
    values = np.array([[0, 255, 256], [32768, 65535, 4660]], "uint16")
    found = saved(Image.fromarray(values), tmp_path / f"a.{ending}")
    assert found[..., 1].tolist() == [[0, 0, 1], [128, 255, 18]]
    assert (found == found[..., :1]).all()


def png_of_16_bits(values):
    """A PNG file of `(height, width, 3)` uint16; Pillow writes none."""

    def chunk(kind, content):
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(
                b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
            ),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def test_sixteen_bits_of_colour_are_scaled_alike(tmp_path):
    rng = np.random.default_rng(0)
    values = rng.integers(0, 65536, (5, 3, 3)).astype("uint16")
    (tmp_path / "a.png").write_bytes(png_of_16_bits(values))
    found = read_image(tmp_path / "a.png")
    np.testing.assert_array_equal(found, values // 256)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_values_without_a_white_are_refused(tmp_path, mode):
    with pytest.raises(ValueError, match=r"a\.tiff .*white is not known"):
        saved(Image.new(mode, (4, 6), 3), tmp_path / "a.tiff")


def test_other_modes_and_first_frames(tmp_path):
    cmyk = Image.new("CMYK", (40, 60), (0, 255, 255, 0))
    assert saved(cmyk, tmp_path / "c.jpg")[30, 20].argmax() == 0
    assert saved(Image.new("1", (4, 6), 1), tmp_path / "b.bmp").min() == 255
    red, blue = (Image.new("RGB", (4, 6), c) for c in ("red", "blue"))
    for ending in ("png", "webp", "tiff"):
        path = tmp_path / f"frames.{ending}"
        options = {"lossless": True} if ending == "webp" else {}
        found = saved(red, path, save_all=True, append_images=[blue], **options)
        assert found[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", ["GIF", "PPM", "TGA", "ICO"])
def test_other_decoders_are_not_asked(tmp_path, kind):
    Image.new("RGB", (16, 16)).save(tmp_path / "a.jpg", kind)
    with pytest.raises(ValueError, match=r"a\.jpg .* are JPEG, PNG, WebP"):
        read_image(tmp_path / "a.jpg")


def test_a_program_in_postscript_is_not_started(tmp_path):
    (tmp_path / "a.jpg").write_bytes(
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
        b"(/tmp/never) (w) file closefile\nshowpage\n"
    )
    with pytest.raises(ValueError, match="cannot identify"):
        read_image(tmp_path / "a.jpg")


@pytest.mark.parametrize("side", [8_200, 12_000, 2**31 - 1])
def test_huge_images_are_refused_by_their_header(tmp_path, side):
    content = bytearray(png_of_16_bits(np.zeros((2, 2, 3), "uint16")))
    content[16:24] = struct.pack(">II", side, side)
    content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.png cannot be decoded"):
        read_image(tmp_path / "a.png")


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    for path in (tmp_path / "pipe.jpg", "/dev/zero", tmp_path):
        with pytest.raises(ValueError, match="a folder, a pipe or a device"):
            read_image(path)
    for name in ("a\0b.jpg", "a" * 5000 + ".jpg"):
        with pytest.raises(ValueError, match="cannot be decoded"):
            read_image(name)
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(ValueError, match="it is empty"):
        read_image(tmp_path / "empty.jpg")


def test_any_name_and_links(tmp_path):
    image = Image.fromarray(pixels(6, 4, 3))
    for name in ("Фото 人.png", "a" * 200 + ".png", "no ending", " .png"):
        image.save(tmp_path / name, "PNG")
        assert read_image(tmp_path / name).shape == (6, 4, 3)
        assert read_image(str(tmp_path / name)).shape == (6, 4, 3)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "no ending")
    assert read_image(tmp_path / "link.jpg").shape == (6, 4, 3)
    (tmp_path / "circle.jpg").symlink_to(tmp_path / "circle.jpg")
    with pytest.raises(ValueError, match=r"circle\.jpg cannot be decoded"):
        read_image(tmp_path / "circle.jpg")


def test_bytes_need_no_file():
    from keras_drop.files.image_file import decode_image, rgb_pixels

    file = io.BytesIO()
    Image.fromarray(pixels(6, 4, 3)).save(file, "PNG")
    found = decode_image(file.getvalue(), rgb_pixels, "of a camera")
    np.testing.assert_array_equal(found, pixels(6, 4, 3))
    with pytest.raises(ValueError, match=r"of a camera .*it is empty"):
        decode_image(b"", rgb_pixels, "of a camera")

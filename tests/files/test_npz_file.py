import struct
import zipfile

import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.files.npz_file import read_npy, read_npz
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral

ARRAYS = {
    "embeddings": np.arange(12.0).reshape(3, 4),
    "identities": np.array([7, 8, 9]),
    "cameras": np.array([0, 1, 1]),
}


def load(path):
    return Descriptors.load(path), Records.load(path)


def test_round_trip(tmp_path):
    descriptors = Descriptors(
        np.arange(24.0).reshape(3, 2, 4),
        [[1, 0.5], [0, 1], [1, 1]],
        ("foreground", "head"),
    )
    records = Records(
        ["a.jpg", "b.jpg", "c.jpg"],
        [7, 8, 9],
        [0, 1, 1],
        ["a.npy", "", ""],
        occlusion=[0.1, 0.2, 0.3],
    )
    descriptors.save(tmp_path / "a.npz", records)
    got, rows = load(tmp_path / "a.npz")
    np.testing.assert_array_equal(got.embeddings, descriptors.embeddings)
    np.testing.assert_array_equal(got.visibility, descriptors.visibility)
    assert got.names == descriptors.names
    assert set(rows.column_names) == set(records.column_names)
    for name in ("paths", "identities", "cameras", "occlusion"):
        np.testing.assert_array_equal(
            getattr(rows, name), getattr(records, name)
        )


def test_of_another_library(tmp_path):
    np.savez(tmp_path / "a.npz", **ARRAYS)
    descriptors, records = load(tmp_path / "a.npz")
    assert descriptors.embeddings.shape == (3, 1, 4)
    assert descriptors.visibility.all()
    assert records.identities.tolist() == [7, 8, 9]
    assert sorted(records.paths) == records.paths.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cameras": None}, "has no cameras, but identities"),
        ({"embeddings": np.ones(3)}, "Embeddings have the shape"),
        ({"embeddings": np.full((3, 4), np.nan)}, r"image 0 .* nan"),
        ({"embeddings": None}, "has no `embeddings`"),
        ({"cameras": np.zeros(2, int)}, "3 values in `cameras`"),
        ({"identities": np.array(["a", "b", "c"])}, "whole numbers"),
        ({"paths": np.array(["a.jpg"])}, "1 values in `identities`"),
        ({"embeddings": np.array([{}, {}, {}])}, "no `.npz` file of arrays"),
    ],
)
def test_refuses(tmp_path, change, message):
    arrays = {k: v for k, v in {**ARRAYS, **change}.items() if v is not None}
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(ValueError, match=message) as error:
        load(tmp_path / "a.npz")
    assert str(tmp_path / "a.npz") in str(error.value)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_refuses_another_file(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"no `\.npz` file of arrays"):
        load(tmp_path / "a.npz")


def test_refuses_one_array(tmp_path):
    np.save(tmp_path / "a.npy", np.ones(3))
    with pytest.raises(ValueError, match=r"no `\.npz` file of arrays"):
        load(tmp_path / "a.npy")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")


def test_refuses_to_save(tmp_path):
    descriptors = Descriptors(np.ones((1, 2)))
    with pytest.raises(ValueError, match="1 descriptors and 2 records"):
        descriptors.save(tmp_path / "a.npz", Records(["", ""], [1, 2], [0, 0]))
    with pytest.raises(ValueError, match="columns named visibility"):
        descriptors.save(
            tmp_path / "a.npz", Records([""], [1], [0], visibility=[1])
        )


def npy(shape, body=b"", descr="<f4"):
    header = repr(
        {"descr": descr, "fortran_order": False, "shape": shape}
    ).encode()
    size = struct.pack("<H", len(header))
    return b"\x93NUMPY\x01\x00" + size + header + body


@pytest.mark.parametrize(
    "content",
    [
        npy((2**40,), b"abcd"),
        npy((-1, 4), bytes(16)),
        npy((4,), bytes(16), "|O"),
        npy((4,), bytes(15)),
        npy("4", bytes(16)),
        npy((4,), bytes(16), "what"),
        b"\x93NUMPY\x01\x00\xff\xff{",
        b"\x93NUMPY\x09\x00\x01\x00{",
        b"PK\x03\x04",
    ],
)
def test_arrays_that_are_not_there(tmp_path, content):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.npy is no array that NumPy"):
        read_npy(tmp_path / "a.npy")
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("embeddings.npy", content)
    with pytest.raises(ValueError, match=r"a\.npz is no `\.npz` file"):
        read_npz(tmp_path / "a.npz", lambda name: True)


def test_arrays_of_every_order_and_kind(tmp_path):
    for array in (
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.float16(3),
        np.zeros((0, 5)),
        np.array(["ä", "b"]),
    ):
        np.save(tmp_path / "a.npy", array)
        np.testing.assert_array_equal(read_npy(tmp_path / "a.npy"), array)
        np.savez_compressed(tmp_path / "a.npz", x=array, y=1)
        found = read_npz(tmp_path / "a.npz", lambda name: name == "x")
        assert list(found) == ["x"]
        np.testing.assert_array_equal(found["x"], array)


def test_an_archive_that_fills_the_memory(tmp_path):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("embeddings.npy", npy((2**28 + 1,), b"abcd"))
    content = bytearray(path.read_bytes())
    # The directory says how large it is when it is expanded.
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = struct.pack("<I", 2**31)
    path.write_bytes(content)
    with pytest.raises(ValueError, match="bytes expand to 2,147,483,648"):
        read_npz(path, lambda name: True)
    assert read_npz(path, lambda name: False) == {}

import ml_dtypes
import numpy as np
import pytest

from keras_drop import descriptors
from keras_drop.descriptors import Descriptors

pytestmark = pytest.mark.backend_neutral


def test_one_embedding_an_image():
    found = Descriptors(np.ones((4, 3)))
    assert found.embeddings.shape == (4, 1, 3)
    assert found.visibility.tolist() == [[True]] * 4
    assert found.names == ("embedding_0",)
    assert len(found) == 4


@pytest.mark.parametrize(
    "dtype", ["float16", "float64", ">f4", "int8", bool, ml_dtypes.bfloat16]
)
def test_other_numbers_become_float32(dtype):
    values = np.array([[[0, 1], [1, 1]], [[1, 0], [0, 0]]], dtype)
    found = Descriptors(values, values[:, :, 0].astype("float64"))
    assert found.embeddings.dtype == found.visibility.dtype == "float32"
    np.testing.assert_array_equal(found.embeddings, values.astype("float32"))
    np.testing.assert_array_equal(found.visibility, [[0, 1], [1, 0]])
    assert Descriptors(values, values[:, :, 0] > 0).visibility.dtype == bool


def test_float32_is_not_copied():
    embeddings = np.ones((4, 2, 3), "float32")
    visibility = np.ones((4, 2), "float32")
    found = Descriptors(embeddings, visibility)
    assert np.shares_memory(found.embeddings, embeddings)
    assert np.shares_memory(found.visibility, visibility)
    assert np.shares_memory(found[1:3].embeddings, embeddings)


@pytest.mark.parametrize("shape", [(5, 3), (5, 2, 3)])
def test_mapped_file_stays_on_disk(tmp_path, shape):
    np.save(tmp_path / "e.npy", np.arange(np.prod(shape), dtype="float32"))
    mapped = np.load(tmp_path / "e.npy", mmap_mode="r").reshape(shape)
    found = Descriptors(mapped)
    assert np.shares_memory(found.embeddings, mapped)
    assert not found.embeddings.flags.owndata
    assert found[2:].embeddings[0].ravel()[0] == np.prod(shape[1:]) * 2


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_first_row_that_is_not_finite_is_named(value, block, monkeypatch):
    monkeypatch.setattr(descriptors, "_BLOCK", block)
    embeddings = np.ones((9, 2, 3))
    embeddings[[4, 7], 1, 2] = value
    with pytest.raises(ValueError, match=r"image 4 hold (nan|inf|-inf); they"):
        Descriptors(embeddings)


@pytest.mark.parametrize("value", [-0.1, 1.5, np.nan])
def test_first_row_with_impossible_visibility_is_named(value):
    visibility = np.ones((5, 2))
    visibility[3:, 0] = value
    with pytest.raises(ValueError, match=f"image 3 holds {value}"):
        Descriptors(np.ones((5, 2, 3)), visibility)
    with pytest.raises(ValueError, match="image 0 holds 2"):
        Descriptors(np.ones((1, 1, 3)), np.array([[2]]))


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([np.ones(4)], r"these have \(4,\)"),
        ([np.ones((4, 0, 3))], r"at least one .* \(4, 0, 3\)"),
        ([np.ones((4, 2, 0))], r"at least one .* \(4, 2, 0\)"),
        ([np.ones((4, 3), complex)], "Embeddings are numbers.* complex128"),
        ([[["a", "b"]]], "Embeddings are numbers.* <U1"),
        ([np.zeros((4, 3), "V2")], r"Embeddings are numbers.* \|V2"),
        ([np.ones((4, 3)), [["a"]] * 4], "Visibility are numbers"),
        ([np.ones((4, 3)), np.ones((3, 1))], r"\(4, 1\); it is \(3, 1\)"),
        ([np.ones((4, 3)), np.ones((4, 2))], r"\(4, 1\); it is \(4, 2\)"),
        ([np.ones((4, 3)), None, ("a", "b")], "1 embeddings need as many"),
    ],
)
def test_bad_input(arguments, message):
    with pytest.raises(ValueError, match=message):
        Descriptors(*arguments)


def test_no_image_is_allowed():
    assert len(Descriptors(np.ones((0, 2, 3)), np.ones((0, 2)))) == 0


def test_rows_are_chosen():
    found = Descriptors(
        np.arange(12.0).reshape(3, 2, 2), np.eye(3, 2), ("head", "feet")
    )
    for rows in ([2, 0], np.array([2, 0]), slice(2, None, -2)):
        chosen = found[rows]
        np.testing.assert_array_equal(
            chosen.embeddings, found.embeddings[[2, 0]]
        )
        np.testing.assert_array_equal(chosen.visibility, [[0, 0], [1, 0]])
        assert chosen.names == ("head", "feet")
    assert len(found[np.array([True, False, True])]) == 2
    with pytest.raises(ValueError, match=r"Take \[\[1\]\]"):
        found[1]


@pytest.mark.parametrize("binary", [True, False])
def test_saved_and_loaded(tmp_path, binary):
    rng = np.random.default_rng(0)
    visibility = rng.random((4, 2))
    found = Descriptors(
        rng.normal(size=(4, 2, 3)),
        visibility < 0.5 if binary else visibility,
        ("head", "feet"),
    )
    found.save(tmp_path / "d.npz")
    loaded = Descriptors.load(tmp_path / "d.npz")
    np.testing.assert_array_equal(loaded.embeddings, found.embeddings)
    np.testing.assert_array_equal(loaded.visibility, found.visibility)
    assert loaded.visibility.dtype == found.visibility.dtype
    assert loaded.names == found.names


def test_embeddings_of_another_library_are_enough(tmp_path):
    np.savez(tmp_path / "d.npz", embeddings=np.ones((4, 2, 3)))
    loaded = Descriptors.load(tmp_path / "d.npz")
    assert loaded.visibility.all()
    assert loaded.names == ("embedding_0", "embedding_1")


def test_file_without_embeddings(tmp_path):
    np.savez(tmp_path / "d.npz", features=np.ones((4, 3)), labels=np.ones(4))
    with pytest.raises(ValueError, match=r"d\.npz has no `embeddings`\. "):
        Descriptors.load(tmp_path / "d.npz")
    np.save(tmp_path / "e.npy", np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"e\.npy is no `\.npz` file"):
        Descriptors.load(tmp_path / "e.npy")

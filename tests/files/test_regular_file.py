import os

import pytest

from keras_drop.files.regular_file import (
    check_expansion,
    check_regular_file,
    regular_bytes,
)

pytestmark = pytest.mark.backend_neutral


def test_size_of_a_file_and_its_limit(tmp_path):
    file = tmp_path / "a"
    file.write_bytes(b"abc")
    assert check_regular_file(file, 3) == 3
    with pytest.raises(ValueError, match="3 bytes, the limit is 2"):
        check_regular_file(file, 2)
    with pytest.raises(FileNotFoundError):
        check_regular_file(tmp_path / "gone")


def test_a_gigabyte_is_always_right_and_a_hundredfold_above_it():
    check_expansion(1, 2**30)
    check_expansion(2**30, 100 * 2**30)
    for stored, expanded in ((1, 2**30 + 1), (2**30, 100 * 2**30 + 1)):
        with pytest.raises(ValueError, match=f"{stored:,} bytes expand"):
            check_expansion(stored, expanded)


def test_what_would_never_end_is_not_read(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert regular_bytes(tmp_path / "a") == b"abc"
    os.mkfifo(tmp_path / "b")
    for path in (tmp_path / "b", "/dev/zero", tmp_path):
        with pytest.raises(ValueError, match=f"{path} cannot be read: it is"):
            regular_bytes(path)

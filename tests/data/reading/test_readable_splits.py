"""Test images that can be read, and those that are left out."""

import pytest

from keras_drop.data import readable_splits
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def splits(tmp_path):
    """Queries and a gallery of which three files are none."""
    records = make_records(tmp_path)
    (tmp_path / "0_1.png").unlink()
    (tmp_path / "2_0.png").write_bytes(b"")
    (tmp_path / "3_4.png").write_bytes(b"no picture")
    return {"query": records[:8], "gallery": records[8:]}


@pytest.mark.parametrize("workers", [1, 3])
def test_what_can_be_read_is_left_in_order(splits, workers):
    message = r"3 files could not be read, and they are left out of the eval"
    with pytest.warns(UserWarning, match=message):
        found = readable_splits(splits, 3, workers)
    for split, gone in (("query", [1]), ("gallery", [2, 11])):
        left = [row for row in range(len(splits[split])) if row not in gone]
        expected = splits[split][left]
        for name in expected.column_names:
            column = getattr(found[split], name).tolist()
            assert column == getattr(expected, name).tolist()


def test_too_many_stop(splits):
    message = "3 files cannot be read, `max_unreadable` is 2: .*0_1.png"
    with pytest.raises(ValueError, match=message):
        readable_splits(splits, 2)
    # Nothing is opened, so the first that is read stops.
    assert readable_splits(splits, 0) == splits
    with pytest.raises(ValueError, match="`max_unreadable` is -1"):
        readable_splits(splits, -1)

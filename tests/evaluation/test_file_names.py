import numpy as np
import pytest

from keras_drop.evaluation.file_names import file_order, file_rows
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral


def test_folders_and_order_do_not_matter():
    records = Records(
        ["/b/1.jpg", "/a/2.jpg", "C:\\z\\1.jpg"], [9, 7, 8], [0, 1, 2]
    )
    rows = [("1.jpg", 8, 2), ("1.jpg", 9, 0), ("2.jpg", 7, 1)]
    assert file_rows(records) == rows
    for order in ([2, 0, 1], [1, 2, 0]):
        assert file_rows(records[order]) == rows
        sorted_ = records[order][file_order(records[order])]
        assert sorted_.identities.tolist() == [8, 9, 7]


def test_equal_names_are_ordered_by_camera_last():
    records = Records(["1.jpg"] * 3, [4, 4, 3], [1, 0, 5])
    np.testing.assert_array_equal(file_order(records), [2, 1, 0])

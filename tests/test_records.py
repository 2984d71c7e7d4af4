import numpy as np
import pytest

from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral


def test_columns():
    records = Records(["a", "b"], [7, 9], [0, 1], occlusion=[0.5, 0.0])
    assert len(records) == 2
    assert records.column_names == (
        *("paths", "identities", "cameras", "parsing_paths", "occlusion"),
    )
    assert records.identities.dtype == records.cameras.dtype == "int64"
    assert records.parsing_paths.tolist() == ["", ""]
    with pytest.raises(AttributeError, match="no `weather`"):
        _ = records.weather


def test_rows_are_chosen_in_every_column():
    records = Records(["a", "b", "c"], [7, 9, 8], [0, 1, 2], view=[3, 4, 5])
    for rows in ([2, 0], np.array([2, 0]), slice(2, None, -2)):
        chosen = records[rows]
        assert chosen.paths.tolist() == ["c", "a"]
        assert chosen.identities.tolist() == [8, 7]
        assert chosen.view.tolist() == [5, 3]
    assert len(records[records.identities > 7]) == 2


@pytest.mark.parametrize(
    "columns, message",
    [
        ({"identities": [1]}, r"2 values in `identities`; its shape is \(1,\)"),
        ({"cameras": [0, 1, 2]}, r"`cameras`; its shape is \(3,\)"),
        ({"parsing_paths": ["a"]}, r"`parsing_paths`; its shape is \(1,\)"),
        ({"view": [[1, 2]]}, r"`view`; its shape is \(1, 2\)"),
        ({"identities": [1.0, 2.0]}, "`identities` are whole .* float64"),
        ({"cameras": [False, True]}, "`cameras` are whole numbers.* bool"),
    ],
)
def test_bad_input(columns, message):
    columns = {"identities": [1, 2], "cameras": [0, 1], **columns}
    with pytest.raises(ValueError, match=message):
        Records(["a", "b"], **columns)


def test_no_image_is_allowed():
    assert len(Records([], [], [])) == 0

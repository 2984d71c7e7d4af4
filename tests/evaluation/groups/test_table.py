import numpy as np
import pytest

from keras_drop.evaluation import evaluate_distances, occlusion_levels, table
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral


def result():
    """Four queries: found first, found second, skipped, found first."""
    query = Records([""] * 4, [1, 2, 9, 3], [0] * 4)
    gallery = Records([""] * 3, [1, 2, 3], [1] * 3)
    distances = [[0, 1, 2], [0, 1, 2], [0, 1, 2], [2, 1, 0]]
    return evaluate_distances(distances, query, gallery)


LEVELS = occlusion_levels([0.3, 0.41, 0.55, 0.49])


def test_levels_hold_their_lower_end():
    shares = np.arange(11, dtype="float32") / np.float32(10)
    assert occlusion_levels(shares).tolist() == [
        *(f"{10 * k}-{10 * k + 10} %" for k in range(10)),
        "90-100 %",
    ]


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_no_share(share):
    with pytest.raises(ValueError, match="image 1 is"):
        occlusion_levels([0.5, share])


def test_table_without_groups():
    lines = table({"DROP": result(), "baseline": result()}).split("\n")
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == [
        *("DROP", "66.7", "100.0", "100.0", "83.3", "83.3", "3")
    ]
    assert lines[3].startswith("| baseline |")


def test_table_with_groups():
    text = table({"DROP": result()}, LEVELS)
    assert text == "\n".join(
        [
            "| method | queries with | rank-1 | rank-5 | rank-10 |   mAP |"
            "  mINP | queries |",
            "| :----- | :----------- | -----: | -----: | ------: | ----: |"
            " ----: | ------: |",
            "| DROP   | all          |   66.7 |  100.0 |   100.0 |  83.3 |"
            "  83.3 |       3 |",
            "| DROP   | 30-40 %      |  100.0 |  100.0 |   100.0 | 100.0 |"
            " 100.0 |       1 |",
            "| DROP   | 40-50 %      |   50.0 |  100.0 |   100.0 |  75.0 |"
            "  75.0 |       2 |",
            "| DROP   | 50-60 %      |      - |      - |       - |     - |"
            "     - |       0 |",
        ]
    )


def test_empty_table():
    with pytest.raises(ValueError, match="at least one result"):
        table({})

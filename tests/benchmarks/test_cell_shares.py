"""What labels on cells mean is counted cell by cell."""

import numpy as np
import pytest

from benchmarks.cell_shares import shares

pytestmark = pytest.mark.backend_neutral


def test_shares_are_those_counted_by_hand():
    rng = np.random.default_rng(4)
    part_of_cell = rng.random((6, 3, 2, 2)) * (rng.random((6, 3, 2, 2)) < 0.2)
    cells = (part_of_cell > 0.4) | (rng.random((6, 3, 2, 2)) < 0.05)
    visible, kept, pure = [0, 0], [0, 0], []
    for image in range(6):
        for part in range(2):
            is_shown = (part_of_cell[image, :, :, part] > 0).any()
            visible[part] += is_shown
            kept[part] += is_shown and cells[image, :, :, part].any()
    for place in np.argwhere(cells):
        pure.append(part_of_cell[tuple(place)])
    assert 0 < sum(kept) < sum(visible)
    assert shares(cells, part_of_cell, ["head", "legs"]) == pytest.approx(
        {
            "parts that keep a cell": 100 * sum(kept) / sum(visible),
            "head that keep a cell": 100 * kept[0] / visible[0],
            "legs that keep a cell": 100 * kept[1] / visible[1],
            "its own part": 100 * np.mean(pure),
        }
    )

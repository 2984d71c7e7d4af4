import numpy as np
import pytest

from keras_drop import Records
from keras_drop.evaluation import evaluate_distances
from keras_drop.training.runs.report import results_table

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    "occlusion, lines",
    [([0.25, 0.35], 5), ([0.25, np.nan], 4), ([np.nan] * 2, 3)],
)
def test_the_table_has_the_levels_that_are_known(occlusion, lines):
    query = Records(["a", "b"], [1, 2], [0, 0], occlusion=occlusion)
    gallery = Records(["c", "d"], [1, 2], [1, 1])
    result = evaluate_distances(np.eye(2), query, gallery)
    assert len(results_table("m", result, query).split("\n")) == lines

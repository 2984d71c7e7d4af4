"""PAB-ReID's run, on a miniature of its data set."""

import keras
import pytest

from keras_drop import recipes
from keras_drop.evaluation import ResultCard
from tests.training.runs.miniature import change, miniature

# `test_run.py` runs what all runs share on every backend.
pytestmark = pytest.mark.backend_neutral


@pytest.mark.slow
def test_leaves_a_model_and_what_other_thresholds_give(
    data_dir, tmp_path, capsys
):
    run = miniature(
        "pab_reid_demo",
        data_dir,
        tmp_path,
        {"focuser.channels": 16, "head_weight": 0.5},
        mu=(0.25, 0.4),
    )
    run.start()
    model = keras.saving.load_model(tmp_path / "model.keras")
    assert model.focuser.channels == 16
    assert model.head_weight == 0.5
    rows = (tmp_path / "visibility.md").read_text()
    assert rows in capsys.readouterr().out + "\n"
    mean_precision = {
        line.split("|")[1].strip(): float(line.split("|")[5])
        for line in rows.splitlines()[2:]
    }
    assert list(mean_precision) == ["continuous", "mu = 0.25", "mu = 0.4"]
    card = ResultCard.load(tmp_path / "card.json")
    assert mean_precision["mu = 0.4"] == pytest.approx(
        100 * card.metrics["mAP"], abs=0.06
    )


def test_of_another_model():
    with pytest.raises(ValueError, match="`model` is one of 'pab_reid'"):
        change(recipes.find("pab_reid_demo"), model="drop")

import csv

import pytest

from keras_drop.datasets.embedded_pedestrians import (
    render_embedded_pedestrians,
)


@pytest.fixture(scope="session")
def mini(tmp_path_factory):
    """The preset `mini`, drawn once."""
    root = tmp_path_factory.mktemp("embedded_pedestrians") / "mini"
    return render_embedded_pedestrians(root, preset="mini", workers=1)


@pytest.fixture(scope="session")
def mini_rows(mini):
    """Rows of its `images.csv`, as dictionaries."""
    with open(mini / "images.csv", newline="") as file:
        return list(csv.DictReader(file))

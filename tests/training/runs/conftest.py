from pathlib import Path

import pytest

from keras_drop import models
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from tests.models.small import resnet


@pytest.fixture(scope="package", autouse=True)
def small_resnets():
    """A tiny network behind the name `resnet18`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(models.BACKBONES, "resnet18", resnet)
        yield


@pytest.fixture(scope="package")
def data_dir(tmp_path_factory):
    """A folder of drawn pedestrians."""
    folder = tmp_path_factory.mktemp("pedestrians")
    return Path(render_embedded_pedestrians(folder, "mini", workers=1))

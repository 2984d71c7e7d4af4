import functools

import pytest

from keras_drop.models.backbones import BACKBONES
from tests.models.backbones.small_hrnet import small_hrnet

BUILDERS = {**BACKBONES, "small_hrnet": small_hrnet}


@pytest.fixture(scope="session")
def make_backbone():
    """Builds each backbone once; its weights are whatever a test left."""
    return functools.cache(lambda name, size=(64, 32): BUILDERS[name](size))

import functools

import pytest

from keras_drop.models.backbones import BACKBONES


@pytest.fixture(scope="session")
def make_backbone():
    """Builds each backbone once; its weights are whatever a test left."""
    return functools.cache(lambda name, size=(64, 32): BACKBONES[name](size))

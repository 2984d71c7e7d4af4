"""Which backend runs, and what runs once only."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# A fifth less of what XLA takes to compile: docs/decisions/0005.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=1")

import keras
import pytest


def pytest_collection_modifyitems(config, items):
    if keras.backend.backend() == "tensorflow":
        return
    chosen, neutral = [], []
    for item in items:
        once = item.get_closest_marker("backend_neutral")
        (neutral if once else chosen).append(item)
    config.hook.pytest_deselected(items=neutral)
    items[:] = chosen


def pytest_fixture_setup(fixturedef):
    """Wider fixtures are made before `seeded`, after any test of the worker."""
    if fixturedef.scope != "function":
        keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)

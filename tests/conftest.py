"""Which backend runs, and what runs once only."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pytest


def pytest_collection_modifyitems(items):
    if keras.backend.backend() == "tensorflow":
        return
    skip = pytest.mark.skip(reason="does not depend on the backend")
    for item in items:
        if item.get_closest_marker("backend_neutral"):
            item.add_marker(skip)


def pytest_fixture_setup(fixturedef):
    """Wider fixtures are made before `seeded`, after any test of the worker."""
    if fixturedef.scope != "function":
        keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)

"""A warning of ours is an error, one of a library is not."""

import warnings

import pytest

pytestmark = pytest.mark.backend_neutral


def warn(module, category):
    """A warning as code of `module` gives it."""
    code = "warnings.warn('old', category)"
    exec(code, {"__name__": module, "warnings": warnings, "category": category})


@pytest.mark.parametrize("module", ["keras_drop.data.batches", "tests.testing"])
@pytest.mark.parametrize("category", [UserWarning, DeprecationWarning])
def test_ours_is_an_error(module, category):
    with pytest.raises(category, match="old"):
        warn(module, category)


def test_another_is_none():
    warn("keras_drop_in.shop", DeprecationWarning)

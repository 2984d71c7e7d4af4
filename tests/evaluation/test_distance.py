import pytest

from keras_drop.evaluation import Distance

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    "name", ["metric", "combine", "visibility_weight", "no_common"]
)
def test_unknown_choice(name):
    with pytest.raises(ValueError, match=f"`{name}` is one of .*'other'"):
        Distance(**{name: "other"})


@pytest.mark.parametrize(
    "metric, no_common", [("euclidean", "sentinel"), ("cosine", "max_plus_1")]
)
def test_hpnet_release_has_one_form(metric, no_common):
    with pytest.raises(
        ValueError, match=f"they are '{metric}' and '{no_common}'"
    ):
        Distance(metric, "hpnet_release", no_common=no_common)

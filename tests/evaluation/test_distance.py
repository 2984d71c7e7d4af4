import json

import pytest

from keras_drop.evaluation import Distance

pytestmark = pytest.mark.backend_neutral


def test_survives_a_file():
    distance = Distance("cosine", "visibility_max", "product", "max_plus_1")
    content = json.loads(json.dumps(distance.content()))
    assert Distance.of_content(content) == distance
    assert distance != Distance("cosine", "visibility_max", "product")


@pytest.mark.parametrize(
    "name", ["metric", "combine", "visibility_weight", "no_common"]
)
def test_unknown_choice(name):
    with pytest.raises(ValueError, match=f"`{name}` is one of .*'other'"):
        Distance(**{name: "other"})
    with pytest.raises(ValueError, match=f"`{name}` is one of"):
        Distance.of_content({name: "other"})


def test_unknown_content():
    with pytest.raises(ValueError, match=r"not have 'metrik'.*mean 'metric'"):
        Distance.of_content({"metrik": "cosine"})


@pytest.mark.parametrize(
    "metric, no_common", [("euclidean", "sentinel"), ("cosine", "max_plus_1")]
)
def test_hpnet_release_has_one_form(metric, no_common):
    with pytest.raises(
        ValueError, match=f"they are '{metric}' and '{no_common}'"
    ):
        Distance(metric, "hpnet_release", no_common=no_common)

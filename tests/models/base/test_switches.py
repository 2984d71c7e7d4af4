import pytest

from keras_drop.losses import PartAwareCompactness, PrototypeCompactness
from keras_drop.models import (
    DROP,
    MODELS,
    HPNet,
    ParsingMap,
    PartMemory,
    VisibilityRule,
    parse_switches,
    switch_names,
)

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_its_switches(name):
    names = switch_names(MODELS[name])
    assert not {"backbone", "num_identities", "name"} & names.keys()
    weights = {n.partition(".")[2] for n in names if n.startswith("loss_w")}
    assert weights == MODELS[name].DEFAULT_LOSS_WEIGHTS.keys()
    assert weights
    given = {
        name: str(value).lower() if value in (True, False, None) else str(value)
        for name, value in names.items()
    }
    parse_switches(MODELS[name], given)


def test_dotted_text_makes_values_and_losses():
    switches = parse_switches(
        DROP,
        {
            "parsing_map.channels": "32",
            "parsing_map.position_encoder": "none",
            "memory.kind": "prototype",
            "visibility.in_training": "true",
            "visibility.threshold": "1e-1",
            "loss_weights.parsing": "4",
            "term_losses.part_compactness.margin": "0",
            "term_losses.parsing.spatial_smoothing": "False",
            "test_embeddings": "parts",
        },
    )
    losses = switches.pop("term_losses")
    assert switches == {
        "parsing_map": ParsingMap(channels=32, position_encoder="none"),
        "memory": PartMemory("prototype"),
        "visibility": VisibilityRule(threshold=0.1, in_training=True),
        "loss_weights": {"parsing": 4.0},
        "test_embeddings": "parts",
    }
    assert losses.keys() == {"part_compactness", "parsing"}
    assert type(losses["part_compactness"]) is PrototypeCompactness
    assert losses["part_compactness"].margin == 0.0
    assert not losses["parsing"].spatial_smoothing
    assert losses["parsing"].blur_sigma == 0.5


def test_a_threshold_may_be_one_for_each_part():
    text = {"visibility.rule": "margin", "visibility.threshold": "0.1,-0.2,0"}
    rule = parse_switches(DROP, text)["visibility"]
    assert rule == VisibilityRule("margin", (0.1, -0.2, 0.0))
    masks = parse_switches(HPNet, {"masks.visible_from": "(0.3, .4, .5, .6)"})
    assert masks["masks"].visible_from == (0.3, 0.4, 0.5, 0.6)


def test_what_is_not_named_keeps_its_default():
    losses = parse_switches(
        DROP, {"term_losses.part_compactness.combine": "asymmetric"}
    )["term_losses"]
    assert type(losses["part_compactness"]) is PartAwareCompactness
    assert losses["part_compactness"].margin == 0.3


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"memry.size": "1"}, r"does not have 'memry.size'.*'memory.size'\?"),
        ({"memory.size": "many"}, r"`memory.size` is 'many'.* kind int"),
        ({"memory.size": "1.5"}, "kind int"),
        ({"memory.kind": "que"}, r"`kind` is one of .*'queue'\?"),
        ({"memory": "queue"}, "does not have 'memory'"),
        ({"visibility.in_training": "1"}, "kind bool"),
        ({"loss_weights.parsing": "-4"}, "has to be 0 or more"),
        ({"loss_weights.parsin": "4"}, "'loss_weights.parsing'"),
        ({"test_embeddings": "part"}, "got 'part'.*'parts'"),
        ({"part_schema": "fife"}, "fife"),
        ({"loss_weights.parsing": "1,2"}, "kind float"),
        ({"visibility.threshold": "0.1,many"}, "kind float"),
        (
            {"visibility.threshold": "0.1,0.2", "part_schema": "five"},
            "has 2 numbers, the model has 5",
        ),
    ],
    ids=str,
)
def test_refuses_before_anything_is_built(wrong, message):
    with pytest.raises(ValueError, match=message):
        parse_switches(DROP, wrong)

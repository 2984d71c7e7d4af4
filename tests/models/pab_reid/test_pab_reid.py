import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.losses import (
    IdentityCrossEntropy,
    PartAveragedTriplet,
)
from keras_drop.models import (
    BPBReID,
    Focuser,
    PABReID,
    VisibilityRule,
    hrnet_w18_small,
    resnet18,
    resnet50,
)
from keras_drop.part_schemas import PartSchema
from tests.models.small import (
    Pyramid,
    arrays,
    assert_descriptor_shapes,
    batch,
    copy_weights,
    images,
    loss_gradients,
    model_of,
    random_outputs,
    randomise,
    stages_of,
    trained,
    weights,
)
from tests.reference import cross_entropy, maps, part_triplet, reid_models
from tests.testing import assert_round_trip

HALVES = PartSchema(
    "halves", ("upper", "lower"), {"densepose14": ((1, 2), (3, 4))}
)
BLOCK = "focuser/taylor_difference/"


def pab_reid(place="feature", start="identity", gate="foreground", **switches):
    """A model whose weights are not those at the start."""
    focuser = Focuser(place, 8, start, gate)
    model = randomise(model_of(PABReID, focuser=focuser, **switches))
    # A background that is likely in some cells only.
    classifier = model.get_layer("part_classifier").classifier
    classifier.bias.assign(np.zeros(4))
    classifier.kernel.assign(arrays(classifier.kernel) * [0, 1, 1, 1])
    return model


@pytest.mark.parametrize(
    "switches, compared",
    [
        ({"visibility": VisibilityRule("threshold", 0.7)}, "foreground+parts"),
        ({"start": "no_skip", "gate": "none"}, "parts"),
        (
            {"place": "map", "visibility": VisibilityRule("continuous")},
            "global+foreground+parts",
        ),
        (
            {
                "place": "map",
                "start": "no_skip",
                "visibility": VisibilityRule("argmax"),
            },
            "parts",
        ),
    ],
    ids=lambda values: None if isinstance(values, str) else ",".join(values),
)
def test_matches_reference(switches, compared):
    model = pab_reid(test_embeddings=compared, **switches)
    x = images(4)
    expected = reid_models.pab_reid(
        stages_of(model, x)[-1],
        weights(model),
        model.focuser.place,
        model.focuser.start,
        model.focuser.gate == "foreground",
        model.visibility.rule,
        model.visibility.threshold,
        compared,
    )
    outputs = arrays(model(x))
    assert outputs.keys() == expected.keys()
    assert 0 < expected["visibility"][:, -3:].mean() < 1
    for name in outputs:
        assert outputs[name].shape == expected[name].shape
        np.testing.assert_allclose(
            outputs[name], expected[name], rtol=1e-3, atol=1e-3, err_msg=name
        )


@pytest.mark.parametrize(
    "switches, margin, smoothing",
    [
        ({}, 0.3, 0.1),
        (
            {"head_weight": 2.0, "loss_weights": {"parts_triplet": 1.5}},
            0.3,
            0.1,
        ),
        (
            {
                "term_losses": {
                    name: PartAveragedTriplet(0.0)
                    for name in ("parts_triplet", "foreground_triplet")
                },
                "loss_weights": {"foreground_triplet": 1.0},
            },
            0.0,
            0.1,
        ),
        (
            {
                "visibility": VisibilityRule("continuous", in_training=True),
                "loss_weights": {"parsing": 0.7},
                "term_losses": {
                    f"{name}_identity": IdentityCrossEntropy(0.3)
                    for name in ("global", "foreground", "parts")
                },
            },
            0.3,
            0.3,
        ),
    ],
    ids=["defaults", "head", "soft", "visible"],
)
def test_losses_match_reference(switches, margin, smoothing):
    model = model_of(PABReID, **switches)
    _, y = batch()
    outputs = random_outputs(grid=(4, 2))
    terms = arrays(model.loss_terms(y, outputs, training=True))
    people = y["identities"]
    expected = {
        f"{name}_identity": cross_entropy.identity_cross_entropy(
            people, outputs[f"{name}_logits"], smoothing
        )
        for name in ("global", "foreground", "parts")
    }
    seen = outputs["visibility"][:, 1:]
    expected["parts_triplet"] = part_triplet.part_averaged_triplet(
        people,
        outputs["parts"].astype("float64"),
        margin,
        seen if model.visibility.in_training else None,
        root=model.visibility.in_training,
        part_weights=(3, 1, 1) if "head_weight" in switches else 1,
    )
    weigh = {"foreground_triplet": 0, "parsing": 0.35}
    weigh |= switches.get("loss_weights", {})
    if weigh["foreground_triplet"]:
        expected["foreground_triplet"] = part_triplet.part_averaged_triplet(
            people, outputs["foreground"][:, None].astype("float64"), margin
        )
    labels = maps.resize(y["parsing"], (4, 2), corner_aligned=True)
    expected["parsing"] = y[
        "parsing_weight"
    ] * cross_entropy.spatially_smoothed_parsing(
        labels.argmax(axis=-1),
        outputs["part_logits"],
        sigma=None,
        label_smoothing=0.1,
    )
    assert terms.keys() == expected.keys()
    for name in terms:
        np.testing.assert_allclose(
            terms[name], expected[name], rtol=1e-3, atol=1e-4, err_msg=name
        )
    np.testing.assert_allclose(
        arrays(model.compute_loss(None, y, outputs, training=True)),
        sum(weigh.get(k, 1) * term.mean() for k, term in expected.items()),
        rtol=1e-4,
    )


@pytest.mark.backend_neutral
@pytest.mark.parametrize("place", ["none", "map"])
def test_is_bpbreid_where_nothing_is_sharpened(place):
    """Bit by bit, also the losses; `map` at its start."""
    rule = VisibilityRule("threshold", 0.6)
    model = pab_reid(place, visibility=rule)
    if place == "map":
        model.get_layer("focuser").strength.assign(0.0)
    baseline = model_of(BPBReID, visibility=rule)
    copy_weights(model, baseline)
    x, y = batch()
    for training in (False, True):
        ours, theirs = (m(x, training=training) for m in (model, baseline))
        for results in (
            (ours, theirs),
            (
                model.loss_terms(y, ours, training),
                baseline.loss_terms(y, theirs, training),
            ),
        ):
            actual, expected = map(arrays, results)
            assert actual.keys() == expected.keys()
            for name, values in expected.items():
                np.testing.assert_array_equal(actual[name], values, name)


def test_the_focused_maps_pool_and_the_others_are_shown():
    model = pab_reid("map")
    focused = keras.Model(
        model.input, model.get_layer("focused_part_maps").output
    )
    x = images(2)
    refined, outputs = arrays(focused(x)), arrays(model(x))
    np.testing.assert_allclose(refined.sum(axis=-1), 1, rtol=1e-5)
    assert np.abs(refined - outputs["part_maps"]).max() > 0.01
    seen = maps.visibility(outputs["part_maps"], "threshold", 0.2)
    np.testing.assert_array_equal(outputs["visibility"], seen)
    np.testing.assert_allclose(
        reid_models.softmax(outputs["part_logits"]),
        outputs["part_maps"],
        rtol=1e-4,
    )


@pytest.mark.parametrize("place", ["feature", "map"])
def test_at_the_start_only_the_strength_learns(place):
    model = pab_reid(place)
    model.get_layer("focuser").strength.assign(0.0)
    x, y = batch()
    gradients = loss_gradients(model, x, y, ["parts_identity"])
    block = {path for path in gradients if path.startswith(BLOCK)}
    assert len(block) == 21
    for path in block:
        np.testing.assert_array_equal(gradients[path], 0, path)
    assert gradients["focuser/strength"] != 0


def test_at_the_start_parts_are_pooled_from_the_reduced_map():
    model = pab_reid()
    focuser, pooling = map(model.get_layer, ("focuser", "part_pooling"))
    focuser.strength.assign(0.0)
    inner = keras.Model(
        model.input,
        [focuser.input[0], model.output["part_maps"], pooling.output],
    )
    features, part_maps, parts = inner(images(2))
    expected = pooling(focuser.reduction(features), part_maps[..., 1:])
    np.testing.assert_array_equal(arrays(parts), arrays(expected))


def test_identities_teach_the_classifier_and_the_gate():
    model = pab_reid()
    gradients = loss_gradients(model, *batch(), ["parts_identity"])
    for path in (
        "part_classifier/classifier/kernel",
        "focuser/strength",
        BLOCK + "attention/hidden/kernel",
        BLOCK + "first_unit/inner/convolution/kernel",
    ):
        assert np.abs(gradients[path]).max() > 0, path


def test_parsing_loss_stays_on_the_maps_before():
    model = pab_reid("map")
    x, y = batch()
    gradients = loss_gradients(model, x, y, ["parsing"])
    assert np.abs(gradients["part_classifier/classifier/kernel"]).max() > 0
    for path, gradient in gradients.items():
        if path.startswith("focuser/"):
            np.testing.assert_array_equal(gradient, 0, path)


@pytest.mark.backend_neutral
def test_weight_of_the_part_triplet():
    x, y = batch()
    totals, terms = [], []
    model = pab_reid()
    for gamma in (1.0, 0.5):
        weighted = pab_reid(loss_weights={"parts_triplet": gamma})
        copy_weights(model, weighted)
        outputs = weighted(x)
        totals.append(float(arrays(weighted.compute_loss(x, y, outputs))))
        losses = arrays(weighted.loss_terms(y, outputs, False))
        terms.append(losses["parts_triplet"].mean())
    assert terms[0] > 0.01
    assert terms[1] == terms[0]
    assert totals[1] - totals[0] == pytest.approx(-0.5 * terms[0], rel=1e-4)


@pytest.mark.backend_neutral
def test_visibility_of_two_rules():
    """A part that is likely, and nowhere the likeliest."""
    one = np.array([[[[0.1, 0.45, 0.45 + 1e-3, 0.0]]]], "float32")
    three = np.zeros((1, 3, 1, 4), "float32")
    for cell, highest in enumerate((0.39, 0.40, 0.9)):
        three[0, cell, 0, [0, 1 + cell]] = 1 - highest, highest
    for rule, part_maps, expected in (
        ("threshold", three, [1, 0, 1, 1]),
        ("threshold", one, [1, 1, 1, 0]),
        ("argmax", one, [1, 0, 1, 0]),
    ):
        layer = model_of(PABReID, visibility=VisibilityRule(rule)).get_layer(
            "part_visibility"
        )
        assert arrays(layer(part_maps)).tolist() == [expected]


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_another_mu_for_a_trained_model():
    model = pab_reid()
    model.epoch.assign(5)
    x = images(6)
    seen = arrays(model.with_visibility("continuous")(x))
    shown = []
    for mu in (0.5, 0.8):
        other = model.with_visibility("threshold", mu)
        assert other.visibility == VisibilityRule("threshold", mu)
        assert int(other.epoch) == 5
        outputs = arrays(other(x))
        np.testing.assert_array_equal(outputs["embeddings"], seen["embeddings"])
        np.testing.assert_array_equal(
            outputs["visibility"] > 0, seen["visibility"] >= mu
        )
        shown.append(outputs["visibility"].sum())
    assert shown[0] > shown[1] > len(x)
    assert model.visibility == VisibilityRule("threshold", 0.2)
    other = model.with_visibility("argmax")
    assert other.visibility == VisibilityRule("argmax", 0.2)


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "backbone, size, schema, features",
    [
        (hrnet_w18_small, (256, 128), "eight", (64, 32, 1920)),
        (resnet50, (384, 128), "five_v", (24, 8, 2048)),
        (resnet18, (256, 128), "eight", (16, 8, 512)),
    ],
)
def test_shapes_and_parameters(backbone, size, schema, features):
    model = PABReID(backbone(size), 702, schema)
    num_parts = {"eight": 8, "five_v": 5}[schema]
    height, width, channels = features
    focuser = model.get_layer("focuser")
    assert focuser.input[0].shape == (None, *features)
    assert focuser.output.shape == (None, height, width, 256)
    assert trained(focuser) == channels * 256 + 512 + 2_493_960 + 1
    assert trained(model.get_layer("parts_reduction")) == 132_608
    for name in ("global", "foreground"):
        reduction = trained(model.get_layer(f"{name}_reduction"))
        assert reduction == channels * 512 + 512 + 2 * 512
    assert_descriptor_shapes(model, (height, width), num_parts)


@pytest.mark.backend_neutral
def test_round_trip():
    model = assert_round_trip(
        PABReID,
        backbone=Pyramid(),
        num_identities=5,
        part_schema="three_v",
        focuser=Focuser("feature", 6, "no_skip", "none"),
        head_weight=0.5,
        visibility=VisibilityRule("continuous", 0.3, in_training=True),
        test_embeddings="global+foreground+parts",
        term_losses={
            "parts_triplet": PartAveragedTriplet(-1.0, part_weights=(3, 1, 1))
        },
        loss_weights={"parts_triplet": 2.0, "parsing": 0.7},
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=(64, 32), interpolation="bicubic"
        ),
        name="mine",
    )
    revived = PABReID.from_config(model.get_config())
    assert revived.focuser == model.focuser
    assert revived.term_losses["parts_triplet"].margin == -1.0
    assert revived.loss_weights == model.loss_weights


@pytest.mark.parametrize(
    "wrong",
    [
        {"head_weight": -0.5},
        {"focuser": "map"},
        {"test_embeddings": "global"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        model_of(PABReID, **wrong)


def test_a_schema_without_a_head_has_no_heavy_head():
    with pytest.raises(ValueError, match=r"'halves' has upper, lower"):
        model_of(PABReID, part_schema=HALVES, head_weight=0.5)


def test_a_head_weight_that_would_do_nothing_is_refused():
    plain = {"parts_triplet": PartAveragedTriplet(0.5)}
    with pytest.raises(ValueError, match="weighs no part"):
        model_of(PABReID, head_weight=0.5, term_losses=plain)
    weighted = PartAveragedTriplet(0.5, part_weights=(2, 1, 1))
    model = model_of(
        PABReID, head_weight=0.5, term_losses={"parts_triplet": weighted}
    )
    assert model.term_losses["parts_triplet"].part_weights == (2, 1, 1)

import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.models import (
    DROP,
    hrnet_w18_small,
    hrnet_w32,
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
    hrnet,
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
PARSING = ("upsampling", "position_encoder", "part_classifier")


@pytest.mark.parametrize(
    "backbone, wamp, rule, threshold, compared",
    [
        (Pyramid, "sum", "argmax", 0.4, "foreground+parts"),
        (Pyramid, "concat", "threshold", 0.7, "parts"),
        (hrnet, "avg", "continuous", 0.4, "global+foreground+parts"),
    ],
)
def test_matches_reference(backbone, wamp, rule, threshold, compared):
    stride = 8 if backbone is hrnet else 16
    model = model_of(
        DROP,
        backbone(),
        reid_stride=stride,
        wamp=wamp,
        visibility=rule,
        visibility_threshold=threshold,
        test_embeddings=compared,
    )
    x = images(3)
    randomise(model)
    stages = features = stages_of(model, x)
    if backbone is hrnet:
        s1, s2, s3, s4 = stages
        features = np.concatenate(
            [
                maps.mean_of_blocks(s1, 2),
                s2,
                maps.resize(s3, s2.shape[1:3], corner_aligned=False),
                maps.resize(s4, s2.shape[1:3], corner_aligned=False),
            ],
            axis=-1,
        )
    else:
        features = stages[-1]
    expected = reid_models.drop(
        stages, features, weights(model), wamp, rule, threshold, compared
    )
    outputs = arrays(model(x))
    assert outputs.keys() == expected.keys()
    for name in outputs:
        assert outputs[name].shape == expected[name].shape
        np.testing.assert_allclose(
            outputs[name], expected[name], rtol=1e-3, atol=2e-3, err_msg=name
        )


@pytest.mark.parametrize(
    "switches",
    [
        {"pemb": "none"},
        {"pemb_positives": True, "pct_visibility": True, "pct_margin": 5.0},
        {"pct_combine": "asymmetric", "triplet_on": "parts+foreground"},
        {"pemb": "prototype", "pct_visibility": True, "pct_margin": -1.0},
        {
            "pemb": "prototype",
            "pct_combine": "asymmetric",
            "lambda_parse": 0.35,
            "parsing_spatial_smoothing": False,
            "parsing_label_smoothing": 0.0,
        },
        {
            "lambda_parse": 2.0,
            "parsing_blur_sigma": 1.0,
            "parsing_label_smoothing": 0.2,
            "parsing_tv_weight": 3.0,
            "label_smoothing": 0.3,
        },
    ],
    ids=",".join,
)
def test_losses_match_reference(switches):
    """In the third step: two earlier batches are in the memory."""
    model = model_of(DROP, pemb_size=20, **switches)
    model.epoch.assign(3)
    _, y = batch()
    people = y["identities"]
    for seed in (1, 2):
        model.loss_terms(y, random_outputs(seed=seed), training=True)
    memory = arrays(model.memory.read()) if model.memory else None
    outputs = random_outputs()
    terms = arrays(model.loss_terms(y, outputs, training=True))
    common = {
        "margin": switches.get("pct_margin", 0.3),
        "combine": switches.get("pct_combine", "mean"),
        "visibility": outputs["visibility"][:, 1:]
        if "pct_visibility" in switches
        else None,
    }
    parts = outputs["parts"].astype("float64")
    if switches.get("pemb") == "prototype":
        compactness = part_triplet.prototype_compactness(
            people, parts, *memory, **common
        )
    else:
        compactness = part_triplet.part_aware_compactness(
            people,
            parts,
            bank=memory,
            bank_positives=switches.get("pemb_positives", False),
            **common,
        )
    expected = {
        f"{name}_identity": cross_entropy.identity_cross_entropy(
            people,
            outputs[f"{name}_logits"],
            switches.get("label_smoothing", 0.1),
        )
        for name in ("global", "foreground", "parts")
    }
    expected["part_compactness"] = compactness
    if "triplet_on" in switches:
        expected["foreground_triplet"] = part_triplet.part_averaged_triplet(
            people, outputs["foreground"][:, None].astype("float64"), 0.3
        )
    expected["parsing"] = (
        switches.get("lambda_parse", 1.0)
        * y["parsing_weight"]
        * cross_entropy.spatially_smoothed_parsing(
            y["parsing"].argmax(axis=-1),
            outputs["part_logits"],
            switches.get("parsing_blur_sigma", 0.5)
            if switches.get("parsing_spatial_smoothing", True)
            else None,
            switches.get("parsing_label_smoothing", 0.1),
            switches.get("parsing_tv_weight", 0.0),
        )
    )
    assert terms.keys() == expected.keys() == model.loss_trackers.keys()
    for name in terms:
        np.testing.assert_allclose(
            terms[name], expected[name], rtol=1e-3, atol=1e-3, err_msg=name
        )


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "backbone, size, schema, grid, channels, upsampling",
    [
        (hrnet_w32, (256, 128), "eight", (16, 8), 1920, 394_496),
        (hrnet_w18_small, (384, 128), "five_v", (24, 8), 1920, 394_496),
        (resnet50, (256, 128), "eight", (16, 8), 2048, 640_256),
        (resnet50, (384, 128), "five_v", (24, 8), 2048, 640_256),
        (resnet18, (256, 128), "eight", (16, 8), 512, 271_616),
    ],
)
def test_shapes_and_parameters(
    backbone, size, schema, grid, channels, upsampling
):
    model = DROP(backbone(size), 702, schema)
    num_parts = {"eight": 8, "five_v": 5}[schema]
    fine = (size[0] // 4, size[1] // 4)
    features, masks = model.get_layer("pooling").input
    assert features.shape == (None, *grid, channels)
    assert masks.shape == (None, *grid, 2 + num_parts)
    assert model.get_layer("upsampling").output.shape == (None, *fine, 128)
    for name, count in {
        "upsampling": upsampling,
        "position_encoder": 8_448,
        "part_classifier": {8: 1_417, 5: 1_030}[num_parts],
        "parts_reduction": channels * 512 + 3 * 512,
    }.items():
        assert trained(model.get_layer(name)) == count, name
    assert_descriptor_shapes(model, fine, num_parts)
    assert model.memory.embeddings.shape == (1024, num_parts, 512)


@pytest.fixture(scope="module")
def without_position():
    model = model_of(DROP, ppe="none", pemb="none")
    return model, arrays(model(images(2)))


@pytest.mark.parametrize("kind", ["mlp", "table", "sinusoidal", "mlp_2d"])
def test_position_counts_only_after_a_step(without_position, kind):
    bare, expected = without_position
    model = model_of(DROP, ppe=kind, pemb="none")
    copy_weights(bare, model)
    x = images(2)
    for name, values in arrays(model(x)).items():
        np.testing.assert_array_equal(values, expected[name])
    x, y = batch()
    gradients = loss_gradients(model, x, y, ["parsing"])
    for variable in model.get_layer("position_encoder").trainable_variables:
        variable.assign(arrays(variable) - 100 * gradients[variable.path])
    changed = arrays(model(images(2)))["part_maps"]
    assert np.abs(changed - expected["part_maps"]).max() > 1e-5


def test_adapters_count_only_after_a_step(without_position):
    bare, expected = without_position
    model = model_of(DROP, ppe="none", pemb="none", hbda=True)
    copy_weights(bare, model)
    for name, values in arrays(model(images(2))).items():
        np.testing.assert_array_equal(values, expected[name])
    for number in (1, 2, 3, 4):
        up = model.get_layer(f"adapter_{number}").branch.layers[-1]
        up.bias.assign(np.linspace(-1, 1, up.bias.shape[0]))
    adapted = arrays(model(images(2)))
    assert (adapted["part_maps"] != expected["part_maps"]).any()
    np.testing.assert_array_equal(adapted["global"], expected["global"])


@pytest.mark.parametrize("detach", [True, False])
def test_detached_parsing_learns_from_parsing_alone(detach):
    model = model_of(DROP, detach_parsing=detach, pemb="none")
    randomise(model)
    x, y = batch()
    identities = [
        "global_identity",
        "foreground_identity",
        "parts_identity",
        "part_compactness",
    ]
    gradients = loss_gradients(model, x, y, identities)
    largest = {
        layer: max(
            np.abs(gradient).max()
            for path, gradient in gradients.items()
            if path.startswith(layer)
        )
        for layer in (*PARSING, "conv2")
    }
    assert largest["conv2"] > 0
    for layer in PARSING:
        assert (largest[layer] == 0) == detach, layer


def test_reid_map_does_not_depend_on_parsing():
    model = randomise(model_of(DROP, hrnet(), reid_stride=4))
    x = images(2)
    features = keras.Model(model.input, model.get_layer("reid_map").output)
    before, outputs = arrays(features(x)), arrays(model(x))
    for layer in PARSING:
        for variable in model.get_layer(layer).trainable_variables:
            variable.assign(arrays(variable) * 0.5)
    after = arrays(model(x))
    np.testing.assert_array_equal(arrays(features(x)), before)
    np.testing.assert_array_equal(after["global"], outputs["global"])
    for name in ("part_maps", "foreground", "parts"):
        assert np.abs(after[name] - outputs[name]).max() > 1e-3


def test_pooled_maps_sum_to_one():
    model = randomise(model_of(DROP))
    pooled = keras.Model(model.input, model.get_layer("reid_part_maps").output)
    maps_at_16 = arrays(pooled(images(2)))
    assert maps_at_16.shape == (2, 4, 2, 4)
    np.testing.assert_allclose(maps_at_16.sum(axis=-1), 1, atol=1e-6)


def fixture_batch():
    """Fixture T of the specification, as outputs of a model of two parts."""
    parts = np.zeros((4, 2, 512), "float32")
    parts[..., :2] = part_triplet.FIXTURE_EMBEDDINGS
    outputs = random_outputs(num_parts=2)
    outputs = {name: values[:4] for name, values in outputs.items()}
    _, y = batch(num_parts=2)
    y = {name: values[:4] for name, values in y.items()}
    y["identities"] = part_triplet.FIXTURE_IDENTITIES.astype("int32")
    return y, {**outputs, "parts": parts}


@pytest.mark.parametrize(
    "switches", [{}, {"pemb": "none"}, {"pemb_size": 0}], ids=str
)
def test_empty_memory_leaves_the_part_averaged_triplet(switches):
    model = model_of(DROP, part_schema=HALVES, **switches)
    model.epoch.assign(5)
    y, outputs = fixture_batch()
    losses = arrays(model.loss_terms(y, outputs, False))["part_compactness"]
    assert np.isclose(losses.mean(), 2.352867, atol=1e-5)


@pytest.mark.parametrize(
    "combine, expected", [("mean", 2.928561), ("asymmetric", 5.490864)]
)
def test_memory_of_the_specification(combine, expected):
    model = model_of(DROP, part_schema=HALVES, pct_combine=combine)
    y, outputs = fixture_batch()
    embeddings = np.zeros((2, 2, 512), "float32")
    slots, people, visibility = part_triplet.FIXTURE_BANK
    embeddings[..., :2] = slots
    model.memory.enqueue(embeddings, people, visibility)
    model.epoch.assign(3)
    losses = arrays(model.loss_terms(y, outputs, False))["part_compactness"]
    assert np.isclose(losses.mean(), expected, atol=1e-5)


def test_memory_holds_the_last_batches():
    model = model_of(DROP, part_schema=HALVES, pemb_size=1024)
    model.epoch.assign(3)
    rng = np.random.default_rng(0)
    kept = []
    for number in range(1, 21):
        outputs = random_outputs(num_parts=2, grid=(1, 1))
        outputs = {
            k: np.resize(v, (64, *v.shape[1:])) for k, v in outputs.items()
        }
        outputs["parts"] = rng.normal(size=(64, 2, 512)).astype("float32")
        y = {
            "identities": np.arange(64, dtype="int32") % 3,
            "parsing": np.full((64, 1, 1, 3), 1 / 3, "float32"),
            "parsing_weight": np.ones(64, "float32"),
        }
        model.loss_terms(y, outputs, training=True)
        if number >= 5:
            kept.append(outputs["parts"])
    embeddings, people, visibility = arrays(model.memory.read())
    assert (people >= 0).all()
    oldest = int(model.memory.pointer)
    np.testing.assert_array_equal(
        np.roll(embeddings, -oldest, axis=0), np.concatenate(kept)
    )
    assert visibility.shape == (1024, 2)
    assert not model.memory.trainable_variables


@pytest.mark.parametrize("memory", ["queue", "prototype"])
def test_memory_does_nothing_before_its_epoch(memory):
    """Also in a second training, which finds what the first has left.

    Equal up to the rounding of a product that has the memory's columns too.
    """
    model = model_of(DROP, pemb=memory, pemb_start_epoch=3)
    none = model_of(DROP, pemb="none")
    _, y = batch()
    outputs = random_outputs()
    expected = float(none.compute_loss(None, y, outputs, training=True))
    model.epoch.assign(3)
    for seed in (1, 2):
        model.compute_loss(None, y, random_outputs(seed=seed), training=True)
    later = float(model.compute_loss(None, y, outputs, training=False))
    assert abs(later - expected) > 1e-3
    model.epoch.assign(2)
    for training in (False, True):
        loss = model.compute_loss(None, y, outputs, training=training)
        np.testing.assert_allclose(float(loss), expected, rtol=1e-6)
    marks = model.memory.read()[1]
    empty = -1 if memory == "queue" else False
    assert (arrays(marks) == empty).all()


def test_round_trip():
    model = assert_round_trip(
        DROP,
        backbone=hrnet(),
        num_identities=5,
        part_schema=HALVES,
        reid_stride=8,
        dpu_channels=16,
        dpu_fusion="concat",
        dpu_final_conv=False,
        ppe="table",
        parsing_spatial_smoothing=False,
        parsing_blur_sigma=1.0,
        parsing_label_smoothing=0.2,
        parsing_tv_weight=0.1,
        lambda_parse=2.0,
        wamp="concat",
        detach_parsing=True,
        pemb="prototype",
        pemb_size=5,
        pemb_start_epoch=4,
        pemb_positives=True,
        pct_combine="asymmetric",
        pct_visibility=True,
        pct_margin=-1.0,
        triplet_on="parts+foreground",
        visibility="threshold",
        visibility_threshold=0.3,
        test_embeddings="global+foreground+parts",
        hbda=True,
        label_smoothing=0.2,
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=(64, 32), interpolation="bicubic"
        ),
        name="mine",
    )
    revived = DROP.from_config(model.get_config())
    assert revived.part_schema == HALVES
    assert revived.get_layer("upsampling").fusion == "concat"
    assert revived.get_layer("pooling").mode == "concat"
    assert set(weights(revived)) == set(weights(model))


@pytest.mark.parametrize(
    "wrong",
    [
        {"dpu_fusion": "multiply"},
        {"ppe": "learned"},
        {"wamp": "max"},
        {"pemb": "stack"},
        {"pct_combine": "median"},
        {"triplet_on": "foreground"},
        {"visibility": "maximum"},
        {"test_embeddings": "global"},
        {"part_schema": "eleven"},
        {"reid_stride": 32},
        {"parsing_blur_sigma": 0.0},
        {"parsing_label_smoothing": 1.5},
        {"parsing_tv_weight": -0.5},
        {"lambda_parse": -2.0},
        {"pemb_size": -3},
        {"pemb_start_epoch": -4},
        {"label_smoothing": -0.1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        model_of(DROP, **wrong)

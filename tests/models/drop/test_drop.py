import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.losses import (
    IdentityCrossEntropy,
    PartAwareCompactness,
    PrototypeCompactness,
    SpatiallySmoothedParsing,
)
from keras_drop.models import (
    DROP,
    ParsingMap,
    PartMemory,
    ReIDMap,
    VisibilityRule,
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
NO_MEMORY = PartMemory("none")
BARE = {"parsing_map": ParsingMap(position_encoder="none"), "memory": NO_MEMORY}
PARSING = ("upsampling", "position_encoder", "part_classifier")


@pytest.mark.parametrize(
    "backbone, pooling, rule, threshold, compared",
    [
        (Pyramid, "sum", "argmax", 0.4, "foreground+parts"),
        (Pyramid, "concat", "threshold", 0.7, "parts"),
        (hrnet, "avg", "continuous", 0.4, "global+foreground+parts"),
    ],
)
def test_matches_reference(backbone, pooling, rule, threshold, compared):
    stride = 8 if backbone is hrnet else 16
    model = model_of(
        DROP,
        backbone(),
        reid_map=ReIDMap(stride, pooling),
        visibility=VisibilityRule(rule, threshold),
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
        stages, features, weights(model), pooling, rule, threshold, compared
    )
    outputs = arrays(model(x))
    assert outputs.keys() == expected.keys()
    for name in outputs:
        assert outputs[name].shape == expected[name].shape
        np.testing.assert_allclose(
            outputs[name], expected[name], rtol=1e-3, atol=2e-3, err_msg=name
        )


def compactness(loss=PartAwareCompactness, **arguments):
    """Another loss of the parts."""
    return {"part_compactness": loss(**arguments)}


@pytest.mark.parametrize(
    "kind, in_training, foreground, term_losses",
    [
        ("none", False, 0.0, {}),
        ("queue", True, 0.0, compactness(bank_positives=True, margin=5.0)),
        ("queue", False, 2.0, compactness(combine="asymmetric")),
        ("prototype", True, 0.0, {}),
        ("prototype", True, 0.0, compactness(PrototypeCompactness, margin=-1)),
        (
            "prototype",
            False,
            0.0,
            {
                **compactness(PrototypeCompactness, combine="asymmetric"),
                "parsing": SpatiallySmoothedParsing(False, 0.5, 0.0),
            },
        ),
        (
            "queue",
            False,
            0.0,
            {
                "parsing": SpatiallySmoothedParsing(True, 1.0, 0.2, 3.0),
                **{
                    f"{name}_identity": IdentityCrossEntropy(0.3)
                    for name in ("global", "foreground", "parts")
                },
            },
        ),
    ],
    ids=[
        "none",
        "positives",
        "asymmetric",
        "prototypes",
        "soft",
        "asymmetric prototypes",
        "smoothing",
    ],
)
def test_losses_match_reference(kind, in_training, foreground, term_losses):
    """In the third step: two earlier batches are in the memory."""
    model = model_of(
        DROP,
        memory=(
            NO_MEMORY
            if kind == "none"
            else PartMemory(kind, size=20, start_epoch=3)
        ),
        visibility=VisibilityRule(in_training=in_training),
        loss_weights={"foreground_triplet": foreground, "parsing": 0.35},
        term_losses=term_losses,
    )
    model.epoch.assign(3)
    _, y = batch()
    people = y["identities"]
    for seed in (1, 2):
        model.loss_terms(y, random_outputs(seed=seed), training=True)
    memory = arrays(model.bank.read()) if model.bank else None
    outputs = random_outputs()
    total = arrays(model.compute_loss(None, y, outputs, training=False))
    terms = arrays(model.loss_terms(y, outputs, training=True))
    parts_loss, parsing_loss, identity_loss = (
        model.term_losses[name]
        for name in ("part_compactness", "parsing", "global_identity")
    )
    common = {
        "margin": parts_loss.margin,
        "combine": parts_loss.combine,
        "visibility": outputs["visibility"][:, 1:] if in_training else None,
    }
    parts = outputs["parts"].astype("float64")
    if parts_loss.unit_length:
        parts = part_triplet.unit_vectors(parts)
        if memory:
            memory = part_triplet.unit_vectors(memory[0]), *memory[1:]
    if kind == "prototype":
        expected_parts = part_triplet.prototype_compactness(
            people, parts, *memory, **common
        )
    else:
        expected_parts = part_triplet.part_aware_compactness(
            people,
            parts,
            bank=memory,
            bank_positives=parts_loss.bank_positives,
            **common,
        )
    expected = {
        f"{name}_identity": cross_entropy.identity_cross_entropy(
            people, outputs[f"{name}_logits"], identity_loss.label_smoothing
        )
        for name in ("global", "foreground", "parts")
    }
    expected["part_compactness"] = expected_parts
    if foreground:
        expected["foreground_triplet"] = part_triplet.part_averaged_triplet(
            people, outputs["foreground"][:, None].astype("float64"), 0.3
        )
    expected["parsing"] = y[
        "parsing_weight"
    ] * cross_entropy.spatially_smoothed_parsing(
        y["parsing"].argmax(axis=-1),
        outputs["part_logits"],
        parsing_loss.blur_sigma if parsing_loss.spatial_smoothing else None,
        parsing_loss.label_smoothing,
        parsing_loss.total_variation_weight,
    )
    assert terms.keys() == expected.keys()
    for name in terms:
        np.testing.assert_allclose(
            terms[name], expected[name], rtol=1e-3, atol=1e-3, err_msg=name
        )
    weigh = {"foreground_triplet": foreground, "parsing": 0.35}
    np.testing.assert_allclose(
        total,
        sum(weigh.get(k, 1) * term.mean() for k, term in expected.items()),
        rtol=1e-4,
    )


@pytest.mark.slow
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
    model = DROP(backbone(size), 702, schema, memory=PartMemory())
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
    assert model.bank.embeddings.shape == (1024, num_parts, 512)


@pytest.fixture(scope="module")
def without_position():
    model = model_of(DROP, **BARE)
    return model, arrays(model(images(2)))


@pytest.mark.backend_neutral
@pytest.mark.parametrize("kind", ["mlp", "table", "sinusoidal", "mlp_2d"])
def test_position_counts_only_after_a_step(without_position, kind):
    bare, expected = without_position
    model = model_of(
        DROP, parsing_map=ParsingMap(position_encoder=kind), memory=NO_MEMORY
    )
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


@pytest.mark.backend_neutral
def test_adapters_count_only_after_a_step(without_position):
    bare, expected = without_position
    model = model_of(
        DROP,
        parsing_map=ParsingMap(position_encoder="none", adapters=True),
        memory=NO_MEMORY,
    )
    copy_weights(bare, model)
    for name, values in arrays(model(images(2))).items():
        np.testing.assert_array_equal(values, expected[name])
    for number in (1, 2, 3, 4):
        up = model.get_layer(f"adapter_{number}").branch.layers[-1]
        up.bias.assign(np.linspace(-1, 1, up.bias.shape[0]))
    adapted = arrays(model(images(2)))
    assert (adapted["part_maps"] != expected["part_maps"]).any()
    np.testing.assert_array_equal(adapted["global"], expected["global"])


IDENTITIES = ["global_identity", "foreground_identity", "parts_identity"]


@pytest.mark.parametrize(
    ("stop", "terms", "learns"),
    [
        ("none", IDENTITIES, True),
        ("none", ["part_compactness"], True),
        ("triplet", IDENTITIES, True),
        ("triplet", ["part_compactness"], False),
        ("all", [*IDENTITIES, "part_compactness"], False),
    ],
)
def test_which_losses_teach_the_masks(stop, terms, learns):
    model = model_of(
        DROP, reid_map=ReIDMap(stop_at_masks=stop), memory=NO_MEMORY
    )
    randomise(model)
    x, y = batch()
    gradients = loss_gradients(model, x, y, terms)
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
        assert (largest[layer] > 0) == learns, layer


def test_a_triplet_loss_that_stops_at_the_masks_changes_no_value():
    plain = randomise(model_of(DROP, memory=NO_MEMORY))
    stopped = model_of(
        DROP, reid_map=ReIDMap(stop_at_masks="triplet"), memory=NO_MEMORY
    )
    copy_weights(plain, stopped)
    for training in (False, True):
        expected = arrays(plain(images(4), training=training))
        actual = arrays(stopped(images(4), training=training))
        for name, values in expected.items():
            np.testing.assert_allclose(actual[name], values, atol=1e-4)


@pytest.mark.slow
def test_reid_map_does_not_depend_on_parsing():
    model = randomise(model_of(DROP, hrnet(), reid_map=ReIDMap(4)))
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
    "memory",
    [PartMemory(size=10, start_epoch=3), NO_MEMORY, PartMemory(size=0)],
    ids=str,
)
def test_empty_memory_leaves_the_part_averaged_triplet(memory):
    model = model_of(
        DROP, part_schema=HALVES, memory=memory, term_losses=compactness()
    )
    model.epoch.assign(5)
    y, outputs = fixture_batch()
    losses = arrays(model.loss_terms(y, outputs, False))["part_compactness"]
    assert np.isclose(losses.mean(), 2.352867, atol=1e-5)


@pytest.mark.parametrize(
    "combine, expected", [("mean", 2.928561), ("asymmetric", 5.490864)]
)
def test_memory_of_the_specification(combine, expected):
    model = model_of(
        DROP,
        part_schema=HALVES,
        term_losses={"part_compactness": PartAwareCompactness(combine=combine)},
    )
    y, outputs = fixture_batch()
    embeddings = np.zeros((2, 2, 512), "float32")
    slots, people, visibility = part_triplet.FIXTURE_BANK
    embeddings[..., :2] = slots
    model.bank.enqueue(embeddings, people, visibility)
    model.epoch.assign(3)
    losses = arrays(model.loss_terms(y, outputs, False))["part_compactness"]
    assert np.isclose(losses.mean(), expected, atol=1e-5)


def test_memory_holds_the_last_batches():
    model = model_of(
        DROP,
        part_schema=HALVES,
        memory=PartMemory(size=1024, start_epoch=3),
    )
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
    embeddings, people, visibility = arrays(model.bank.read())
    assert (people >= 0).all()
    oldest = int(model.bank.pointer)
    np.testing.assert_array_equal(
        np.roll(embeddings, -oldest, axis=0), np.concatenate(kept)
    )
    assert visibility.shape == (1024, 2)
    assert not model.bank.trainable_variables


@pytest.mark.parametrize("memory", ["queue", "prototype"])
def test_memory_does_nothing_before_its_epoch(memory):
    """Also in a second training, which finds what the first has left.

    Equal up to the rounding of a product that has the memory's columns too.
    """
    model = model_of(DROP, memory=PartMemory(memory, 10, start_epoch=3))
    none = model_of(DROP, memory=NO_MEMORY)
    _, y = batch()
    outputs = random_outputs()
    expected = float(none.compute_loss(None, y, outputs, training=True))
    model.epoch.assign(3)
    for seed in (1, 2):
        model.compute_loss(None, y, random_outputs(seed=seed), training=True)
    later = float(model.compute_loss(None, y, outputs, training=False))
    assert abs(later - expected) > 3e-4
    model.epoch.assign(2)
    for training in (False, True):
        loss = model.compute_loss(None, y, outputs, training=training)
        np.testing.assert_allclose(float(loss), expected, rtol=1e-6)
    marks = model.bank.read()[1]
    empty = -1 if memory == "queue" else False
    assert (arrays(marks) == empty).all()


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_round_trip():
    model = assert_round_trip(
        DROP,
        backbone=hrnet(),
        num_identities=5,
        part_schema=HALVES,
        parsing_map=ParsingMap(16, "concat", False, "table", True),
        reid_map=ReIDMap(8, "concat", "triplet"),
        memory=PartMemory("prototype", 5, 4),
        visibility=VisibilityRule("threshold", 0.3, True),
        test_embeddings="global+foreground+parts",
        term_losses=compactness(PrototypeCompactness, margin=-1.0),
        loss_weights={"parsing": 2.0, "foreground_triplet": 1.0},
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=(64, 32), interpolation="bicubic"
        ),
        name="mine",
    )
    revived = DROP.from_config(model.get_config())
    assert revived.part_schema == HALVES
    assert revived.get_layer("upsampling").fusion == "concat"
    assert revived.get_layer("pooling").mode == "concat"
    assert revived.memory == model.memory
    assert revived.term_losses["part_compactness"].margin == -1.0
    assert revived.loss_weights == model.loss_weights
    assert set(weights(revived)) == set(weights(model))


@pytest.mark.parametrize(
    "wrong",
    [
        {"memory": "queue"},
        {"reid_map": 16},
        {"test_embeddings": "global"},
        {"part_schema": "eleven"},
        {"loss_weights": {"parsin": 2.0}},
        {"loss_weights": {"parsing": -2.0}},
        {"term_losses": {"parsin": None}},
    ],
    ids=str,
)
def test_refuses_what_it_does_not_know(wrong):
    value = next(iter(wrong.values()))
    while isinstance(value, dict):
        key, value = next(iter(value.items()))
        value = key if key == "parsin" else value
    with pytest.raises(ValueError, match=str(value)):
        model_of(DROP, **wrong)


@pytest.mark.parametrize(
    "kind, loss",
    [
        ("queue", PrototypeCompactness),
        ("none", PrototypeCompactness),
        ("prototype", PartAwareCompactness),
    ],
)
def test_a_loss_of_another_memory_is_refused(kind, loss):
    with pytest.raises(ValueError, match=f"'{kind}', which `{loss.__name__}`"):
        model_of(DROP, memory=PartMemory(kind), term_losses=compactness(loss))

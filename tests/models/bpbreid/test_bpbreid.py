import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.losses import (
    IdentityCrossEntropy,
    PartAveragedTriplet,
    SpatiallySmoothedParsing,
)
from keras_drop.models import (
    BPBReID,
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


@pytest.mark.parametrize(
    "backbone, rule, threshold, compared",
    [
        (Pyramid, "argmax", 0.4, "foreground+parts"),
        (Pyramid, "threshold", 0.7, "parts"),
        (hrnet, "continuous", 0.4, "global+foreground+parts"),
    ],
)
def test_matches_reference(backbone, rule, threshold, compared):
    model = model_of(
        BPBReID,
        backbone(),
        visibility=VisibilityRule(rule, threshold),
        test_embeddings=compared,
    )
    x = images(4)
    randomise(model)
    # A background that is likely in some cells only.
    classifier = model.get_layer("part_classifier").classifier
    classifier.bias.assign(np.zeros(4))
    classifier.kernel.assign(arrays(classifier.kernel) * [0, 1, 1, 1])
    features = stages_of(model, x)
    if backbone is hrnet:
        grid = features[0].shape[1:3]
        features = np.concatenate(
            [
                maps.resize(stage, grid, corner_aligned=True)
                for stage in features
            ],
            axis=-1,
        )
    else:
        features = features[-1]
    expected = reid_models.bpbreid(
        features, weights(model), rule, threshold, compared
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
            {
                "visibility": VisibilityRule(in_training=True),
                "term_losses": {"parts_triplet": PartAveragedTriplet(1.0)},
            },
            1.0,
            0.1,
        ),
        (
            {"visibility": VisibilityRule("continuous", in_training=True)},
            0.3,
            0.1,
        ),
        (
            {
                "loss_weights": {"foreground_triplet": 0.5},
                "term_losses": {
                    name: PartAveragedTriplet(-1.0)
                    for name in ("parts_triplet", "foreground_triplet")
                },
            },
            -1.0,
            0.1,
        ),
        (
            {
                "loss_weights": {"parsing": 0.7},
                "term_losses": {
                    "parsing": SpatiallySmoothedParsing(
                        spatial_smoothing=False, label_smoothing=0.0
                    ),
                    **{
                        f"{name}_identity": IdentityCrossEntropy(0.3)
                        for name in ("global", "foreground", "parts")
                    },
                },
            },
            0.3,
            0.3,
        ),
    ],
    ids=["defaults", "visible", "continuous", "foreground", "smoothing"],
)
def test_losses_match_reference(switches, margin, smoothing):
    model = model_of(BPBReID, **switches)
    _, y = batch()
    outputs = random_outputs(grid=(4, 2))
    terms = arrays(model.loss_terms(y, outputs, training=True))
    people, rule = y["identities"], model.visibility
    expected = {
        f"{name}_identity": cross_entropy.identity_cross_entropy(
            people, outputs[f"{name}_logits"], smoothing
        )
        for name in ("global", "foreground", "parts")
    }
    expected["parts_triplet"] = part_triplet.part_averaged_triplet(
        people,
        outputs["parts"].astype("float64"),
        margin,
        outputs["visibility"][:, 1:] if rule.in_training else None,
        root=rule.rule == "continuous",
    )
    weights = {"foreground_triplet": 0, "parsing": 0.35}
    weights |= switches.get("loss_weights", {})
    if weights["foreground_triplet"]:
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
        label_smoothing=0.0 if smoothing == 0.3 else 0.1,
    )
    assert terms.keys() == expected.keys()
    for name in terms:
        np.testing.assert_allclose(
            terms[name], expected[name], rtol=1e-3, atol=1e-4, err_msg=name
        )
    assert terms["parsing"][1] == 0, "the image without a label"
    total = sum(
        weights.get(name, 1) * term.mean() for name, term in expected.items()
    )
    loss = arrays(model.compute_loss(None, y, outputs, training=True))
    np.testing.assert_allclose(loss, total, rtol=1e-4)


def test_identities_teach_the_classifier():
    model = randomise(model_of(BPBReID))
    x, y = batch()
    for term in ("foreground_identity", "parts_identity", "parts_triplet"):
        gradients = loss_gradients(model, x, y, [term])
        assert np.abs(gradients["part_classifier/classifier/kernel"]).max() > 0


def test_foreground_is_visible_where_all_is_background():
    model = model_of(BPBReID)
    bias = model.get_layer("part_classifier").classifier.bias
    bias.assign([9.0, 0.0, 0.0, 0.0])
    visibility = arrays(model(images(2)))["visibility"]
    assert visibility.tolist() == [[1, 0, 0, 0]] * 2


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "backbone, size, schema, features, classifier",
    [
        (hrnet_w18_small, (256, 128), "eight", (64, 32, 1920), 21_129),
        (hrnet_w18_small, (384, 128), "five_v", (96, 32, 1920), 15_366),
        (resnet50, (384, 128), "five_v", (24, 8, 2048), 16_390),
        (resnet18, (256, 128), "eight", (16, 8, 512), 5_641),
    ],
)
def test_shapes_and_parameters(backbone, size, schema, features, classifier):
    model = BPBReID(backbone(size), 702, schema)
    num_parts = {"eight": 8, "five_v": 5}[schema]
    height, width, channels = features
    part_classifier = model.get_layer("part_classifier")
    assert part_classifier.input.shape == (None, *features)
    assert trained(part_classifier) == classifier
    for name in ("global", "foreground", "parts"):
        reduction = trained(model.get_layer(f"{name}_reduction"))
        assert reduction == channels * 512 + 512 + 2 * 512
    # A head of the specification has an offset frozen at 0, one a channel.
    assert trained(model.get_layer("foreground_neck")) == 360_448 - 512
    if num_parts == 8:
        assert trained(model.get_layer("parts_neck")) == 2_883_584 - 4_096
    assert_descriptor_shapes(model, (height, width), num_parts)


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_round_trip():
    model = assert_round_trip(
        BPBReID,
        backbone=Pyramid(),
        num_identities=5,
        part_schema=HALVES,
        visibility=VisibilityRule("threshold", 0.3, in_training=True),
        test_embeddings="global+foreground+parts",
        term_losses={"parts_triplet": PartAveragedTriplet(-1.0)},
        loss_weights={"parsing": 0.7, "foreground_triplet": 1.0},
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=(64, 32), interpolation="bicubic"
        ),
        name="mine",
    )
    assert model.embedding_names == ("global", "foreground", "upper", "lower")
    revived = BPBReID.from_config(model.get_config())
    assert revived.visibility == VisibilityRule("threshold", 0.3, True)
    assert revived.term_losses["parts_triplet"].margin == -1.0
    assert revived.term_losses["parsing"].spatial_smoothing is False
    assert revived.loss_weights == {
        **BPBReID.DEFAULT_LOSS_WEIGHTS,
        "parsing": 0.7,
        "foreground_triplet": 1.0,
    }
    assert revived.part_schema == HALVES
    assert revived.preprocessor.interpolation == "bicubic"


@pytest.mark.parametrize(
    "wrong",
    [
        {"visibility": "continuous"},
        {"test_embeddings": "global"},
        {"part_schema": "eleven"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_refuses_what_it_does_not_know(wrong):
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        model_of(BPBReID, **wrong)


@pytest.mark.nightly
def test_learns_eight_people_by_heart():
    """People are stripes of colours, images of them differ by noise."""
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(8), 8)
    colours = rng.uniform(0, 255, (8, 4, 3))
    stripes = np.repeat(colours, 32, axis=1)[people][:, :, None, :]
    x = stripes + rng.normal(0, 60, (64, 128, 64, 3))
    x = np.clip(x, 0, 255).astype("float32")
    parsing = np.zeros((64, 32, 16, 4), "float32")
    for part in range(4):
        parsing[:, 8 * part : 8 * part + 8, :, part] = 1
    model = BPBReID(resnet18((128, 64)), 8, "three_v")
    model.compile(
        keras.optimizers.Adam(3.5e-4),
        jit_compile=keras.backend.backend() == "jax",
    )
    y = {
        "identities": people.astype("int32"),
        "parsing": parsing,
        "parsing_weight": np.ones(64, "float32"),
    }
    best = 0
    for epoch in range(0, 60, 10):
        model.fit(x, y, 32, epoch + 10, initial_epoch=epoch, verbose=0)
        embeddings = model.embed(x).embeddings
        embeddings /= np.linalg.norm(embeddings, axis=-1, keepdims=True) + 1e-9
        flat = embeddings.reshape(64, -1)
        similarity = flat @ flat.T
        np.fill_diagonal(similarity, -np.inf)
        best = np.mean(people[similarity.argmax(axis=1)] == people)
        if best == 1:
            break
    assert best == 1

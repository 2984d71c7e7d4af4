import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.losses import FocalParsing, VisibilityTriplet, VisibleIdentity
from keras_drop.models import (
    HardMasks,
    HPNet,
    parse_switches,
    resnet18,
    resnet50,
    switch_names,
)
from keras_drop.part_schemas import PartSchema
from keras_drop.training import CoupledSGD, warmup_multistep
from tests.models.small import (
    IMAGE_SIZE,
    NUM_IDENTITIES,
    Pyramid,
    arrays,
    batch,
    images,
    loss_gradients,
    model_of,
    randomise,
    resnet,
    stages_of,
    weights,
)
from tests.reference import hpnet
from tests.testing import assert_round_trip, assert_saves

PARTS = ("head", "torso_arms", "legs")
HALVES = PartSchema(
    "halves", ("upper", "lower"), {"densepose14": ((1, 2), (3, 4))}
)
NEW_LAYERS = {"parsing_head|neck": 2.0}
RELEASE = {"release": True}


def hpnet_of(backbone=None, **switches):
    return model_of(HPNet, backbone, name="hpnet", **switches)


def seen_model(**switches):
    """Of the first image alone, the last part is not visible."""
    model = randomise(hpnet_of(**switches))
    centre_parsing(model, images(6))
    return model


def centre_parsing(model, x):
    """Biases of the heads, so that about half of the cells show a part."""
    logits = arrays(model(x))["part_logits"]
    for k, part in enumerate(PARTS):
        head = model.get_layer(f"{part}_parsing_head").classifier
        middle = np.median(logits[..., k])
        if part == "legs":
            middle = logits[0, ..., k].max() + 1e-3
        head.bias.assign(arrays(head.bias) - middle)


def maps_of_parts(model, x):
    """By the last stage of `Pyramid`: a 1x1 convolution and ReLU."""
    *_, before, after = stages_of(model, x)
    maps, stored = [after], weights(model)
    for part in PARTS[1:]:
        kernel = stored[f"{part}_conv5/kernel"][0, 0]
        maps.append(
            np.maximum(before @ kernel + stored[f"{part}_conv5/bias"], 0)
        )
    return maps


@pytest.mark.parametrize("no_part_query", ["tie", "global"])
def test_matches_reference(no_part_query):
    model = seen_model(masks=HardMasks(0.6), no_part_query=no_part_query)
    x = images(6)
    expected = hpnet.hpnet(
        maps_of_parts(model, x),
        weights(model),
        PARTS,
        threshold=0.6,
        unmasked=no_part_query == "global",
    )
    outputs = arrays(model(x))
    assert outputs.keys() == expected.keys()
    assert 0 < expected["visibility"].mean() < 1
    for name in outputs:
        assert outputs[name].shape == expected[name].shape
        np.testing.assert_allclose(
            outputs[name], expected[name], rtol=1e-3, atol=1e-3, err_msg=name
        )
    np.testing.assert_allclose(outputs["part_maps"].sum(-1), 1, atol=1e-6)
    unmasked = [f"unmasked_{p}" for p in PARTS if no_part_query == "global"]
    assert model.embedding_names == (*unmasked, *PARTS)


def random_outputs(seed=0):
    """Outputs that the model could have for the batch, as arrays."""
    rng = np.random.default_rng(seed)
    count = 2 * NUM_IDENTITIES
    seen = rng.uniform(size=(count, 3)) > 0.4
    return {
        "parts": rng.normal(size=(count, 3, 20)).astype("float32"),
        "identity_logits": rng.normal(size=(count, 3, 3)).astype("float32"),
        "part_logits": rng.normal(size=(count, 4, 2, 3)).astype("float32"),
        # Those of the unmasked embeddings come first and do not count.
        "visibility": np.concatenate([~seen, seen], 1).astype("float32"),
    }


AREA_MAX = HardMasks(label_reduction="area_max")


@pytest.mark.parametrize(
    "switches, id_norm, seg_norm, margin",
    [
        ({}, "batch", "image", 0.3),
        # The weights belong to the sum, not to the terms.
        ({"loss_weights": {"identity": 0.5}}, "batch", "image", 0.3),
        ({"release": True, "parsing_epochs": 0}, "visible", "batch", 0.3),
        ({"masks": AREA_MAX, "no_part_query": "global"}, "batch", "image", 0.3),
        (
            {
                "term_losses": {
                    "identity": VisibleIdentity("visible"),
                    "triplet": VisibilityTriplet(margin=0.7),
                    "parsing": FocalParsing("batch"),
                }
            },
            *("visible", "batch", 0.7),
        ),
    ],
    ids=["defaults", "weights", "release", "area max", "losses"],
)
def test_terms_match_reference(switches, id_norm, seg_norm, margin):
    model, (_, y), outputs = hpnet_of(**switches), batch(), random_outputs()
    terms = arrays(model.loss_terms(y, outputs, training=False))
    seen, people = outputs["visibility"][:, 3:], y["identities"]
    numbers = y["parsing"].argmax(axis=-1)
    numbers[1] = 0  # The image without a label.
    masks = switches.get("masks", HardMasks())
    cells = hpnet.part_cells(numbers, (4, 2), masks.label_reduction, 3)
    probabilities = 1 / (1 + np.exp(-outputs["part_logits"].astype("float64")))
    expected = {
        "identity": hpnet.visible_identity(
            people, outputs["identity_logits"], seen, id_norm
        ),
        "triplet": hpnet.visibility_triplet(
            people, outputs["parts"], seen, margin
        ),
        "parsing": y["parsing_weight"]
        * hpnet.focal_parsing(cells, probabilities, seg_norm),
    }
    assert terms.keys() == expected.keys()
    for name in terms:
        assert expected[name].any()
        np.testing.assert_allclose(
            terms[name], expected[name], rtol=1e-3, atol=1e-5, err_msg=name
        )
    assert terms["parsing"][1] == 0, "the image without a label"


@pytest.mark.parametrize(
    "weights",
    [
        {"identity": 1.0, "triplet": 0.1, "parsing": 1.0, "parsing_only": 1.0},
        {"identity": 0.5, "triplet": 2.0, "parsing": 3.0, "parsing_only": 4.0},
    ],
    ids=["paper", "others"],
)
def test_the_loss_is_the_weighted_sum(weights):
    switches = {"loss_weights": weights}
    if weights["triplet"] == 0.1:
        switches = {}
    model, (x, y) = seen_model(**switches), batch()
    y["parsing_only"] = labelled()
    assert model.loss_weights == weights
    outputs = model(x)
    loss = arrays(model.compute_loss(x, y, outputs, training=False))
    terms = arrays(model.loss_terms(y, outputs, training=False))
    assert terms.keys() == weights.keys()
    expected = sum(weights[name] * terms[name].mean() for name in terms)
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


@pytest.fixture(scope="module")
def gradients():
    """Of all losses but parsing, and of parsing; the legs are nowhere seen."""
    model = seen_model()
    head = model.get_layer("legs_parsing_head").classifier
    head.bias.assign(arrays(head.bias) - 100)
    x, y = batch()
    assert arrays(model(x))["visibility"].any(axis=0).tolist() == [1, 1, 0]
    return [
        loss_gradients(model, x, y, terms)
        for terms in (["identity", "triplet"], ["parsing"])
    ]


def test_only_labels_teach_the_parsing_heads(gradients):
    reid, parsing = gradients
    heads = [path for path in reid if "_parsing_head/" in path]
    assert len(heads) == 3 * 5
    for path in heads:
        assert not reid[path].any(), path
        assert parsing[path].any(), path


def test_a_part_that_is_not_seen_teaches_its_branch_nothing(gradients):
    reid, parsing = gradients
    for values in gradients:
        assert all(np.isfinite(value).all() for value in values.values())
    for path in ("legs_conv5/kernel", "legs_conv5/bias"):
        assert not reid[path].any() and parsing[path].any(), path
    seen = ("conv2/kernel", "conv5/kernel", "torso_arms_conv5/kernel")
    assert all(reid[path].any() and parsing[path].any() for path in seen)


@pytest.mark.slow
@pytest.mark.backend_neutral
@pytest.mark.parametrize("share", [False, True])
def test_shapes_and_parameters(share):
    model = HPNet(resnet50((384, 128)), 751, share_last_stage=share)
    shapes = {name: tuple(x.shape[1:]) for name, x in model.output.items()}
    assert shapes == {
        "embeddings": (4, 2048),
        "visibility": (4,),
        "part_maps": (24, 8, 5),
        "part_logits": (24, 8, 4),
        "parts": (4, 2048),
        "identity_logits": (4, 751),
    }
    counts = {"trunk": 0, "last": 0, "head": 0, "neck": 0}
    for variable in model.trainable_variables:
        found = [
            kind
            for kind, name in {
                "head": "_parsing_head/",
                "neck": "_neck/",
                "last": "stack3_",
            }.items()
            if name in variable.path
        ]
        counts[found[0] if found else "trunk"] += int(np.prod(variable.shape))
    assert counts == {
        "trunk": 8_543_296,
        "last": (1 if share else 4) * 14_964_736,
        "head": 4 * 4_719_361,
        "neck": 4 * (2048 + 2048 * 751 + 751),
    }
    inference = sum(counts.values()) - counts["neck"]
    assert inference == (42_385_476 if share else 87_279_684)


@pytest.mark.backend_neutral
def test_the_small_version():
    model = HPNet(resnet18((384, 128)), 5)
    assert model.get_layer("head_parsing_head").channels == 128
    assert model.output["embeddings"].shape == (None, 4, 512)
    assert model.output["part_maps"].shape == (None, 24, 8, 5)


def test_images_are_normalised_as_released():
    x = images(1)
    normalised = arrays(hpnet_of().get_layer("normalised")(x))
    expected = (x / 255 - [0.486, 0.459, 0.408]) / [0.229, 0.224, 0.225]
    np.testing.assert_allclose(normalised, expected, atol=1e-5)


@pytest.mark.backend_neutral
def test_mixed_precision_keeps_what_is_compared_in_float32():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = hpnet_of(resnet(), no_part_query="global")
    finally:
        keras.config.set_dtype_policy("float32")
    copy = model.get_layer("legs_last_stage")
    assert model.backbone.compute_dtype == "bfloat16"
    assert {layer.compute_dtype for layer in copy.layers[1:]} == {"bfloat16"}
    for name, output in model.output.items():
        assert output.dtype == "float32", name


def test_masked_normalisation_counts_visible_rows():
    model = seen_model(masks=HardMasks(masked_normalization=True))
    x = images(6)
    neck = model.get_layer("legs_neck").normalisation
    # Batch statistics shift the logits: hide the first image's legs again.
    logits = arrays(model(x, training=True))["part_logits"][..., 2]
    bias = model.get_layer("legs_parsing_head").classifier.bias
    bias.assign(arrays(bias) - logits.max(axis=(1, 2)).min() - 1e-3)
    neck.moving_mean.assign(np.zeros(20))
    outputs = arrays(model(x, training=True))
    shown = outputs["visibility"][:, 2] > 0
    assert 0 < shown.sum() < 6
    np.testing.assert_allclose(
        arrays(neck.moving_mean),
        0.1 * outputs["parts"][shown, 2].mean(axis=0),
        rtol=1e-3,
        atol=1e-5,
    )


class Batches(keras.utils.PyDataset):
    """The same batch, again and again."""

    def __init__(self, *batch, count=1):
        super().__init__()
        self.batch, self.count = batch, count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return self.batch


def labelled(count=4, seed=7):
    x, y = batch(images_each=2, seed=seed)
    return {
        "images": x[:count],
        "parsing": y["parsing"][:count],
        "parsing_weight": y["parsing_weight"][:count],
    }


def step_of(start, x, y, jit_compile=None, **switches):
    """Changes of the weights of a model in one step at learning rate 1."""
    model = hpnet_of(**switches)
    for variable, value in zip(model.variables, start.values(), strict=True):
        variable.assign(value)
    if jit_compile is None:
        jit_compile = keras.backend.backend() == "jax"
    model.compile(keras.optimizers.SGD(1.0), jit_compile=jit_compile)
    history = model.fit(Batches(x, y), verbose=0).history
    after = weights(model)
    return {path: after[path] - start[path] for path in start}, history


@pytest.fixture(scope="module")
def passes():
    """Weights at the start, and the changes by either of the two passes."""
    start, (x, y), other = weights(seen_model()), batch(), labelled()
    own, _ = step_of(start, x, y)
    theirs, logs = step_of(
        start,
        other["images"],
        {"identities": np.array([0, 1, 0, 1], "int32"), **other},
        loss_weights={"identity": 0.0, "triplet": 0.0, "parsing": 0.5},
    )
    return start, own, theirs, logs["parsing"][0]


@pytest.mark.slow
@pytest.mark.parametrize("jit_compile", [False, True])
def test_two_passes_teach_every_weight_the_sum_of_both(jit_compile, passes):
    backend = keras.backend.backend()
    if jit_compile and backend == "torch":
        pytest.skip("PyTorch has no XLA")
    if not jit_compile and backend == "jax":
        pytest.skip("JAX compiles in the other test")
    start, own, theirs, their_loss = passes
    x, y = batch()
    y["parsing_only"] = labelled()
    half = {"parsing_only": 0.5}
    both, logs = step_of(start, x, y, jit_compile, loss_weights=half)
    assert logs["parsing_only"][0] == pytest.approx(their_loss, rel=1e-4)
    still = {path for path, change in both.items() if not change.any()}
    # A bias before a batch normalisation cannot matter.
    assert still <= {"hpnet/epoch", "conv2/bias"}
    for path, change in both.items():
        expected = own[path] + theirs[path]
        if "/moving_" in path and "_neck" not in path:
            # Moved twice, one after the other: 0.9 (0.9 m + 0.1 a) + 0.1 b.
            momentum = 0.99 if path.startswith("norm2") else 0.9
            expected = momentum * own[path] + theirs[path]
            assert theirs[path].any(), path
        elif "_neck" in path or path.startswith("hpnet/"):
            expected = own[path]  # Nobody looks at their identities.
        np.testing.assert_allclose(
            change, expected, rtol=1e-3, atol=2e-5, err_msg=path
        )


def test_without_a_weight_labelled_images_do_not_pass(passes):
    start, own, _, _ = passes
    x, y = batch()
    y["parsing_only"] = labelled()
    plain, logs = step_of(start, x, y, loss_weights={"parsing_only": 0.0})
    assert "parsing_only" not in logs
    for path, change in plain.items():
        np.testing.assert_allclose(
            change, own[path], rtol=1e-4, atol=1e-6, err_msg=path
        )


def test_steps_alternate_and_the_count_is_kept(tmp_path):
    switches = {"release": True, "parsing_epochs": 0}
    model = seen_model(**switches)
    x, y = batch()
    outputs = model(x)
    learnt = []
    for _ in range(3):
        terms = arrays(model.loss_terms(y, outputs, training=True))
        assert terms["parsing"].any()
        learnt.append((terms["triplet"].any(), terms["identity"].any()))
    assert learnt == [(True, False), (False, True), (True, False)]
    evaluated = arrays(model.loss_terms(y, outputs, training=False))
    assert evaluated["triplet"].any() and evaluated["identity"].any()
    model.save_weights(tmp_path / "run.weights.h5")
    other = hpnet_of(**switches)
    other.load_weights(tmp_path / "run.weights.h5")
    assert int(other.step) == 3
    terms = arrays(other.loss_terms(y, other(x), training=True))
    assert terms["identity"].any() and not terms["triplet"].any()


@pytest.mark.parametrize("switches, epochs", [({}, 0), (RELEASE, 10)])
def test_epochs_of_parsing_alone(switches, epochs):
    model, (x, y) = seen_model(**switches), batch()
    outputs = model(x)
    for epoch, learns in ((epochs - 1, False), (epochs, True)):
        model.epoch.assign(epoch)
        model.step.assign(1)
        terms = arrays(model.loss_terms(y, outputs, training=True))
        assert terms["identity"].any() == learns
        assert terms["parsing"].any()


def test_the_first_epochs_learn_from_parsing_alone():
    model = seen_model(parsing_epochs=10)
    (x, y), states = batch(), [weights(model)]
    model.compile(
        CoupledSGD(0.01, l2=0.5, momentum=0.0, multipliers=NEW_LAYERS),
        jit_compile=keras.backend.backend() == "jax",
    )
    record = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: states.append(weights(model))
    )
    model.fit(
        Batches(x, y),
        initial_epoch=8,
        epochs=11,
        callbacks=[record],
        verbose=0,
    )
    necks = [path for path in states[0] if "_neck/classifier" in path]
    assert len(necks) == 6
    for path in necks:
        start, *_, last, after = (state[path] for state in states)
        decayed = (1 - 2 * 0.01 * 0.5) ** 2 * start
        np.testing.assert_allclose(last, decayed, rtol=1e-5, err_msg=path)
        assert np.abs(after - 0.99 * last).max() > 1e-5, path
    assert int(model.step) == 3


@pytest.mark.backend_neutral
@pytest.mark.parametrize("epoch, rate", [(0, 0.01), (239, 0.01), (240, 0.001)])
def test_learning_rates_of_the_paper(epoch, rate):
    """Of the backbone and all last stages, and twice that of new layers."""
    model = hpnet_of()
    optimizer = CoupledSGD(
        warmup_multistep(epoch, 0.01, warmup_epochs=0, milestones=(240,)),
        l2=0.0,
        multipliers=NEW_LAYERS,
    )
    before = weights(model)
    trainable = model.trainable_variables
    optimizer.apply(
        [keras.ops.ones(v.shape, v.dtype) for v in trainable], trainable
    )
    after, new = weights(model), 0
    for variable in trainable:
        is_new = "conv" not in variable.path.split("/")[0]
        is_new = is_new and not variable.path.startswith("norm2")
        np.testing.assert_allclose(
            before[variable.path] - after[variable.path],
            rate * (2 if is_new else 1),
            rtol=1e-2,
            atol=1e-6,
        )
        new += is_new
    assert new == 3 * (5 + 3)


def different_parts(**switches):
    """A ResNet whose copies do not equal its own last stage any more."""
    model = randomise(hpnet_of(resnet(), **switches))
    own = model.backbone.get_layer("stack3_block0_1_conv").kernel
    copy = {v.path: v for v in model.variables}[
        "legs_stack3_block0_1_conv/kernel"
    ]
    assert (arrays(own) != arrays(copy)).any()
    return model


@pytest.mark.backend_neutral
def test_saves_as_one_file(tmp_path):
    masks = HardMasks(masked_normalization=True)
    assert_saves(different_parts(masks=masks), images(2), tmp_path)


@pytest.mark.backend_neutral
def test_a_preset_keeps_the_parts_apart(tmp_path):
    model = different_parts(no_part_query="global", **RELEASE)
    model.step.assign(5)
    model.save_to_preset(str(tmp_path / "preset"))
    loaded = HPNet.from_preset(str(tmp_path / "preset"))
    configs = model.get_config(), loaded.get_config()
    for config in configs:
        config.pop("backbone")
    assert configs[0] == configs[1]
    before, after = weights(model), weights(loaded)
    assert before.keys() == after.keys()
    for path in before:
        np.testing.assert_array_equal(before[path], after[path], err_msg=path)
    x = images(2)
    for name, values in arrays(model(x)).items():
        np.testing.assert_allclose(
            arrays(loaded(x))[name], values, rtol=1e-5, atol=1e-5
        )
    other = HPNet.from_preset(str(tmp_path / "preset"), num_identities=7)
    assert int(other.step) == 0
    assert other.output["identity_logits"].shape == (None, 3, 7)
    np.testing.assert_allclose(
        arrays(other(x))["embeddings"],
        arrays(model(x))["embeddings"],
        rtol=1e-5,
        atol=1e-5,
    )


@pytest.mark.backend_neutral
def test_a_backbone_preset_starts_all_parts(tmp_path):
    backbone = randomise(resnet())
    backbone.save_to_preset(str(tmp_path))
    model = HPNet.from_preset(str(tmp_path), num_identities=5)
    stored = weights(model)
    expected = weights(backbone)["stack3_block0_1_conv/kernel"]
    names = [
        path for path in stored if path.endswith("stack3_block0_1_conv/kernel")
    ]
    assert len(names) == 4
    for name in names:
        np.testing.assert_array_equal(stored[name], expected)


@pytest.mark.backend_neutral
def test_images_without_parts_have_other_embeddings():
    model = hpnet_of(no_part_query="global")
    x = images(2)
    for part in PARTS:
        model.get_layer(f"{part}_parsing_head").classifier.bias.assign([-1.0])
    descriptors = model.embed(x)
    assert descriptors.names[0] == "unmasked_head"
    assert not descriptors.visibility[:, 3:].any()
    assert descriptors.visibility[:, :3].all()
    maps = maps_of_parts(model, x)
    np.testing.assert_allclose(
        descriptors.embeddings[:, 1], maps[1].max(axis=(1, 2)), rtol=1e-4
    )


@pytest.mark.backend_neutral
def test_round_trip():
    model = assert_round_trip(
        HPNet,
        backbone=Pyramid(),
        num_identities=4,
        part_schema=HALVES,
        share_last_stage=True,
        masks=HardMasks(0.4, True, "area_max"),
        no_part_query="global",
        parsing_epochs=3,
        release=True,
        term_losses={"triplet": VisibilityTriplet(margin=0.7)},
        loss_weights={"triplet": 0.25},
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=IMAGE_SIZE, interpolation="bicubic"
        ),
        name="mine",
    )
    revived = HPNet.from_config(model.get_config())
    assert revived.part_schema == HALVES
    assert revived.masks == HardMasks(0.4, True, "area_max")
    assert revived.get_layer("upper_pooling").threshold == 0.4
    assert revived.loss_weights == {
        **HPNet.DEFAULT_LOSS_WEIGHTS,
        "triplet": 0.25,
    }
    assert revived.term_losses["triplet"].margin == 0.7
    assert revived.term_losses["parsing_only"].seg_norm == "batch"
    assert set(weights(revived)) == set(weights(model))


@pytest.mark.backend_neutral
def test_switches_from_text():
    names = switch_names(HPNet)
    assert names["loss_weights.triplet"] == 0.1
    assert names["masks.threshold"] == 0.5
    assert names["term_losses.identity.id_norm"] == "batch"
    assert names.keys() >= {"share_last_stage", "parsing_epochs", "release"}
    switches = parse_switches(
        HPNet,
        {
            "masks.label_reduction": "area_max",
            "release": "true",
            "parsing_epochs": "2",
            "loss_weights.parsing_only": "0",
            "term_losses.identity.id_norm": "batch",
            "term_losses.parsing.seg_norm": "batch",
        },
    )
    losses = switches.pop("term_losses")
    assert switches == {
        "masks": AREA_MAX,
        "release": True,
        "parsing_epochs": 2,
        "loss_weights": {"parsing_only": 0.0},
    }
    assert losses.keys() == {"identity", "parsing"}
    assert losses["identity"].id_norm == "batch"
    assert losses["parsing"].seg_norm == "batch"
    model = hpnet_of(**switches, term_losses=losses)
    assert model.term_losses["parsing_only"].seg_norm == "batch"


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"masks.treshold": "0.4"}, r"'masks.treshold'.*'masks.threshold'\?"),
        ({"masks.threshold": "1.5"}, "`threshold` is 1.5"),
        ({"parsing_epochs": "-1"}, "`parsing_epochs` is -1"),
        ({"parsing_epochs": "ten"}, "`parsing_epochs` is 'ten'"),
        ({"no_part_query": "globl"}, r"'globl'.*'global'\?"),
        ({"loss_weights.tripplet": "1"}, r"'loss_weights.triplet'\?"),
        ({"part_schema": "nine"}, "nine"),
    ],
    ids=str,
)
def test_refuses_wrong_text_before_anything_is_built(wrong, message):
    with pytest.raises(ValueError, match=message):
        parse_switches(HPNet, wrong)


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "wrong",
    [
        {"part_schema": "nine"},
        {"masks": "hard"},
        {"no_part_query": "foreground"},
        {"parsing_epochs": -1},
        {"loss_weights": {"triplet": -3.0}},
        {"loss_weights": {"triplets": 3.0}},
        {"term_losses": {"triplets": VisibilityTriplet()}},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_refuses_what_it_does_not_know(wrong):
    (value,) = wrong.values()
    if isinstance(value, dict):
        ((name, number),) = value.items()
        value = number if name == "triplet" else name
    with pytest.raises(ValueError, match=str(value)):
        hpnet_of(**wrong)


def test_refuses_labels_of_other_parts():
    model, (x, y) = hpnet_of(), batch(num_parts=2)
    with pytest.raises(ValueError, match=r"labels have 2 parts.* has 3"):
        model.compute_loss(x, y, model(x))

import keras
import keras_hub
import numpy as np
import pytest

from keras_drop.data import ImageBatches
from keras_drop.export import check_saved_model, export_saved_model
from keras_drop.losses import MemoryContrastive
from keras_drop.models import (
    DPEFormer,
    PatchSelection,
    PersonMemory,
    parse_switches,
    resnet18,
    switch_names,
    vit_b16,
    vit_small,
)
from keras_drop.models.backbones import ViTBackbone
from tests.models.small import (
    EAGERLY,
    IMAGE_SIZE,
    NUM_IDENTITIES,
    arrays,
    compile_model,
    images,
    loss_gradients,
    randomise,
    weights,
)
from tests.reference import cross_entropy, dpeformer, maps
from tests.testing import assert_round_trip, assert_saves

PEOPLE = np.repeat(np.arange(NUM_IDENTITIES), 2).astype("int32")
HEADS = ("global", "stripes", "parts", "each_part")
DIM = 48
FEW = PatchSelection(k_min=4)
RELEASED = {
    "global_index": 1,
    "exclude_self_gap": False,
    "off_by_one": True,
    "batch_min": True,
    "axis_bug": True,
}
NO_MEMORY = {"memory": 0.0, "occluded_memory": 0.0}


def vit(**switches):
    """A ViT of one block, on a grid of 7 x 3 patches."""
    return ViTBackbone(
        image_shape=(*IMAGE_SIZE, 3),
        patch_stride=8,
        hidden_dim=DIM,
        num_layers=1,
        num_heads=3,
        **{"drop_path_rate": 0.0, **switches},
    )


def model_of(backbone=None, **switches):
    return DPEFormer(
        backbone or vit(), NUM_IDENTITIES, **{"selection": FEW, **switches}
    )


def random_model(**switches):
    """With weights that make a difference, and a memory of everybody."""
    keras.utils.set_random_seed(3)
    model = randomise(model_of(**switches))
    rng = np.random.default_rng(5)
    for variable in model.variables:
        if variable.path.endswith("positions"):
            variable.assign(rng.normal(size=variable.shape))
    model.bank.fill(rng.normal(size=(3, 4 * DIM)), np.arange(3))
    return model


def batch(seed=0):
    """`(x, y)` of two images of every person, and their occluded copies."""
    x = images(len(PEOPLE), seed=seed)
    occluded = x.copy()
    occluded[:, :40] = images(len(PEOPLE), seed=seed + 100)[:, :40]
    return x, {"identities": PEOPLE, "occluded_images": occluded}


def tokens_of(model, x):
    normalised = model.get_layer("normalised")(x)
    return arrays(model.get_layer("vit")(normalised))["tokens"]


@pytest.mark.parametrize(
    "switches, slow",
    [
        ({}, {}),
        (
            {"selection": PatchSelection("global", "cosine", 7)},
            {"proxy": "global", "similarity": "cosine", "k_min": 7},
        ),
        ({"blending": False}, {"fbm": False}),
        ({"release": True}, RELEASED),
    ],
    ids=["paper", "global", "unblended", "release"],
)
def test_matches_reference(switches, slow):
    model, x = random_model(**switches), images(4)
    slow = {"k_min": 4, **slow}
    expected = dpeformer.outputs(
        tokens_of(model, x).astype("float64"),
        model.backbone.token_grid,
        weights(model),
        maps.normalise,
        **slow,
    )
    outputs = model.predict(x, verbose=0)
    assert outputs.keys() == expected.keys()
    counts = expected["kept_patches"].sum(axis=1)
    assert counts.max() > slow["k_min"] or "batch_min" in slow
    for name in outputs:
        assert outputs[name].shape == expected[name].shape
        np.testing.assert_allclose(
            outputs[name], expected[name], rtol=1e-3, atol=2e-3, err_msg=name
        )


def to_unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def test_descriptors_of_the_release_are_exact():
    """Where every image keeps another number of patches, to 1e-5."""
    model = random_model(selection=PatchSelection(k_min=2), release=True)
    for variable in model.variables:
        if variable.path.endswith("positions"):  # So that images count.
            variable.assign(0.2 * keras.ops.convert_to_numpy(variable))
    x = images(6, seed=1)
    x[1] /= 2
    x[2], x[3], x[4, :20] = x[2].mean((0, 1)), 255 - x[3], 0
    expected = dpeformer.outputs(
        tokens_of(model, x).astype("float64"),
        model.backbone.token_grid,
        weights(model),
        maps.normalise,
        k_min=2,
        **RELEASED,
    )
    counts = expected["kept_patches"].sum(axis=1)
    assert len({*counts}) > 2, counts
    found = model.predict(x, verbose=0)["embeddings"]
    np.testing.assert_allclose(
        to_unit(found), to_unit(expected["embeddings"]), rtol=0, atol=1e-5
    )


def unit_descriptors(model, x, batch_size):
    return to_unit(model.embed(x, batch_size).embeddings[:, 0])


def test_a_descriptor_does_not_depend_on_its_batch():
    model, x = random_model(), images(64)
    together = unit_descriptors(model, x, 64)
    assert np.linalg.norm(together[0] - together[1:], axis=1).min() > 1e-2
    for size in (1, 2, 4, 8):
        rows = np.random.default_rng(size).permutation(64)[: 2 * size]
        some = unit_descriptors(model, x[rows], size)
        np.testing.assert_allclose(some, together[rows], atol=1e-5)
    order = np.random.default_rng(0).permutation(64)
    shuffled = unit_descriptors(model, x[order], 64)
    np.testing.assert_allclose(shuffled, together[order], atol=1e-5)


@pytest.mark.backend_neutral
def test_under_the_release_a_descriptor_depends_on_its_batch():
    model, x = random_model(release=True), images(4)
    alone, together = (unit_descriptors(model, x, n) for n in (1, 4))
    assert np.abs(alone - together).max() > 1e-3


def test_terms_match_reference():
    names = ("memory", "occluded_memory")
    model = random_model(
        term_losses={n: MemoryContrastive(0.1 + 0.1 * len(n)) for n in names},
        # The weights belong to the sum, not to the terms.
        loss_weights={"memory": 0.6, "global_identity": 3.0},
    )
    x, y = batch()
    outputs, occluded = (
        model.predict(pixels, verbose=0) for pixels in (x, y["occluded_images"])
    )
    memory, seen = arrays(model.bank.read())
    terms = arrays(model.loss_terms(y, outputs, training=False))
    expected = {}
    for name in HEADS:
        losses = [
            cross_entropy.identity_cross_entropy(PEOPLE, logits, 0.0)
            for stream in (outputs, occluded)
            for logits in np.reshape(
                stream[f"{name}_logits"], (len(x), -1, NUM_IDENTITIES)
            ).swapaxes(0, 1)
        ]
        expected[f"{name}_identity"] = np.mean(losses, axis=0)
    for name, stream in zip(names, (outputs, occluded)):
        stripes = stream["stripes"].astype("float64")
        expected[name] = dpeformer.memory_contrastive(
            PEOPLE, stripes, memory, seen, 0.1 + 0.1 * len(name)
        )
    assert terms.keys() == expected.keys() == model.loss_weights.keys()
    for name in terms:
        np.testing.assert_allclose(
            terms[name], expected[name], rtol=1e-3, atol=1e-3, err_msg=name
        )
    np.testing.assert_array_equal(arrays(model.bank.read())[0], memory)


def test_identity_losses_of_uniform_logits():
    """Of 702 people, each as likely: (1 + 2 + 1) log 702."""
    model = DPEFormer(vit(), 702, FEW)
    for variable in model.trainable_variables:
        if "classifier" in variable.path:
            variable.assign(np.zeros(variable.shape))
    x, y = batch()
    outputs = model(x)
    loss = arrays(model.compute_loss(x, y, outputs, training=False))
    np.testing.assert_allclose(loss, 26.215734, rtol=1e-6)
    # Nobody is in the memory, so nobody can be told by it.
    terms = arrays(model.loss_terms(y, outputs, training=False))
    assert not terms["memory"].any()


@pytest.mark.parametrize("given", [{}, {"memory": 0.6, "parts_identity": 3.0}])
def test_the_loss_is_the_weighted_sum(given):
    model, (x, y) = random_model(loss_weights=given), batch()
    weights = {
        "global_identity": 2.0,
        "stripes_identity": 0.5,
        "parts_identity": 0.5,
        "each_part_identity": 1.0,
        "memory": 1.0,
        "occluded_memory": 0.3,
        **given,
    }
    outputs = model(x)
    loss = arrays(model.compute_loss(x, y, outputs, training=False))
    terms = arrays(model.loss_terms(y, outputs, training=False))
    assert terms.keys() == weights.keys()
    expected = sum(weights[name] * terms[name].mean() for name in terms)
    np.testing.assert_allclose(loss, expected, rtol=1e-5)


@pytest.fixture(scope="module")
def steps():
    """A model that learns for two steps, and its weights before and after."""
    model = compile_model(random_model(), eagerly=EAGERLY)
    states = [weights(model)]
    for seed in (0, 1):
        x, y = batch(seed)
        model.fit(x, y, batch_size=len(x), shuffle=False, verbose=0)
        states.append(weights(model))
    evaluation = model.evaluate(
        x, y, batch_size=len(x), return_dict=True, verbose=0
    )
    return model, states, evaluation


def changed(before, after):
    return {path for path in before if (before[path] != after[path]).any()}


def test_every_weight_learns(steps):
    model, (start, first, _), _ = steps
    trainable = {variable.path for variable in model.trainable_variables}
    statistics = {path for path in start if "/moving_" in path}
    assert len(statistics) == 4
    assert not (trainable | statistics) - changed(start, first)


def test_the_first_batch_moves_statistics_and_memory_in_turn(steps):
    """Both streams normalise, one after the other; one is remembered."""
    model, (start, first, _), _ = steps
    before = random_model()
    x, y = batch(0)
    path = "stripes_neck/normalisation"
    mean = start[f"{path}/moving_mean"]
    raw = []
    for pixels in (x, y["occluded_images"]):
        cells = tokens_of(before, pixels)[:, 1:].astype("float64")
        cells = cells.reshape(len(x), *model.backbone.token_grid, DIM)
        raw.append(dpeformer.stripes(cells, 4).reshape(len(x), -1))
        mean = 0.9 * mean + 0.1 * raw[-1].mean(axis=0)
    np.testing.assert_allclose(
        first[f"{path}/moving_mean"], mean, rtol=1e-4, atol=1e-4
    )
    rows = (raw[0] - raw[0].mean(axis=0)) / np.sqrt(raw[0].var(axis=0) + 1e-5)
    memory = dpeformer.Memory(0.2)
    memory.of = dict(enumerate(start["memory/embeddings"]))
    memory.update(rows * start[f"{path}/gamma"], PEOPLE)
    np.testing.assert_allclose(
        first["memory/embeddings"],
        memory.arrays(3, 4 * DIM)[0],
        rtol=1e-3,
        atol=2e-3,
    )


def test_evaluate_changes_no_state(steps):
    model, states, evaluation = steps
    assert not changed(states[-1], weights(model))
    assert evaluation.keys() - {"loss"} == model.loss_weights.keys()
    total = sum(w * evaluation[name] for name, w in model.loss_weights.items())
    assert np.isclose(total, evaluation["loss"], rtol=1e-5)


@pytest.mark.backend_neutral
def test_both_streams_teach_alike():
    """Of the terms without weights: exchanging them changes no gradient."""
    x, y = batch()
    swapped = {**y, "occluded_images": x}
    straight, exchanged = (
        loss_gradients(model, *data, model.loss_weights)
        for data in ((x, y), (y["occluded_images"], swapped))
        for model in [random_model()]
    )
    for path, gradient in straight.items():
        largest = np.abs(gradient).max()
        assert largest > 0, path
        np.testing.assert_allclose(
            gradient, exchanged[path], atol=1e-3 * largest, err_msg=path
        )


@pytest.mark.backend_neutral
def test_an_empty_memory_is_refused():
    model = compile_model(model_of())
    x, y = batch()
    with pytest.raises(ValueError, match=r"0 of 3.*fill_memory.*lazy"):
        model.fit(x, y, verbose=0)
    model.fill_memory(x, PEOPLE)
    stripes = arrays(model(x))["stripes"]
    np.testing.assert_allclose(
        arrays(model.bank.read()[0]),
        stripes.reshape(3, 2, -1).mean(axis=1),
        rtol=1e-4,
        atol=1e-4,
    )
    with pytest.raises(ValueError, match=r"people 0 to 2.*2 of these 3"):
        model.fill_memory(x[:4], PEOPLE[:4])


@pytest.mark.backend_neutral
def test_without_contrast_no_memory_is_needed():
    model = compile_model(model_of(loss_weights=NO_MEMORY), eagerly=True)
    x, y = batch()
    history = model.fit(x, y, batch_size=len(x), verbose=0).history
    assert history.keys() == {"loss", *(f"{name}_identity" for name in HEADS)}
    assert history["parts_identity"][0] > 0
    assert not arrays(model.bank.read()[1]).any()


@pytest.mark.backend_neutral
@pytest.mark.parametrize("name", NO_MEMORY)
def test_with_either_contrast_a_memory_is_needed(name):
    model = compile_model(
        model_of(loss_weights={**NO_MEMORY, name: 0.5}), eagerly=True
    )
    x, y = batch()
    with pytest.raises(ValueError, match=r"0 of 3"):
        model.fit(x, y, verbose=0)
    model.fill_memory(x, PEOPLE)
    before = arrays(model.bank.read()[0])
    history = model.fit(x, y, batch_size=len(x), verbose=0).history
    assert history.keys() & NO_MEMORY == {name}
    assert (before != arrays(model.bank.read()[0])).any()


@pytest.mark.backend_neutral
def test_memory_of_files_equals_memory_of_arrays(tmp_path):
    model = random_model()
    pixels = images(6).astype("uint8")
    paths = [str(tmp_path / f"{row}.png") for row in range(6)]
    for path, image in zip(paths, pixels):
        keras.utils.save_img(path, image, scale=False)
    memories = []
    for source in (pixels, ImageBatches(paths, IMAGE_SIZE, batch_size=4)):
        model.fill_memory(source, PEOPLE)
        memories.append(arrays(model.bank.read()[0]))
    np.testing.assert_allclose(*memories, rtol=1e-4, atol=1e-4)


def test_a_lazy_memory_learns_people_as_they_come():
    model = model_of(memory=PersonMemory(start="lazy"))
    x, y = batch()
    some = PEOPLE > 0
    shown = {name: values[some] for name, values in y.items()}
    model.loss_terms(shown, model(x[some], training=True), training=True)
    _, seen = arrays(model.bank.read())
    assert seen.tolist() == [False, True, True]
    model.bank.embeddings.assign(np.random.default_rng(0).random((3, 192)))
    terms = arrays(model.loss_terms(y, model(x), training=False))
    for name in ("memory", "occluded_memory"):
        assert (terms[name] > 0).tolist() == some.tolist()


def test_batches_without_an_occluded_stream_are_refused():
    model = random_model()
    x, y = batch()
    del y["occluded_images"]
    with pytest.raises(ValueError, match=r"has identities.*occluded_stream="):
        model.compute_loss(x, y, model(x))


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_shapes_and_parameters():
    model = DPEFormer(vit_b16((256, 128)), 702)
    assert model.backbone.count_params() == 85_746_432
    for name, count in {
        "blending_3": 2_448,
        "global_classifier": 539_136,
        "part_4_classifier": 539_136,
        "stripes_neck": 2_156_544 + 3 * 3_072,
        "parts_neck": 2_156_544 + 3 * 3_072,
    }.items():
        assert model.get_layer(name).count_params() == count, name
    assert sum(int(np.prod(v.shape)) for v in model.trainable_variables) == (
        85_746_432 + 4 * 2_448 + 5 * 539_136 + 2 * (2_156_544 + 3_072)
    )
    assert model.bank.embeddings.shape == (702, 3_072)
    shapes = {name: tuple(x.shape[1:]) for name, x in model.output.items()}
    assert shapes == {
        "embeddings": (1, 3_072),
        "visibility": (1,),
        "kept_patches": (128,),
        "patch_ranks": (128,),
        "stripes": (3_072,),
        "global_logits": (702,),
        "stripes_logits": (702,),
        "parts_logits": (702,),
        "each_part_logits": (4, 702),
    }


@pytest.fixture(scope="module")
def stored():
    model = random_model(
        selection=PatchSelection(similarity="cosine", k_min=4),
        term_losses={"memory": MemoryContrastive(0.1)},
    )
    model.epoch.assign(7)
    return model


def test_saves_as_one_file(stored, tmp_path):
    assert_saves(stored, images(2), tmp_path)
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert not changed(weights(stored), weights(revived))
    assert revived.term_losses["memory"].temperature == 0.1
    assert revived.selection.similarity == "cosine"


@pytest.mark.backend_neutral
def test_saves_as_a_preset_and_goes_on_with_other_people(stored, tmp_path):
    stored.save_to_preset(str(tmp_path))
    again = DPEFormer.from_preset(str(tmp_path))
    assert not changed(weights(stored), weights(again))
    x = images(2, seed=3)
    expected = arrays(stored(x))
    for people in (7, NUM_IDENTITIES):
        other = stored.for_other_people(people)
        embeddings, seen = arrays(other.bank.read())
        assert embeddings.shape == (people, 4 * DIM)
        assert not seen.any()
        np.testing.assert_allclose(
            arrays(other(x))["embeddings"],
            expected["embeddings"],
            rtol=1e-5,
            atol=1e-5,
        )
        assert arrays(other(x))["each_part_logits"].shape == (2, 4, people)


@pytest.mark.backend_neutral
def test_embed(stored):
    descriptors = stored.embed(images(3, (80, 40)))
    assert descriptors.embeddings.shape == (3, 1, 4 * DIM)
    assert descriptors.names == ("parts",)
    assert descriptors.visibility.all()


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_exports(stored, tmp_path):
    folder = export_saved_model(stored, tmp_path / "dpeformer" / "1")
    assert check_saved_model(folder, stored, tolerance=2e-4) < 2e-4
    # Neither is known to ONNX and others as TensorFlow writes it.
    graph = (folder / "saved_model.pb").read_bytes()
    assert b"ArgMax" not in graph and b"Bitcast" not in graph


@pytest.mark.backend_neutral
def test_round_trip():
    model = assert_round_trip(
        DPEFormer,
        backbone=vit(),
        num_identities=5,
        selection=PatchSelection("global", "cosine", 3),
        blending=False,
        memory=PersonMemory(0.3, "lazy"),
        release=True,
        term_losses={"memory": MemoryContrastive(0.1)},
        loss_weights={"occluded_memory": 0.5},
        preprocessor=keras_hub.layers.ImageConverter(
            image_size=IMAGE_SIZE, interpolation="bicubic"
        ),
        name="mine",
    )
    revived = DPEFormer.from_config(model.get_config())
    assert revived.selection == PatchSelection("global", "cosine", 3)
    assert revived.memory == PersonMemory(0.3, "lazy")
    assert revived.get_layer("patch_selection").get_config()["batch_min"]
    assert revived.bank.momentum == 0.3
    assert revived.term_losses["memory"].temperature == 0.1
    assert revived.loss_weights["occluded_memory"] == 0.5


@pytest.mark.backend_neutral
def test_the_release_blends_and_selects_as_the_authors():
    model = model_of(release=True)
    assert model.get_layer("blending_4").axis_bug
    selection = model.get_layer("patch_selection").get_config()
    assert (selection["off_by_one"], selection["batch_min"]) == (True, True)
    assert not selection["exclude_self_gap"]


@pytest.mark.backend_neutral
def test_switches_from_text():
    names = switch_names(DPEFormer)
    assert names["selection.k_min"] == 24
    assert names["loss_weights.occluded_memory"] == 0.3
    assert names["term_losses.memory.temperature"] == 0.05
    switches = parse_switches(
        DPEFormer,
        {
            "selection.proxy": "global",
            "blending": "false",
            "memory.start": "lazy",
            "loss_weights.memory": "2",
            "term_losses.occluded_memory.temperature": "1",
        },
    )
    losses = switches.pop("term_losses")
    assert switches == {
        "selection": PatchSelection("global"),
        "blending": False,
        "memory": PersonMemory(start="lazy"),
        "loss_weights": {"memory": 2.0},
    }
    assert losses.keys() == {"occluded_memory"}
    assert losses["occluded_memory"].temperature == 1.0


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"selection.kmin": "4"}, r"'selection.kmin'.*'selection.k_min'\?"),
        ({"selection.k_min": "0"}, "`k_min` is 0"),
        ({"selection.similarity": "cos"}, "got 'cos'"),
        ({"memory.momentum": "1"}, "`momentum` is 1.0"),
        ({"memory.start": "zeros"}, "`start` is one of 'mean', 'lazy'"),
        ({"blending": "1"}, "kind bool"),
        ({"loss_weights.memory": "-2"}, "has to be 0 or more"),
        ({"term_losses.memory.temperature": "0"}, "`temperature` is 0.0"),
    ],
    ids=str,
)
def test_refuses_wrong_text_before_anything_is_built(wrong, message):
    with pytest.raises(ValueError, match=message):
        parse_switches(DPEFormer, wrong)


@pytest.mark.parametrize(
    "switches, message",
    [
        ({"backbone": vit_small((64, 32), num_cameras=3)}, "`num_cameras`"),
        (
            {"backbone": resnet18((64, 32))},
            "such as .*vit_b16, vit_small",
        ),
        ({"memory": "lazy"}, "`memory` is a `PersonMemory`.*got 'lazy'"),
        ({"selection": 4}, "`selection` is a `PatchSelection`.*got 4"),
        ({"loss_weights": {"memory": -2}}, "is -2"),
        ({"loss_weights": {"memori": 2}}, r"'memori'.*'memory'\?"),
        ({"selection": PatchSelection()}, "21 patches and `k_min` is 24"),
    ],
)
@pytest.mark.backend_neutral
def test_refuses_what_does_not_fit(switches, message):
    with pytest.raises(ValueError, match=message):
        model_of(**switches)


def test_misspelt_argument_is_an_error():
    with pytest.raises(TypeError, match="blendin"):
        model_of(blendin=False)


@pytest.mark.backend_neutral
def test_mixed_precision_keeps_what_is_compared_in_float32():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = random_model()
        assert model.backbone.compute_dtype == "bfloat16"
        for name, output in model.output.items():
            expected = "int32" if name == "patch_ranks" else "float32"
            assert output.dtype == expected, name
        x, y = batch()
        loss = arrays(model.compute_loss(x, y, model(x)))
    finally:
        keras.config.set_dtype_policy("float32")
    exact = random_model()
    expected = arrays(exact.compute_loss(x, y, exact(x)))
    np.testing.assert_allclose(loss, expected, rtol=0.1)


def model_and_batches():
    """For two devices: three batches of eight, with people on both."""
    model = random_model()
    x = images(24)
    people = np.tile([0, 1, 2, 0, 1, 2, 0, 1], 3).astype("int32")
    y = {"identities": people, "occluded_images": images(24, seed=1)}
    if keras.backend.backend() == "tensorflow":
        compile_ = model.compile
        # On its CPUs XLA compiles for minutes what runs for milliseconds.
        model.compile = lambda *args: compile_(*args, jit_compile=False)
    return model, x, y

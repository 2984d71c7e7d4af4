import dataclasses
import json
import warnings

import keras
import numpy as np
import pytest
from PIL import Image

import keras_drop
from keras_drop.data import ImageBatches
from keras_drop.losses import PartAveragedTriplet, PartAwareCompactness
from keras_drop.models import (
    DROP,
    BPBReID,
    Focuser,
    GlobalBaseline,
    PABReID,
    ParsingMap,
    PartMemory,
    ReIDMap,
    TransReIDBaseline,
    VisibilityRule,
    freeze_stages,
)
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.part_schemas import PartSchema
from keras_drop.training import CoupledAdam
from tests.models.small import (
    EAGERLY,
    IMAGE_SIZE,
    MODELS,
    NUM_IDENTITIES,
    Pyramid,
    arrays,
    batch,
    compile_model,
    hrnet,
    images,
    model_of,
    randomise,
    resnet,
    weights,
)

# What feeds a batch normalisation loses its mean: no bias can matter. Some
# layers are multiplied by weights that start at 0: they have to wait.
NO_GRADIENT = ("_reduction/linear/bias", "/attention/score/bias")
SECOND_STEP = {
    "DROP": "position_encoder/encoder/hidden",
    "PABReID": "focuser/taylor_difference",
}

ONE_WEIGHT = {"global_identity": 3.0}
AT_ONCE = PartMemory(size=10, start_epoch=0)
HALVES = PartSchema(
    "halves", ("upper", "lower"), {"densepose14": ((1, 2), (3, 4))}
)


@dataclasses.dataclass
class Run:
    """A model that was trained for three epochs of one step, then evaluated."""

    model: ReIDTask
    epochs: list
    states: list
    history: dict
    evaluation: dict
    evaluated: dict


@pytest.fixture(scope="module", params=MODELS)
def run(request):
    model = compile_model(model_of(MODELS[request.param]), eagerly=EAGERLY)
    epochs, states = [], [weights(model)]

    class Recorder(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            epochs.append((epoch, int(self.model.epoch)))
            states.append(weights(self.model))

    x, y = batch()
    history = model.fit(
        x,
        y,
        batch_size=len(x),
        epochs=5,
        initial_epoch=2,
        callbacks=[Recorder()],
        shuffle=False,
        verbose=0,
    ).history
    evaluation = model.evaluate(
        x, y, batch_size=len(x), return_dict=True, verbose=0
    )
    return Run(model, epochs, states, history, evaluation, weights(model))


def changed(before, after):
    assert before.keys() == after.keys()
    return {path for path in before if (before[path] != after[path]).any()}


def test_every_weight_learns(run):
    start, first, second, _ = run.states
    assert len(start) == len(run.model.variables)
    trainable = {
        v.path
        for v in run.model.trainable_variables
        if not v.path.endswith(NO_GRADIENT)
    }
    waits = SECOND_STEP.get(type(run.model).__name__)
    waiting = {path for path in trainable if waits and waits in path}
    assert bool(waiting) == bool(waits)
    assert trainable - changed(start, first) == waiting
    assert trainable - changed(first, second) == set()
    statistics = {path for path in start if "/moving_" in path}
    assert statistics
    assert not statistics - changed(start, first)


def test_epoch_follows_initial_epoch(run):
    assert run.epochs == [(2, 2), (3, 3), (4, 4)]


def test_bank_is_written_from_its_epoch_on(run):
    if not isinstance(run.model, DROP):
        assert not [path for path in run.evaluated if "memory" in path]
        return
    identities = [state["memory/identities"] for state in run.states]
    _, y = batch()
    people = y["identities"].tolist()
    assert identities[1].tolist() == [-1] * 10
    assert identities[2].tolist() == [*people, -1, -1, -1, -1]
    assert identities[3].tolist() == [*people[4:], *people[2:], *people[:4]]


def test_losses_are_reported_by_name_and_sum_to_the_loss(run):
    for epoch, logs in enumerate((*rows(run.history), run.evaluation)):
        weights = run.model.loss_weights
        terms = {name: value for name, value in logs.items() if name != "loss"}
        assert terms.keys() == {name for name in weights if weights[name]}
        # Three steps can part six images by more than a triplet's margin.
        assert all(value > 0 or epoch for value in terms.values())
        total = sum(weights[name] * term for name, term in terms.items())
        assert np.isclose(total, logs["loss"], rtol=1e-5)


def rows(history):
    return [dict(zip(history, values)) for values in zip(*history.values())]


def test_evaluate_changes_no_state(run):
    assert not changed(run.states[-1], run.evaluated)


@pytest.mark.backend_neutral
def test_outputs_by_name(run):
    x = images(2)
    outputs = arrays(run.model(x))
    names = run.model.embedding_names
    dim = 20 if isinstance(run.model, GlobalBaseline) else 512
    assert outputs["embeddings"].shape == (2, len(names), dim)
    assert outputs["visibility"].shape == (2, len(names))
    inference = run.model.inference_model()
    served = arrays(inference(x))
    assert served.keys() == (
        {"embeddings", "visibility", "part_maps"} & outputs.keys()
    )
    for name, values in served.items():
        np.testing.assert_array_equal(values, outputs[name])
    own = {id(v) for v in run.model.variables}
    assert all(id(v) in own for v in inference.variables)


def test_embed_equals_the_outputs(run):
    x = images(3, seed=5)
    outputs = arrays(run.model(x))
    descriptors = run.model.embed(x, batch_size=2)
    assert descriptors.names == run.model.embedding_names
    assert descriptors.visibility.dtype == bool
    np.testing.assert_allclose(
        descriptors.embeddings, outputs["embeddings"], rtol=1e-4, atol=1e-4
    )
    np.testing.assert_array_equal(
        descriptors.visibility, outputs["visibility"] > 0
    )


@pytest.mark.parametrize("batch_size", [2, 9])
def test_embed_keeps_no_map(run, monkeypatch, batch_size):
    """The maps of many images are ten times their embeddings."""
    kept = []

    def keeping(answer):
        def kept_answer(*args, **kwargs):
            kept.append(answer(*args, **kwargs))
            return kept[-1]

        return kept_answer

    for name in ("predict", "predict_on_batch"):
        answer = keeping(getattr(keras.Model, name))
        monkeypatch.setattr(keras.Model, name, answer)
    run.model.embed(images(3), batch_size=batch_size)
    assert kept
    for outputs in kept:
        assert outputs.keys() == {"embeddings", "visibility"}


def test_small_last_batch_counts_less():
    model = model_of(GlobalBaseline)
    means, sizes = [], (6, 4)
    for size in sizes:
        x, y = batch()
        y = {name: values[:size] for name, values in y.items()}
        outputs = model(x[:size])
        model.compute_loss(x, y, outputs, training=False)
        term = model.loss_terms(y, outputs, False)["global_triplet"]
        means.append(float(np.mean(arrays(term))))
    assert means[0] != means[1]
    np.testing.assert_allclose(
        float(model.term_means.result()["global_triplet"]),
        np.average(means, weights=sizes),
        rtol=1e-5,
    )


def test_regularisers_of_the_backbone_count():
    model = model_of(GlobalBaseline)
    x, y = batch()
    outputs = model(x)
    before = float(model.compute_loss(x, y, outputs, training=False))
    model.add_loss = None
    kernel = model.backbone.trainable_variables[0]
    kernel.regularizer = keras.regularizers.L2(0.5)
    after = float(model.compute_loss(x, y, outputs, training=False))
    penalty = 0.5 * np.sum(arrays(kernel) ** 2)
    assert penalty > 1e-3
    np.testing.assert_allclose(after - before, penalty, rtol=1e-3)


@pytest.mark.backend_neutral
def test_refuses_other_batches():
    model = model_of(GlobalBaseline)
    x, y = batch()
    with pytest.raises(ValueError, match="parsing_weight"):
        model.compute_loss(x, y, model(x), sample_weight=np.ones(6))
    with pytest.raises(ValueError, match="TrainingBatches"):
        model.compute_loss(x, y["identities"], model(x))
    wrong = {**y, "parsing": y["parsing"][..., :-1]}
    parts = model_of(BPBReID)
    with pytest.raises(ValueError, match=r"labels have 2 parts.* has 3"):
        parts.compute_loss(x, wrong, parts(x))


@keras.saving.register_keras_serializable("keras_drop_tests")
class WithCentres(BPBReID):
    """What README shows: a term of one's own."""

    DEFAULT_LOSS_WEIGHTS = {**BPBReID.DEFAULT_LOSS_WEIGHTS, "spread": 0.5}

    def loss_terms(self, targets, outputs, training):
        terms = super().loss_terms(targets, outputs, training)
        terms["spread"] = keras.ops.mean(outputs["parts"] ** 2, axis=(1, 2))
        terms["size"] = keras.ops.mean(abs(outputs["global"]), axis=-1)
        if training:
            terms["only_in_training"] = terms["size"] * 0 + 7
        return terms


@pytest.mark.slow
@pytest.mark.parametrize("weight", [0.5, 3.0])
def test_a_term_is_reported_by_being_returned(weight, tmp_path):
    """In the logs, which progress bar, CSV and TensorBoard show alike."""
    given = {} if weight == 0.5 else {"loss_weights": {"spread": weight}}
    model = compile_model(model_of(WithCentres, **given))
    x, y = batch()
    outputs = model(x, training=True)
    logger = keras.callbacks.CSVLogger(tmp_path / "history.csv")
    logs = model.fit(
        x, y, batch_size=len(x), callbacks=[logger], verbose=0
    ).history
    terms = {name: value[0] for name, value in logs.items()}
    loss = terms.pop("loss")
    assert terms["only_in_training"] == 7
    assert terms.keys() == {
        *(name for name, w in BPBReID.DEFAULT_LOSS_WEIGHTS.items() if w),
        "spread",
        "size",
        "only_in_training",
    }
    np.testing.assert_allclose(
        terms["spread"], np.mean(arrays(outputs["parts"]) ** 2), rtol=1e-3
    )
    weigh = {**model.loss_weights, "size": 1.0, "only_in_training": 1.0}
    assert weigh["spread"] == weight
    np.testing.assert_allclose(
        loss, sum(weigh[name] * term for name, term in terms.items()), rtol=1e-5
    )
    header = (tmp_path / "history.csv").read_text().splitlines()[0]
    assert {"spread", "size"} <= set(header.split(","))
    evaluated = model.evaluate(
        x, y, batch_size=len(x), return_dict=True, verbose=0
    )
    assert evaluated.keys() == {"loss", *terms} - {"only_in_training"}


@pytest.mark.backend_neutral
def test_one_batch_at_a_time():
    model = compile_model(model_of(GlobalBaseline))
    x, y = batch()
    before = model.test_on_batch(x, y, return_dict=True)
    logs = model.train_on_batch(x, y, return_dict=True)
    assert logs.keys() == {"loss", "global_identity", "global_triplet"}
    after = model.test_on_batch(x, y, return_dict=True)
    assert after["loss"] != before["loss"]


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "wrong",
    [{"loss": "mse"}, {"loss_weights": {"parsing": 1}}, {"metrics": ["mae"]}],
    ids=str,
)
def test_compile_refuses_what_the_constructor_takes(wrong):
    model = model_of(GlobalBaseline)
    with pytest.raises(ValueError, match=f"takes no `{next(iter(wrong))}`"):
        model.compile(keras.optimizers.Adam(), **wrong)


@pytest.mark.backend_neutral
def test_compile_refuses_a_loss_in_its_place():
    with pytest.raises(ValueError, match="takes no `loss`"):
        model_of(GlobalBaseline).compile("adam", "mse")


@pytest.mark.backend_neutral
def test_weights_of_terms_that_there_are_not():
    with pytest.raises(ValueError, match=r"Did you mean 'parsing'\?"):
        model_of(BPBReID, loss_weights={"parsin": 1.0})
    with pytest.raises(ValueError, match="has to be 0 or more"):
        model_of(BPBReID, loss_weights={"parsing": -1.0})


@pytest.mark.backend_neutral
def test_a_task_without_losses_says_so():
    class NoLosses(GlobalBaseline):
        loss_terms = ReIDTask.loss_terms

    model = NoLosses(resnet(), NUM_IDENTITIES)
    x, y = batch()
    with pytest.raises(ValueError, match="NoLosses defines no `loss_terms`"):
        model.compute_loss(x, y, model(x))


@pytest.fixture(scope="module")
def baseline():
    return randomise(model_of(GlobalBaseline))


def test_embed_takes_images_of_any_size(baseline):
    sizes = [(80, 40), IMAGE_SIZE, (50, 60), (80, 40)]
    pictures = [
        images(1, size, seed)[0].astype("uint8")
        for seed, size in enumerate(sizes)
    ]
    together = baseline.embed(pictures)
    assert together.embeddings.shape == (4, 1, 20)
    for row, picture in enumerate(pictures):
        alone = baseline.embed(picture[None])
        np.testing.assert_allclose(
            together.embeddings[row : row + 1],
            alone.embeddings,
            rtol=1e-4,
            atol=1e-4,
        )
    assert np.ptp(together.embeddings, axis=0).max() > 0.1


@pytest.mark.backend_neutral
def test_embed_of_files_equals_embed_of_arrays(baseline, tmp_path):
    pictures = images(5, (70, 30)).astype("uint8")
    paths = []
    for row, picture in enumerate(pictures):
        paths.append(str(tmp_path / f"{row}.png"))
        Image.fromarray(picture).save(paths[-1])
    batches = ImageBatches(paths, IMAGE_SIZE, batch_size=2)
    np.testing.assert_allclose(
        baseline.embed(batches).embeddings,
        baseline.embed(pictures, batch_size=2).embeddings,
        atol=1e-3,
    )


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "wrong, message",
    [
        (np.zeros((64, 32, 3)), r"a single one"),
        (np.zeros((2, 64, 32, 4)), r"got one of shape \(64, 32, 4\)"),
        ([np.zeros((64, 32))], r"got one of shape \(64, 32\)"),
        ([], "no image"),
        (np.zeros((0, 64, 32, 3)), "no image"),
    ],
)
def test_embed_refuses_what_is_no_image(baseline, wrong, message):
    with pytest.raises(ValueError, match=message):
        baseline.embed(wrong)


@pytest.mark.backend_neutral
def test_float_visibility_stays_float():
    model = model_of(BPBReID, visibility=VisibilityRule("continuous"))
    visibility = model.embed(images(2)).visibility
    assert visibility.dtype == np.float32
    assert ((visibility[:, 1:] > 0) & (visibility[:, 1:] < 1)).all()


def preset_models():
    yield model_of(
        GlobalBaseline,
        resnet(),
        term_losses={"global_triplet": PartAveragedTriplet(0.1)},
    )
    yield model_of(
        BPBReID,
        resnet(),
        part_schema=HALVES,
        test_embeddings="parts",
        loss_weights={"parsing": 0.7},
    )
    yield model_of(
        DROP,
        hrnet(),
        reid_map=ReIDMap(8),
        term_losses={
            "part_compactness": PartAwareCompactness(combine="asymmetric")
        },
    )
    yield model_of(
        PABReID,
        resnet(),
        focuser=Focuser(channels=8, start="no_skip"),
        head_weight=0.5,
    )


@pytest.fixture(scope="module", params=range(len(MODELS)), ids=MODELS)
def stored(request):
    """A model with weights, an epoch and a memory that are not the start's."""
    model = randomise(list(preset_models())[request.param])
    model.epoch.assign(7)
    if isinstance(model, DROP):
        embeddings = np.random.default_rng(0).random((4, 3, 512))
        model.bank.enqueue(embeddings, [0, 2, 1, 1], np.eye(4)[:, :3])
    return model


def assert_same(model, other):
    assert type(model) is type(other)
    mine, theirs = (json.dumps(m.get_config()) for m in (model, other))
    assert mine == theirs
    assert not changed(weights(model), weights(other))
    assert int(other.epoch) == 7
    assert other.embedding_names == model.embedding_names
    x = images(2, seed=3)
    for name, values in arrays(model(x)).items():
        np.testing.assert_allclose(
            arrays(other(x))[name], values, rtol=1e-5, atol=1e-5
        )


@pytest.mark.slow
def test_saves_as_one_file(stored, tmp_path):
    stored.save(tmp_path / "model.keras")
    assert_same(stored, keras.saving.load_model(tmp_path / "model.keras"))


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_saves_as_a_preset(stored, tmp_path):
    folder = str(tmp_path / "preset")
    stored.save_to_preset(folder)
    cls = type(stored)
    assert_same(stored, cls.from_preset(f"file://{folder}"))
    assert cls.backbone_cls is None
    drawn = cls.from_preset(folder, load_weights=False, loss_weights=ONE_WEIGHT)
    assert drawn.loss_weights["global_identity"] == 3.0
    learnt = {path for path in weights(stored) if path.endswith("kernel")}
    assert learnt <= changed(weights(stored), weights(drawn))
    with pytest.raises(TypeError, match="loss_weight"):
        cls.from_preset(folder, loss_weight=ONE_WEIGHT)
    # Another class starts from the backbone, and knows nobody.
    with pytest.raises(ValueError, match="holds no TransReIDBaseline, but a"):
        TransReIDBaseline.from_preset(folder)


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_goes_on_with_other_people(stored, tmp_path):
    folder = str(tmp_path / "preset")
    stored.save_to_preset(folder)
    other = type(stored).from_preset(folder, num_identities=7)
    assert other.num_identities == 7
    assert int(other.epoch) == 0
    assert_bank_is_empty(other)
    x = images(2, seed=3)
    expected, outputs = arrays(stored(x)), arrays(other(x))
    assert outputs.keys() == expected.keys()
    for name, values in expected.items():
        if name.endswith("logits") and name != "part_logits":
            assert outputs[name].shape == (*values.shape[:-1], 7)
        else:
            np.testing.assert_allclose(
                outputs[name], values, rtol=1e-5, atol=1e-5
            )
    same = type(stored).from_preset(folder, num_identities=NUM_IDENTITIES)
    assert_same(stored, same)


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_knows_nobody_of_as_many_other_people(stored):
    other = stored.for_other_people(NUM_IDENTITIES)
    assert_bank_is_empty(other)
    more = weights(stored.for_other_people(NUM_IDENTITIES + 4))
    learnt = {k: v for k, v in weights(stored).items() if v.dtype.kind == "f"}
    of_people = {k for k, v in learnt.items() if v.shape != more[k].shape}
    assert any("classifier" in path for path in of_people)
    anew = changed(learnt, {k: weights(other)[k] for k in learnt})
    assert anew == of_people


def assert_bank_is_empty(model):
    if getattr(model, "bank", None) is not None:
        _, people, _ = model.bank.read()
        assert (arrays(people) == -1).all()


@pytest.mark.slow
@pytest.mark.backend_neutral
def test_starts_from_a_backbone_preset(tmp_path):
    backbone = randomise(resnet())
    backbone.save_to_preset(str(tmp_path))
    model = GlobalBaseline.from_preset(str(tmp_path), num_identities=5)
    assert not changed(weights(backbone), weights(model.backbone))
    assert arrays(model(images(2)))["global_logits"].shape == (2, 5)
    with pytest.raises(TypeError, match="num_identity"):
        GlobalBaseline.from_preset(str(tmp_path), num_identity=5)


@pytest.mark.backend_neutral
@pytest.mark.parametrize("cls", MODELS.values())
def test_misspelt_argument_is_an_error(cls):
    with pytest.raises(TypeError, match="loss_weight"):
        model_of(cls, loss_weight={})


@pytest.fixture
def mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    yield
    keras.config.set_dtype_policy("float32")


@pytest.mark.backend_neutral
@pytest.mark.parametrize(
    "own, other", [("mixed_bfloat16", "float32"), ("float32", "mixed_bfloat16")]
)
def test_a_model_from_a_file_computes_as_it_did(
    own, other, mixed_precision, tmp_path
):
    keras.config.set_dtype_policy(own)
    model, x = randomise(model_of(BPBReID)), images(2)
    model.save(tmp_path / "model.keras")
    keras.config.set_dtype_policy(other)
    stored = keras.saving.load_model(tmp_path / "model.keras")
    assert keras.config.dtype_policy().name == other
    kinds = [layer.dtype_policy for layer in stored._flatten_layers()]
    assert kinds == [layer.dtype_policy for layer in model._flatten_layers()]
    for a, b in zip(arrays(model(x)).values(), arrays(stored(x)).values()):
        np.testing.assert_array_equal(a, b)


@pytest.mark.backend_neutral
@pytest.mark.parametrize("cls", MODELS.values())
def test_mixed_precision_keeps_what_is_compared_in_float32(
    cls, mixed_precision
):
    model = compile_model(
        model_of(cls, memory=AT_ONCE) if cls is DROP else model_of(cls),
        eagerly=EAGERLY,
    )
    assert model.backbone.compute_dtype == "bfloat16"
    assert {v.dtype for v in model.trainable_variables} == {"float32"}
    for name, output in model.output.items():
        assert output.dtype == "float32", name
    if cls is not DROP:
        return
    x, y = batch()
    before = weights(model)
    history = model.fit(
        x, y, batch_size=len(x), shuffle=False, verbose=0
    ).history
    after = weights(model)
    assert all(np.isfinite(value).all() for value in after.values())
    assert "upsampling/reduction_1/convolution/kernel" in changed(before, after)
    assert after["memory/identities"][:6].tolist() == [0, 0, 1, 1, 2, 2]
    keras.config.set_dtype_policy("float32")
    exact = model_of(DROP, memory=AT_ONCE)
    for variable, value in zip(exact.variables, before.values()):
        variable.assign(value)
    outputs = exact(x, training=True)
    loss = float(exact.compute_loss(x, y, outputs, training=False))
    np.testing.assert_allclose(history["loss"][0], loss, rtol=0.02)


@pytest.mark.backend_neutral
def test_a_preprocessor_that_scales_is_refused():
    import keras_hub

    converter = keras_hub.layers.ImageConverter(IMAGE_SIZE, scale=1 / 255)
    with pytest.raises(ValueError, match="normalises pixel values itself"):
        GlobalBaseline(resnet(), 2, preprocessor=converter)


@pytest.mark.backend_neutral
def test_a_model_like_another_has_its_memory_and_fresh_weights():
    """What the guide and `ReIDTask` advise instead of `clone_model`."""
    model = DROP(Pyramid(), NUM_IDENTITIES, memory=PartMemory("queue", size=8))
    model.epoch.assign(7)
    model.bank.identities.assign(np.arange(8))
    like_it = type(model).from_config(model.get_config())
    assert type(like_it) is DROP and like_it.get_config() == model.get_config()
    assert int(like_it.epoch) == 0
    assert (keras.ops.convert_to_numpy(like_it.bank.identities) == -1).all()
    kernels = [
        keras.ops.convert_to_numpy(m.backbone.get_layer("conv2").kernel)
        for m in (model, like_it)
    ]
    assert (kernels[0] != kernels[1]).any()
    # Keras' own loses the class; see docs/decisions/0002-models-as-tasks.md
    assert type(keras.models.clone_model(model)) is not DROP


@pytest.mark.backend_neutral
def test_config_follows_the_constructor():
    """All switches, also those that a subclass passes on; none that it sets."""

    class Doubled(DROP):
        def __init__(self, *args, factor=2.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.factor = factor

    class Plain(DROP):
        def __init__(
            self, backbone, num_identities, preprocessor=None, name=None
        ):
            super().__init__(
                backbone,
                num_identities,
                memory=PartMemory("none"),
                preprocessor=preprocessor,
                name=name,
            )

    switches = {"reid_map": ReIDMap(pooling="avg")}
    parsing_map = ParsingMap(channels=96)
    config = model_of(DROP, parsing_map=parsing_map, **switches).get_config()
    assert config["parsing_map"]["config"]["channels"] == 96
    assert config["reid_map"]["config"]["pooling"] == "avg"
    assert (config["num_identities"], config["part_schema"]) == (3, "three_v")
    doubled = Doubled(Pyramid(), 5, factor=3.0, **switches).get_config()
    assert doubled.keys() - config.keys() == {"factor"}
    assert config.keys() <= doubled.keys()
    assert (doubled["factor"], doubled["num_identities"]) == (3.0, 5)
    plain = Plain(Pyramid(), 5)
    assert "reid_map" not in plain.get_config()
    revived = Plain.from_config(plain.get_config())
    assert revived.memory == PartMemory("none")


def test_frozen_stages_are_kept_by_a_file(tmp_path):
    model = model_of(BPBReID)
    freeze_stages(model.backbone, 2)
    frozen = len(model.trainable_weights)
    model.compile(CoupledAdam(0.01))
    x, y = batch()
    model.train_on_batch(x, y)
    model.save(tmp_path / "model.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # An optimizer that does not fit.
        loaded = keras_drop.load_model(tmp_path / "model.keras")
    assert len(loaded.trainable_weights) == frozen
    assert len(model_of(BPBReID).trainable_weights) > frozen
    config = loaded.get_config()
    freeze_stages(loaded.backbone, 0)
    assert "frozen_stages" not in loaded.get_config()
    assert config["frozen_stages"] == 2

import keras
import numpy as np
import pytest

from keras_drop.models import BPBReID, GlobalBaseline
from keras_drop.training import (
    CoupledAdam,
    Distillation,
    DistillationSettings,
    TaughtBatches,
)
from tests.models.small import Pyramid, arrays, batch, model_of, randomise
from tests.reference import distillation as reference
from tests.testing import SLOW_NIGHTLY_ON_JAX
from tests.training.runs.miniature import miniature


class Batches(keras.utils.PyDataset):
    """The same batch twice."""

    epoch = 0
    num_identities = 3

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return batch()


@pytest.fixture(scope="module")
def teacher():
    return randomise(
        model_of(BPBReID, test_embeddings="global+foreground+parts"), seed=3
    )


def slow_terms(teacher, student, images):
    said, learnt = (
        arrays(model(images, training=training))
        for model, training in ((teacher, False), (student, True))
    )
    return {
        "distilled_embeddings": reference.relational(
            said["embeddings"][:, 1:],
            said["visibility"][:, 1:],
            learnt["embeddings"],
            1.0,
        ).mean(),
        "distilled_visibility": reference.visibility(
            said["visibility"][:, 2:], learnt["part_maps"]
        ).mean(),
        "distilled_part_maps": reference.part_maps(
            said["part_maps"], learnt["part_maps"]
        ).mean(),
    }


@SLOW_NIGHTLY_ON_JAX
def test_a_student_learns_three_terms_more(teacher):
    student = model_of(BPBReID, loss_weights={"parsing": 0.0})
    distillation = Distillation(teacher, {"distilled_part_maps": 9.0})
    distillation.attach(student)
    student.compile(CoupledAdam(1e-3), run_eagerly=True)
    images, targets = distillation.batches(Batches())[0]
    expected = slow_terms(teacher, student, images)
    log = student.train_on_batch(images, targets, return_dict=True)
    for name, value in expected.items():
        assert log[name] == pytest.approx(value, rel=1e-3), name
        assert value > 1e-3
    weights = {**student.loss_weights, **distillation.loss_weights}
    total = sum(weights[name] * log[name] for name in log if name != "loss")
    assert log["loss"] == pytest.approx(total, rel=1e-4)

    history = student.fit(distillation.batches(Batches()), epochs=2, verbose=0)
    maps = history.history["distilled_part_maps"]
    assert maps[-1] < maps[0]
    images, targets = batch()
    left = student.evaluate(images, targets, return_dict=True, verbose=0)
    assert not any(name.startswith("distilled") for name in left)
    with pytest.raises(ValueError, match="nothing of a teacher"):
        student.train_on_batch(images, targets)


def test_what_both_models_have_is_learnt(teacher):
    """One embedding of the whole image, no parts, no maps."""
    student = GlobalBaseline(Pyramid(), 3)
    Distillation(teacher).attach(student)
    images, targets = TaughtBatches(Batches(), teacher)[0]
    outputs = student(images)
    terms = student.further_terms.loss_terms(targets, outputs, True)
    assert terms.keys() == {"distilled_embeddings"}
    said = arrays(teacher(images))["embeddings"][:, :1]
    np.testing.assert_allclose(
        arrays(terms)["distilled_embeddings"],
        reference.relational(
            said, np.ones((6, 1)), arrays(outputs)["embeddings"], 1.0
        ),
        rtol=1e-3,
        atol=1e-5,
    )


@pytest.mark.backend_neutral
def test_refuses_teachers_with_nothing_in_common(teacher):
    student = GlobalBaseline(Pyramid((32, 32, 3)), 3)
    with pytest.raises(ValueError, match=r"teacher sees images of \(64, 32\)"):
        Distillation(teacher).attach(student)
    parts = model_of(BPBReID, test_embeddings="parts")
    with pytest.raises(ValueError, match="nothing in common"):
        Distillation(parts).attach(GlobalBaseline(Pyramid(), 3))
    with pytest.raises(ValueError, match="Did you mean 'distilled_embeddings'"):
        Distillation(teacher, {"distilled_embedding": 1.0})


@pytest.mark.backend_neutral
def test_takes_a_teacher_from_a_file(teacher, monkeypatch):
    # JSON has lists alone.
    shape = list(teacher.backbone.image_shape)
    monkeypatch.setattr(teacher.backbone, "image_shape", shape)
    student = model_of(BPBReID)
    Distillation(teacher).attach(student)
    assert student.further_terms is not None


@pytest.mark.backend_neutral
def test_settings_name_what_is_not_there():
    with pytest.raises(FileNotFoundError, match="`teacher` nowhere"):
        DistillationSettings("nowhere/model.keras").check()
    with pytest.raises(ValueError, match="`distilled_visibility` is -1"):
        DistillationSettings(distilled_visibility=-1.0)


@pytest.mark.nightly
def test_a_run_with_a_teacher(data_dir, tmp_path):
    big = miniature("drop_demo", data_dir, tmp_path / "big", model="bpbreid")
    big.start()
    small = miniature(
        "drop_demo",
        data_dir,
        tmp_path / "small",
        model="bpbreid",
        fit={
            "distillation": DistillationSettings(
                str(tmp_path / "big" / "model.keras")
            )
        },
    )
    small.start()
    columns = (tmp_path / "small" / "history.csv").read_text().split("\n")[0]
    assert "distilled_part_maps" in columns

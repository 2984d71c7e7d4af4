import keras
import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import CameraBatches, IdentitySampler, TrainingBatches
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral


def make_batches(folder, cameras, **arguments):
    made = make_records(folder)
    records = Records(made.paths, made.identities, cameras)
    return TrainingBatches(
        records, (32, 16), sampler=IdentitySampler(2, 2), **arguments
    )


def test_cameras_are_those_of_the_images(tmp_path):
    cameras = np.arange(20) % 6
    within = make_batches(tmp_path, cameras)
    alone = make_batches(tmp_path, cameras)
    batches = CameraBatches(within, num_cameras=6)
    assert len(batches) == len(alone)
    assert batches.records is within.records
    seen = []
    for index in range(len(batches)):
        inputs, targets = batches[index]
        images, expected = alone[index]
        np.testing.assert_array_equal(inputs["images"], images)
        assert inputs["cameras"].dtype == "int32"
        assert inputs["cameras"].tolist() == (
            cameras[alone.rows(index)].tolist()
        )
        assert batches.rows(index).tolist() == alone.rows(index).tolist()
        assert targets.keys() == expected.keys()
        seen += inputs["cameras"].tolist()
    assert len(set(seen)) > 3


def test_the_epoch_is_that_of_the_batches_within(tmp_path):
    batches = CameraBatches(make_batches(tmp_path, np.zeros(20, int)), 1)
    for index in range(len(batches)):
        batches[index]
    batches.on_epoch_end()
    assert batches.epoch == batches.batches.epoch == 1
    batches.epoch = 7
    assert batches.batches.epoch == 7


def test_fit_takes_them(tmp_path):
    batches = CameraBatches(make_batches(tmp_path, np.arange(20)), 20)
    inputs = {
        "images": keras.Input((32, 16, 3), name="images"),
        "cameras": keras.Input((), dtype="int32", name="cameras"),
    }
    pixels = keras.layers.GlobalAveragePooling2D()(inputs["images"])
    places = keras.layers.Embedding(20, 3)(inputs["cameras"])
    outputs = {"identities": keras.layers.Dense(1)(pixels + places)}
    model = keras.Model(inputs, outputs)
    model.compile("sgd", "mse", jit_compile=False)
    model.fit(batches, epochs=2, shuffle=False, verbose=0)
    assert batches.epoch == 2


@pytest.mark.parametrize(
    ("camera", "message"),
    [
        (4, r"camera 4, .* cameras 0 to 3 apart.*`num_cameras=5`"),
        (-2, "camera -2"),
    ],
)
def test_refuses_cameras_that_the_model_does_not_know(
    tmp_path, camera, message
):
    cameras = np.full(20, 3)
    cameras[11] = camera
    batches = make_batches(tmp_path, cameras)
    with pytest.raises(ValueError, match=message):
        CameraBatches(batches, num_cameras=4)
    cameras[11] = -1
    CameraBatches(make_batches(tmp_path, cameras), num_cameras=4)

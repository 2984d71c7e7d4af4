import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import ParsingLabels
from keras_drop.data.batches.training_files import TrainingFiles
from keras_drop.data.batches.training_targets import person_mask
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral


def make_files(folder, keep=slice(None), label_format="densepose14"):
    records = make_records(folder, label_format=label_format)
    labels = records.parsing_paths.copy()
    labels[~np.isin(np.arange(20), np.arange(20)[keep])] = ""
    records = Records(
        records.paths, records.identities, records.cameras, labels
    )
    parsing = ParsingLabels(label_format, "five_v")
    return records, TrainingFiles(records, parsing, 64)


def test_somebody_else_has_another_identity_and_a_label(tmp_path):
    records, files = make_files(tmp_path, keep=slice(0, 20, 3))
    rng = np.random.default_rng(0)
    drawn = set()
    for _ in range(200):
        image, mask = files.somebody_else(2, rng)
        row = next(r for r in range(20) if files[r][0] is image)
        assert records.identities[row] != records.identities[2]
        assert row % 3 == 0
        assert mask.shape == image.shape[:2]
        drawn.add(row)
    assert drawn == {6, 9, 12, 15, 18}


def test_nobody_else(tmp_path):
    _, files = make_files(tmp_path, keep=slice(0, 5))
    assert files.somebody_else(0, np.random.default_rng(0)) is None
    assert files.somebody_else(9, np.random.default_rng(0)) is not None


def test_the_mask_of_part_ids_is_their_shape(tmp_path):
    _, files = make_files(tmp_path)
    image, label = files[3]
    mask = person_mask(label, image.shape[:2])
    assert mask.dtype == "uint8"
    np.testing.assert_array_equal(mask, 255 * (label > 0))


def test_the_mask_of_confidences_is_smooth():
    labels = ParsingLabels("pifpaf36", "five_v")
    fields = np.zeros((5, 3, 36), "float32")
    fields[:2, :, 0] = 1.0
    mask = person_mask(labels.group(fields), (20, 12))
    assert mask.shape == (20, 12)
    assert (mask[:6] == 255).all()
    assert (mask[10:] == 0).all()
    assert (np.diff(mask[:, 0].astype(int)) <= 0).all()
    assert len(np.unique(mask)) > 4

import numpy as np
import pytest
from PIL import Image

from keras_drop import Records
from keras_drop.datasets import check_splits, pack, read_table
from tests.datasets.folders import SIZE, save_image

pytestmark = pytest.mark.backend_neutral


def unused(tmp_path, labels, label_format=None):
    save_image(tmp_path / "a.jpg")
    paths = [str(tmp_path / "a.jpg")] * len(labels)
    records = Records(paths, [0] * len(labels), [0] * len(labels), labels)
    return [
        finding.message
        for finding in check_splits(
            {"train": records}, label_format=label_format
        )
        if finding.kind == "label_unused"
    ]


def hard_labels(tmp_path, values, count=10):
    labels = []
    for number in range(count):
        ids = np.zeros(SIZE, "uint8")
        ids[0, 0] = values[number % len(values)]
        labels.append(str(tmp_path / f"{number}.png"))
        Image.fromarray(ids).save(labels[-1])
    return labels


def test_values_that_no_label_has(tmp_path):
    labels = hard_labels(tmp_path, [1, 2, 4, 5, 7])
    (message,) = unused(tmp_path, labels, "png7")
    assert message.startswith("The values 3, 6 are in none of the 10 parsing")
    assert unused(tmp_path, labels[:9], "png7") == []
    assert unused(tmp_path, labels, "custom") == []
    assert unused(tmp_path, labels) == []
    assert unused(tmp_path, hard_labels(tmp_path, range(8)), "png7") == []


def test_channels_in_which_nothing_is_likely(tmp_path):
    labels = []
    for number in range(10):
        fields = np.full((36, 5, 3), 0.5, "float32")
        fields[[c for c in range(36) if c not in (3, 20)], 2, 1] = 0.6
        labels.append(str(tmp_path / f"{number}.npy"))
        np.save(labels[-1], fields)
    (message,) = unused(tmp_path, labels, "pifpaf36")
    assert message.startswith("The confidence channels 3, 20 are in none of")


def problems(label, label_format=None):
    records = Records([label], [0], [0], [label])
    found = check_splits({"train": records}, label_format=label_format)
    return [f.message for f in found if f.kind == "label_unreadable"]


def test_labels_of_the_other_kind(tmp_path):
    (hard,) = hard_labels(tmp_path, [1], count=1)
    soft = str(tmp_path / "soft.npy")
    np.save(soft, np.zeros((36, 5, 3)))
    for label, right, wrong in (
        (hard, "png7", "pifpaf36"),
        (soft, "pifpaf36", "custom"),
    ):
        assert problems(label) == problems(label, right) == []
        (message,) = problems(label, wrong)
        assert message.startswith("1 parsing labels of train are missing or")


def test_packed_labels_of_both_kinds(tmp_path):
    pytest.importorskip("array_record")
    (hard,) = hard_labels(tmp_path, [1], count=1)
    soft = str(tmp_path / "soft.npy")
    np.save(soft, np.zeros((36, 5, 3)))
    records = Records([hard, hard], [0, 0], [0, 0], [hard, soft])
    packed = read_table(pack({"train": records}, tmp_path / "packed"))
    hard, soft = packed["train"].parsing_paths.tolist()
    assert problems(hard) == problems(hard, "png7") == []
    assert problems(soft) == problems(soft, "pifpaf36") == []
    assert problems(hard, "pifpaf36")
    assert problems(soft, "png7")

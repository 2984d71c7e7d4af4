"""Processes that learn together read each its own part of the same batches."""

import keras
import numpy as np
import pytest

from keras_drop.data import (
    CameraBatches,
    IdentitySampler,
    JointBatches,
    ParsingBatches,
    ParsingLabels,
    RemainingBatches,
    TrainingBatches,
)
from keras_drop.data.occlusions import RandomErasing
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral


def make_batches(folder):
    records = make_records(folder, label_format="pifpaf36")
    common = (32, 16), ParsingLabels("pifpaf36", "five_v")
    changes = {
        "transforms": ("flip", "crop", "colour_jitter", "erase"),
        "occlusions": (RandomErasing(0.7),),
        "seed": 3,
    }
    people = TrainingBatches(
        records,
        *common,
        IdentitySampler(2, 2),
        occluded_stream=(RandomErasing(1.0),),
        visibility_targets=True,
        **changes,
    )
    to_parse = ParsingBatches(
        records, *common, num_batches=len(people), batch_size=6, **changes
    )
    joint = JointBatches(people, to_parse)
    return RemainingBatches(CameraBatches(joint, num_cameras=9), first=1)


def test_the_parts_of_a_batch_are_the_batch(tmp_path):
    whole, *parts = (make_batches(tmp_path) for _ in range(3))
    for index, part in enumerate(parts):
        part.share = index, 2
        assert part.share == (index, 2)
    for number in range(len(whole)):
        expected = whole[number]
        got = keras.tree.map_structure(
            lambda *values: np.concatenate(values),
            *(part[number] for part in parts),
        )
        keras.tree.assert_same_structure(got, expected)
        for a, b in zip(
            keras.tree.flatten(got), keras.tree.flatten(expected), strict=True
        ):
            np.testing.assert_array_equal(a, b)
        own = [part.own_rows(number) for part in parts]
        assert np.concatenate(own).tolist() == whole.rows(number).tolist()
        first, second = (set(whole.records.identities[rows]) for rows in own)
        assert not first & second


def test_what_no_process_reads_is_not_decoded(tmp_path, monkeypatch):
    batches = make_batches(tmp_path)
    batches.share = 1, 2
    people = batches.batches.batches.batches
    asked = []
    files = people._files
    monkeypatch.setattr(
        people,
        "_files",
        type(
            "Asked",
            (),
            {
                "__getitem__": lambda _, row: asked.append(row) or files[row],
                "somebody_else": files.somebody_else,
            },
        )(),
    )
    people._make(1)
    assert asked == people.rows(1)[2:].tolist()


def test_a_batch_that_cannot_be_shared_out(tmp_path):
    with pytest.raises(ValueError, match="Choose a multiple of 3"):
        make_batches(tmp_path).share = 0, 3


@pytest.mark.parametrize("share", [(4, 2), (0, 0), (-1, 2)])
def test_a_part_that_there_is_not(tmp_path, share):
    with pytest.raises(ValueError, match="counted from 0"):
        make_batches(tmp_path).share = share

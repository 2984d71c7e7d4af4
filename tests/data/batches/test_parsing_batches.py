import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import (
    IdentitySampler,
    ParsingBatches,
    ParsingLabels,
    TrainingBatches,
    Transform,
    read_image,
)
from keras_drop.data.occlusions import PartOcclusion, PersonOverPerson
from tests.data.folders import make_records

pytestmark = pytest.mark.backend_neutral

SIZE, LABELS = (32, 16), ParsingLabels("densepose14", "hpnet_four")


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Twenty images, of which every fourth has no label."""
    made = make_records(
        tmp_path_factory.mktemp("crops"), label_format="densepose14"
    )
    labels = made.parsing_paths.copy()
    labels[::4] = ""
    return Records(made.paths, np.full(20, -1), made.cameras, labels)


def make_batches(records, **arguments):
    arguments = {
        "labels": LABELS,
        "num_batches": 2,
        "batch_size": 4,
        **arguments,
    }
    return ParsingBatches(records, SIZE, **arguments)


def content(batch):
    return {name: values.copy() for name, values in batch.items()}


def assert_equal(one, two):
    assert one.keys() == two.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)


def test_all_images_come_before_any_comes_again(records):
    batches, shown = make_batches(records), []
    for epoch in range(6):
        batches.epoch = epoch
        for index in range(len(batches)):
            shown += batches.rows(index).tolist()
    passes = [tuple(shown[k : k + 15]) for k in range(0, 45, 15)]
    assert len(shown) == 48 and len(set(passes)) == 3
    for rows in passes:
        assert sorted(rows) == list(range(15))


def test_a_batch_may_be_larger_than_the_data(records):
    batches = make_batches(records, batch_size=40)
    rows = batches.rows(0).tolist()
    assert sorted(rows[:15]) == sorted(rows[15:30]) == list(range(15))
    assert rows[:15] != rows[15:30]
    assert batches[1]["images"].shape == (40, *SIZE, 3)


def test_images_and_labels_are_those_of_the_rows(records):
    batches = make_batches(records, transforms=())
    labels, batch = LABELS, batches[1]
    assert set(batch) == {"images", "parsing", "parsing_weight"}
    assert batch["parsing_weight"].tolist() == [1] * 4
    assert batch["images"].dtype == batch["parsing"].dtype == "float32"
    plain = Transform(SIZE)
    for i, row in enumerate(batches.rows(1)):
        image = read_image(batches.records.paths[row])
        path = batches.records.parsing_paths[row]
        label = labels.group(labels.read(path, image.shape[:2]))
        np.testing.assert_array_equal(batch["images"][i], plain.image(image))
        np.testing.assert_array_equal(
            batch["parsing"][i], labels.sample(label, plain)
        )


def test_flips_move_both(records):
    plain, batches = make_batches(records, transforms=()), make_batches(records)
    labels, flips = LABELS, []
    for i, row in enumerate(batches.rows(0)):
        image = read_image(batches.records.paths[row])
        path = batches.records.parsing_paths[row]
        label = labels.group(labels.read(path, image.shape[:2]))
        flip = bool((batches[0]["images"][i] != plain[0]["images"][i]).any())
        transform = Transform(SIZE, flip=flip)
        np.testing.assert_array_equal(
            batches[0]["images"][i], transform.image(image)
        )
        np.testing.assert_array_equal(
            batches[0]["parsing"][i], labels.sample(label, transform)
        )
        flips.append(flip)
    assert len(set(flips)) == 2


def test_follow_from_seed_epoch_and_index_alone(records):
    batches = make_batches(records, workers=1)
    batches.epoch = 3
    expected = [content(batches[index]) for index in (0, 1)]
    other = make_batches(records, workers=3)
    other.epoch = 3
    for index in (1, 0, 1):
        assert_equal(other[index], expected[index])
    seeded = make_batches(records, seed=2)
    seeded.epoch = 3
    assert (seeded[0]["images"] != expected[0]["images"]).any()
    other.epoch = 4
    assert (other[0]["images"] != expected[0]["images"]).any()


def test_random_numbers_are_not_those_of_the_people(records):
    """Else both would be flipped alike in every step."""
    labelled = records[records.parsing_paths != ""]
    people = Records(labelled.paths, np.arange(15) // 4, labelled.cameras)
    train = TrainingBatches(
        people, SIZE, sampler=IdentitySampler(2, 2), transforms=("flip",)
    )
    batches = make_batches(records)

    def flips(images, paths):
        plain = np.array([Transform(SIZE).image(read_image(p)) for p in paths])
        return (images != plain).any(axis=(1, 2, 3)).tolist()

    one, two = [], []
    for epoch in range(4):
        train.epoch = batches.epoch = epoch
        for index in range(min(len(train), len(batches))):
            one += flips(train[index][0], people.paths[train.rows(index)])
            two += flips(
                batches[index]["images"],
                batches.records.paths[batches.rows(index)],
            )
    assert len(one) == len(two) > 8 and one != two


def test_occlusions_hide_both(records):
    stage = PartOcclusion(1.0, fill=(1, 2, 3))
    batch = make_batches(records, transforms=(), occlusions=[stage])[0]
    plain = make_batches(records, transforms=())[0]
    hidden = (batch["images"] == [1, 2, 3]).all(axis=-1)
    assert hidden.any(axis=(1, 2)).all()
    cells = hidden[:, 2::4, 2::4]
    assert (batch["parsing"][cells] == [1, 0, 0, 0, 0]).all()
    np.testing.assert_array_equal(
        batch["parsing"][~cells], plain["parsing"][~cells]
    )


def test_somebody_else_is_pasted_over_people_whom_nobody_knows(records):
    batches = make_batches(
        records, transforms=(), occlusions=[PersonOverPerson(1.0)]
    )
    changed = (
        batches[0]["images"]
        != make_batches(records, transforms=())[0]["images"]
    )
    assert changed.any(axis=(1, 2, 3)).all()


def test_thin_parts_stay_if_wanted(records):
    labels = ParsingLabels(
        "densepose14", "hpnet_four", label_reduction="area_max"
    )
    batch = make_batches(records, transforms=(), labels=labels)[0]
    assert (batch["parsing"].max(axis=-1) < 1).any()
    np.testing.assert_allclose(batch["parsing"].sum(axis=-1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"num_batches": 0}, "`num_batches` is at least 1, a whole"),
        ({"batch_size": -3}, "`batch_size` is at least 1, a whole"),
        ({"transforms": ("zoom",)}, "zoom"),
        ({"labels": None}, "`labels` is None"),
    ],
)
def test_refuses_what_it_does_not_know(records, wrong, message):
    with pytest.raises(ValueError, match=message):
        make_batches(records, **wrong)


def test_refuses_images_without_any_label(records):
    with pytest.raises(ValueError, match="None of the 5 images has a parsing"):
        make_batches(records[::4])

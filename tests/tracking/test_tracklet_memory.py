"""A memory keeps what was seen best, within bounds, and compares by parts."""

import json

import numpy as np
import pytest

from keras_drop import Descriptors
from keras_drop.evaluation import Distance, PartDistances
from keras_drop.tracking import Limit, TrackletMemory
from tests.reference import tracking

pytestmark = pytest.mark.backend_neutral


def crops(seed, count=1, parts=2, dim=5, visibility=None):
    rng = np.random.default_rng(seed)
    return Descriptors(rng.normal(size=(count, parts, dim)), visibility)


@pytest.mark.parametrize("seed", range(3))
def test_a_part_is_the_mean_of_its_best_views(seed):
    rng = np.random.default_rng(seed)
    visibility = rng.permutation(24).reshape(12, 2) / 24
    seen = crops(seed, 12, visibility=visibility)
    memory = TrackletMemory(num_views=4)
    for row in range(12):
        memory.update(["anna"], seen[[row]], time=row)
    found = memory.descriptors(["anna"])
    for part in range(2):
        mean, weight = tracking.mean_of_best(
            seen.embeddings[:, part], visibility[:, part], 4
        )
        np.testing.assert_allclose(found.embeddings[0, part], mean, atol=1e-6)
        assert found.visibility[0, part] == pytest.approx(weight)


def test_views_of_one_weight_are_spread_over_the_time():
    memory = TrackletMemory(num_views=4)
    for time in range(100):
        memory.update([3], crops(time), time=time)
    times = np.sort(memory.kept[3][0].times[0])
    assert times[0] == 0 and times[-1] == 99
    assert np.diff(times).max() < 70


def test_a_glimpse_does_not_replace_what_was_seen_well():
    memory = TrackletMemory(num_views=2)
    memory.update([1], crops(0, visibility=[[0.9, 0.0]]), time=0)
    before = memory.descriptors([1]).embeddings.copy()
    for time in range(1, 9):
        memory.update([1], crops(time, visibility=[[0.0, 0.0]]), time=time)
    np.testing.assert_array_equal(memory.descriptors([1]).embeddings, before)
    assert memory.descriptors([1]).visibility[0, 1] == 0


def test_what_another_box_covers_and_a_low_score_count_less():
    memory = TrackletMemory()
    memory.update(
        [1, 2],
        crops(0, 2),
        boxes=[[0, 0, 10, 20], [5, 10, 15, 40]],
        scores=[0.8, np.nan],
    )
    np.testing.assert_allclose(
        memory.descriptors([1, 2]).visibility,
        [[0.8 * 0.75] * 2, [1, 1]],
        rtol=1e-6,
    )


def test_costs_are_the_distance_of_the_library_and_nan_where_none():
    visibility = np.array([[1, 0], [0, 1], [1, 1]], bool)
    seen, others = crops(1, 3, visibility=visibility), crops(2, 2)
    others.visibility[0, 1] = False
    memory = TrackletMemory(distance=Distance("cosine"))
    memory.update([7, 8, 9], seen)
    costs = memory.cost_matrix([9, 8], others)
    rows = np.arange(2)
    expected = PartDistances(
        seen[[2, 1]], others, rows, rows, Distance("cosine")
    ).block(rows, rows)
    expected[1, 0] = np.nan
    np.testing.assert_allclose(costs, expected, atol=1e-6)
    assert memory.cost_matrix([], others).shape == (0, 2)


def test_the_memory_of_a_track_does_not_grow():
    memory = TrackletMemory(num_views=3)
    for time in range(50):
        memory.update([1], crops(time, visibility=[[0.5, time / 50]]))
    views, _ = memory.kept[1]
    assert views.embeddings.shape == (2, 3, 5)
    assert sorted(views.times[1].tolist()) == [48, 49, 50]


def test_merged_tracks_are_one_person():
    memory = TrackletMemory(num_views=2)
    memory.update(["a"], crops(0, visibility=[[0.5, 0]]), time=0)
    memory.update(["b"], crops(1, visibility=[[0.9, 0.7]]), time=5)
    torso = memory.descriptors(["b"]).embeddings[0, 1]
    memory.merge("a", "b")
    found = memory.descriptors()
    assert memory.track_ids == ("a",) and memory.last_seen("a") == 5
    np.testing.assert_allclose(found.visibility, [[0.9, 0.7]], rtol=1e-6)
    np.testing.assert_allclose(found.embeddings[0, 1], torso, atol=1e-6)
    memory.forget(["a"])
    assert len(memory) == 0 and "a" not in memory


def test_a_file_keeps_all(tmp_path):
    memory = TrackletMemory(num_views=2, distance=Distance("cosine"))
    for time in range(3):
        memory.update([4, "door/2"], crops(time, 2), time=time, camera="door")
    memory.save(tmp_path / "memory.npz")
    again = TrackletMemory.load(tmp_path / "memory.npz")
    assert again.track_ids == (4, "door/2")
    assert again.distance == Distance("cosine") and again.num_views == 2
    for memory_of in memory, again:
        memory_of.update([4], crops(9), time=9, camera="door")
    for name in ("embeddings", "visibility"):
        np.testing.assert_array_equal(
            getattr(memory.descriptors(), name),
            getattr(again.descriptors(), name),
        )
    limit = Limit(9.0)
    assert again.reidentify([4], ["door/2"], limit)[0].reason == "nobody there"


@pytest.mark.parametrize("camera", [0, np.int64(3), "door", np.str_("gate")])
def test_a_file_keeps_which_camera_saw_whom(tmp_path, camera):
    memory = TrackletMemory()
    memory.update([1], crops(0), time=1, camera=camera)
    memory.save(tmp_path / "memory.npz")
    for one in memory, TrackletMemory.load(tmp_path / "memory.npz"):
        one.update([2], crops(0), time=1, camera=camera)
        (found,) = one.reidentify([1], [2], Limit(9.0))
        assert found.reason == "nobody there"


def test_a_file_from_before_is_read(tmp_path):
    """Cameras were the keys of an object."""
    memory = TrackletMemory()
    memory.update([1], crops(0), time=4, camera="door")
    memory.save(tmp_path / "memory.npz")
    with np.load(tmp_path / "memory.npz") as file:
        arrays = dict(file)
    told = json.loads(str(arrays["told"]))
    assert told["seen"] == [[["door", 4, 4]]]
    told["seen"] = [{"door": [4, 4]}]
    arrays["told"] = np.array(json.dumps(told))
    np.savez(tmp_path / "old.npz", **arrays)
    again = TrackletMemory.load(tmp_path / "old.npz")
    assert again.kept[1][1].cameras == {"door": [4, 4]}


def test_another_file_is_refused(tmp_path):
    crops(0).save(tmp_path / "other.npz")
    with pytest.raises(ValueError, match="no memory of tracks"):
        TrackletMemory.load(tmp_path / "other.npz")
    memory = TrackletMemory()
    memory.update([(1, 2)], crops(0))
    with pytest.raises(ValueError, match="whole numbers or strings"):
        memory.save(tmp_path / "memory.npz")
    memory = TrackletMemory()
    memory.update([1], crops(0), camera=("door", 2))
    with pytest.raises(ValueError, match=r"keeps cameras .* \('door', 2\)"):
        memory.save(tmp_path / "memory.npz")


def test_crops_are_embedded_by_the_model():
    memory = TrackletMemory(
        lambda images: Descriptors([image[0, 0] for image in images])
    )
    image = np.full((8, 4, 3), 9, "uint8")
    memory.update([1], [image])
    assert memory.cost_matrix([1], [image]).item() < 1e-2
    memory.update([], [])
    with pytest.raises(ValueError, match="needs `embed`"):
        TrackletMemory().update([1], [image])


@pytest.mark.parametrize(
    "given, words",
    [
        ({"track_ids": [1]}, "1 tracks and 2 crops"),
        ({"boxes": [[0, 0, 1, 1]]}, "1 boxes and 2 crops"),
        ({"scores": [0.5, 1.5]}, "from 0 to 1"),
        ({"seen": crops(0, 2, parts=3)}, "One model makes both"),
    ],
)
def test_what_does_not_fit_is_refused(given, words):
    memory = TrackletMemory()
    memory.update([1], crops(0))
    with pytest.raises(ValueError, match=words):
        memory.update(**{"track_ids": [1, 2], "seen": crops(0, 2), **given})


@pytest.mark.parametrize("time", [np.nan, np.inf, 2])
def test_a_time_that_falls_or_is_none_is_refused(time):
    memory = TrackletMemory()
    memory.update([1], crops(0), time=5, camera="door")
    with pytest.raises(ValueError, match="`time` is"):
        memory.update([3, 1], crops(0, 2), time=time, camera="door")
    assert memory.track_ids == (1,) and memory.updates == 1
    # Another camera, or another track, may have a clock of its own.
    memory.update([1], crops(0), time=2, camera="gate")
    memory.update([2], crops(0), time=2, camera="door")
    assert memory.last_seen(1) == 5


def test_unknown_tracks_are_refused():
    memory = TrackletMemory()
    memory.update([1], crops(0))
    for ask in (
        lambda: memory.descriptors([2]),
        lambda: memory.merge(1, 2),
        lambda: memory.forget([2]),
        lambda: memory.reidentify([2], [1], Limit(1.0)),
    ):
        with pytest.raises(ValueError, match="no track 2"):
            ask()

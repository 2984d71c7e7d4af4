"""Who new tracks are, beside trying all assignments."""

import numpy as np
import pytest

from keras_drop import Descriptors, Records
from keras_drop.evaluation import Distance, fit_pair_verdict
from keras_drop.tracking import Limit, TrackletMemory
from keras_drop.tracking.reidentify import reidentify
from tests.reference import tracking

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("most", [0.9, 1.3])
def test_the_assignment_is_the_best_of_all(seed, most):
    rng = np.random.default_rng(seed)
    sides = [
        Descriptors(rng.normal(size=(n, 2, 3)), rng.random((n, 2)) > 0.4)
        for n in (3, 3)
    ]
    possible = rng.random((3, 3)) > 0.2
    found = reidentify(
        *sides, ("abc", "xyz"), possible, Distance(), Limit(most)
    )
    memory = TrackletMemory()
    memory.update(range(3), sides[1])
    costs = memory.cost_matrix(range(3), sides[0]).T
    costs = np.where(possible & ~np.isnan(costs), costs, np.inf)
    expected = tracking.best_assignment(costs, most)
    assert {
        "abc".index(one.new): "xyz".index(one.known)
        for one in found
        if one.known is not None
    } == expected
    for row, one in enumerate(found):
        if np.isfinite(costs[row]).any() and row not in expected:
            assert one.nearest == "xyz"[np.argmin(costs[row])]
        if one.nearest is not None:
            column = "xyz".index(one.nearest)
            assert one.distance == pytest.approx(costs[row, column], rel=1e-5)


def remembered():
    memory = TrackletMemory()
    people = Descriptors(np.eye(4).reshape(2, 2, 4), [[1, 1], [1, 0]])
    memory.update([1, 2], people, time=0, camera="door")
    return memory


@pytest.mark.parametrize(
    "embedding, visibility, reason, known",
    [
        ([[1, 0, 0, 0], [9, 0, 0, 0]], [1, 0], "same", 1),
        ([[0, 0, 5, 0], [0, 0, 0, 1]], [1, 1], "same", 2),
        ([[0, 1, 0, 0], [0, 0, 0, 1]], [1, 1], "nobody I know", None),
        ([[0, 1, 0, 0], [0, 0, 0, 1]], [0, 0], "not comparable", None),
    ],
)
def test_the_reason_is_told(embedding, visibility, reason, known):
    new = Descriptors([embedding], [visibility])
    (found,) = remembered().reidentify([1, 2], new, Limit(0.5))
    assert (found.reason, found.known) == (reason, known)
    assert reason in str(found) or f"0 is {known}: distance" in str(found)


def test_two_cannot_be_one():
    new = Descriptors([[[1, 0, 0, 0], [0, 1, 0, 0]]] * 2)
    new.embeddings[1, 0, 1] = 0.1
    found = remembered().reidentify([1], new, Limit(0.5))
    assert [one.known for one in found] == [1, None]
    assert found[1].reason == "another fits better"


@pytest.mark.parametrize("most", [0.0, 0.1, 1.0])
def test_a_pair_exactly_at_the_limit_is_joined(most):
    memory = TrackletMemory(distance=Distance("cosine"))
    memory.update("ab", Descriptors(np.eye(4)[:2]))
    sine = np.sqrt(1 - (1 - most) ** 2)
    new = Descriptors(
        [[0, 1 - most, sine, 0], [1 - most, 0, 0, sine]],
    )
    costs = memory.cost_matrix("ab", new)
    limit = Limit(float(costs[[0, 1], [1, 0]].max()))
    found = memory.reidentify("ab", new, limit)
    if most < 1:
        assert [one.known for one in found] == ["b", "a"]
    assert {one.reason for one in found} == {"same"}


def test_whom_one_camera_sees_at_a_time_are_two_people():
    memory = remembered()
    again = Descriptors(np.eye(4).reshape(2, 2, 4)[:1])
    memory.update(["late"], again, time=7, camera="door")
    memory.update(["now"], again, time=0, camera="door")
    memory.update(["elsewhere"], again, time=0, camera="gate")
    found = {
        name: memory.reidentify([1], [name], Limit(0.5))[0].reason
        for name in ("late", "now", "elsewhere")
    }
    assert found == {"late": "same", "now": "nobody there", "elsewhere": "same"}


def test_a_verdict_judges_by_what_is_seen():
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(20), 6)
    embeddings = rng.normal(size=(20, 2, 6))[people]
    # The second part says little.
    noise = rng.normal(size=embeddings.shape) * [[[0.2], [2.0]]]
    visibility = rng.random((120, 2)) > 0.3
    images = Descriptors(embeddings + noise, visibility)
    records = Records([""] * 120, people, np.arange(120) % 6)
    verdict = fit_pair_verdict(images, images, records, records)
    memory = TrackletMemory()
    memory.update([0], Descriptors(embeddings[:1]))
    new = Descriptors(embeddings[[0, 0, 6]], [[1, 0], [0, 1], [1, 0]])
    found = [
        memory.reidentify([0], new[[k]], Limit(verdict=verdict))[0]
        for k in range(3)
    ]
    assert found[0].known == 0 and found[2].known is None
    assert found[0].probability > found[1].probability > found[2].probability
    strict = Limit(verdict=verdict, false_positive_rate=1e-3)
    assert memory.reidentify([0], new[[1]], strict)[0].known is None
    assert "probability" in str(found[0])


def test_nobody_new_and_nobody_lost():
    memory = remembered()
    assert memory.reidentify([1], [], Limit(1.0)) == []
    (found,) = memory.reidentify([], [1], Limit(1.0))
    assert found.reason == "nobody there" and "new" in str(found)


@pytest.mark.parametrize(
    "given, words",
    [
        ({}, "give one of the two"),
        ({"max_distance": -1.0}, "max_distance"),
        ({"max_distance": 1.0, "false_positive_rate": 0.1}, "leave it out"),
    ],
)
def test_a_limit_is_one_of_two(given, words):
    with pytest.raises(ValueError, match=words):
        Limit(**given)


def test_without_a_limit_all_who_can_be_are_somebody():
    people = Descriptors(
        np.eye(3)[[0, 1, 2]][:, None].repeat(2, axis=1),
        [[True, True], [True, True], [False, False]],
    )
    memory = TrackletMemory()
    memory.update("ab", people[:2])
    found = memory.reidentify("ab", people[[1, 2, 0]], Limit(np.inf))
    assert [one.known for one in found] == ["b", None, "a"]
    assert found[1].reason == "not comparable"


def test_embeddings_of_another_length_are_refused():
    memory = TrackletMemory()
    memory.update([1], Descriptors(np.ones((1, 2, 4))))
    with pytest.raises(ValueError, match="of 4 values; these have 7"):
        memory.update([2], Descriptors(np.ones((1, 2, 7))))
    assert memory.track_ids == (1,)

import numpy as np
import pytest

from keras_drop.data.occlusions import PersonOverPerson, Scene
from tests.data.occlusions.banks import hide

pytestmark = pytest.mark.backend_neutral
HEIGHT, WIDTH = 64, 32


def make_person(colour=200, rows=slice(10, 50), columns=slice(8, 24)):
    """Somebody of one colour, 40 x 16, before green, in 60 x 30."""
    image = np.zeros((60, 30, 3), "uint8")
    image[..., 1] = 255
    mask = np.zeros((60, 30), "uint8")
    image[rows, columns] = colour
    mask[rows, columns] = 255
    return image, mask


def apply(stage, seed, person=make_person):
    image = np.zeros((HEIGHT, WIDTH, 3), "float32")
    drawn = person()
    return hide(stage, image, seed, Scene(person=lambda rng: drawn))


def test_the_person_is_cut_out_of_the_own_background():
    for seed in range(40):
        image, hidden = apply(PersonOverPerson(1.0), seed)
        assert hidden.any()
        assert set(np.unique(image)) == {0, 200}
        np.testing.assert_array_equal(hidden, image[..., 0] == 200)


def test_stands_below_and_comes_in_from_a_side():
    lefts, shares, heights = [], [], []

    def broad():
        return make_person(columns=slice(2, 28))

    for seed in range(300):
        _, hidden = apply(PersonOverPerson(1.0), seed, broad)
        columns = np.flatnonzero(hidden.any(axis=0))
        rows = np.flatnonzero(hidden.any(axis=1))
        assert rows[-1] == HEIGHT - 1
        assert (columns[0] == 0) != (columns[-1] == WIDTH - 1)
        lefts.append(columns[0] == 0)
        shares.append(len(columns) / WIDTH)
        heights.append(len(rows) / HEIGHT)
    assert abs(np.mean(lefts) - 0.5) < 0.1
    assert 0.29 <= min(shares) < 0.35
    assert 0.65 < max(shares) <= 0.71
    assert min(heights) < 0.75
    assert max(heights) == 1.0


def test_a_person_keeps_the_shape():
    stage = PersonOverPerson(1.0, scale=(0.5, 0.5), sinking=0.0, reach=(1, 1))
    _, hidden = apply(stage, 0)
    assert hidden.any(axis=1).sum() == 32
    assert hidden.any(axis=0).sum() == 13


def test_mirrored():
    def person():
        image, mask = make_person()
        image[:, 8:12] = 100
        return image, mask

    stage = PersonOverPerson(
        1.0, scale=(0.5, 0.5), sinking=0.0, reach=(1, 1), flip=1.0
    )
    image, hidden = apply(stage, 0, person)
    line = image[-5, hidden[-5], 0]
    assert line[0] == 200
    assert line[-1] == 100


def test_a_soft_mask_is_soft():
    def person():
        image, mask = make_person()
        return image, mask // 5 * 3

    image, hidden = apply(PersonOverPerson(1.0), 0, person)
    assert image.max() == pytest.approx(0.6 * 200, abs=1)
    assert hidden.any()


@pytest.mark.parametrize(
    "person",
    [None, lambda rng: None, lambda rng: make_person(rows=slice(0, 1))],
)
def test_nobody_to_paste(person):
    image = np.ones((HEIGHT, WIDTH, 3), "float32")
    pasted, hidden = hide(PersonOverPerson(1.0), image, 0, Scene(person=person))
    np.testing.assert_array_equal(pasted, image)
    assert not hidden.any()


def test_somebody_too_small_is_drawn_again():
    drawn = [make_person(rows=slice(0, 1)), make_person(colour=70)]
    image, hidden = hide(
        PersonOverPerson(1.0),
        np.zeros((HEIGHT, WIDTH, 3)),
        0,
        Scene(person=lambda rng: drawn.pop(0)),
    )
    assert (image[hidden] == 70).all()


def test_probability_and_severity():
    happened = [apply(PersonOverPerson(0.25), s)[1].any() for s in range(400)]
    assert abs(np.mean(happened) - 0.25) < 0.08
    reach = [
        apply(PersonOverPerson(1.0).at(0.5), s)[1].any(axis=0).mean()
        for s in range(100)
    ]
    assert max(reach) < 0.37
    assert not apply(PersonOverPerson(1.0).at(0.0), 1)[1].any()

import numpy as np
import pytest

from keras_drop.data.occlusions import OccluderBank

pytestmark = pytest.mark.backend_neutral


def make_occluder(value, share=1.0, size=(10, 20)):
    alpha = np.zeros(size)
    alpha[:, : round(share * size[1])] = 1
    return np.full((*size, 3), value, "uint8"), alpha


def test_rejects_by_name_what_is_hardly_there():
    with pytest.warns(UserWarning, match=r"1 occluders are left .*: twig\."):
        bank = OccluderBank(
            [make_occluder(1), make_occluder(2, 0.0), make_occluder(3, 0.05)],
            names=["crate", "twig", "pole"],
        )
    assert bank.rejected == ["twig"]
    assert [o[0, 0, 0] for o in bank.occluders] == [1, 3]


def test_a_long_list_of_rejected_ones_is_cut():
    occluders = [make_occluder(1)] + [make_occluder(2, 0.0)] * 8
    with pytest.warns(UserWarning, match=r"1, 2, 3, 4, 5 and 3 more"):
        OccluderBank(occluders)


def test_no_occluder_is_an_error():
    with pytest.raises(ValueError, match="no occluder to draw"):
        OccluderBank([])
    with (
        pytest.warns(UserWarning),
        pytest.raises(ValueError, match="all 1 is below"),
    ):
        OccluderBank([make_occluder(2, 0.0)])


@pytest.mark.parametrize("kind", ["uint8", "float32", "bool"])
def test_kinds_of_alpha(kind):
    image, alpha = make_occluder(200, 0.5)
    alpha = (255 * alpha).astype("uint8") if kind == "uint8" else alpha
    bank = OccluderBank([(image, alpha.astype(kind))])
    expected = np.zeros((10, 20, 4), "uint8")
    expected[:, :10] = 200, 200, 200, 255
    np.testing.assert_array_equal(bank.occluders[0], expected)


def test_any_iterator_will_do():
    assert len(OccluderBank(make_occluder(v) for v in range(3))) == 3


@pytest.mark.parametrize(
    "occluder",
    [
        (np.zeros((4, 4, 4)), np.ones((4, 4))),
        (np.zeros((4, 4, 3)), np.ones((4, 3))),
        (np.zeros((4, 4)), np.ones((4, 4))),
        (np.zeros((0, 4, 3)), np.ones((0, 4))),
    ],
)
def test_arrays_that_do_not_fit_are_named(occluder):
    with pytest.raises(ValueError, match="Occluder 0 has the shapes"):
        OccluderBank([occluder])


def test_groups_count_alike():
    occluders = [make_occluder(v) for v in range(10)]
    bank = OccluderBank(occluders, groups=["a"] * 9 + ["b"])
    rng = np.random.default_rng(0)
    drawn = np.array([bank.draw(rng)[0, 0, 0] for _ in range(2000)])
    assert abs((drawn == 9).mean() - 0.5) < 0.05
    counts = np.bincount(drawn[drawn < 9])
    assert len(counts) == 9
    assert counts.min() > 70


def test_large_ones_are_shrunk():
    bank = OccluderBank([make_occluder(90, 0.5, (300, 100))], max_side=60)
    occluder = bank.occluders[0]
    assert occluder.shape == (60, 20, 4)
    assert occluder[30, 2].tolist() == [90, 90, 90, 255]
    assert not occluder[30, 15].any()

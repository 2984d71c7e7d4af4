import pytest

from keras_drop import Records
from keras_drop.data.batches.training_checks import check_training
from keras_drop.data.occlusions import GridMask, PartOcclusion

pytestmark = pytest.mark.backend_neutral
RECORDS = Records(["a.png"], [3], [0])
LABELLED = Records(["a.png"], [3], [0], ["a.npy"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LABELLED, (30, 16), "five", "pifpaf36", ()), "multiples of 4"),
        ((LABELLED, (32, 16), "five", None, ()), "both a `schema` and"),
        ((LABELLED, (32, 16), None, "pifpaf36", ()), "both a `schema` and"),
        ((RECORDS, (32, 16), "five", "pifpaf36", ()), "None of the 1 images"),
        (
            (
                RECORDS,
                (32, 16),
                None,
                None,
                ((GridMask(),), (PartOcclusion(),)),
            ),
            "PartOcclusion cuts out",
        ),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        check_training(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        (RECORDS, (32, 16), None, None, ((GridMask(),),)),
        (LABELLED, (32, 16), "five", "pifpaf36", ((PartOcclusion(),),)),
        (RECORDS, (32, 16), "five", "stripes", ()),
    ],
)
def test_accepts(arguments):
    check_training(*arguments)

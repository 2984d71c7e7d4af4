import pytest

from keras_drop import Records
from keras_drop.data import ParsingLabels
from keras_drop.data.batches.training_checks import check_training
from keras_drop.data.occlusions import (
    GridMask,
    PartOcclusion,
    PersonOverPerson,
)

pytestmark = pytest.mark.backend_neutral
RECORDS = Records(["a.png"], [3], [0])
FIVE = ParsingLabels("pifpaf36", "five")
STRIPES = ParsingLabels("stripes", "stripes_5")
LABELLED = Records(["a.png"], [3], [0], ["a.npy"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((LABELLED, (30, 16), FIVE, ()), "multiples of 4"),
        ((RECORDS, (32,), None, ()), "two whole numbers"),
        ((RECORDS, 32, None, ()), "two whole numbers"),
        ((RECORDS, (0, 0), None, ()), "two whole numbers"),
        ((LABELLED, (32, 16), "five", ()), "`labels` is 'five'; it is made"),
        ((RECORDS, (32, 16), FIVE, ()), "None of the 1 images"),
        (
            (
                RECORDS,
                (32, 16),
                None,
                ((GridMask(),), (PartOcclusion(),)),
            ),
            "PartOcclusion cuts out",
        ),
        (
            (RECORDS, (32, 16), STRIPES, ((PersonOverPerson(),),)),
            "PersonOverPerson cuts out .* not stripes",
        ),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        check_training(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        (RECORDS, (32, 16), None, ((GridMask(),),)),
        (LABELLED, (32, 16), FIVE, ((PartOcclusion(),),)),
        (RECORDS, (32, 16), STRIPES, ()),
    ],
)
def test_accepts(arguments):
    check_training(*arguments)

"""The data sets that are known by a name."""

import dataclasses
import functools
import typing

from keras_drop.datasets.readers.dukemtmc import DUKEMTMC_COUNTS, read_dukemtmc
from keras_drop.datasets.readers.market1501 import (
    MARKET1501_500K_COUNTS,
    MARKET1501_COUNTS,
    read_market1501,
)
from keras_drop.datasets.readers.msmt17 import (
    MSMT17_TRAIN_COUNTS,
    MSMT17_TRAINVAL_COUNTS,
    read_msmt17,
)
from keras_drop.datasets.readers.occluded_duke import (
    OCCLUDED_DUKE_COUNTS,
    read_occluded_duke,
)
from keras_drop.datasets.readers.occluded_reid import (
    OCCLUDED_REID_COUNTS,
    read_occluded_reid,
)
from keras_drop.datasets.readers.p_duke import P_DUKE_COUNTS, read_p_duke
from keras_drop.datasets.readers.partial_ilids_18 import (
    PARTIAL_ILIDS_18_COUNTS,
    read_partial_ilids_18,
)
from keras_drop.datasets.readers.partial_ilids_19 import (
    PARTIAL_ILIDS_19_COUNTS,
    read_partial_ilids_19,
)
from keras_drop.datasets.readers.partial_reid import (
    PARTIAL_REID_COUNTS,
    read_partial_reid,
)


@dataclasses.dataclass(frozen=True)
class DataSet:
    """What is known of a data set by its name.

    Args:
        name: Its name.
        read: Its reader: a function of `root`, `parsing_dir` and
            `label_format` that returns a dictionary of `Records`.
        counts: For each split the `(identities, images)` of the whole data
            set, `None` for a number that is not sure; `"all"` for the sum of
            training and test. Empty where any number is right.
        camera_mode: `"real"`; `"fake"` where queries have camera 0 and the
            gallery camera 1.
        shared_numbers: Whether an identity of training that is one of the
            test too is the same person, which must not be.
        label_format: Format of the parsing labels it usually has.

    Example:
    >>> from keras_drop.datasets import data_set
    >>> data_set("occluded_reid").camera_mode
    'fake'
    """

    name: str
    read: typing.Callable
    counts: dict
    camera_mode: str = "real"
    shared_numbers: bool = True
    label_format: str = "pifpaf36"


DATA_SETS = {
    data_set.name: data_set
    for data_set in (
        DataSet("market1501", read_market1501, MARKET1501_COUNTS),
        DataSet(
            "market1501_500k",
            functools.partial(read_market1501, distractors=True),
            MARKET1501_500K_COUNTS,
        ),
        DataSet("dukemtmc", read_dukemtmc, DUKEMTMC_COUNTS),
        DataSet("occluded_duke", read_occluded_duke, OCCLUDED_DUKE_COUNTS),
        DataSet(
            "msmt17_train",
            functools.partial(read_msmt17, train="train"),
            MSMT17_TRAIN_COUNTS,
            shared_numbers=False,
        ),
        DataSet(
            "msmt17_trainval",
            functools.partial(read_msmt17, train="trainval"),
            MSMT17_TRAINVAL_COUNTS,
            shared_numbers=False,
        ),
        DataSet(
            "occluded_reid", read_occluded_reid, OCCLUDED_REID_COUNTS, "fake"
        ),
        DataSet(
            "partial_reid_cropped",
            functools.partial(read_partial_reid, query="cropped"),
            PARTIAL_REID_COUNTS,
            "fake",
        ),
        DataSet(
            "partial_reid_uncropped",
            functools.partial(read_partial_reid, query="uncropped"),
            PARTIAL_REID_COUNTS,
            "fake",
        ),
        DataSet(
            "partial_ilids_18",
            read_partial_ilids_18,
            PARTIAL_ILIDS_18_COUNTS,
            "fake",
        ),
        DataSet(
            "partial_ilids_19",
            read_partial_ilids_19,
            PARTIAL_ILIDS_19_COUNTS,
            "fake",
        ),
        DataSet("p_duke", read_p_duke, P_DUKE_COUNTS, "fake"),
        DataSet(
            "embedded_pedestrians",
            read_occluded_duke,
            {},
            label_format="densepose14",
        ),
    )
}
_TO_BE_NAMED = {
    "msmt17": "other images are trained on",
    "partial_reid": "other images are the queries",
}


def data_set(name):
    """The `DataSet` of a name.

    Raises:
        ValueError: There is none; the message lists the names. For MSMT17 and
            Partial-REID it has to be said which of the two variants is meant.
    """
    if name in DATA_SETS:
        return DATA_SETS[name]
    variants = [known for known in DATA_SETS if known.startswith(f"{name}_")]
    if name in _TO_BE_NAMED:
        raise ValueError(
            f"{name!r} is {' or '.join(map(repr, variants))}: "
            f"{_TO_BE_NAMED[name]}, and results cannot be compared. Name one."
        )
    raise ValueError(
        f"There is no data set {name!r}. Known: {', '.join(DATA_SETS)}."
    )

"""File names of data sets to `Records`."""

from typing import TYPE_CHECKING

from keras_drop.datasets.checking.check import check_splits
from keras_drop.datasets.checking.finding import Finding
from keras_drop.datasets.data_set import DATA_SETS, DataSet, declare
from keras_drop.datasets.data_sets import data_set, find_readers
from keras_drop.datasets.data_source import DataSource
from keras_drop.datasets.data_sources import data_sources
from keras_drop.datasets.draw_split import draw_split
from keras_drop.datasets.join_records import join_records
from keras_drop.datasets.labels.label_formats import LABEL_FORMATS, LabelFormat
from keras_drop.datasets.own_data import OwnData
from keras_drop.datasets.packed.pack import pack, verify_packed
from keras_drop.datasets.packed.read_packed import read_packed
from keras_drop.datasets.write_table import write_table

if TYPE_CHECKING:  # An editor cannot see what `find_readers` finds.
    from keras_drop.datasets.readers.densepose_coco import (
        DensePosePerson as DensePosePerson,
    )
    from keras_drop.datasets.readers.densepose_coco import (
        read_densepose_coco as read_densepose_coco,
    )
    from keras_drop.datasets.readers.dukemtmc import (
        read_dukemtmc as read_dukemtmc,
    )
    from keras_drop.datasets.readers.market1501 import (
        read_market1501 as read_market1501,
    )
    from keras_drop.datasets.readers.msmt17 import read_msmt17 as read_msmt17
    from keras_drop.datasets.readers.named_images import (
        read_folders as read_folders,
    )
    from keras_drop.datasets.readers.occluded_duke import (
        read_occluded_duke as read_occluded_duke,
    )
    from keras_drop.datasets.readers.occluded_reid import (
        read_occluded_reid as read_occluded_reid,
    )
    from keras_drop.datasets.readers.own_table import read_table as read_table
    from keras_drop.datasets.readers.p_duke import read_p_duke as read_p_duke
    from keras_drop.datasets.readers.parsed_images import (
        read_parsed_images as read_parsed_images,
    )
    from keras_drop.datasets.readers.partial_ilids_18 import (
        read_partial_ilids_18 as read_partial_ilids_18,
    )
    from keras_drop.datasets.readers.partial_ilids_19 import (
        read_partial_ilids_19 as read_partial_ilids_19,
    )
    from keras_drop.datasets.readers.partial_reid import (
        read_partial_reid as read_partial_reid,
    )

_READERS = find_readers()
globals().update(_READERS)

__all__ = [
    "DATA_SETS",
    "LABEL_FORMATS",
    "DataSet",
    "DataSource",
    "Finding",
    "LabelFormat",
    "OwnData",
    "check_splits",
    "data_set",
    "data_sources",
    "declare",
    "draw_split",
    "join_records",
    "pack",
    "read_packed",
    "verify_packed",
    "write_table",
    *_READERS,
]

"""File names of data sets to `Records`."""

from keras_drop.datasets.checking.check import check_splits
from keras_drop.datasets.checking.finding import Finding
from keras_drop.datasets.data_sets import DATA_SETS, DataSet, data_set
from keras_drop.datasets.labels.label_formats import LABEL_FORMATS, LabelFormat
from keras_drop.datasets.readers.densepose_coco import (
    DensePosePerson,
    read_densepose_coco,
)
from keras_drop.datasets.readers.dukemtmc import read_dukemtmc
from keras_drop.datasets.readers.listed_images import read_csv
from keras_drop.datasets.readers.market1501 import read_market1501
from keras_drop.datasets.readers.msmt17 import read_msmt17
from keras_drop.datasets.readers.named_images import read_folders
from keras_drop.datasets.readers.occluded_duke import (
    OCCLUDED_DUKE_COUNTS,
    read_occluded_duke,
)
from keras_drop.datasets.readers.occluded_reid import read_occluded_reid
from keras_drop.datasets.readers.p_duke import read_p_duke
from keras_drop.datasets.readers.parsed_images import read_parsed_images
from keras_drop.datasets.readers.partial_ilids_18 import read_partial_ilids_18
from keras_drop.datasets.readers.partial_ilids_19 import read_partial_ilids_19
from keras_drop.datasets.readers.partial_reid import read_partial_reid

__all__ = [
    "DATA_SETS",
    "LABEL_FORMATS",
    "OCCLUDED_DUKE_COUNTS",
    "DataSet",
    "DensePosePerson",
    "Finding",
    "LabelFormat",
    "check_splits",
    "data_set",
    "read_csv",
    "read_densepose_coco",
    "read_dukemtmc",
    "read_folders",
    "read_market1501",
    "read_msmt17",
    "read_occluded_duke",
    "read_occluded_reid",
    "read_p_duke",
    "read_parsed_images",
    "read_partial_ilids_18",
    "read_partial_ilids_19",
    "read_partial_reid",
]

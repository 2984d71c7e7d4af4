"""Occlusion augmentation: stages that hide parts of an image, and say where."""

from keras_drop.data.occlusions.grid_mask import GridMask
from keras_drop.data.occlusions.named_occlusions import (
    OCCLUSIONS,
    named_occlusions,
)
from keras_drop.data.occlusions.occlude import occlude
from keras_drop.data.occlusions.occluder_bank import OccluderBank
from keras_drop.data.occlusions.occluder_folder import read_occluders
from keras_drop.data.occlusions.part_occlusion import PartOcclusion
from keras_drop.data.occlusions.person_over_person import PersonOverPerson
from keras_drop.data.occlusions.procedural_occluders import (
    occluders_from_borders,
    procedural_occluders,
)
from keras_drop.data.occlusions.random_erasing import RandomErasing
from keras_drop.data.occlusions.realistic_occlusion import RealisticOcclusion
from keras_drop.data.occlusions.scene import Scene
from keras_drop.data.occlusions.severity_schedule import SeveritySchedule

__all__ = [
    "OCCLUSIONS",
    "GridMask",
    "OccluderBank",
    "PartOcclusion",
    "PersonOverPerson",
    "RandomErasing",
    "RealisticOcclusion",
    "Scene",
    "SeveritySchedule",
    "named_occlusions",
    "occlude",
    "occluders_from_borders",
    "procedural_occluders",
    "read_occluders",
]

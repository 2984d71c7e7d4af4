"""Occlusion augmentation: stages that hide parts of an image, and say where."""

from keras_drop.data.occlusions.occluders.occluder_bank import OccluderBank
from keras_drop.data.occlusions.occluders.occluder_folder import read_occluders
from keras_drop.data.occlusions.occluders.procedural_occluders import (
    occluders_from_borders,
    procedural_occluders,
)
from keras_drop.data.occlusions.scene.scene import Scene
from keras_drop.data.occlusions.stages.grid_mask import GridMask
from keras_drop.data.occlusions.stages.named_occlusions import (
    OCCLUSIONS,
    named_occlusions,
)
from keras_drop.data.occlusions.stages.occlude import occlude
from keras_drop.data.occlusions.stages.part_occlusion import PartOcclusion
from keras_drop.data.occlusions.stages.person_over_person import (
    PersonOverPerson,
)
from keras_drop.data.occlusions.stages.random_erasing import RandomErasing
from keras_drop.data.occlusions.stages.realistic_occlusion import (
    RealisticOcclusion,
)
from keras_drop.data.occlusions.stages.severity_schedule import SeveritySchedule

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

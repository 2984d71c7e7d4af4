"""Losses: one `keras.losses.Loss` and one function a file, all stateless."""

from keras_drop.losses.arc_face import ArcFace, arc_face
from keras_drop.losses.centre import Centre, centre
from keras_drop.losses.circle_identity import (
    CircleIdentity,
    circle_identity,
)
from keras_drop.losses.cos_face import CosFace, cos_face
from keras_drop.losses.focal_parsing import FocalParsing, focal_parsing
from keras_drop.losses.identity_cross_entropy import (
    IdentityCrossEntropy,
    identity_cross_entropy,
)
from keras_drop.losses.memory_contrastive import (
    MemoryContrastive,
    memory_contrastive,
)
from keras_drop.losses.part_averaged_triplet import (
    PartAveragedTriplet,
    part_averaged_triplet,
)
from keras_drop.losses.part_aware_compactness import (
    PartAwareCompactness,
    part_aware_compactness,
)
from keras_drop.losses.part_map_distillation import (
    PartMapDistillation,
    part_map_distillation,
)
from keras_drop.losses.prototype_compactness import (
    PrototypeCompactness,
    prototype_compactness,
)
from keras_drop.losses.relational_distillation import (
    RelationalDistillation,
    relational_distillation,
)
from keras_drop.losses.spatially_smoothed_parsing import (
    SpatiallySmoothedParsing,
    spatially_smoothed_parsing,
)
from keras_drop.losses.visibility_distillation import (
    VisibilityDistillation,
    visibility_distillation,
)
from keras_drop.losses.visibility_triplet import (
    VisibilityTriplet,
    visibility_triplet,
)
from keras_drop.losses.visible_identity import (
    VisibleIdentity,
    visible_identity,
)

__all__ = [
    "ArcFace",
    "Centre",
    "CircleIdentity",
    "CosFace",
    "FocalParsing",
    "IdentityCrossEntropy",
    "MemoryContrastive",
    "PartAveragedTriplet",
    "PartAwareCompactness",
    "PartMapDistillation",
    "PrototypeCompactness",
    "RelationalDistillation",
    "SpatiallySmoothedParsing",
    "VisibilityDistillation",
    "VisibilityTriplet",
    "VisibleIdentity",
    "arc_face",
    "centre",
    "circle_identity",
    "cos_face",
    "focal_parsing",
    "identity_cross_entropy",
    "memory_contrastive",
    "part_averaged_triplet",
    "part_aware_compactness",
    "part_map_distillation",
    "prototype_compactness",
    "relational_distillation",
    "spatially_smoothed_parsing",
    "visibility_distillation",
    "visibility_triplet",
    "visible_identity",
]

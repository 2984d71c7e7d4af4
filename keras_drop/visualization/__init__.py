"""Pictures of what a model found: ranked lists, body parts, curves."""

from keras_drop.visualization.curves import save_curves
from keras_drop.visualization.explained_query import ExplainedQuery
from keras_drop.visualization.kept_patches import save_kept_patches
from keras_drop.visualization.kept_share import save_kept_share
from keras_drop.visualization.occlusion_sheet import save_occlusion_sheet
from keras_drop.visualization.part_maps import save_part_maps
from keras_drop.visualization.ranked_lists import save_ranked_lists
from keras_drop.visualization.reliability_diagram import (
    save_reliability_diagram,
)
from keras_drop.visualization.save_explanations import save_explanations
from keras_drop.visualization.save_projector import save_projector

__all__ = [
    "ExplainedQuery",
    "save_curves",
    "save_explanations",
    "save_kept_patches",
    "save_kept_share",
    "save_occlusion_sheet",
    "save_part_maps",
    "save_projector",
    "save_ranked_lists",
    "save_reliability_diagram",
]

"""Follow people in video: memories of tracks, and who comes back."""

from keras_drop.tracking.detections import Detections, read_detections
from keras_drop.tracking.evaluate_tracks import evaluate_tracks
from keras_drop.tracking.follower import Follower
from keras_drop.tracking.frame_encoder import FrameEncoder
from keras_drop.tracking.limit import Limit
from keras_drop.tracking.link_boxes import link_boxes
from keras_drop.tracking.reassociation import (
    Reassociation,
    reassociation,
    reassociation_table,
)
from keras_drop.tracking.reidentification import Reidentification
from keras_drop.tracking.tracklet_memory import TrackletMemory

__all__ = [
    "Detections",
    "Follower",
    "FrameEncoder",
    "Limit",
    "Reassociation",
    "Reidentification",
    "TrackletMemory",
    "evaluate_tracks",
    "link_boxes",
    "read_detections",
    "reassociation",
    "reassociation_table",
]

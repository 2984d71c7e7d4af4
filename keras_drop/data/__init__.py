"""From `Records` to batches."""

from keras_drop.data.camera_batches import CameraBatches
from keras_drop.data.densepose_crops import save_densepose_crops
from keras_drop.data.each_person_batches import EachPersonBatches
from keras_drop.data.identity_batches import identity_batches
from keras_drop.data.identity_labels import identity_labels
from keras_drop.data.image_batches import ImageBatches
from keras_drop.data.images import read_image, resize_image
from keras_drop.data.joint_batches import JointBatches
from keras_drop.data.parse_images import parse_images
from keras_drop.data.parsing_batches import ParsingBatches
from keras_drop.data.parsing_labels import ParsingLabels
from keras_drop.data.part_label_writer import write_part_labels
from keras_drop.data.segmentation_batches import SegmentationBatches
from keras_drop.data.training_batches import TrainingBatches
from keras_drop.data.transforms import Transform, random_transform

__all__ = [
    "CameraBatches",
    "EachPersonBatches",
    "ImageBatches",
    "JointBatches",
    "ParsingBatches",
    "ParsingLabels",
    "SegmentationBatches",
    "TrainingBatches",
    "Transform",
    "identity_batches",
    "identity_labels",
    "parse_images",
    "random_transform",
    "read_image",
    "resize_image",
    "save_densepose_crops",
    "write_part_labels",
]

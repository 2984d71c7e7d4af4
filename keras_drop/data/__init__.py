"""From `Records` to batches."""

from keras_drop.data.batches.camera_batches import CameraBatches
from keras_drop.data.batches.each_person_batches import EachPersonBatches
from keras_drop.data.batches.identity_batches import identity_batches
from keras_drop.data.batches.image_batches import ImageBatches
from keras_drop.data.batches.joint_batches import JointBatches
from keras_drop.data.batches.parsing_batches import ParsingBatches
from keras_drop.data.batches.segmentation_batches import SegmentationBatches
from keras_drop.data.batches.training_batches import TrainingBatches
from keras_drop.data.labels.densepose_crops import save_densepose_crops
from keras_drop.data.labels.identity_labels import identity_labels
from keras_drop.data.labels.parse_images import parse_images
from keras_drop.data.labels.parsing_labels import ParsingLabels
from keras_drop.data.labels.part_label_writer import write_part_labels
from keras_drop.data.reading.images import read_image, resize_image
from keras_drop.data.transforms.transforms import Transform, random_transform

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

"""From `Records` to batches."""

from keras_drop.data.batches.camera_batches import CameraBatches
from keras_drop.data.batches.image_batches import ImageBatches
from keras_drop.data.batches.joint_batches import JointBatches
from keras_drop.data.batches.parsing_batches import ParsingBatches
from keras_drop.data.batches.remaining_batches import RemainingBatches
from keras_drop.data.batches.segmentation_batches import SegmentationBatches
from keras_drop.data.batches.training_batches import TrainingBatches
from keras_drop.data.cropping.box_files import read_boxes
from keras_drop.data.cropping.boxes import Boxes
from keras_drop.data.cropping.crop_boxes import crop_boxes
from keras_drop.data.cropping.crop_rule import CropRule
from keras_drop.data.cropping.crop_writer import write_crops
from keras_drop.data.cropping.frames import Frames
from keras_drop.data.cropping.sequence import Sequence
from keras_drop.data.labels.densepose_crops import save_densepose_crops
from keras_drop.data.labels.identity_labels import identity_labels
from keras_drop.data.labels.parse_images import parse_images
from keras_drop.data.labels.parsing_labels import ParsingLabels
from keras_drop.data.labels.part_label_writer import write_part_labels
from keras_drop.data.reading.images import read_image, resize_image
from keras_drop.data.reading.readable_splits import readable_splits
from keras_drop.data.samplers.balanced_sampler import BalancedSampler
from keras_drop.data.samplers.each_identity_once_sampler import (
    EachIdentityOnceSampler,
)
from keras_drop.data.samplers.hold_out_people import (
    hold_out_people,
    query_and_gallery,
)
from keras_drop.data.samplers.identity_sampler import IdentitySampler
from keras_drop.data.transforms.random_transform import (
    TRANSFORMS,
    random_transform,
)
from keras_drop.data.transforms.transform import Transform

__all__ = [
    "TRANSFORMS",
    "BalancedSampler",
    "Boxes",
    "CameraBatches",
    "CropRule",
    "EachIdentityOnceSampler",
    "Frames",
    "IdentitySampler",
    "ImageBatches",
    "JointBatches",
    "ParsingBatches",
    "ParsingLabels",
    "RemainingBatches",
    "SegmentationBatches",
    "Sequence",
    "TrainingBatches",
    "Transform",
    "crop_boxes",
    "hold_out_people",
    "identity_labels",
    "parse_images",
    "query_and_gallery",
    "random_transform",
    "read_boxes",
    "read_image",
    "readable_splits",
    "resize_image",
    "save_densepose_crops",
    "write_crops",
    "write_part_labels",
]

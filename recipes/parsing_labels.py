"""Parsing labels for images that have none: trains a network, and labels.

DeepLabV3+ of KerasHub learns from crops of people with part labels, such as
those of `recipes/densepose_coco_crops.py`, and labels any folder of crops:

    python recipes/parsing_labels.py --data_dir=coco_people/train/images \\
        --parsing_dir=coco_people/train/parts --preset=resnet_50_imagenet \\
        --crops=Market-1501-v15.09.15 \\
        --crop_folders=bounding_box_train,query,bounding_box_test \\
        --run_dir=runs/market1501_labels

The labels, in `--labels_dir`, have folders and names like the images: give it
as `--parsing_dir` to the recipes of the models. A run that was stopped goes on
when it is started again with the same `--run_dir`; so does the labelling. The
demo labels drawn pedestrians by what it learnt from others:

    python recipes/parsing_labels.py \\
        --flagfile=recipes/parsing_labels_demo.flags

Paper: [Chen et al., 2018](https://arxiv.org/abs/1802.02611). Results on the
embedded pedestrians: docs/guide/parsing_labels.md; on COCO: not run yet, it
needs the data set and a GPU.
"""

import dataclasses
import math
import sys
import time
from pathlib import Path

import keras
import keras_hub
from parsing_report import (
    compare,
    label_crops,
    measure,
    report,
    save_preview,
)
from reid_run import check_choice, flag

import keras_drop as kd
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians

# The format that reads what is written; other schemas are read as `custom`.
FORMATS = {"fourteen": "densepose14", "seven": "png7", "hpnet_four": "png4"}
BACKBONES = ("resnet18", "resnet50", "hrnet_w18_small", "hrnet_w32")


@dataclasses.dataclass(frozen=True)
class Settings:
    data_dir: Path = flag(None, "folder of the images to learn from")
    parsing_dir: Path = flag(None, "folder of their parsing labels")
    folders: tuple[str, ...] = flag((), "folders in data_dir; empty: all")
    label_format: str = flag(
        "densepose14", ", ".join(kd.datasets.LABEL_FORMATS)
    )
    part_schema: str = flag("fourteen", "parts to learn and to write")
    bag_is_torso: bool = flag(False, "of atr labels; else it is background")
    held_out: float = flag(0.1, "share of the images to measure with")
    crops: Path = flag(None, "folder of the images to label, if any")
    crop_folders: tuple[str, ...] = flag((), "folders in crops; empty: all")
    labels_dir: Path = flag(None, "folder of the new labels; run_dir/labels")
    truth_dir: Path = flag(None, "true labels of the crops, to compare with")
    render: str = flag("", "first draw this preset of pedestrians, twice")
    run_dir: Path = flag(Path("runs/parsing_labels"), "what the run makes")
    backbone: str = flag("resnet50", ", ".join(BACKBONES))
    weights: Path = flag(None, "PyTorch checkpoint of the backbone, if any")
    preset: str = flag("", "KerasHub's of a ResNet instead of backbone")
    image_size: tuple[int, int] = flag((256, 128), "height,width")
    transforms: tuple[str, ...] = flag(
        ("flip", "crop", "colour_jitter"), ", ".join(kd.data.TRANSFORMS)
    )
    occlusion: float = flag(0.3, "share of the images that something hides")
    batch_size: int = flag(32, "images in a batch")
    epochs: int = flag(30, "passes over the training images")
    learning_rate: float = flag(1e-3, "after the first epoch; then a cosine")
    weight_decay: float = flag(1e-4, "decoupled from the gradients")
    seed: int = flag(1, "of weights and batches")

    def __post_init__(self):
        kd.data.ParsingLabels(self.label_format, self.schema)
        check_choice(self, "backbone", BACKBONES)
        if self.preset and self.weights:
            raise ValueError("--preset has weights: leave out --weights.")
        if len(self.image_size) != 2 or any(x % 32 for x in self.image_size):
            raise ValueError(
                "--image_size is height,width, multiples of 32, as 256,128."
            )
        if not 0 < self.held_out < 1:
            raise ValueError("--held_out is between 0 and 1.")
        if self.data_dir is None or self.parsing_dir is None:
            raise ValueError("--data_dir and --parsing_dir are both needed.")
        needed = {"weights": self.weights}
        if not self.render:
            for name in ("data_dir", "parsing_dir", "crops", "truth_dir"):
                needed[name] = getattr(self, name)
        for name, path in needed.items():
            if path is not None and not path.exists():
                raise FileNotFoundError(f"--{name}={path} does not exist.")
        if self.crops:
            scanned = [self.crops / name for name in self.crop_folders]
            for folder in scanned or [self.crops]:
                if self.labels.resolve().is_relative_to(folder.resolve()):
                    raise ValueError(
                        f"--labels_dir={self.labels} is in {folder}, where "
                        "the next run would take labels for images."
                    )

    @property
    def schema(self):
        """`PartSchema` of the parts to learn."""
        return kd.part_schema(self.part_schema, self.bag_is_torso)

    @property
    def labels(self):
        """Folder of the new labels."""
        return self.labels_dir or self.run_dir / "labels"

    @property
    def written_format(self):
        """Name of the format of the new labels."""
        return FORMATS.get(self.part_schema, "custom")


def main(settings):
    start = time.monotonic()
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(settings.seed)
    if settings.render:
        draw(settings)
    train, held_out = split(settings, read_labelled(settings))
    print(f"{len(train):,} images to learn from, {len(held_out):,} held out")
    segmenter = train_segmenter(settings, train)
    segmenter.save(settings.run_dir / "segmenter.keras")
    result = {"held_out": measure(settings, segmenter, held_out)}
    shown = held_out
    if settings.crops:
        shown = kd.datasets.read_parsed_images(
            settings.crops, folders=settings.crop_folders
        )
        result["problems"] = label_crops(settings, segmenter, shown)
    if settings.truth_dir:
        result["crops"] = compare(settings)
    save_preview(settings, segmenter, shown)
    report(settings, result, seconds=time.monotonic() - start)


def draw(settings):
    """Draws pedestrians to learn from, and others to label."""
    render_embedded_pedestrians(
        settings.data_dir, settings.render, seed=2, occlusion="light"
    )
    if settings.crops:
        render_embedded_pedestrians(settings.crops, settings.render)


def read_labelled(settings):
    """`Records` of the images that have a label."""
    records = kd.datasets.read_parsed_images(
        settings.data_dir,
        settings.parsing_dir,
        settings.label_format,
        settings.folders,
    )
    return records[records.parsing_paths != ""]


def split(settings, records):
    """Images to learn from, and the last ones by name, held out.

    Where names begin with the number of the person, as they mostly do, hardly
    anybody is in both.
    """
    count = math.ceil(settings.held_out * len(records))
    if count == len(records):
        raise ValueError(
            f"Of {len(records)} images, {count} would be held out. Lower "
            "--held_out, or give more."
        )
    return records[:-count], records[-count:]


def make_backbone(settings):
    """The backbone of the settings, with weights if there are some."""
    if settings.preset:
        return keras_hub.models.ResNetBackbone.from_preset(
            settings.preset,
            stackwise_num_strides=[1, 2, 2, 1],
            image_shape=(*settings.image_size, 3),
        )
    backbone = kd.models.BACKBONES[settings.backbone](settings.image_size)
    if settings.weights:
        kd.models.load_checkpoint(backbone, settings.weights)
    return backbone


def train_segmenter(settings, records):
    """The trained network; goes on from the run's checkpoint, if any."""
    occluder = kd.data.occlusions.RealisticOcclusion(
        probability=settings.occlusion, reach=(0.1, 0.6)
    )
    batches = kd.data.SegmentationBatches(
        records,
        settings.image_size,
        kd.data.ParsingLabels(settings.label_format, settings.schema),
        settings.transforms,
        settings.batch_size,
        occlusions=(occluder,) if settings.occlusion else (),
        seed=settings.seed,
    )
    segmenter = kd.models.part_segmenter(
        make_backbone(settings), settings.schema.num_parts
    )
    steps = len(batches)
    rate = keras.optimizers.schedules.CosineDecay(
        0.01 * settings.learning_rate,
        max(settings.epochs - 1, 1) * steps,
        warmup_target=settings.learning_rate,
        warmup_steps=steps,
    )
    segmenter.compile(
        keras.optimizers.AdamW(rate, settings.weight_decay),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=kd.backend.default_jit_compile(),
    )
    checkpoint = kd.training.RunCheckpoint(
        settings.run_dir / "checkpoints", batches
    )
    first = checkpoint.restore(segmenter)
    if first:
        print(f"Going on after epoch {first}.")
    segmenter.fit(
        batches,
        epochs=settings.epochs,
        initial_epoch=first,
        shuffle=False,
        verbose=1 if sys.stdout.isatty() else 0,
        callbacks=[
            keras.callbacks.CSVLogger(
                settings.run_dir / "history.csv", append=first > 0
            ),
            checkpoint,
            kd.training.RemainingTime(),
        ],
    )
    return segmenter


if __name__ == "__main__":
    kd.training.run(main, Settings)

import dataclasses
import math
import sys
import time
from pathlib import Path

import keras

from keras_drop.backend import default_jit_compile
from keras_drop.data import (
    ParsingLabels,
    SegmentationBatches,
    readable_splits,
)
from keras_drop.data.occlusions import RealisticOcclusion
from keras_drop.datasets import read_parsed_images
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.flags import flag, flag_file
from keras_drop.models import part_segmenter
from keras_drop.training.callbacks.finite_terms import FiniteTerms
from keras_drop.training.callbacks.history_file import HistoryFile
from keras_drop.training.callbacks.remaining_time import RemainingTime
from keras_drop.training.callbacks.resumed_fit import resumed_fit
from keras_drop.training.replicas import processes
from keras_drop.training.resuming.begun_run import run_checkpoint
from keras_drop.training.resuming.run_lock import run_lock
from keras_drop.training.segmentation.segmentation_report import (
    compare,
    label_crops,
    measure,
    report,
    save_preview,
)
from keras_drop.training.segmentation.segmentation_settings import (
    NetworkSettings,
    PeopleToLabel,
    PeopleToLearn,
    SegmentationFitSettings,
)
from keras_drop.training.settings.data_reading import refuse_missing


@dataclasses.dataclass(frozen=True)
class SegmentationRun:
    """Run of DeepLabV3+, which learns to parse people and labels images.

    Args:
        learn: `PeopleToLearn`, labelled images.
        label: `PeopleToLabel`, images without labels, if any.
        network: `NetworkSettings`.
        fit: `SegmentationFitSettings`.
        render: Preset of pedestrians that are drawn first, twice: some to
            learn from, others to label.
        run_dir: Folder of all that the run leaves. Started again with the
            same one, a run that was stopped goes on; so does the labelling.

    Example:
    >>> from pathlib import Path
    >>> from keras_drop.training import SegmentationRun
    >>> SegmentationRun(run_dir=Path("runs/mine")).labels.as_posix()
    'runs/mine/labels'

    Reference:
        [Chen et al., 2018](https://arxiv.org/abs/1802.02611)
    """

    learn: PeopleToLearn = PeopleToLearn()
    label: PeopleToLabel = PeopleToLabel()
    network: NetworkSettings = NetworkSettings()
    fit: SegmentationFitSettings = SegmentationFitSettings()
    render: str = flag("", "first draw this preset of pedestrians, twice")
    run_dir: Path = flag(Path("runs/parsing_labels"), "what the run makes")

    @property
    def labels(self):
        """Folder of the new labels."""
        return self.label.labels_dir or self.run_dir / "labels"

    def check(self):
        """Refuses what cannot work, before anything is drawn or read.

        Raises:
            ValueError: Names the setting, and what it should be.
            FileNotFoundError: A path that is not there.
        """
        if self.learn.data_dir is None or self.learn.parsing_dir is None:
            raise ValueError("`data_dir` and `parsing_dir` are both needed.")
        if self.label.truth_dir and not self.label.crops:
            raise ValueError(
                "`truth_dir` has true labels of `crops`, which are missing. "
                "Give both, or none."
            )
        refuse_missing(weights=self.network.weights)
        if not self.render:
            refuse_missing(
                data_dir=self.learn.data_dir,
                parsing_dir=self.learn.parsing_dir,
                crops=self.label.crops,
                truth_dir=self.label.truth_dir,
            )
        self.label.refuse_own_labels(self.labels)

    def start(self):
        """Draws, learns, measures, labels and reports.

        Returns:
            The trained network.

        Raises:
            ValueError: Settings that cannot work, or several processes.
        """
        if processes().count > 1:
            raise ValueError(
                "Parsing labels are learnt in one process. Start one alone, "
                "without TF_CONFIG, KERAS_DISTRIBUTION_... or torchrun."
            )
        self.check()
        with run_lock(self.run_dir):
            return self._start()

    def _start(self):
        start = time.monotonic()
        keras.utils.set_random_seed(self.fit.seed)
        if self.render:
            self.draw()
        train, held_out = self.split(self.learn.read())
        print(
            f"{len(train):,} images to learn from, {len(held_out):,} held out"
        )
        held_out = readable_splits(
            {"held out": held_out}, self.learn.max_unreadable
        )["held out"]
        if not len(held_out):
            raise ValueError(
                "No image that is held out can be read, so that nothing would "
                "be measured. Mend some, or hold out more by `held_out`."
            )
        segmenter = self.train(train)
        segmenter.save(self.run_dir / "segmenter.keras")
        result = {"held_out": measure(self, segmenter, held_out)}
        shown = held_out
        if self.label.crops:
            shown = read_parsed_images(
                self.label.crops, folders=self.label.crop_folders
            )
            result["problems"] = label_crops(self, segmenter, shown)
        if self.label.truth_dir:
            result["crops"] = compare(self)
        save_preview(self, segmenter, shown)
        report(self, result, seconds=time.monotonic() - start)
        return segmenter

    def draw(self):
        """Draws pedestrians to learn from, and others to label."""
        render_embedded_pedestrians(
            self.learn.data_dir, self.render, seed=2, occlusion="light"
        )
        if self.label.crops:
            render_embedded_pedestrians(self.label.crops, self.render)

    def split(self, records):
        """Images to learn from, and the last ones by name, held out.

        Names mostly begin with the person: hardly anybody is in both.
        """
        count = math.ceil(self.learn.held_out * len(records))
        if count == len(records):
            raise ValueError(
                f"Of {len(records)} images, {count} would be held out. Lower "
                "`held_out`, or give more."
            )
        return records[:-count], records[-count:]

    def train(self, records):
        """The trained network; goes on from the run's checkpoint, if any."""
        batches = self.make_batches(records)
        segmenter = part_segmenter(
            self.network.build(), self.learn.schema.num_parts
        )
        segmenter.compile(
            keras.optimizers.AdamW(
                self._learning_rate(len(batches)), self.fit.weight_decay
            ),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
            jit_compile=default_jit_compile(),
        )
        checkpoint, so_far = run_checkpoint(self, batches, records)
        # Not before: other settings than those of the checkpoint are refused.
        (self.run_dir / "settings.flags").write_text(
            "--recipe=parsing_labels\n" + flag_file(self)
        )
        resumed_fit(
            segmenter,
            checkpoint,
            self.fit.epochs,
            callbacks=[
                FiniteTerms(batches),
                HistoryFile(self.run_dir / "history.csv", so_far["epoch"]),
                RemainingTime(),
            ],
            verbose=1 if sys.stdout.isatty() else 0,
        )
        return segmenter

    def make_batches(self, records):
        """What `fit` gets."""
        occluder = RealisticOcclusion(
            probability=self.fit.occlusion, reach=(0.1, 0.6)
        )
        return SegmentationBatches(
            records,
            self.network.image_size,
            ParsingLabels(self.learn.label_format, self.learn.schema),
            self.fit.transforms,
            self.fit.batch_size,
            occlusions=(occluder,) if self.fit.occlusion else (),
            seed=self.fit.seed,
            max_unreadable=self.learn.max_unreadable,
        )

    def _learning_rate(self, steps):
        """It rises for an epoch, then falls like a cosine."""
        return keras.optimizers.schedules.CosineDecay(
            0.01 * self.fit.learning_rate,
            max(self.fit.epochs - 1, 1) * steps,
            warmup_target=self.fit.learning_rate,
            warmup_steps=steps,
        )

import dataclasses
import time
from pathlib import Path

import keras
import numpy as np

from keras_drop.backend import alone, default_jit_compile
from keras_drop.checks import checked_choice
from keras_drop.data import CameraBatches
from keras_drop.flags import dotted_flags, flag, flag_file
from keras_drop.models import MODELS
from keras_drop.models.backbones import backbones_of_kind
from keras_drop.models.base.switches import parse_switches, switch_names
from keras_drop.training.callbacks.alone_evaluation import trained_copy
from keras_drop.training.callbacks.experiment_tracker import (
    refuse_missing_tracker,
)
from keras_drop.training.replicas import (
    processes,
    replicas,
    synchronize_batch_normalization,
)
from keras_drop.training.resuming.begun_run import run_checkpoint
from keras_drop.training.runs.absolute_switches import absolute_switches
from keras_drop.training.runs.finish_weights import finish_weights
from keras_drop.training.runs.fitted_visibility import (
    fitted_visibility,
    refuse_unfittable,
)
from keras_drop.training.runs.fitting import fit_model
from keras_drop.training.runs.report import report
from keras_drop.training.runs.run_watch import watching
from keras_drop.training.runs.taking_part import first_one_first, taking_part
from keras_drop.training.settings.backbone_settings import BackboneSettings
from keras_drop.training.settings.batch_settings import BatchSettings
from keras_drop.training.settings.data_reading import (
    WITHOUT_LABELS,
    readable_tests,
)
from keras_drop.training.settings.data_settings import DataSettings
from keras_drop.training.settings.fit_settings import FitSettings
from keras_drop.training.settings.optimizer_settings import OptimizerSettings
from keras_drop.training.unbiased_moving_variance import (
    unbiased_moving_variance,
)


@dataclasses.dataclass(frozen=True)
class Run:
    """Run: a model, trained, evaluated and reported.

    All that it needs is in its settings; `start` does it. What a model needs
    besides is in a subclass, such as `HPNetRun`. To train a model of your own,
    override `make_model`.

    Args:
        model: A name of `keras_drop.models.MODELS`.
        switches: Dictionary of the model's switches, dotted where they are of
            a group, as `{"memory.size": 512, "loss_weights.parsing": 4.0}`.
            `memory.size` may be a share of the training images, as `"6.6%"`,
            and `memory.start_epoch` one of the epochs.
        backbone: `BackboneSettings`.
        data: `DataSettings`.
        batches: `BatchSettings`.
        optimizer: `OptimizerSettings`.
        fit: `FitSettings`.
        run_dir: Folder of all that the run leaves. Started again with the
            same one, a run that was stopped goes on.
        export: Whether a SavedModel is written at the end.

    Raises:
        ValueError: An unknown model.

    Example:
    >>> from keras_drop.training import BackboneSettings, Run
    >>> run = Run("global_baseline", backbone=BackboneSettings("resnet50"))
    >>> run.has_parts
    False
    """

    model: str = flag("drop", ", ".join(MODELS))
    switches: dict = dotted_flags("model", "the model's own")
    backbone: BackboneSettings = BackboneSettings()
    data: DataSettings = DataSettings()
    batches: BatchSettings = BatchSettings()
    optimizer: OptimizerSettings = OptimizerSettings()
    fit: FitSettings = FitSettings()
    run_dir: Path = flag(Path("runs/train"), "what the run makes")
    export: bool = flag(True, "write saved_model/ at the end")

    def __post_init__(self):
        checked_choice("model", self.model, MODELS)

    @property
    def has_parts(self):
        """Whether the model learns from parsing labels."""
        return "part_schema" in switch_names(MODELS[self.model])

    @property
    def reads_labels(self):
        """Whether batches need parsing labels, if only to hide people."""
        return self.has_parts or self.batches.needs_labels

    def known_switches(self):
        """The switches that the model has, with their defaults."""
        return {
            name: default
            for name, default in switch_names(MODELS[self.model]).items()
            if name not in self.given_switches()
        }

    def check(self):
        """Refuses what cannot work, before anything is drawn or read.

        Raises:
            ValueError: Names the setting, and what it should be.
            FileNotFoundError: A path that is not there.
            ImportError: The `tracker` is not installed.
        """
        for name in self.given_switches():
            if name in self.switches:
                field = name.rpartition(".")[2]
                raise ValueError(
                    f"`switches` have {name}, which batches have to know as "
                    f"well. Leave it out, and say `{field}` of the run."
                )
        memory = self.model_arguments().get("memory")
        start = getattr(memory, "start_epoch", 0)
        if start and start >= self.fit.epochs and memory.kind != "none":
            raise ValueError(
                f"`memory.start_epoch` is {start}, but `epochs` is "
                f"{self.fit.epochs}, counted from 0: there would be no memory. "
                "Give a share of the epochs, as in the paper "
                "`--model.memory.start_epoch=8.3%`, or `memory.kind=none`."
            )
        checked_choice(
            f"backbone of {self.model}",
            self.backbone.backbone,
            backbones_of_kind(MODELS[self.model].BACKBONE_KIND),
        )
        if self.backbone.camera_embedding and self.model == "dpeformer":
            raise ValueError(
                "`camera_embedding` is of `model` transreid_baseline; "
                "DPEFormer does not tell cameras apart."
            )
        self.data.check(self.reads_labels)
        if self.batches.needs_labels and self.data.format == WITHOUT_LABELS:
            raise ValueError(
                "`occlusions` cut out what parsing labels show; `label_format` "
                f"is {WITHOUT_LABELS}, which shows nobody's outline."
            )
        self.fit.distillation.check()
        if self.fit.tracker:
            refuse_missing_tracker(self.fit.tracker)
        if self.fit.fit_visibility:
            refuse_unfittable(self)
        if self.fit.calibrate_images and self.backbone.camera_embedding:
            raise ValueError(
                "`calibrate_images` is of batch normalisations, which read no "
                "cameras. Leave it out, or `camera_embedding`."
            )
        late = max(self.backbone.thaw_epochs, default=-1)
        if late >= self.fit.epochs:
            raise ValueError(
                f"`thaw_epochs` are {self.backbone.thaw_epochs}, but `epochs` "
                f"is {self.fit.epochs}, counted from 0: what thaws in epoch "
                f"{late} would never learn. Give earlier ones, or more epochs."
            )
        # Last, for this builds the backbone.
        self.backbone.check(self.batches.image_size)

    def start(self):
        """Trains, evaluates and reports; goes on where it was stopped.

        Returns:
            The trained model.

        Raises:
            ValueError: What `check` refuses, or data that does not fit.
            FileNotFoundError: A path that is not there.
            ImportError: The `tracker` is not installed.
        """
        # TensorFlow and JAX want to know before they compute anything.
        found = processes(self.fit.num_devices)
        self.check()
        if found.count > 1 and self.fit.distillation.teacher:
            raise ValueError(
                "`teacher` is for one process; its batches are asked of the "
                "teacher whole. Leave it out, or start one process."
            )
        with (
            taking_part(found, self.run_dir),
            watching(self, found.is_first) as watch,
        ):
            return self._start(found, watch)

    def _start(self, found, watch):
        start = time.monotonic()
        keras.config.set_dtype_policy(self.fit.precision)
        keras.utils.set_random_seed(self.fit.seed)
        splits = readable_tests(
            first_one_first(self.data.read), self.batches.max_unreadable
        )
        batches = self.make_batches(splits["train"])
        distillation = self.fit.distillation.build()
        if distillation:
            batches = distillation.batches(batches)
        batches.share = found.index, found.count
        _, so_far = run_checkpoint(self, batches, splits["train"])
        if found.is_first:
            (self.run_dir / "settings.flags").write_text(flag_file(self))
        with replicas(self.fit.num_devices):
            model = self.make_model(splits["train"])
            if distillation:
                distillation.attach(model)
            if self.fit.synchronize:
                synchronize_batch_normalization(model)
            if self.fit.unbiased_variance:
                unbiased_moving_variance(model)
            model.compile(
                self.optimizer.build(model.backbone),
                jit_compile=default_jit_compile(),
            )
            watchers = watch.callbacks if watch else ()
            fit_model(self, model, batches, splits, watchers)
        if found.count > 1:
            model = trained_copy(model)
        if not found.is_first:
            return model
        alone(lambda: finish_weights(self, model, splits["train"]))
        if self.fit.fit_visibility:
            model = fitted_visibility(self, model, splits)
        # Also what it took before it was interrupted.
        seconds = so_far["seconds"] + time.monotonic() - start
        report(self, model, splits, seconds, watch)
        self.finish(model, splits)
        return model

    def make_batches(self, records):
        """What `fit` gets, of the `Records` of the training images."""
        labels = self.data.labels() if self.reads_labels else None
        batches = self.batches.make(records, labels, self.fit.seed)
        num_cameras = self.backbone.num_cameras(records)
        return CameraBatches(batches, num_cameras) if num_cameras else batches

    def make_model(self, records):
        """The model, for the people of the training images."""
        backbone = self.backbone.build(
            self.batches.image_size, self.backbone.num_cameras(records)
        )
        return MODELS[self.model](
            backbone,
            len(np.unique(records.identities)),
            **self.model_arguments(len(records)),
        )

    def model_arguments(self, num_images=1):
        """Keywords of the model's constructor, from switches and settings.

        Args:
            num_images: Training images, for what is relative to them.

        Raises:
            ValueError: A switch that the model does not have, or whose value
                it does not know.
        """
        switches = absolute_switches(
            {**self.given_switches(), **self.switches},
            num_images,
            self.fit.epochs,
        )
        return parse_switches(
            MODELS[self.model],
            {name: str(value) for name, value in switches.items()},
        )

    def given_switches(self):
        """Switches of the model that follow from other settings."""
        return {"part_schema": self.data.part_schema} if self.has_parts else {}

    def prepare(self, model, splits):
        """What is done once before the first epoch; nothing here."""

    def finish(self, model, splits):
        """What is done after the report; nothing here."""

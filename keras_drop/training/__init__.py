"""The run, and what it is made of: settings, optimizers, callbacks, devices."""

from keras_drop.training.adapt_batch_normalization import (
    adapt_batch_normalization,
)
from keras_drop.training.callbacks.averaged_evaluation import (
    AveragedEvaluation,
)
from keras_drop.training.callbacks.batch_census import BatchCensus
from keras_drop.training.callbacks.energy_meter import EnergyMeter
from keras_drop.training.callbacks.experiment_tracker import ExperimentTracker
from keras_drop.training.callbacks.finite_terms import FiniteTerms
from keras_drop.training.callbacks.history_file import HistoryFile
from keras_drop.training.callbacks.part_evaluation import PartEvaluation
from keras_drop.training.callbacks.remaining_time import RemainingTime
from keras_drop.training.callbacks.resumed_fit import resumed_fit
from keras_drop.training.callbacks.retrieval_evaluation import (
    RetrievalEvaluation,
)
from keras_drop.training.callbacks.run_checkpoint import RunCheckpoint
from keras_drop.training.callbacks.thaw_stages import ThawStages
from keras_drop.training.distillation.distillation import Distillation
from keras_drop.training.distillation.taught_batches import TaughtBatches
from keras_drop.training.optimizers.averaged_weights import averaged_weights
from keras_drop.training.optimizers.coupled_adam import CoupledAdam
from keras_drop.training.optimizers.coupled_sgd import CoupledSGD
from keras_drop.training.optimizers.learning_rate import (
    warmup_cosine,
    warmup_multistep,
)
from keras_drop.training.optimizers.rate_factors import layer_factors
from keras_drop.training.orbit_trainer import orbit_trainer
from keras_drop.training.replicas import (
    Processes,
    processes,
    replicas,
    synchronize_batch_normalization,
)
from keras_drop.training.runs.dpeformer_run import DPEFormerRun
from keras_drop.training.runs.hpnet_run import HPNetRun
from keras_drop.training.runs.pab_reid_run import PABReIDRun
from keras_drop.training.runs.people_to_parse import PeopleToParse
from keras_drop.training.runs.run import Run
from keras_drop.training.segmentation.segmentation_run import SegmentationRun
from keras_drop.training.segmentation.segmentation_settings import (
    NetworkSettings,
    PeopleToLabel,
    PeopleToLearn,
    SegmentationFitSettings,
)
from keras_drop.training.settings.backbone_settings import BackboneSettings
from keras_drop.training.settings.batch_settings import BatchSettings
from keras_drop.training.settings.checkpoint_settings import CheckpointSettings
from keras_drop.training.settings.data_settings import DataSettings
from keras_drop.training.settings.distillation_settings import (
    DistillationSettings,
)
from keras_drop.training.settings.fit_settings import FitSettings
from keras_drop.training.settings.optimizer_settings import OptimizerSettings
from keras_drop.training.settings.step_settings import StepSettings
from keras_drop.training.unbiased_moving_variance import (
    unbiased_moving_variance,
)

__all__ = [
    "AveragedEvaluation",
    "BackboneSettings",
    "BatchCensus",
    "BatchSettings",
    "CheckpointSettings",
    "CoupledAdam",
    "CoupledSGD",
    "DPEFormerRun",
    "DataSettings",
    "Distillation",
    "DistillationSettings",
    "EnergyMeter",
    "ExperimentTracker",
    "FiniteTerms",
    "FitSettings",
    "HPNetRun",
    "HistoryFile",
    "NetworkSettings",
    "OptimizerSettings",
    "PABReIDRun",
    "PartEvaluation",
    "PeopleToLabel",
    "PeopleToLearn",
    "PeopleToParse",
    "Processes",
    "RemainingTime",
    "RetrievalEvaluation",
    "Run",
    "RunCheckpoint",
    "SegmentationFitSettings",
    "SegmentationRun",
    "StepSettings",
    "TaughtBatches",
    "ThawStages",
    "adapt_batch_normalization",
    "averaged_weights",
    "layer_factors",
    "orbit_trainer",
    "processes",
    "replicas",
    "resumed_fit",
    "synchronize_batch_normalization",
    "unbiased_moving_variance",
    "warmup_cosine",
    "warmup_multistep",
]

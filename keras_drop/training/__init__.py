"""The run: optimizer, schedule, callbacks, devices, settings."""

from keras_drop.training.coupled_adam import CoupledAdam
from keras_drop.training.coupled_sgd import CoupledSGD
from keras_drop.training.learning_rate import warmup_cosine, warmup_multistep
from keras_drop.training.remaining_time import RemainingTime
from keras_drop.training.replicas import (
    replicas,
    synchronize_batch_normalization,
)
from keras_drop.training.retrieval_evaluation import RetrievalEvaluation
from keras_drop.training.run_checkpoint import RunCheckpoint
from keras_drop.training.settings import define_flags, read_settings, run

__all__ = [
    "CoupledAdam",
    "CoupledSGD",
    "RemainingTime",
    "RetrievalEvaluation",
    "RunCheckpoint",
    "define_flags",
    "read_settings",
    "replicas",
    "run",
    "synchronize_batch_normalization",
    "warmup_cosine",
    "warmup_multistep",
]

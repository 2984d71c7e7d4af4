"""The few things `keras.ops` cannot say. One file per backend, same names."""

import importlib

import keras

_backend = importlib.import_module(
    f"keras_drop.backend.{keras.backend.backend()}_backend"
)
gather_replicas = _backend.gather_replicas
num_replicas = _backend.num_replicas

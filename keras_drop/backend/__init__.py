"""The few things `keras.ops` cannot say. One file per backend, same names."""

import importlib

import keras

_backend = importlib.import_module(
    f"keras_drop.backend.{keras.backend.backend()}_backend"
)
data_parallel = _backend.data_parallel
default_jit_compile = _backend.default_jit_compile
gather_replicas = _backend.gather_replicas
num_replicas = _backend.num_replicas
random_state = _backend.random_state
set_random_state = _backend.set_random_state

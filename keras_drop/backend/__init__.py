"""The few things `keras.ops` cannot say. One file per backend, same names."""

import importlib

import keras

_name = f"keras_drop.backend.{keras.backend.backend()}"
_backend = importlib.import_module(f"{_name}_backend")
default_jit_compile = _backend.default_jit_compile
depthwise_convolution = _backend.depthwise_convolution
fused_batch_normalization = _backend.fused_batch_normalization
masked_maximum = _backend.masked_maximum
random_state = _backend.random_state
set_random_state = _backend.set_random_state

_optimizers = importlib.import_module(f"{_name}_optimizers")
adam_steps = _optimizers.adam_steps
sgd_steps = _optimizers.sgd_steps

_replicas = importlib.import_module(f"{_name}_replicas")
alone = _replicas.alone
data_parallel = _replicas.data_parallel
fit = _replicas.fit
gather_processes = _replicas.gather_processes
gather_replicas = _replicas.gather_replicas
join_processes = _replicas.join_processes
num_processes = _replicas.num_processes
num_replicas = _replicas.num_replicas
on_cpu = _replicas.on_cpu
orbit_trainer = _replicas.orbit_trainer
process_index = _replicas.process_index
synchronize = _replicas.synchronize
wait_for_processes = _replicas.wait_for_processes

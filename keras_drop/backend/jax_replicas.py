"""Devices of this process, and those of others, under `keras.distribution`."""

import contextlib
import os

import jax
import keras
import numpy as np
from jax.experimental import multihost_utils

_PREFIX = "KERAS_DISTRIBUTION_"


def join_processes(num_devices=1):
    """Waits for the processes that `KERAS_DISTRIBUTION_...` tells of.

    Before anything is computed. Whoever called `jax.distributed.initialize`
    has joined already.
    """
    count = int(os.environ.get(_PREFIX + "NUM_PROCESSES") or 1)
    if count < 2 or jax.distributed.is_initialized():
        return
    # Between CPUs; GPUs have their own.
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    addresses = os.environ[_PREFIX + "JOB_ADDRESSES"]
    jax.distributed.initialize(
        addresses.split(",")[0],
        count,
        int(os.environ[_PREFIX + "PROCESS_ID"]),
    )


def num_processes():
    """Processes that have joined, this one among them."""
    return jax.process_count() if jax.distributed.is_initialized() else 1


def process_index():
    """Number of this process, from 0, the one that writes files."""
    return jax.process_index() if jax.distributed.is_initialized() else 0


def gather_processes(values):
    """What every process gives, as a NumPy array of one more axis."""
    if num_processes() == 1:
        return np.asarray(values)[None]
    return np.asarray(multihost_utils.process_allgather(np.asarray(values)))


def on_cpu():
    """Context whose tensors and operations are on this process's CPU."""
    # Keras counts the devices of all processes, and takes the first.
    return jax.default_device(jax.local_devices(backend="cpu")[0])


def wait_for_processes():
    """Comes back when all processes have called it."""
    if num_processes() > 1:
        multihost_utils.sync_global_devices("wait_for_processes")


def gather_replicas(x):
    """Returns `x`: under `keras.distribution` the traced batch is global."""
    return x


def num_replicas():
    """1: under `keras.distribution` the traced batch is global."""
    return 1


def data_parallel(num_devices):
    """Scope of a `DataParallel` of the first devices of each process."""
    join_processes()
    if num_devices * num_processes() == 1:
        return contextlib.nullcontext()
    devices = []
    for process in range(num_processes()):
        own = [d for d in jax.devices() if d.process_index == process]
        names = [f"{device.platform}:{device.id}" for device in own]
        if len(names) < num_devices:
            raise ValueError(
                f"{num_devices} devices were asked for; JAX has "
                f"{', '.join(names)}. Lower the number."
            )
        devices += names[:num_devices]
    return keras.distribution.DataParallel(
        devices=devices, auto_shard_dataset=False
    ).scope()


def synchronize(layers):
    """0: the batch that is normalised is that of all devices."""
    return 0


def fit(model, *args, **kwargs):
    """`keras.Model.fit`, which every process calls with its part."""
    return keras.Model.fit(model, *args, **kwargs)


def alone(function):
    """Calls a function whose models are of this process alone.

    Args:
        function: Without arguments.

    Returns:
        What it returns.
    """
    if num_processes() == 1:
        return function()
    shared = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        return function()
    finally:
        keras.distribution.set_distribution(shared)


def orbit_trainer(model, batches, epoch=0):
    """Refuses: Orbit is TensorFlow's."""
    raise ValueError(
        "Orbit drives TensorFlow; this is the jax backend, where `fit` "
        "does several processes."
    )

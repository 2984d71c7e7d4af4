"""The processes of `torchrun`, of one device each."""

import atexit
import contextlib
import datetime
import functools
import os

import keras
import numpy as np
import torch

from keras_drop.backend.torch_collectives import Gather, Sum
from keras_drop.backend.torch_processes import fit_processes

# Calls of `alone` that have not come back.
_alone = []


def join_processes(num_devices=1):
    """Waits for the processes that `torchrun` started.

    Whoever called `torch.distributed.init_process_group` has joined already.
    """
    if torch.distributed.is_initialized() or _told("WORLD_SIZE", 1) < 2:
        return
    on_gpu = torch.cuda.is_available()
    if on_gpu:
        torch.cuda.set_device(_told("LOCAL_RANK", 0))
    torch.distributed.init_process_group(
        "nccl" if on_gpu else "gloo",
        # Others wait for whoever reads or writes files, however long.
        timeout=datetime.timedelta(days=1),
    )
    # Its threads would end the program by an error while Python shuts down.
    atexit.register(_leave)


def _leave():
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def num_processes():
    """Processes that have joined, this one among them."""
    if _alone or not torch.distributed.is_initialized():
        return 1
    return torch.distributed.get_world_size()


def process_index():
    """Number of this process, from 0, the one that writes files."""
    if not torch.distributed.is_initialized():
        return 0
    return torch.distributed.get_rank()


def gather_processes(values):
    """What every process gives, as a NumPy array of one more axis."""
    if num_processes() == 1:
        return np.asarray(values)[None]
    found = [None] * num_processes()
    torch.distributed.all_gather_object(found, np.asarray(values))
    return np.stack(found)


def on_cpu():
    """Context whose tensors and operations are on this process's CPU."""
    return keras.device("cpu:0")


def wait_for_processes():
    """Comes back when all processes have called it."""
    gather_processes(0.0)


def gather_replicas(x):
    """Concatenates the slices of all `torch.distributed` processes."""
    if num_processes() == 1:
        return x
    return Gather.apply(x)


def num_replicas():
    """1: each process averages its own loss, and the gradients are averaged."""
    return 1


def data_parallel(num_devices):
    """Nothing to enter: a process has one device."""
    join_processes()
    if num_devices == 1:
        return contextlib.nullcontext()
    raise ValueError(
        f"{num_devices} devices were asked for; a process of PyTorch trains "
        "on one, until Keras 3.16. Start a process for each: `torchrun "
        f"--nproc-per-node={num_devices} -m keras_drop train`, without "
        "`--num_devices`."
    )


def synchronize(layers):
    """Lets batch normalisations see the batches of all processes.

    Args:
        layers: `keras.layers.BatchNormalization` layers.

    Returns:
        How many were switched.
    """
    if num_processes() == 1:
        return 0
    for layer in layers:
        layer._moments = functools.partial(_moments, layer)
        layer.num_devices = num_processes()
    return len(layers)


def _moments(layer, inputs, mask):
    """Mean and variance of all processes' batches, of one size each."""
    channels = layer.axis % inputs.ndim
    axes = [axis for axis in range(inputs.ndim) if axis != channels]
    both = torch.stack(
        [torch.mean(inputs, axes), torch.mean(torch.square(inputs), axes)]
    )
    mean, square = Sum.apply(both) / num_processes()
    # Rounding makes it negative where a mean is large.
    return mean, torch.clamp(square - torch.square(mean), min=0.0)


def fit(model, *args, **kwargs):
    """`keras.Model.fit`, with gradients averaged over all processes."""
    if num_processes() == 1:
        return keras.Model.fit(model, *args, **kwargs)
    return fit_processes(model, *args, **kwargs)


def alone(function):
    """Calls a function, in which this process is the only one.

    Args:
        function: Without arguments.

    Returns:
        What it returns.
    """
    _alone.append(True)
    try:
        return function()
    finally:
        _alone.pop()


def orbit_trainer(model, batches, epoch=0):
    """Refuses: Orbit is TensorFlow's."""
    raise ValueError(
        "Orbit drives TensorFlow; this is the torch backend, where `fit` "
        "does several processes."
    )


def _told(name, default):
    return int(os.environ.get(name) or default)

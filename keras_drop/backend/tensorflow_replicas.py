"""Devices of this process, and those of others whom `TF_CONFIG` names."""

import contextlib
import json
import os
import threading

import keras
import numpy as np
import tensorflow as tf

from keras_drop.backend.tensorflow_workers import fit_workers

_CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
# The strategy of all machines, once they have found each other.
_joined = []


def join_processes(num_devices=1):
    """Waits for the machines of `TF_CONFIG`, before anything is computed.

    Args:
        num_devices: GPUs of this process that take part, if it has some.

    Raises:
        RuntimeError: Something was computed already.
    """
    if _joined or len(_addresses()) < 2:
        return
    gpus = tf.config.list_physical_devices("GPU")
    if len(gpus) > num_devices:
        tf.config.set_visible_devices(gpus[:num_devices], "GPU")
    try:
        _joined.append(tf.distribute.MultiWorkerMirroredStrategy())
    except RuntimeError as error:
        raise RuntimeError(
            f"TensorFlow cannot join the machines of `TF_CONFIG` ({error}). "
            "They are joined before anything is computed: call "
            "`keras_drop.training.processes()` first of all."
        ) from error


def num_processes():
    """Processes that have joined, this one among them."""
    return len(_addresses()) if _joined else 1


def process_index():
    """Number of this process, from 0, the one that writes files."""
    if not _joined:
        return 0
    config = json.loads(os.environ["TF_CONFIG"])
    task = config["task"]
    # A chief, where there is one, is the first.
    before = 0 if task["type"] == "chief" else len(_of(config, "chief"))
    return before + int(task["index"])


def gather_processes(values):
    """What every process gives, as a NumPy array of one more axis."""
    if not _joined:
        return np.asarray(values)[None]
    gathered = _of_all_replicas(tf.constant(values)[None]).numpy()
    return gathered[:: len(gathered) // num_processes()]


@tf.function(reduce_retracing=True)
def _of_all_replicas(values):
    (strategy,) = _joined
    gathered = strategy.run(gather_replicas, args=(values,))
    return strategy.experimental_local_results(gathered)[0]


def on_cpu():
    """Context whose tensors and operations are on this process's CPU."""
    return keras.device("cpu:0")


def wait_for_processes():
    """Comes back when all processes have called it."""
    gather_processes(0.0)


def gather_replicas(x):
    """Concatenates the slices of all `tf.distribute` replicas."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return x
    # What comes as an argument of a traced function is on no device, where
    # gathering between machines asks for one: a copy is on the replica's own.
    x = tf.identity(x)
    return context.all_gather(x, axis=0)


def num_replicas():
    """Replicas that share one update; a loss averaged by hand divides by it."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def data_parallel(num_devices):
    """Scope of all machines' strategy, or of one of this process' devices.

    That is a `MirroredStrategy` of GPUs or, without any, of CPU devices.
    """
    join_processes(num_devices)
    gpus = tf.config.list_logical_devices("GPU")
    devices = gpus or tf.config.list_logical_devices("CPU")
    if len(devices) < num_devices:
        raise ValueError(
            f"{num_devices} devices were asked for; TensorFlow has "
            f"{', '.join(device.name for device in devices)}. Lower the number."
        )
    if _joined:
        if not gpus and num_devices > 1:
            raise ValueError(
                f"{num_devices} devices were asked for; with several machines "
                "TensorFlow takes one CPU device of each. Give 1."
            )
        return _joined[0].scope()
    if num_devices == 1:
        return contextlib.nullcontext()
    names = [device.name for device in devices[:num_devices]]
    return tf.distribute.MirroredStrategy(names).scope()


def synchronize(layers):
    """Lets batch normalisations see the batches of all replicas.

    Args:
        layers: `keras.layers.BatchNormalization` layers.

    Returns:
        How many were switched.
    """
    if num_replicas() == 1:
        return 0
    for layer in layers:
        layer.synchronized = True
    return len(layers)


def fit(model, *args, **kwargs):
    """`keras.Model.fit`, which cannot do several machines, or what can."""
    _refuse_steps_of_one(model)
    if not _joined:
        return keras.Model.fit(model, *args, **kwargs)
    return fit_workers(_joined[0], gather_processes, model, *args, **kwargs)


def _refuse_steps_of_one(model):
    """Keras clips and gathers gradients of each replica on its own.

    Raises:
        ValueError: Names the switch.
    """
    if model.distribute_strategy is None:
        return
    if model.distribute_strategy.num_replicas_in_sync == 1:
        return
    # Half precision wraps it.
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    for name in (*_CLIPS, "gradient_accumulation_steps"):
        if getattr(optimizer, name, None):
            raise ValueError(
                f"The optimizer has `{name}`, which Keras applies on "
                "TensorFlow to the gradients of each device before they are "
                "summed: several devices would not do as one. Leave it out, "
                "take one device, or JAX or PyTorch."
            )


def alone(function):
    """Calls a function whose models are of this process alone.

    Args:
        function: Without arguments.

    Returns:
        What it returns.
    """
    if not _joined:
        return function()
    found, errors = [], []

    def call():
        try:
            found.append(function())
        except BaseException as error:
            errors.append(error)

    # The scope of a strategy is one of a thread.
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return found[0]


def orbit_trainer(model, batches, epoch=0):
    """As `keras_drop.training.orbit_trainer`."""
    # It is an extra, which few have.
    from keras_drop.backend import tensorflow_orbit

    return tensorflow_orbit.orbit_trainer(model, batches, epoch)


def _addresses():
    """Those of all processes that compute, the first one's first."""
    config = json.loads(os.environ.get("TF_CONFIG") or "{}")
    return _of(config, "chief") + _of(config, "worker")


def _of(config, kind):
    return list(config.get("cluster", {}).get(kind, []))

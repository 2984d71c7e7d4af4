import contextlib

import tensorflow as tf


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
    """Scope of a `MirroredStrategy` of GPUs or, without any, of CPU devices."""
    if num_devices == 1:
        return contextlib.nullcontext()
    gpus = tf.config.list_logical_devices("GPU")
    devices = gpus or tf.config.list_logical_devices("CPU")
    if len(devices) < num_devices:
        raise ValueError(
            f"{num_devices} devices were asked for; TensorFlow has "
            f"{', '.join(device.name for device in devices)}. Lower the number."
        )
    names = [device.name for device in devices[:num_devices]]
    return tf.distribute.MirroredStrategy(names).scope()


def default_jit_compile():
    """What `compile` should be told: XLA is slower than TensorFlow on CPUs."""
    return "auto" if tf.config.list_physical_devices("GPU") else False


def random_state():
    """Nothing: all random numbers of layers come from seed generators."""
    return []


def set_random_state(state):
    """Does nothing."""

import contextlib

import keras


def gather_replicas(x):
    """Returns `x`: under `keras.distribution` the traced batch is global."""
    return x


def num_replicas():
    """1: under `keras.distribution` the traced batch is global."""
    return 1


def data_parallel(num_devices):
    """Scope of a `keras.distribution.DataParallel` of the first devices."""
    if num_devices == 1:
        return contextlib.nullcontext()
    devices = keras.distribution.list_devices()
    if len(devices) < num_devices:
        raise ValueError(
            f"{num_devices} devices were asked for; JAX has "
            f"{', '.join(devices)}. Lower the number."
        )
    return keras.distribution.DataParallel(
        devices=devices[:num_devices]
    ).scope()


def default_jit_compile():
    """What `compile` should be told: JAX always compiles."""
    return "auto"


def random_state():
    """Nothing: all random numbers of layers come from seed generators."""
    return []


def set_random_state(state):
    """Does nothing."""

"""One run on several devices, and in several processes."""

import contextlib
import dataclasses

from keras_drop import backend
from keras_drop.backend.batch_normalizations import batch_normalizations


@contextlib.contextmanager
def replicas(num_devices=1):
    """Context in which a model is built, compiled and trained on all devices.

    Those are the first devices of this process and of all processes that
    learn with it, on this machine or on others. Every device gets its part of
    each batch. The losses and memory banks of this library gather what they
    compare, so that the result is that of one device, if batch normalisations
    are synchronised as well (`synchronize_batch_normalization`). The batch
    size has to be a multiple of the number of devices.

    Who learns together is told by variables of the environment, which each
    backend has its own of:

    | backend | several processes | told by |
    | --- | --- | --- |
    | TensorFlow | `MultiWorkerMirroredStrategy` | `TF_CONFIG` |
    | JAX | `DataParallel` | `KERAS_DISTRIBUTION_...` |
    | PyTorch | averaged gradients, a device each | `torchrun` |

    In one process it is `MirroredStrategy` on TensorFlow.

    TensorFlow and JAX have to be told before anything is computed: make it
    the first thing, or call `processes` first.

    Args:
        num_devices: How many GPUs of each process; without any, how many CPU
            devices.

    Returns:
        Context manager that gives `Processes`.

    Raises:
        ValueError: More devices than there are, fewer than 1, or more than 1
            on PyTorch, where each has a process.

    Example:
    >>> import keras
    >>> from keras_drop.training import replicas
    >>> with replicas(1) as processes:
    ...     model = keras.Sequential([keras.layers.Dense(1)])
    >>> processes
    Processes(index=0, count=1)
    """
    found = processes(num_devices)
    with backend.data_parallel(num_devices):
        yield found


@dataclasses.dataclass(frozen=True)
class Processes:
    """The processes that learn together.

    Args:
        index: Number of this one.
        count: How many there are.

    Example:
    >>> from keras_drop.training import Processes
    >>> Processes(index=1, count=2).is_first
    False
    """

    index: int
    count: int

    @property
    def is_first(self):
        """Whether this is the one that writes files."""
        return self.index == 0


def processes(num_devices=1):
    """Waits for the other processes, if the environment tells of some.

    Args:
        num_devices: How many devices of each process, as of `replicas`.

    Returns:
        `Processes`.

    Raises:
        ValueError: Fewer than 1 device.

    Example:
    >>> from keras_drop.training import processes
    >>> processes().count
    1
    """
    if num_devices < 1:
        raise ValueError(
            f"`num_devices` is {num_devices}; it has to be at least 1."
        )
    backend.join_processes(num_devices)
    return Processes(backend.process_index(), backend.num_processes())


def synchronize_batch_normalization(model):
    """Lets all batch normalisations see the batches of all devices.

    Call it within `replicas` and before `compile`. On JAX nothing is to be
    done, because the batch that is normalised is that of all devices already.

    Args:
        model: Model, the nested ones in it included.

    Returns:
        The number of batch normalisations that were switched.

    Example:
    >>> import keras
    >>> from keras_drop.training import synchronize_batch_normalization
    >>> model = keras.Sequential([keras.layers.BatchNormalization()])
    >>> synchronize_batch_normalization(model)  # Not within `replicas`.
    0
    """
    return backend.synchronize(batch_normalizations(model))

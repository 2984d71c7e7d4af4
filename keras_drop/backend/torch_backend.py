import contextlib

import torch
from torch.distributed.nn.functional import all_gather


def gather_replicas(x):
    """Concatenates the slices of all `torch.distributed` processes."""
    if not torch.distributed.is_initialized():
        return x
    return torch.cat(all_gather(x), dim=0)


def num_replicas():
    """1: each process averages its own loss, and the gradients are averaged."""
    return 1


def data_parallel(num_devices):
    """Nothing for one device; `fit` averages no gradients over processes."""
    if num_devices == 1:
        return contextlib.nullcontext()
    raise ValueError(
        f"{num_devices} devices were asked for; `fit` of Keras on PyTorch "
        "trains on one. Use the TensorFlow or the JAX backend."
    )


def default_jit_compile():
    """What `compile` should be told: Keras decides."""
    return "auto"


def random_state():
    """States of the global generators, which `Dropout` without seed uses.

    Returns:
        List of lists of bytes, of the CPU first, then of every GPU.
    """
    states = [torch.get_rng_state()]
    if torch.cuda.is_available():
        states += torch.cuda.get_rng_state_all()
    return [state.tolist() for state in states]


def set_random_state(state):
    """Sets the generators to what `random_state` gave."""
    states = [torch.tensor(bytes_, dtype=torch.uint8) for bytes_ in state]
    torch.set_rng_state(states[0])
    if torch.cuda.is_available() and len(states) > 1:
        torch.cuda.set_rng_state_all(states[1:])

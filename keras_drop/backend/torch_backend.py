import torch


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

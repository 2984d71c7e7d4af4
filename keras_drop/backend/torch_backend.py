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


def fused_batch_normalization(x, scale, offset, epsilon):
    """Normalises a map by its batch, in one operation.

    Args:
        x: `(batch, height, width, channels)`.
        scale: `(channels,)` float32, or `None` for 1.
        offset: `(channels,)` float32, or `None` for 0.
        epsilon: Added to the variance.

    Returns:
        The normalised map, and mean and biased variance, `(channels,)`, all
        at least float32.
    """
    maps = x.to(torch.promote_types(x.dtype, torch.float32)).movedim(-1, 1)
    normalised, mean, inverse = torch.native_batch_norm(
        maps, scale, offset, None, None, True, 0.0, epsilon
    )
    variance = torch.clamp(inverse.square().reciprocal() - epsilon, min=0.0)
    return normalised.movedim(1, -1), mean, variance


def depthwise_convolution(x, kernel):
    """`None`: PyTorch has its own."""


def masked_maximum(features, masks):
    """`None`: what Keras says is as good."""

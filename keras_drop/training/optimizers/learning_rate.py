"""How the learning rate goes from epoch to epoch."""

import math


def warmup_multistep(
    epoch,
    base=3.5e-4,
    warmup_epochs=10,
    warmup_factor=0.01,
    milestones=(40, 70),
    gamma=0.1,
):
    """Learning rate of an epoch: it rises linearly, then falls in steps.

    For `fit`: `keras.callbacks.LearningRateScheduler(warmup_multistep)`, or
    with other arguments a `lambda epoch: warmup_multistep(epoch, ...)`.

    Args:
        epoch: Counted from 0.
        base: Learning rate between the warm-up and the first milestone.
        warmup_epochs: Epochs until `base` is reached; 0 for no warm-up.
        warmup_factor: Share of `base` in epoch 0 of the warm-up.
        milestones: Epochs from which on the rate is multiplied by `gamma`.
        gamma: Factor of every milestone.

    Returns:
        Float.

    Example:
    >>> from keras_drop.training import warmup_multistep
    >>> [round(warmup_multistep(epoch), 8) for epoch in (0, 5, 10, 40)]
    [3.5e-06, 0.00017675, 0.00035, 3.5e-05]

    Reference:
        [Luo et al., 2019](https://arxiv.org/abs/1903.07071)
    """
    rate = base * gamma ** sum(milestone <= epoch for milestone in milestones)
    if epoch < warmup_epochs:
        risen = epoch / warmup_epochs
        rate *= warmup_factor * (1 - risen) + risen
    return rate


def warmup_cosine(
    epoch,
    base=0.008,
    epochs=120,
    warmup_epochs=5,
    warmup_factor=0.01,
    final_factor=0.002,
):
    """Learning rate of an epoch: it rises linearly, then falls like a cosine.

    The cosine starts with the run, so that the warm-up ends on it, a little
    below `base`.

    Args:
        epoch: Counted from 0.
        base: Learning rate that the cosine starts from.
        epochs: Epochs of the run.
        warmup_epochs: Epoch, counted from 1, in which the cosine is reached.
        warmup_factor: Share of `base` from which it rises.
        final_factor: Share of `base` in the last epoch.

    Returns:
        Float.

    Example:
    >>> from keras_drop.training import warmup_cosine
    >>> [round(warmup_cosine(epoch), 8) for epoch in (0, 4, 59, 119)]
    [0.001664, 0.00796585, 0.004008, 1.6e-05]

    Reference:
        [Loshchilov and Hutter, 2017](https://arxiv.org/abs/1608.03983); as in
        DPEFormer: [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """
    number = epoch + 1
    if number < warmup_epochs:
        start = warmup_factor * base
        return start + number * (base - start) / warmup_epochs
    final = final_factor * base
    falling = (1 + math.cos(math.pi * number / epochs)) / 2
    return final + falling * (base - final)

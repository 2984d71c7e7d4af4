"""Steps of optimizers, of all weights at once."""

import torch


@torch.no_grad()
def adam_steps(weights, moments, gradients, rates, betas, iterations, **rest):
    """Adam's step of all weights in a dozen operations, not a dozen for each.

    Args:
        weights: `keras.Variable`s of one type; they are changed.
        moments: Their first and their second moments, two lists; changed too.
        gradients: Tensors of the shapes of the weights.
        rates: The learning rate, a scalar, and its factor for each weight.
        betas: Decay rates of the two moments.
        iterations: Steps before this one, a scalar.
        **rest: `l2`, with which weights are added to the gradients;
            `epsilon`, added to the root of the second moment; and
            `epsilon_last`, whether that is after the bias correction.

    Returns:
        Whether the steps were made.
    """
    weights, first, second = (
        [variable.value for variable in kind] for kind in (weights, *moments)
    )
    like = weights[0]
    gradients = _decayed(gradients, weights, rest["l2"])
    torch._foreach_lerp_(first, gradients, 1 - betas[0])
    torch._foreach_mul_(second, betas[1])
    torch._foreach_addcmul_(second, gradients, gradients, value=1 - betas[1])
    step = iterations.to(like.dtype) + 1
    lacking, lacking_square = (
        1 - torch.full_like(step, b) ** step for b in betas
    )
    rate, factors = rates
    rate = rate.to(like.dtype) / lacking
    scales = torch._foreach_sqrt(second)
    if rest["epsilon_last"]:
        torch._foreach_div_(scales, lacking_square.sqrt())
    else:
        rate = rate * lacking_square.sqrt()
    torch._foreach_add_(scales, rest["epsilon"])
    changes = torch._foreach_div(first, scales)
    _move(weights, changes, (rate, factors))
    return True


@torch.no_grad()
def sgd_steps(weights, velocities, gradients, rates, momentum, l2):
    """Steps of SGD with momentum, of all weights in a few operations.

    Args:
        weights: `keras.Variable`s of one type; they are changed.
        velocities: What they have of earlier steps; changed too.
        gradients: Tensors of the shapes of the weights.
        rates: The learning rate, a scalar, and its factor for each weight.
        momentum: What a velocity keeps.
        l2: What weights are added to the gradients with.

    Returns:
        Whether the steps were made.
    """
    weights, velocities = (
        [variable.value for variable in kind] for kind in (weights, velocities)
    )
    torch._foreach_mul_(velocities, momentum)
    torch._foreach_add_(velocities, _decayed(gradients, weights, l2))
    _move(weights, velocities, rates)
    return True


def _decayed(gradients, weights, l2):
    """Gradients of the weights' type, and `l2` times the weights."""
    return torch._foreach_add(
        [g.to(weight.dtype) for g, weight in zip(gradients, weights)],
        weights,
        alpha=l2,
    )


def _move(weights, directions, rates):
    """Takes directions, times their rates, from weights."""
    rate, factors = rates
    changes = torch._foreach_mul(directions, rate.to(weights[0].dtype))
    if any(factor != 1 for factor in factors):
        torch._foreach_mul_(changes, factors)
    torch._foreach_sub_(weights, changes)

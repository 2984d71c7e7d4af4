"""Learning rates of their own, weight by weight."""

import re

from keras_drop.checks import refuse_outside
from keras_drop.models.backbones import backbone_stages


def layer_factors(backbone, decay):
    r"""Layer-wise decay: the earlier a stage, the slower it learns.

    $$
    \lambda_s = d^{S + 1 - s}
    $$

    for stage `s` of `S`, as `keras_drop.models.freeze_stages` counts them,
    and the decay `d`. What is of no stage keeps its learning rate: what is not
    of the backbone, and its embedding of cameras.

    Args:
        backbone: Of the model, one of `keras_drop.models.BACKBONES`.
        decay: Factor from one stage to the one before; 1 for none.

    Returns:
        Dictionary from the names of the backbone's layers to the factors of
        their learning rates, for `CoupledAdam` and `CoupledSGD`.

    Raises:
        ValueError: A `decay` that is not from 0 to 1.

    Example:
    >>> from keras_drop.models import resnet18
    >>> from keras_drop.training import layer_factors
    >>> factors = layer_factors(resnet18((64, 32)), 0.5)
    >>> factors["conv1_conv"], factors["stack3_block1_2_conv"]
    (0.0625, 0.5)

    Reference:
        [Clark et al., 2020](https://arxiv.org/abs/2003.10555); of stages:
        [Bao et al., 2022](https://arxiv.org/abs/2106.08254)
    """
    refuse_outside(0, 1, layer_decay=decay)
    stages = backbone_stages(backbone)
    return {
        layer.name: decay ** (len(stages) - number)
        for number, stage in enumerate(stages)
        for layer in stage
        if layer.weights
    }


def rate_factors(multipliers, layers, variables):
    """The factor of every variable's learning rate.

    Args:
        multipliers: Dictionary from expressions, each found in some path, to
            factors; the first that is found counts.
        layers: Dictionary from names of layers to factors. Some of them may
            not learn, and be in no path.
        variables: Those that learn.

    Returns:
        List of floats.

    Raises:
        ValueError: An expression that is found in no path.
    """
    factors, unused = [], dict.fromkeys(multipliers)
    for variable in variables:
        found = [p for p in multipliers if re.search(p, variable.path)]
        factor = multipliers[found[0]] if found else 1.0
        names = [n for n in variable.path.split("/") if n in layers]
        factors.append(factor * layers[names[0]] if names else factor)
        for pattern in found:
            unused.pop(pattern, None)
    if unused:
        paths = [variable.path for variable in variables]
        raise ValueError(
            f"No weight has {', '.join(map(repr, unused))} in its path; there "
            f"are {', '.join(paths[:3])} and so on. Correct `multipliers`."
        )
    return factors

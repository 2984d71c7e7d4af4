def default_jit_compile():
    """What `compile` should be told: JAX always compiles."""
    return "auto"


def random_state():
    """Nothing: all random numbers of layers come from seed generators."""
    return []


def set_random_state(state):
    """Does nothing."""


def fused_batch_normalization(x, scale, offset, epsilon):
    """`None`: XLA fuses what Keras says."""


def depthwise_convolution(x, kernel):
    """`None`: XLA has its own."""


def masked_maximum(features, masks):
    """`None`: XLA fuses what Keras says."""

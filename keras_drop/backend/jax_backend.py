def gather_replicas(x):
    """Returns `x`: under `keras.distribution` the traced batch is global."""
    return x


def num_replicas():
    """1: under `keras.distribution` the traced batch is global."""
    return 1

import tensorflow as tf


def gather_replicas(x):
    """Concatenates the slices of all `tf.distribute` replicas."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return x
    return context.all_gather(tf.convert_to_tensor(x), axis=0)


def num_replicas():
    """Replicas that share one update; a loss averaged by hand divides by it."""
    return tf.distribute.get_strategy().num_replicas_in_sync

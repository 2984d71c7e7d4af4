"""One of two machines: `two_workers.py INDEX PORT0 PORT1` prints what it got.

Both run the same step under `MultiWorkerMirroredStrategy`: an image of each
worker is mined against the images of both, and the gradient goes back.
"""

import json
import os
import sys

import numpy as np
import tensorflow as tf

from keras_drop.backend import gather_replicas, num_replicas


def main(index, *ports):
    tf.config.set_visible_devices([], "GPU")
    worker = {"type": "worker", "index": int(index)}
    cluster = {"worker": [f"localhost:{port}" for port in ports]}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": worker})
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    rows = np.array([[1.0, 2.0], [3.0, 5.0]], "float32")[[int(index)]]
    with strategy.scope():
        weight = tf.Variable(2.0)

    def on_replica(images, identities):
        with tf.GradientTape() as tape:
            everybody = gather_replicas(weight * images)
            loss = tf.reduce_sum(everybody**2) / num_replicas()
        # What comes as an argument is on no device yet.
        people = gather_replicas(identities)
        return everybody, people, tape.gradient(loss, weight)

    @tf.function
    def step(images, identities):
        return strategy.run(on_replica, args=(images, identities))

    identities = tf.constant([7 + int(index)])
    gathered, people, gradient = step(tf.constant(rows), identities)
    found = {
        "gathered": gathered.numpy().tolist(),
        "people": people.numpy().tolist(),
        "gradient": float(strategy.reduce("SUM", gradient, axis=None)),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])

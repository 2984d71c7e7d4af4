"""Trains a model on one and on two CPU devices and compares.

`python -m tests.training.two_devices package.module:factory`, as of `trained`.
"""

import functools
import importlib
import json
import os
import sys

os.environ["XLA_FLAGS"] = (
    os.environ.get("XLA_FLAGS", "")
    + " --xla_force_host_platform_device_count=2"
)
os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["JAX_PLATFORMS"] = "cpu"

import keras

from keras_drop.training import CoupledAdam, replicas
from tests.training.three_steps import compared, trained


def main(target):
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        cpu = tf.config.list_physical_devices("CPU")[0]
        device = tf.config.LogicalDeviceConfiguration()
        tf.config.set_logical_device_configuration(cpu, [device, device])
    module, name = target.split(":")
    factory = getattr(importlib.import_module(module), name)
    optimizer = functools.partial(CoupledAdam, l2=0.01)
    one = trained(factory, optimizer=optimizer)
    with replicas(2):
        two = trained(factory, optimizer=optimizer)
    print(json.dumps(compared(one, two)))


if __name__ == "__main__":
    main(sys.argv[1])

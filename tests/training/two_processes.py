"""One of two processes that train a model together.

`python -m tests.training.two_processes TARGET INDEX PORT PORT`, where `TARGET`
is a factory as of `trained`. The first one prints how the same training
went on one device, and how it went with the other.
"""

import importlib
import json
import os
import sys


def tell(backend, index, ports):
    """Sets what the processes of a backend are told each other by."""
    if backend == "tensorflow":
        cluster = {"worker": [f"localhost:{port}" for port in ports]}
        task = {"type": "worker", "index": index}
        found = {"TF_CONFIG": json.dumps({"cluster": cluster, "task": task})}
    elif backend == "jax":
        found = {
            "KERAS_DISTRIBUTION_JOB_ADDRESSES": f"localhost:{ports[0]}",
            "KERAS_DISTRIBUTION_NUM_PROCESSES": "2",
            "KERAS_DISTRIBUTION_PROCESS_ID": str(index),
        }
    else:
        found = {
            "MASTER_ADDR": "localhost",
            "MASTER_PORT": ports[0],
            "WORLD_SIZE": "2",
            "RANK": str(index),
            "LOCAL_RANK": "0",
        }
    os.environ.update(found)


def main(target, index, *ports):
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["JAX_PLATFORMS"] = "cpu"
    tell(os.environ["KERAS_BACKEND"], int(index), ports)
    import keras

    from keras_drop import backend
    from tests.training.three_steps import compared, trained

    on_torch = keras.backend.backend() == "torch"
    if not on_torch:
        backend.join_processes()  # Before a module computes what it needs.
    module, name = target.split(":")
    factory = getattr(importlib.import_module(module), name)
    one = None
    if on_torch and index == "0":
        one = trained(factory)  # Later on, it would gather.
    if on_torch:
        backend.join_processes()
    number, count = backend.process_index(), backend.num_processes()
    if one is None and number == 0:
        one = backend.alone(lambda: trained(factory))
    with backend.data_parallel(1):
        two = trained(factory, number, count)
    if number == 0:
        print(json.dumps(compared(one, two)))
    # Nobody leaves while the other is still reading.
    backend.gather_processes(0.0)


if __name__ == "__main__":
    main(*sys.argv[1:])

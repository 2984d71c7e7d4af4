"""One of two processes of a run that is stopped after an epoch and goes on.

`python -m tests.training.runs.two_process_run DATA_DIR RUN_DIR INDEX PORT PORT`
"""

import os
import sys
from pathlib import Path

from tests.training.two_processes import tell


def main(data_dir, run_dir, index, *ports):
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["JAX_PLATFORMS"] = "cpu"
    tell(os.environ["KERAS_BACKEND"], int(index), ports)
    train(Path(data_dir), Path(run_dir))


def train(data_dir, run_dir):
    """Trains an epoch, and in a second start the next one."""
    from keras_drop import models, recipes
    from tests.models.small import resnet
    from tests.training.runs.miniature import miniature

    models.BACKBONES["resnet18"] = resnet
    for epochs in (1, 2):
        run = miniature(
            recipes.of_model("global_baseline"),
            data_dir,
            run_dir,
            switches={},
            model="global_baseline",
            fit={"epochs": epochs, "evaluate_every": 1, "synchronize": True},
        )
        trained = run.start()
    return trained


if __name__ == "__main__":
    main(*sys.argv[1:])

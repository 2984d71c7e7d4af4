"""DROP on Occluded-Duke, and on the embedded pedestrians.

Paper: [Dou et al., 2024](https://arxiv.org/abs/2401.18032).

The paper's configuration, on a copy of the data set that you have:

    python recipes/occluded_duke.py --data_dir=Occluded_Duke \
        --parsing_dir=Occluded_Duke/masks

The demo, on pedestrians that the library draws; only settings differ:

    python recipes/occluded_duke.py --flagfile=recipes/demo.flags

A run that was stopped goes on when it is started again with the same
`--run_dir`. Result on Occluded-Duke: not run yet, it needs the data set and a
GPU. Results on the embedded pedestrians: docs/results/.
"""

import dataclasses
import json

import reid_run
from reid_run import flag

import keras_drop as kd

MODELS = {
    "drop": kd.models.DROP,
    "bpbreid": kd.models.BPBReID,
    "global": kd.models.GlobalBaseline,
}


@dataclasses.dataclass(frozen=True)
class Settings(reid_run.RunSettings):
    model: str = flag("drop", "drop, bpbreid or global")
    learning_rate: float = flag(3.5e-4, "after the warm-up")
    warmup_epochs: int = flag(10, "epochs in which the learning rate rises")
    milestones: tuple[int, ...] = flag((40, 70), "where it falls to a tenth")
    pemb_start_epoch: int = flag(10, "where DROP's memory bank starts")
    l2: float = flag(5e-4, "decay, added to the gradients")

    @property
    def has_parts(self):
        return self.model != "global"

    def __post_init__(self):
        reid_run.check_choice(self, "model", MODELS)
        super().__post_init__()


def main(settings):
    reid_run.run(settings, make_model, learning_rate)


def make_model(settings, records):
    """The model that the settings describe."""
    switches = json.loads(settings.switches)
    if settings.has_parts:
        switches = {"part_schema": settings.part_schema, **switches}
    if settings.model == "drop":
        switches = {
            "pemb_start_epoch": settings.pemb_start_epoch,
            **switches,
        }
    return MODELS[settings.model](
        reid_run.make_backbone(settings),
        reid_run.num_people(records),
        **switches,
    )


def learning_rate(settings, epoch):
    """A linear rise, then steps down."""
    return kd.training.warmup_multistep(
        epoch,
        settings.learning_rate,
        warmup_epochs=settings.warmup_epochs,
        milestones=settings.milestones,
    )


if __name__ == "__main__":
    kd.training.run(main, Settings)

"""PAB-ReID on Occluded-Duke, and on the embedded pedestrians.

Paper: [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443). Its code is not
public, and its summaries leave settings open: schedule and image size are those
of BPBReID, of which it is an extension.

On a copy of the data set that you have:

    python recipes/pab_reid_occluded_duke.py --data_dir=Occluded_Duke \
        --parsing_dir=Occluded_Duke/masks

The demo, on pedestrians that the library draws; only settings differ:

    python recipes/pab_reid_occluded_duke.py \
        --flagfile=recipes/pab_reid_demo.flags

At the end, the trained model is evaluated under other thresholds `mu` of the
visibility, which takes one more pass over the images. Choose one on people
other than those you report. Result on Occluded-Duke: not run yet, it needs the
data set and a GPU. Results on the embedded pedestrians: docs/results/.
"""

import dataclasses
import json
from pathlib import Path

import reid_run
from reid_run import flag

import keras_drop as kd


@dataclasses.dataclass(frozen=True)
class Settings(reid_run.RunSettings):
    run_dir: Path = flag(Path("runs/pab_reid"), "what the run makes")
    switches: str = flag("{}", 'the model\'s, as JSON, as {"fgff": "map"}')
    learning_rate: float = flag(3.5e-4, "after the warm-up")
    warmup_epochs: int = flag(10, "epochs in which the learning rate rises")
    milestones: tuple[int, ...] = flag((40, 70), "where it falls to a tenth")
    l2: float = flag(5e-4, "decay, added to the gradients")
    mu: tuple[float, ...] = flag(
        (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), "thresholds to try at the end"
    )


def main(settings):
    splits = reid_run.read_splits(settings)
    model = reid_run.run(settings, make_model, learning_rate, splits=splits)
    try_thresholds(settings, model, splits)


def make_model(settings, records):
    """The model that the settings describe."""
    switches = {
        "part_schema": settings.part_schema,
        **json.loads(settings.switches),
    }
    return kd.models.PABReID(
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


def try_thresholds(settings, model, splits):
    """Writes what every `mu` would have given."""
    continuous, query, gallery = reid_run.evaluate(
        settings, model.with_visibility("continuous"), splits
    )
    results = {"continuous": continuous.result}
    for mu in settings.mu:
        shown = tuple(
            kd.Descriptors(seen.embeddings, seen.visibility >= mu, seen.names)
            for seen in (query, gallery)
        )
        name = f"mu = {mu:g}"
        results[name] = kd.evaluation.evaluate(
            shown, splits, settings.protocol, model=name
        ).result
    table = kd.evaluation.table(results)
    (settings.run_dir / "visibility.md").write_text(table + "\n")
    print(f"\n{table}\n\n  visibility.md     the table above")


if __name__ == "__main__":
    kd.training.run(main, Settings)

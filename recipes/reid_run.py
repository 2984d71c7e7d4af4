"""What every recipe does around its model: batches, training, report.

A recipe is its settings, its model and its schedule; `run` does the rest:

    reid_run.run(settings, make_model, learning_rate)
"""

import dataclasses
import json
import sys
import time
from pathlib import Path

import keras
import numpy as np

import keras_drop as kd
from keras_drop.data.occlusions import (
    OCCLUSIONS,
    SeveritySchedule,
    named_occlusions,
)
from keras_drop.data.occlusions.stages.occlude import labelled_stages
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians


def flag(default, text):
    """A field of the settings, with its line in `--help`."""
    return dataclasses.field(default=default, metadata={"help": text})


@dataclasses.dataclass(frozen=True)
class RunSettings:
    """The settings that all recipes have; a recipe adds its own.

    A recipe whose default is another one states the field again. `switches`
    are the model's, and win over what the recipe's other flags say.
    """

    data_dir: Path = flag(None, "folder in the layout of the data set")
    parsing_dir: Path = flag(None, "folder of the images' parsing labels")
    label_format: str = flag("pifpaf36", "format of the parsing labels")
    render: str = flag("", "first draw this preset of pedestrians to data_dir")
    protocol: str = flag("occluded_duke", "under which the run is evaluated")
    run_dir: Path = flag(Path("runs/occluded_duke"), "what the run makes")
    switches: str = flag("{}", 'the model\'s, as JSON, as {"ppe": "none"}')
    part_schema: str = flag("eight", "body parts that the model tells apart")
    backbone: str = flag("hrnet_w32", ", ".join(kd.models.BACKBONES))
    weights: Path = flag(None, "PyTorch checkpoint, or model.keras of a run")
    image_size: tuple[int, int] = flag((256, 128), "height,width")
    transforms: tuple[str, ...] = flag(
        ("crop", "erase"), ", ".join(kd.data.TRANSFORMS)
    )
    occlusions: tuple[str, ...] = flag(
        (), f"hide the images, as roa:0.5; {', '.join(OCCLUSIONS)}"
    )
    occluder_bank: str = flag("procedural", "or a path to RGBA images, for roa")
    occlusion_rise: int = flag(
        0, "epochs in which occlusions grow to full size"
    )
    num_identities: int = flag(16, "people in a batch")
    images_each: int = flag(4, "images of each of them")
    epochs: int = flag(120, "passes over the training images")
    evaluate_every: int = flag(10, "epochs from one evaluation to the next")
    num_devices: int = flag(1, "devices that share each batch")
    synchronize: bool = flag(False, "batch normalisation over all devices")
    precision: str = flag("float32", "float32, mixed_bfloat16 or mixed_float16")
    seed: int = flag(1, "of weights and batches")
    export: bool = flag(True, "write saved_model/ at the end")

    @property
    def has_parts(self):
        """Whether the model learns from parsing labels."""
        return True

    def __post_init__(self):
        check_choice(self, "backbone", kd.models.BACKBONES)
        try:
            kd.evaluation.Protocol.named(self.protocol)
        except ValueError as error:
            raise ValueError(f"--protocol: {error}") from None
        _check_occlusions(self)
        if len(self.image_size) != 2:
            raise ValueError("--image_size is height,width, as 256,128.")
        if self.data_dir is None:
            raise ValueError("--data_dir is missing: where are the images?")
        try:
            json.loads(self.switches)
        except json.JSONDecodeError as error:
            raise ValueError(f"--switches is not JSON: {error}") from None
        needed = {"weights": self.weights}
        if not self.render:
            needed["data_dir"] = self.data_dir
            needed["parsing_dir"] = self.parsing_dir
        for name, path in needed.items():
            if path is not None and not path.exists():
                raise FileNotFoundError(f"--{name}={path} does not exist.")
        unlabelled = self.parsing_dir is None and self.label_format != "stripes"
        if self.has_parts and unlabelled:
            raise ValueError(
                "--parsing_dir is missing: parts need labels, or "
                "--label_format=stripes, which is instead of them."
            )


@dataclasses.dataclass(frozen=True)
class SGDRunSettings(RunSettings):
    """The settings of recipes whose papers train by SGD."""

    optimizer: str = flag("sgd", "sgd, or adam for training from scratch")
    momentum: float = flag(0.9, "of sgd")

    def __post_init__(self):
        super().__post_init__()
        check_choice(self, "optimizer", ("sgd", "adam"))


def check_choice(settings, name, known):
    """Refuses a flag that is not one of `known`."""
    if getattr(settings, name) not in known:
        raise ValueError(
            f"--{name} is one of {', '.join(known)}; got "
            f"{getattr(settings, name)!r}."
        )


def sgd_or_adam(settings, multipliers):
    """The optimizer of `SGDRunSettings`.

    Args:
        settings: With `learning_rate` and `l2` besides.
        multipliers: As of `CoupledSGD`; Adam has one rate for all.
    """
    if settings.optimizer == "adam":
        return _coupled_adam(settings)
    return kd.training.CoupledSGD(
        settings.learning_rate,
        settings.l2,
        settings.momentum,
        multipliers=multipliers,
    )


def read_splits(settings, read=kd.datasets.read_occluded_duke):
    """The `Records` of each split, drawn first if the settings say so.

    Args:
        settings: The run's settings.
        read: Reader of the data set; drawn pedestrians have the layout of
            Occluded-Duke, whatever it is.
    """
    if settings.render:
        render_embedded_pedestrians(settings.data_dir, settings.render)
    if settings.protocol == "embedded_pedestrians":
        read = kd.datasets.read_occluded_duke
    splits = read(
        settings.data_dir, settings.parsing_dir, settings.label_format
    )
    for name, records in splits.items():
        print(f"{name}: {records}")
    return splits


def make_batches(settings, records):
    """The training batches, with parsing labels if the model has parts."""
    return kd.data.TrainingBatches(
        records,
        settings.image_size,
        kd.data.ParsingLabels(settings.label_format, settings.part_schema)
        if settings.has_parts
        else None,
        kd.data.IdentitySampler(settings.num_identities, settings.images_each),
        settings.transforms,
        seed=settings.seed,
        occlusions=make_occlusions(settings),
    )


def make_occlusions(settings):
    """The stages that hide the training images."""
    stages = named_occlusions(
        settings.occlusions, settings.occluder_bank or "procedural"
    )
    if not settings.occlusion_rise:
        return stages
    return tuple(
        SeveritySchedule(stage, (0, settings.occlusion_rise), (0.0, 1.0))
        for stage in stages
    )


def make_backbone(settings, **arguments):
    """The backbone of the settings, with the weights of their checkpoint."""
    backbone = kd.models.BACKBONES[settings.backbone](
        settings.image_size, **arguments
    )
    if settings.weights:
        kd.models.load_checkpoint(backbone, settings.weights)
    return backbone


def num_people(records):
    """Number of identities of the training images."""
    return len(np.unique(records.identities))


def run(
    settings,
    make_model,
    learning_rate,
    *,
    optimizer=None,
    splits=None,
    batches=None,
    prepare=None,
):
    """Trains, evaluates and reports.

    A run that was stopped goes on when it is started again with the same
    `run_dir`.

    Args:
        settings: `RunSettings` of the recipe.
        make_model: Function of the settings and the training records to the
            model.
        learning_rate: Function of the settings and the epoch, from 0, to the
            learning rate.
        optimizer: Function of the settings to the optimizer; left out, Adam
            with coupled decay, as `settings.learning_rate` and `settings.l2`
            say.
        splits: `Records` by split, if not those of `read_splits(settings)`.
        batches: Function of the settings and the training records to what
            `fit` gets, if not `make_batches`.
        prepare: Function of the model and the splits, called before the
            first epoch of a run, not when one goes on.

    Returns:
        The trained model.
    """
    start = time.monotonic()
    settings.run_dir.mkdir(parents=True, exist_ok=True)
    keras.config.set_dtype_policy(settings.precision)
    keras.utils.set_random_seed(settings.seed)
    splits = splits or read_splits(settings)
    batches = (batches or make_batches)(settings, splits["train"])
    with kd.training.replicas(settings.num_devices):
        model = make_model(settings, splits["train"])
        if settings.synchronize:
            kd.training.synchronize_batch_normalization(model)
        model.compile(
            optimizer(settings) if optimizer else _coupled_adam(settings),
            jit_compile=kd.backend.default_jit_compile(),
        )
        train(settings, model, batches, splits, learning_rate, prepare)
    report(settings, model, splits, seconds=time.monotonic() - start)
    return model


def _coupled_adam(settings):
    return kd.training.CoupledAdam(settings.learning_rate, l2=settings.l2)


def train(settings, model, batches, splits, learning_rate, prepare=None):
    """Trains to the last epoch, from the run's checkpoint if there is one."""
    checkpoint = kd.training.RunCheckpoint(
        settings.run_dir / "checkpoints", batches
    )
    first = checkpoint.restore(model)
    if first:
        print(f"Going on after epoch {first}.")
    elif prepare:
        prepare(model, splits)
    model.fit(
        batches,
        epochs=settings.epochs,
        initial_epoch=first,
        verbose=1 if sys.stdout.isatty() else 0,
        callbacks=[
            keras.callbacks.LearningRateScheduler(
                lambda epoch, _: learning_rate(settings, epoch)
            ),
            kd.training.RetrievalEvaluation.of_protocol(
                settings.protocol,
                splits,
                settings.evaluate_every,
                know_cameras=True,
            ),
            keras.callbacks.CSVLogger(
                settings.run_dir / "history.csv", append=first > 0
            ),
            keras.callbacks.TensorBoard(settings.run_dir / "tensorboard"),
            checkpoint,
            kd.training.RemainingTime(),
        ],
    )


def evaluate(settings, model, splits):
    """The result card, and the descriptors of queries and gallery."""
    query, gallery = kd.evaluation.embed_splits(
        model, splits, image_size=settings.image_size, know_cameras=True
    )
    card = kd.evaluation.evaluate(
        (query, gallery),
        splits,
        settings.protocol,
        model=kd.evaluation.ModelDescription.of(model, seed=settings.seed),
    )
    return card, query, gallery


def report(settings, model, splits, seconds):
    """Writes all that the run leaves, `metrics.json` last, and says where."""
    folder = settings.run_dir
    card, query, gallery = evaluate(settings, model, splits)
    result, levels = card.result, None
    if "occlusion" in splits["query"].column_names:
        levels = kd.evaluation.occlusion_levels(splits["query"].occlusion)
    table = kd.evaluation.table({type(model).__name__: result}, levels)
    (folder / "results.md").write_text(table + "\n")
    card.save(folder / "card.json")
    rows, distances = kd.evaluation.nearest(
        query, gallery, splits["query"], splits["gallery"], k=8
    )
    kd.visualization.save_ranked_lists(
        folder / "ranked_lists.png",
        splits["query"],
        splits["gallery"],
        rows,
        distances=distances,
        query=query,
        gallery=gallery,
    )
    if "part_maps" in model.output:
        save_part_maps(settings, model, splits["query"])
    model.save(folder / "model.keras")
    if settings.export:
        print("Exporting and checking saved_model/ …", flush=True)
        kd.export.export_saved_model(
            folder / "model.keras", folder / "saved_model", overwrite=True
        )
        kd.export.check_saved_model(folder / "saved_model", model)
    summary = {
        "metrics": result.metrics,
        "by_occlusion": {}
        if levels is None
        else kd.evaluation.stratify(result, levels),
        "num_skipped": result.num_skipped,
        "num_not_comparable_pairs": result.num_not_comparable_pairs,
        "settings": {
            name: str(value) if isinstance(value, Path) else value
            for name, value in dataclasses.asdict(settings).items()
        },
        "protocol": settings.protocol,
        "backend": keras.backend.backend(),
        "versions": {
            "keras_drop": kd.__version__,
            "keras": keras.__version__,
        },
        "seconds": round(seconds, 1),
    }
    (folder / "metrics.json").write_text(json.dumps(summary, indent=2))
    print(f"\n{table}\n")
    print(f"Everything is in {folder}:")
    for name, text in {
        "results.md": "the table above; metrics.json has it for programs",
        "card.json": "the result, to be compared with others",
        "ranked_lists.png": "what was found for some queries",
        "part_maps.png": "which parts the model saw in them",
        "history.csv": "losses and metrics of each epoch",
        "tensorboard": "the same: tensorboard --logdir=" + str(folder),
        "model.keras": "the model: keras_drop.load_model(...)",
        "saved_model": "the same for TensorFlow and TF Serving",
    }.items():
        if (folder / name).exists():
            print(f"  {name:<17} {text}")


def save_part_maps(settings, model, records):
    """A picture of the parts seen in some queries, evenly spread."""
    rows = np.linspace(0, len(records) - 1, num=8).astype(int)
    images = kd.data.ImageBatches(
        records.paths[rows], settings.image_size, len(rows)
    )[0]
    outputs = model.inference_model().predict(images, verbose=0)
    part_names = kd.part_schema(settings.part_schema).part_names
    kd.visualization.save_part_maps(
        settings.run_dir / "part_maps.png",
        images,
        outputs["part_maps"],
        outputs["visibility"][:, -len(part_names) :],
        part_names,
    )


def _check_occlusions(settings):
    try:
        stages = named_occlusions(settings.occlusions)
    except ValueError as error:
        raise ValueError(f"--occlusions: {error}") from None
    labelled = labelled_stages(stages)
    if labelled and not settings.has_parts:
        raise ValueError(
            f"--occlusions: {labelled[0]} needs parsing labels, which this "
            "model does not learn from."
        )
    bank = settings.occluder_bank
    if bank not in (None, "procedural") and not Path(bank).exists():
        raise FileNotFoundError(f"--occluder_bank={bank} does not exist.")

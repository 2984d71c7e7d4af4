"""HPNet on Market-1501, and on the embedded pedestrians.

Paper: [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789).

The paper's configuration, on a copy of the data set with part labels of its
training images, ImageNet weights of ResNet-50 (those of torchvision, as a
PyTorch checkpoint), and people of COCO with part labels that
`recipes/densepose_coco_crops.py` makes:

    python recipes/hpnet_market1501.py --data_dir=Market-1501-v15.09.15 \
        --parsing_dir=market1501_parts --weights=resnet50.pth \
        --crops_dir=coco_people/train

`--preset=release` is what the authors' code does, by which the published
numbers were made. Without `--crops_dir` parsing is learnt from the labels of
the training images alone.

The demo, on pedestrians that the library draws, with parts of further ones:

    python recipes/hpnet_market1501.py --flagfile=recipes/hpnet_demo.flags

At the end, the trained model is also evaluated by the distance and the average
precision of the authors' code. Other data sets, as Partial-REID, are evaluated
by `python -m keras_drop evaluate`. Result on Market-1501: not run yet, it needs
the data set and a GPU. Results on the embedded pedestrians: docs/results/.
"""

import dataclasses
import json
from pathlib import Path

import reid_run
from reid_run import flag

import keras_drop as kd
from keras_drop.data import occlusions
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from keras_drop.models.hpnet.hpnet import MEAN

PRESETS = ("paper", "release")
EPOCHS_OF = {
    "people": kd.data.EachIdentityOnceSampler,
    "images": kd.data.IdentitySampler,
}
# Of other people than those of the seed that `--render` has.
_OTHER_SEED = 2


@dataclasses.dataclass(frozen=True)
class Settings(reid_run.SGDRunSettings):
    label_format: str = flag("png7", "format of the parsing labels")
    protocol: str = flag("market1501", "under which the run is evaluated")
    run_dir: Path = flag(Path("runs/hpnet"), "what the run makes")
    switches: str = flag("{}", 'the model\'s, as {"seg_warmup_epochs": 10}')
    part_schema: str = flag("hpnet_four", "body parts that are told apart")
    backbone: str = flag("resnet50", "resnet50 or resnet18")
    image_size: tuple[int, int] = flag((384, 128), "height,width")
    transforms: tuple[str, ...] = flag(("flip",), "release: enhance too")
    epochs: int = flag(300, "passes over the people, or over the images")
    evaluate_every: int = flag(20, "epochs from one evaluation to the next")
    preset: str = flag("paper", "paper, or release: as the authors' code")
    epoch_of: str = flag("people", "people: everybody once; images: all images")
    crops_dir: Path = flag(
        None, "folder of images/ and parts/ of people to parse, as of COCO"
    )
    crops_format: str = flag("densepose14", "format of their labels")
    num_crops: int = flag(32, "of them in every step")
    extra_data_dir: Path = flag(
        None, "instead of crops_dir: drawn pedestrians to parse"
    )
    extra_render: str = flag("", "first draw this preset to extra_data_dir")
    label_reduction: str = flag("nearest", "or area_max, for thin parts")
    learning_rate: float = flag(0.01, "of the backbone")
    new_layer_factor: float = flag(2.0, "of it, for heads and necks")
    milestones: tuple[int, ...] = flag((240,), "where it falls to a tenth")
    l2: float = flag(5e-4, "decay, added to the gradients")

    def __post_init__(self):
        super().__post_init__()
        reid_run.check_choice(self, "preset", PRESETS)
        reid_run.check_choice(self, "epoch_of", EPOCHS_OF)
        if self.crops_dir and self.extra_data_dir:
            raise ValueError(
                "--crops_dir and --extra_data_dir are both people to parse; "
                "give one of them."
            )
        needed = {"crops_dir": self.crops_dir}
        if not self.extra_render:
            needed["extra_data_dir"] = self.extra_data_dir
        for name, path in needed.items():
            if path is not None and not path.exists():
                raise FileNotFoundError(f"--{name}={path} does not exist.")


def main(settings):
    splits = reid_run.read_splits(settings, kd.datasets.read_market1501)
    model = reid_run.run(
        settings,
        make_model,
        learning_rate,
        optimizer=make_optimizer,
        splits=splits,
        batches=make_batches,
    )
    compare_distances(settings, model, splits)


def make_batches(settings, records):
    """Batches of people, with people to parse beside them if there are any."""
    transforms = settings.transforms
    stages = reid_run.make_occlusions(settings)
    if settings.preset == "release":
        transforms = (*transforms, "enhance")
        # The model sees 0 where a part is hidden.
        fill = tuple(255 * mean for mean in MEAN)
        stages = (*stages, occlusions.PartOcclusion(fill=fill))
    common = {
        "transforms": transforms,
        "seed": settings.seed,
        "occlusions": stages,
    }
    batches = kd.data.TrainingBatches(
        records,
        settings.image_size,
        make_labels(settings, settings.label_format),
        EPOCHS_OF[settings.epoch_of](
            settings.num_identities, settings.images_each
        ),
        **common,
    )
    crops = read_crops(settings)
    if crops is None:
        return batches
    print(f"to parse: {len(crops)} images")
    return kd.data.JointBatches(
        batches,
        kd.data.ParsingBatches(
            crops,
            settings.image_size,
            make_labels(settings, settings.crops_format),
            len(batches),
            batch_size=settings.num_crops,
            **common,
        ),
    )


def make_labels(settings, label_format):
    """What the parsing labels of a format are read by."""
    return kd.data.ParsingLabels(
        label_format,
        settings.part_schema,
        label_reduction=settings.label_reduction,
    )


def read_crops(settings):
    """`Records` of the people to parse, or `None`."""
    if settings.crops_dir:
        return kd.datasets.read_parsed_images(
            settings.crops_dir / "images",
            settings.crops_dir / "parts",
            settings.crops_format,
        )
    folder = settings.extra_data_dir
    if not folder:
        return None
    if settings.extra_render:
        render_embedded_pedestrians(
            folder, settings.extra_render, seed=_OTHER_SEED
        )
    splits = kd.datasets.read_occluded_duke(
        folder, folder / "parts", settings.crops_format
    )
    return splits["train"]


def make_model(settings, records):
    """The model that the settings describe."""
    switches = {
        "part_schema": settings.part_schema,
        "label_reduction": settings.label_reduction,
        **(kd.models.HPNET_RELEASE if settings.preset == "release" else {}),
        **json.loads(settings.switches),
    }
    return kd.models.HPNet(
        reid_run.make_backbone(settings),
        reid_run.num_people(records),
        **switches,
    )


def make_optimizer(settings):
    """SGD with momentum, and a higher learning rate for what is new."""
    return reid_run.sgd_or_adam(
        settings, {"parsing_head|neck": settings.new_layer_factor}
    )


def learning_rate(settings, epoch):
    """Steps down."""
    return kd.training.warmup_multistep(
        epoch,
        settings.learning_rate,
        warmup_epochs=0,
        milestones=settings.milestones,
    )


def compare_distances(settings, model, splits):
    """Writes what the paper's and the released distance give."""
    paper, query, gallery = reid_run.evaluate(settings, model, splits)
    results = {"eq. (1)": paper.result}
    protocol = kd.evaluation.Protocol.named(settings.protocol)
    if model.no_part_query == "global":
        name = "eq. (1), unmasked for queries without parts"
        results[name] = kd.evaluation.evaluate(
            (query, kd.evaluation.answer_partless(gallery)),
            splits,
            protocol,
            model=name,
        ).result
    results["as released"] = kd.evaluation.evaluate(
        (query, gallery),
        splits,
        dataclasses.replace(protocol, average_precision="trapezoid"),
        model="as released",
        distance=kd.evaluation.Distance("cosine", "hpnet_release"),
    ).result
    table = kd.evaluation.table(results)
    (settings.run_dir / "distances.md").write_text(table + "\n")
    print(f"\n{table}\n\n  distances.md      the table above")


if __name__ == "__main__":
    kd.training.run(main, Settings)

"""DPEFormer on Occluded-Duke, and on the embedded pedestrians.

Paper: [Zhang et al., 2024](https://arxiv.org/abs/2402.10435). It needs no
parsing labels.

The paper's configuration, on a copy of the data set and with ImageNet weights
of ViT-B/16 (those of timm's `vit_base_patch16_224.augreg_in21k_ft_in1k`, as a
PyTorch checkpoint):

    python recipes/dpeformer_occluded_duke.py --data_dir=Occluded_Duke \
        --weights=vit_base_patch16_224.pth

`--model=baseline` is TransReID's class token alone, for comparison; it has no
second stream, and `--occlusions=roa:0.5` hides every other of its images. With
`--patch_stride=12` its patches overlap, and `--camera_embedding` tells it which
camera took an image, in training and at test.
`--preset=release --num_identities=2` is what the authors' code does, where a
descriptor depends on the other images of its batch.

The demo, on pedestrians that the library draws, from scratch:

    python recipes/dpeformer_occluded_duke.py \
        --flagfile=recipes/dpeformer_demo.flags

Afterwards `benchmarks/kept_patches.py` tells how many of the kept patches lie
on the person. Result on Occluded-Duke: not run yet, it needs the data set and
a GPU. Results on the embedded pedestrians: docs/results/.
"""

import dataclasses
import json
from pathlib import Path

import numpy as np
import reid_run
from reid_run import flag

import keras_drop as kd
from keras_drop.data import occlusions

MODELS = ("dpeformer", "baseline")
PRESETS = ("paper", "release")


@dataclasses.dataclass(frozen=True)
class Settings(reid_run.SGDRunSettings):
    run_dir: Path = flag(Path("runs/dpeformer"), "what the run makes")
    model: str = flag("dpeformer", "dpeformer, or baseline: the class token")
    backbone: str = flag("vit_b16", "vit_b16 or vit_small")
    transforms: tuple[str, ...] = flag(
        ("slight_colour_jitter", "flip", "crop"),
        "colours, flip, crop, as in DPEFormer",
    )
    seed: int = flag(1234, "of weights and batches")
    patch_size: int = flag(16, "height and width of a patch in pixels")
    patch_stride: int = flag(16, "pixels from one patch to the next")
    camera_embedding: bool = flag(False, "tell cameras apart; baseline")
    preset: str = flag("paper", "paper, or release: as the authors' code")
    occluded_stream: tuple[str, ...] = flag(
        ("roa",), "hides the second copy; release: gaussian_erasing"
    )
    roa_flip: float = flag(0.5, "probability that an occluder is mirrored")
    learning_rate: float = flag(0.008, "where the cosine starts")
    warmup_epochs: int = flag(5, "epoch in which the cosine is reached")
    l2: float = flag(1e-4, "decay, added to the gradients")
    bias_factor: float = flag(2.0, "of the learning rate, for biases; sgd")

    @property
    def has_parts(self):
        return False

    def __post_init__(self):
        super().__post_init__()
        reid_run.check_choice(self, "model", MODELS)
        reid_run.check_choice(self, "preset", PRESETS)
        if not self.backbone.startswith("vit"):
            raise ValueError(
                f"--backbone={self.backbone} has no patches; DPEFormer takes "
                "vit_b16 or vit_small."
            )
        if self.model == "baseline" and self.preset == "release":
            raise ValueError(
                "--preset=release is of --model=dpeformer; the baseline has "
                "no preset."
            )
        if self.camera_embedding and self.model != "baseline":
            raise ValueError(
                "--camera_embedding is of --model=baseline; DPEFormer does "
                "not tell cameras apart."
            )
        try:
            occlusions.named_occlusions(self.occluded_stream)
        except ValueError as error:
            raise ValueError(f"--occluded_stream: {error}") from None


def main(settings):
    splits = reid_run.read_splits(settings)
    model = reid_run.run(
        settings,
        make_model,
        learning_rate,
        optimizer=make_optimizer,
        splits=splits,
        batches=make_batches,
        prepare=fill_memory,
    )
    if settings.model == "dpeformer":
        draw_patches(settings, model, splits["query"])


def make_batches(settings, records):
    """Batches, for DPEFormer with a second, occluded copy of every image."""
    batches = kd.data.TrainingBatches(
        records,
        settings.image_size,
        transforms=settings.transforms,
        sampler=kd.data.IdentitySampler(
            settings.num_identities, settings.images_each
        ),
        seed=settings.seed,
        occlusions=reid_run.make_occlusions(settings),
        occluded_stream=make_stream(settings),
    )
    if settings.camera_embedding:
        return kd.data.CameraBatches(batches, num_cameras(settings, records))
    return batches


def num_cameras(settings, records):
    """How many cameras the model tells apart."""
    return int(records.cameras.max()) + 1 if settings.camera_embedding else 0


def make_stream(settings):
    """The stages that hide the second copy, none if there is no second."""
    if settings.model == "baseline":
        return None
    names = settings.occluded_stream
    if settings.preset == "release":
        names = ("gaussian_erasing",)
    return tuple(
        dataclasses.replace(stage, flip=settings.roa_flip)
        if isinstance(stage, occlusions.RealisticOcclusion)
        else stage
        for stage in occlusions.named_occlusions(
            names, settings.occluder_bank or "procedural"
        )
    )


def make_model(settings, records):
    """The model that the settings describe."""
    backbone = reid_run.make_backbone(
        settings,
        patch_size=settings.patch_size,
        patch_stride=settings.patch_stride,
        num_cameras=num_cameras(settings, records),
    )
    model, switches = kd.models.DPEFormer, {}
    if settings.model == "baseline":
        model = kd.models.TransReIDBaseline
    elif settings.preset == "release":
        switches = kd.models.DPEFORMER_RELEASE
    return model(
        backbone,
        reid_run.num_people(records),
        **{**switches, **json.loads(settings.switches)},
    )


def make_optimizer(settings):
    """SGD with momentum, and a learning rate of their own for biases."""
    return reid_run.sgd_or_adam(
        settings, {"(bias|beta)$": settings.bias_factor}
    )


def learning_rate(settings, epoch):
    """A linear rise, then a cosine."""
    return kd.training.warmup_cosine(
        epoch,
        settings.learning_rate,
        settings.epochs,
        settings.warmup_epochs,
    )


def fill_memory(model, splits):
    """Shows the model its people, unless it learns them as they come."""
    if getattr(model, "bank_init", "lazy") == "mean":
        records = splits["train"]
        model.fill_memory(
            kd.data.ImageBatches(records.paths, model.input_shape[1:3]),
            kd.data.identity_labels(records),
        )


def draw_patches(settings, model, records):
    """A picture of the patches kept of queries, as they are and occluded."""
    rows = np.linspace(0, len(records) - 1, num=6).astype(int)
    images = kd.data.ImageBatches(
        records.paths[rows], settings.image_size, len(rows)
    )[0]
    stages, rng = make_stream(settings), np.random.default_rng(settings.seed)
    occluded = np.stack(
        [occlusions.occlude(x.copy(), stages, rng)[0] for x in images]
    )
    path = kd.visualization.save_kept_patches(
        settings.run_dir / "kept_patches.png",
        {
            name: (view, model.predict(view, verbose=0))
            for name, view in (("query", images), ("occluded", occluded))
        },
        model.backbone.token_grid,
    )
    print(f"  {path.name:<17} patches kept of queries, and with an occluder")


if __name__ == "__main__":
    kd.training.run(main, Settings)

import dataclasses

import numpy as np

from keras_drop.checks import checked_choice
from keras_drop.data import ImageBatches, identity_labels
from keras_drop.data.occlusions import (
    OCCLUSIONS,
    RealisticOcclusion,
    named_occlusions,
    occlude,
)
from keras_drop.data.occlusions.stages.occlude import labelled_stages
from keras_drop.flags import flag
from keras_drop.training.runs.run import Run
from keras_drop.training.settings.data_reading import readable_rows
from keras_drop.visualization import save_kept_patches


@dataclasses.dataclass(frozen=True)
class DPEFormerRun(Run):
    """Run of DPEFormer, which learns from an occluded copy of every image.

    Its memory begins with the training images, unless `memory.start` is
    `"lazy"`.
    It ends with a picture of the patches that it kept of some queries.

    Args:
        release: Whether the model and its batches are as in the authors'
            code, where a descriptor depends on the other images of its batch
            (with `identities_per_batch` 2).
        occluded_stream: What hides the second copy, as `"roa"`.
        roa_flip: Probability that an occluder is mirrored.
        **kwargs: As of `Run`.

    Raises:
        ValueError: An unknown occlusion.

    Example:
    >>> from keras_drop.training import DPEFormerRun
    >>> DPEFormerRun("dpeformer", roa_flip=1.0).second_stream()[0].flip
    1.0
    """

    model: str = flag("dpeformer", "dpeformer")
    release: bool = flag(False, "do all as the authors' code does")
    occluded_stream: tuple[str, ...] = flag(
        ("roa",), f"hides the second copy; {', '.join(OCCLUSIONS)}"
    )
    roa_flip: float = flag(0.5, "probability that an occluder is mirrored")

    def __post_init__(self):
        super().__post_init__()
        checked_choice("model", self.model, ("dpeformer",))
        named_occlusions(self.occluded_stream)

    def check(self):
        """Also refuses occlusions that need labels, which it does not read."""
        stages = (*self.batches.stages(), *self.second_stream())
        labelled = labelled_stages(stages)
        if labelled:
            raise ValueError(
                f"{labelled[0]} cuts out what parsing labels show; DPEFormer "
                "reads none. Take another stage, such as roa."
            )
        super().check()

    def make_batches(self, records):
        """Batches with a second, occluded copy of every image."""
        return self.batches.make(
            records, None, self.fit.seed, occluded_stream=self.second_stream()
        )

    def second_stream(self):
        """The stages that hide the second copy."""
        names = ("gaussian_erasing",) if self.release else self.occluded_stream
        return tuple(
            dataclasses.replace(stage, flip=self.roa_flip)
            if isinstance(stage, RealisticOcclusion)
            else stage
            for stage in self.batches.named(names)
        )

    def given_switches(self):
        return {"release": self.release}

    def prepare(self, model, splits):
        """Shows the model its people, unless it learns them as they come."""
        if model.memory.start != "mean":
            return
        records = splits["train"]
        rows = readable_rows(records, self.batches.max_unreadable)
        model.fill_memory(
            ImageBatches(records.paths[rows], model.input_shape[1:3]),
            identity_labels(records)[rows],
        )

    def finish(self, model, splits):
        """Draws the patches kept of queries, as they are and occluded."""
        records = splits["query"]
        rows = np.linspace(0, len(records) - 1, num=6).astype(int)
        images = ImageBatches(
            records.paths[rows], self.batches.image_size, len(rows)
        )[0]
        stages = self.second_stream()
        rng = np.random.default_rng(self.fit.seed)
        occluded = np.stack(
            [occlude(image.copy(), stages, rng)[0] for image in images]
        )
        path = save_kept_patches(
            self.run_dir / "kept_patches.png",
            {
                name: (view, model.predict(view, verbose=0))
                for name, view in (("query", images), ("occluded", occluded))
            },
            model.backbone.token_grid,
        )
        print(
            f"  {path.name:<17} patches kept of queries, and with an occluder"
        )

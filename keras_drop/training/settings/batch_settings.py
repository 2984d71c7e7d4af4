import dataclasses

import numpy as np

from keras_drop.checks import (
    checked_choice,
    refuse_negative,
    refuse_no_count,
)
from keras_drop.data import (
    TRANSFORMS,
    BalancedSampler,
    EachIdentityOnceSampler,
    IdentitySampler,
    TrainingBatches,
)
from keras_drop.data.occlusions import (
    OCCLUSIONS,
    SeveritySchedule,
    named_occlusions,
)
from keras_drop.data.occlusions.stages.occlude import labelled_stages
from keras_drop.data.samplers.identity_sampler import SAMPLINGS
from keras_drop.flags import flag
from keras_drop.image_sizes import checked_image_size
from keras_drop.training.settings.data_reading import (
    refuse_missing,
    refuse_other_labels,
)

SAMPLERS = {"images": IdentitySampler, "people": EachIdentityOnceSampler}


@dataclasses.dataclass(frozen=True)
class BatchSettings:
    """Batches: who is in them, and how images are changed.

    Args:
        image_size: `(height, width)`.
        transforms: Names of random changes, see `random_transform`.
        occlusions: What hides the images, as `"roa:0.5"`; see
            `named_occlusions`.
        occluder_bank: `"procedural"`, or a path to RGBA images, for `"roa"`.
        occlusion_rise: Epochs in which occlusions grow to full size.
        identities_per_batch: People in a batch.
        images_per_identity: Images of each of them.
        epoch_of: `"images"`: an epoch shows all images; `"people"`: everybody
            once.
        balance_sets: Whether a batch has as many people of each of several
            data sets, see `BalancedSampler`.
        max_unreadable: Broken or vanished files that a run goes on without:
            in training others of the same people stand in for them, of the
            test images as many are left out before it begins.
        sampling: Of an epoch of images: how a batch draws its people, see
            `IdentitySampler`.

    Raises:
        ValueError: An unknown name, no size, or a number that is none.
        FileNotFoundError: No such bank.

    Example:
    >>> from keras_drop.training import BatchSettings
    >>> BatchSettings(occlusions=("roa:0.5",)).stages()[0].probability
    0.5
    """

    image_size: tuple[int, int] = flag((256, 128), "height,width")
    transforms: tuple[str, ...] = flag(("crop", "erase"), ", ".join(TRANSFORMS))
    occlusions: tuple[str, ...] = flag(
        (), f"hide the images, as roa:0.5; {', '.join(OCCLUSIONS)}"
    )
    occluder_bank: str = flag("procedural", "or a path to RGBA images, for roa")
    occlusion_rise: int = flag(
        0, "epochs in which occlusions grow to full size"
    )
    identities_per_batch: int = flag(16, "people in a batch")
    images_per_identity: int = flag(4, "images of each of them")
    epoch_of: str = flag("images", "all images, or people: everybody once")
    balance_sets: bool = flag(False, "as many people of each of the data sets")
    max_unreadable: int = flag(0, "broken files that it goes on without")
    sampling: str = flag("proportional", "to images left; or uniform")

    def __post_init__(self):
        refuse_negative(
            max_unreadable=self.max_unreadable,
            occlusion_rise=self.occlusion_rise,
        )
        refuse_no_count(
            identities_per_batch=self.identities_per_batch,
            images_per_identity=self.images_per_identity,
        )
        checked_choice("epoch_of", self.epoch_of, SAMPLERS)
        checked_choice("sampling", self.sampling, SAMPLINGS)
        if self.epoch_of == "people" and self.sampling == "uniform":
            raise ValueError(
                "`sampling` is of an epoch of images: in an epoch of people "
                "everybody is drawn once. Leave out one of the two."
            )
        try:
            checked_image_size(self.image_size)
        except ValueError:
            raise ValueError(
                f"`image_size` is {self.image_size}; it is height,width, two "
                "whole numbers of 1 or more, as 256,128."
            ) from None
        for name in self.transforms:
            checked_choice("transforms", name, TRANSFORMS)
        named_occlusions(self.occlusions)
        if self.occluder_bank != "procedural":
            refuse_missing(occluder_bank=self.occluder_bank or None)

    @property
    def needs_labels(self):
        """Whether a stage cuts out what parsing labels show."""
        return bool(labelled_stages(named_occlusions(self.occlusions)))

    def stages(self):
        """The stages that hide the images."""
        stages = self.named(self.occlusions)
        if not self.occlusion_rise:
            return stages
        return tuple(
            SeveritySchedule(stage, (0, self.occlusion_rise), (0.0, 1.0))
            for stage in stages
        )

    def named(self, names):
        """Stages by their names, with the occluders of these settings."""
        return named_occlusions(names, self.occluder_bank or "procedural")

    def make(self, records, labels=None, seed=1, **changes):
        """What `fit` gets.

        Args:
            records: `Records` of the training images.
            labels: `ParsingLabels`; `None` for a model that learns from none.
            seed: Of the batches.
            **changes: Arguments of `TrainingBatches` that are not these
                settings.

        Raises:
            ValueError: Label files of another kind than those of the format.
        """
        if labels:
            refuse_other_labels(records, labels)
        sampler = SAMPLERS[self.epoch_of](
            self.identities_per_batch, self.images_per_identity
        )
        if self.epoch_of == "images":
            sampler = dataclasses.replace(sampler, sampling=self.sampling)
        if self.balance_sets:
            one = np.zeros(len(records), int)
            sampler = BalancedSampler(
                sampler, getattr(records, "data_set", one)
            )
        return TrainingBatches(
            records,
            self.image_size,
            labels,
            sampler,
            seed=seed,
            **{
                "transforms": self.transforms,
                "occlusions": self.stages(),
                "max_unreadable": self.max_unreadable,
                **changes,
            },
        )

import dataclasses
import functools

import keras
from keras import ops

from keras_drop.checks import refuse_negative
from keras_drop.losses import FocalParsing, VisibilityTriplet, VisibleIdentity
from keras_drop.models.base.constructor_arguments import changed_copy
from keras_drop.models.base.counter import counter
from keras_drop.models.base.reid_map import image_pyramid
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.hpnet.hard_masks import HardMasks, mask_term
from keras_drop.models.hpnet.masked_part_descriptors import (
    add_unmasked,
    masked_part_descriptors,
)
from keras_drop.models.hpnet.part_stages import part_stages
from keras_drop.models.hpnet.reid_terms import reid_terms
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.registration import register

# Not quite ImageNet's, but those of the released code.
MEAN = (0.486, 0.459, 0.408)
DEVIATION = (0.229, 0.224, 0.225)


@register
class HPNet(ReIDTask):
    """A branch for every body part, that finds its part and describes it.

    Each part has a last stage of the backbone of its own. A parsing head on
    its map says which cells show the part; the maximum over these is the
    part's embedding, and a part without such a cell is not visible. Identity
    and triplet losses count visible parts only, and teach nothing to the
    parsing heads: these learn from labels alone.

    Batches may bring labelled images of other people, `"parsing_only"` in the
    targets: `keras_drop.data.JointBatches` makes such batches. They pass
    through the network on their own, after the batch, so that batch
    normalisations see the two in turn, and their parsing loss is added.

    A training step with `release` learns from identities or from triplets,
    one in the first epochs from neither. What a step does not learn from
    counts 0 in it, also in the terms that are reported.

    Args:
        backbone: ResNet built for one image size, whose last stage has stride
            1, such as `keras_drop.models.resnet50((384, 128))`. Its weights,
            from a checkpoint or a preset, are loaded before: all parts start
            from them.
        num_identities: People in the training set.
        part_schema: Name of a schema or a `PartSchema`.
        share_last_stage: Whether all parts share one last stage.
        masks: `HardMasks`, which cells show a part.
        no_part_query: What an image without any visible part is compared by:
            `"tie"` nothing; `"global"` the maximum of each part's map over
            all cells, further embeddings `unmasked_<part>` that are visible
            where no part is. `keras_drop.evaluation.answer_partless` makes
            those of the gallery comparable to such queries.
        parsing_epochs: Epochs at the start that learn from parsing alone.
            Left out, none, as in the paper, or 10 with `release`. A run that
            is meant to train well sets 10: at the start the masks are random.
        release: Whether to train as the authors' code, by which the published
            numbers were made: even steps learn from triplets and odd ones from
            identities, and both losses of parts are divided by other counts.
        term_losses: As of `ReIDTask`.
        loss_weights: As of `ReIDTask`. With 0 for `parsing_only` the images
            of other people do not pass.
        preprocessor: As of `ReIDTask`.
        name: Name of the model.

    Returns:
        Outputs `embeddings` `(batch, num_parts, channels)` and `visibility`
        `(batch, num_parts)`, 0 or 1, with twice as many for
        `no_part_query="global"`, the parts last; `part_maps` `(batch, height,
        width, 1 + num_parts)`, of the heads' independent probabilities by
        `ops.competing_part_maps`; `part_logits` `(batch, height, width,
        num_parts)`; before the necks `parts` `(batch, num_parts, channels)`;
        `identity_logits` `(batch, num_parts, num_identities)`.

    Raises:
        ValueError: A switch with an unknown value; a backbone whose last
            stage cannot be copied. In training, labels of another number of
            parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import HPNet, resnet18
    >>> model = HPNet(resnet18((64, 32)), num_identities=3)
    >>> model.embed(np.zeros((2, 80, 40, 3), "uint8"))
    Descriptors(2 images, 4 x 512)

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """

    # Of `part_scores`.
    LOWEST_SCORE = 0.0

    DEFAULT_LOSS_WEIGHTS = {
        "identity": 1.0,
        "triplet": 0.1,
        "parsing": 1.0,
        "parsing_only": 1.0,
    }
    CHOICES = {"no_part_query": ("tie", "global")}

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="hpnet_four",
        share_last_stage=False,
        masks=HardMasks(),
        no_part_query="tie",
        parsing_epochs=None,
        release=False,
        term_losses=None,
        loss_weights=None,
        preprocessor=None,
        name=None,
    ):
        self.check_switches(
            part_schema=part_schema,
            masks=masks,
            no_part_query=no_part_query,
            parsing_epochs=parsing_epochs,
        )
        part_names = find_part_schema(part_schema).part_names
        images, stages = image_pyramid(backbone, MEAN, DEVIATION)
        maps = part_stages(backbone, stages, part_names, share_last_stage)
        outputs = masked_part_descriptors(
            maps, part_names, num_identities, masks
        )
        names = part_names
        if no_part_query == "global":
            add_unmasked(outputs, maps)
            names = (*(f"unmasked_{part}" for part in part_names), *part_names)
        super().__init__(
            images,
            outputs,
            backbone=backbone,
            embedding_names=names,
            term_losses={
                **self.default_term_losses(release=release),
                **(term_losses or {}),
            },
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.part_schema = part_schema
        self.share_last_stage = share_last_stage
        self.masks = masks
        self.no_part_query = no_part_query
        self.parsing_epochs = parsing_epochs
        self.release = release
        self.step = counter(self, "step")

    @classmethod
    def check_switches(cls, **switches):
        """As of `ReIDTask`; and refuses epochs below 0 and other parts."""
        super().check_switches(**switches)
        if "masks" in switches and "part_schema" in switches:
            schema = find_part_schema(switches["part_schema"])
            switches["masks"].of_parts(len(schema.part_names))
        if switches.get("parsing_epochs") is not None:
            refuse_negative(parsing_epochs=switches["parsing_epochs"])

    @classmethod
    def default_term_losses(cls, release=False, **switches):
        """Those of visible parts, and focal parsing, the same for both."""
        parsing = {"seg_norm": "batch" if release else "image"}
        return {
            "identity": VisibleIdentity("visible" if release else "batch"),
            "triplet": VisibilityTriplet(),
            "parsing": FocalParsing(**parsing),
            "parsing_only": FocalParsing(**parsing),
        }

    def loss_terms(self, targets, outputs, training):
        """Identities and triplets of visible parts, and parsing."""
        terms = {
            **reid_terms(self, targets["identities"], outputs, training),
            "parsing": mask_term(
                self, "parsing", targets, outputs["part_logits"]
            ),
        }
        if training:
            self.step.assign(ops.convert_to_tensor(self.step) + 1)
        if "parsing_only" in targets and self.weighs("parsing_only"):
            other = targets["parsing_only"]
            part_logits = self._parser(other["images"], training=training)
            terms["parsing_only"] = mask_term(
                self, "parsing_only", other, part_logits
            )
        return terms

    def part_scores(self, outputs):
        """What thresholds of the visibility are compared with.

        Args:
            outputs: The model's outputs.

        Returns:
            `(batch, parts)`, the highest probability of each part.
        """
        return ops.max(ops.sigmoid(outputs["part_logits"]), axis=(1, 2))

    def with_visibility_thresholds(self, thresholds):
        """A model of the same weights with other thresholds of visibility.

        Args:
            thresholds: One for each part, `visible_from` of `HardMasks`.

        Returns:
            The model with a copy of the weights, not compiled.
        """
        masks = dataclasses.replace(self.masks, visible_from=tuple(thresholds))
        return changed_copy(self, masks=masks)

    # Not an attribute that Keras tracks: its weights are this model's.
    @functools.cached_property
    def _parser(self):
        return keras.Model(self.input, self.output["part_logits"])

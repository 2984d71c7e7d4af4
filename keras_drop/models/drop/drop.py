from keras_drop.losses import SpatiallySmoothedParsing
from keras_drop.models.base.part_descriptors import parsing_term, visible_parts
from keras_drop.models.base.part_parsing import parsed_parts
from keras_drop.models.base.part_reid_task import PartReIDTask
from keras_drop.models.base.reid_map import image_pyramid
from keras_drop.models.base.reid_map import reid_map as backbone_map
from keras_drop.models.base.visibility_rule import VisibilityRule
from keras_drop.models.drop.parsing_map import ParsingMap
from keras_drop.models.drop.parsing_map import parsing_map as fine_map
from keras_drop.models.drop.part_memory import (
    PartMemory,
    part_bank,
    remember,
    remembering_loss,
)
from keras_drop.models.drop.reid_map import ReIDMap, pooled_by_parts
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.registration import register


@register
class DROP(PartReIDTask):
    """Decouples re-identification and human parsing: a feature map for each.

    Parsing reads a fine map, upsampled from all stages of the backbone, that
    also knows the height of each row in the image. Re-identification reads a
    coarse, semantic map, pooled over what the parsing found. The triplet
    loss compares parts at length 1, and may find its negatives in a memory of
    part embeddings as well.

    The paper has the memory, `PartMemory()`, and is taken to weigh parsing
    like the other terms: `loss_weights={"parsing": 1.0}`, as the recipe
    `occluded_duke` does. The defaults are what measured better. Parts as long
    as they are, as in BPBReID: `term_losses={"part_compactness":
    PartAwareCompactness()}`.

    Args:
        backbone: Feature-pyramid backbone built for one image size.
        num_identities: People in the training set.
        part_schema: Name of a schema or a `PartSchema`.
        parsing_map: `ParsingMap`, the fine map.
        reid_map: `ReIDMap`, the coarse map and its pooling.
        memory: `PartMemory` of the triplet loss; left out, none.
        visibility: `VisibilityRule`, when a part counts as seen.
        test_embeddings: What is compared: `"foreground+parts"`,
            `"global+foreground+parts"` or `"parts"`.
        term_losses: As of `ReIDTask`.
        loss_weights: As of `ReIDTask`.
        preprocessor: As of `ReIDTask`.
        name: Name of the model.

    Returns:
        Outputs as of `BPBReID`; `part_maps` and `part_logits` at a quarter of
        the image size.

    Raises:
        ValueError: A switch with an unknown value; the message lists the
            known ones. In training, labels of another number of parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import DROP, resnet18
    >>> model = DROP(resnet18((64, 32)), num_identities=3, part_schema="five")
    >>> model.embed(np.zeros((2, 80, 40, 3), "uint8"))
    Descriptors(2 images, 6 x 512)

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    # The paper leaves them open. Why 4: docs/decisions/0003-short-runs.md
    DEFAULT_LOSS_WEIGHTS = {
        **PartReIDTask.DEFAULT_LOSS_WEIGHTS,
        "part_compactness": 1.0,
        "parsing": 4.0,
    }

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="eight",
        parsing_map=ParsingMap(),
        reid_map=ReIDMap(),
        memory=PartMemory("none"),
        visibility=VisibilityRule(),
        test_embeddings="foreground+parts",
        term_losses=None,
        loss_weights=None,
        preprocessor=None,
        name=None,
    ):
        schema = find_part_schema(part_schema)
        self.check_switches(
            parsing_map=parsing_map,
            reid_map=reid_map,
            memory=memory,
            visibility=visibility,
            term_losses=term_losses,
        )
        images, stages = image_pyramid(backbone)
        features = backbone_map(backbone, stages, reid_map.stride)
        part_logits, part_maps = parsed_parts(
            fine_map(parsing_map, stages), schema.num_parts
        )
        super().__init__(
            images,
            pooled_by_parts(reid_map, features, part_maps),
            part_logits,
            part_maps,
            backbone=backbone,
            num_identities=num_identities,
            part_schema=part_schema,
            visibility=visibility,
            test_embeddings=test_embeddings,
            term_losses={
                **self.default_term_losses(memory=memory),
                **(term_losses or {}),
            },
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )
        self.parsing_map = parsing_map
        self.reid_map = reid_map
        self.memory = memory
        self.bank = part_bank(memory, num_identities, schema.num_parts)

    @classmethod
    def check_switches(cls, **switches):
        """As of `ReIDTask`; and the loss of the parts reads such a memory."""
        super().check_switches(**switches)
        losses = switches.get("term_losses") or {}
        if "memory" in switches and "part_compactness" in losses:
            switches["memory"].refuse_loss(losses["part_compactness"])

    @classmethod
    def default_term_losses(cls, memory=PartMemory("none"), **switches):
        """As of `PartReIDTask`; part compactness and smoothed parsing."""
        return {
            **super().default_term_losses(),
            "part_compactness": memory.default_loss,
            "parsing": SpatiallySmoothedParsing(),
        }

    def loss_terms(self, targets, outputs, training):
        """Identity losses, part-aware compactness and smoothed parsing."""
        identities = targets["identities"]
        started = self.epoch >= self.memory.start_epoch
        terms = {
            **self.whole_body_terms(identities, outputs, training),
            "part_compactness": remembering_loss(
                self.term_losses["part_compactness"],
                self.bank,
                started,
                identities,
                self.compared_parts(outputs),
            ),
            "parsing": parsing_term(
                targets, outputs, self.term_losses["parsing"]
            ),
        }
        if training and self.bank is not None:
            seen = visible_parts(outputs)
            remember(self.bank, started, outputs["parts"], identities, seen)
        return terms

from keras_drop.layers import ParsingGuidedPooling
from keras_drop.models.base.part_parsing import parsed_parts, whole_body_vectors
from keras_drop.models.base.part_reid_task import (
    GILT_LOSS_WEIGHTS,
    PartReIDTask,
    gilt_losses,
    gilt_terms,
)
from keras_drop.models.base.reid_map import image_pyramid, reid_map
from keras_drop.models.base.visibility_rule import VisibilityRule
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.registration import register


@register
class BPBReID(PartReIDTask):
    """Body parts parsed from the map that they are pooled from.

    A pixel classifier on the backbone's map predicts the parts; the map,
    pooled over each, gives one embedding per part beside a global and a
    foreground one. Identities are learnt on the whole-body embeddings, the
    triplet loss averages over parts.

    Args:
        backbone: Feature-pyramid backbone built for one image size.
        num_identities: People in the training set.
        part_schema: Name of a schema or a `PartSchema`.
        visibility: `VisibilityRule`, when a part counts as seen.
        test_embeddings: What is compared: `"foreground+parts"`,
            `"global+foreground+parts"` or `"parts"`.
        term_losses: As of `ReIDTask`.
        loss_weights: As of `ReIDTask`.
        preprocessor: As of `ReIDTask`.
        name: Name of the model.

    Returns:
        Outputs `embeddings` `(batch, num_embeddings, 512)`, `visibility`
        `(batch, num_embeddings)`, `part_maps` and `part_logits`
        `(batch, height, width, 1 + num_parts)`; before the necks `global`
        and `foreground` `(batch, 512)` and `parts` `(batch, num_parts, 512)`;
        `global_logits`, `foreground_logits` and `parts_logits`
        `(batch, num_identities)`.

    Raises:
        ValueError: A switch with an unknown value; the message lists the
            known ones. In training, labels of another number of parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import BPBReID, resnet18
    >>> model = BPBReID(resnet18((64, 32)), 3, part_schema="five")
    >>> model.embed(np.zeros((2, 80, 40, 3), "uint8"))
    Descriptors(2 images, 6 x 512)

    Reference:
        [Somers et al., 2023](https://arxiv.org/abs/2211.03679)
    """

    DEFAULT_LOSS_WEIGHTS = GILT_LOSS_WEIGHTS

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="eight",
        visibility=VisibilityRule(),
        test_embeddings="foreground+parts",
        term_losses=None,
        loss_weights=None,
        preprocessor=None,
        name=None,
    ):
        schema = find_part_schema(part_schema)
        self.check_switches(visibility=visibility)
        images, stages = image_pyramid(backbone)
        features = reid_map(backbone, stages)
        part_logits, part_maps = parsed_parts(features, schema.num_parts)
        parts = ParsingGuidedPooling(mode="avg", name="part_pooling")(
            features, part_maps[..., 1:]
        )
        super().__init__(
            images,
            (*whole_body_vectors(features, part_maps), parts),
            part_logits,
            part_maps,
            backbone=backbone,
            num_identities=num_identities,
            part_schema=part_schema,
            visibility=visibility,
            test_embeddings=test_embeddings,
            term_losses={
                **self.default_term_losses(visibility=visibility),
                **(term_losses or {}),
            },
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )

    @classmethod
    def default_term_losses(cls, visibility=VisibilityRule(), **switches):
        """As of `PartReIDTask`; the part triplet and smoothed parsing."""
        return {
            **super().default_term_losses(),
            **gilt_losses(visibility),
        }

    def loss_terms(self, targets, outputs, training):
        """Identity losses, part triplet and parsing: the paper's GiLt."""
        return gilt_terms(self, targets, outputs, training)

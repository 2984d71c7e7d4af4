from keras_drop.checks import refuse_negative
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
from keras_drop.models.pab_reid.focuser import Focuser, focused
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.registration import register


@register
class PABReID(PartReIDTask):
    """BPBReID with a focuser between the part maps and the part features.

    A pixel classifier on the backbone's map predicts the parts, as in
    `BPBReID`. A fine-grained feature focuser (FGFF) sharpens what the parts
    are pooled from: a reduced feature map, or the part maps themselves. The
    part triplet loss can give the head a weight of its own.

    No code of the authors is public, and the paper's summaries leave the
    focuser's place, the threshold of visibility and the weight of the part
    triplet open: their defaults are ours.

    Args:
        backbone: Feature-pyramid backbone built for one image size.
        num_identities: People in the training set.
        part_schema: Name of a schema or a `PartSchema`.
        focuser: `Focuser`, what is sharpened before the parts are pooled.
        head_weight: By how much the part named `head` counts more than the
            others in the part triplet loss, the paper's `eta`.
        visibility: `VisibilityRule`, read off the part maps before they are
            sharpened.
        test_embeddings: What is compared: `"foreground+parts"`,
            `"global+foreground+parts"` or `"parts"`.
        term_losses: As of `ReIDTask`.
        loss_weights: As of `ReIDTask`.
        preprocessor: As of `ReIDTask`.
        name: Name of the model.

    Returns:
        Outputs as of `BPBReID`; `part_maps` are those before they are
        sharpened, which the parsing loss teaches. The sharpened ones are the
        output of the layer `focused_part_maps`.

    Raises:
        ValueError: A switch with an unknown value, or a `head_weight` and no
            `head`. In training, labels of another number of parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import PABReID, resnet18
    >>> model = PABReID(resnet18((64, 32)), 3, part_schema="five")
    >>> model.embed(np.zeros((2, 80, 40, 3), "uint8"))
    Descriptors(2 images, 6 x 512)

    Reference:
        [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443)
    """

    DEFAULT_LOSS_WEIGHTS = GILT_LOSS_WEIGHTS

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="eight",
        focuser=Focuser(),
        head_weight=0.0,
        visibility=VisibilityRule("threshold", 0.2),
        test_embeddings="foreground+parts",
        term_losses=None,
        loss_weights=None,
        preprocessor=None,
        name=None,
    ):
        schema = find_part_schema(part_schema)
        self.check_switches(
            part_schema=part_schema,
            focuser=focuser,
            head_weight=head_weight,
            visibility=visibility,
            term_losses=term_losses,
        )
        images, stages = image_pyramid(backbone)
        features = reid_map(backbone, stages)
        part_logits, part_maps = parsed_parts(features, schema.num_parts)
        part_features, pooling_maps = focused(
            focuser, features, part_logits, part_maps
        )
        parts = ParsingGuidedPooling(mode="avg", name="part_pooling")(
            part_features, pooling_maps[..., 1:]
        )
        super().__init__(
            images,
            (*whole_body_vectors(features, pooling_maps), parts),
            part_logits,
            part_maps,
            backbone=backbone,
            num_identities=num_identities,
            part_schema=part_schema,
            visibility=visibility,
            test_embeddings=test_embeddings,
            term_losses={
                **self.default_term_losses(
                    visibility=visibility,
                    head_weight=head_weight,
                    part_schema=part_schema,
                ),
                **(term_losses or {}),
            },
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )
        self.focuser = focuser
        self.head_weight = head_weight

    @classmethod
    def check_switches(cls, **switches):
        """As of `ReIDTask`; a head weight needs a head, and a loss for it."""
        super().check_switches(**switches)
        weight = switches.get("head_weight", 0.0)
        refuse_negative(head_weight=weight)
        schema = find_part_schema(switches.get("part_schema", "eight"))
        if weight and "head" not in schema.part_names:
            raise ValueError(
                "`head_weight` weighs the part named `head`; schema "
                f"{schema.name!r} has {', '.join(schema.part_names)}. Name one "
                "of them `head`, or leave `head_weight` at 0."
            )
        triplet = (switches.get("term_losses") or {}).get("parts_triplet")
        if weight and triplet and not getattr(triplet, "part_weights", None):
            raise ValueError(
                f"`head_weight` is {weight}, but the loss that `term_losses` "
                "has for `parts_triplet` weighs no part. Give it "
                "`part_weights`, or leave one of the two out."
            )

    @classmethod
    def default_term_losses(
        cls,
        visibility=VisibilityRule("threshold", 0.2),
        head_weight=0.0,
        part_schema="eight",
        **switches,
    ):
        """As of `PartReIDTask`; the weighted part triplet, smoothed parsing."""
        weights = None
        if head_weight:
            weights = tuple(
                1 + head_weight if part == "head" else 1
                for part in find_part_schema(part_schema).part_names
            )
        return {
            **super().default_term_losses(),
            **gilt_losses(visibility, weights),
        }

    def loss_terms(self, targets, outputs, training):
        """Identity losses, the weighted part triplet and parsing."""
        return gilt_terms(self, targets, outputs, training)

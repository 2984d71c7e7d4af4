from keras_drop.checks import refuse_negative, refuse_unknown
from keras_drop.layers import ParsingGuidedPooling
from keras_drop.losses.part_averaged_triplet import part_averaged_triplet
from keras_drop.models.base.part_descriptors import parsing_term, visible_parts
from keras_drop.models.base.part_parsing import parsed_parts, whole_body_vectors
from keras_drop.models.base.part_reid_task import PartReIDTask
from keras_drop.models.base.reid_map import image_pyramid, reid_map
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
        visibility: When a part counts as seen: `"argmax"` somewhere it is
            the likeliest class; `"threshold"` its probability reaches
            `visibility_threshold` somewhere; `"continuous"` its highest
            probability.
        visibility_threshold: See `visibility`.
        train_visibility: Whether the triplet loss averages over commonly
            visible parts only.
        triplet_on: `"parts"` or `"parts+foreground"`.
        triplet_margin: 0 or less selects the soft form.
        lambda_pa: Weight of the parsing loss.
        parsing_loss: `"ce_smooth"` (labels smoothed by 0.1) or `"ce"`.
        test_embeddings: What is compared: `"foreground+parts"`,
            `"global+foreground+parts"` or `"parts"`.
        label_smoothing: Of the identity losses, in `[0, 1)`.
        preprocessor: `keras_hub.layers.ImageConverter` that `embed` resizes
            with; left out, one for the backbone's image size.
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

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="eight",
        visibility="argmax",
        visibility_threshold=0.4,
        train_visibility=False,
        triplet_on="parts",
        triplet_margin=0.3,
        lambda_pa=0.35,
        parsing_loss="ce_smooth",
        test_embeddings="foreground+parts",
        label_smoothing=0.1,
        preprocessor=None,
        name=None,
    ):
        schema = find_part_schema(part_schema)
        refuse_unknown(parsing_loss=(parsing_loss, ("ce_smooth", "ce")))
        refuse_negative(lambda_pa=lambda_pa)
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
            visibility_threshold=visibility_threshold,
            parts_triplet="parts_triplet",
            triplet_on=triplet_on,
            test_embeddings=test_embeddings,
            label_smoothing=label_smoothing,
            preprocessor=preprocessor,
            name=name,
        )
        self.visibility_threshold = visibility_threshold
        self.train_visibility = train_visibility
        self.triplet_margin = triplet_margin
        self.lambda_pa = lambda_pa
        self.parsing_loss = parsing_loss

    def loss_terms(self, targets, outputs, training):
        """Identity losses, part triplet and parsing: the paper's GiLt."""
        identities = targets["identities"]
        terms = self.whole_body_terms(identities, outputs, self.triplet_margin)
        terms["parts_triplet"] = part_averaged_triplet(
            identities,
            outputs["parts"],
            self.triplet_margin,
            visible_parts(outputs) if self.train_visibility else None,
            "sqrt" if self.visibility == "continuous" else "product",
        )
        terms["parsing"] = self.lambda_pa * parsing_term(
            targets,
            outputs,
            spatial_smoothing=False,
            label_smoothing=0.1 if self.parsing_loss == "ce_smooth" else 0,
        )
        return terms

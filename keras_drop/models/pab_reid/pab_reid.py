import keras

from keras_drop.checks import refuse_negative, refuse_unknown
from keras_drop.layers import (
    FineGrainedFeatureFocuser,
    ParsingGuidedPooling,
    PartMapFocuser,
)
from keras_drop.layers.parsing.fine_grained_feature_focuser import STARTS
from keras_drop.losses.part_averaged_triplet import part_averaged_triplet
from keras_drop.models.base.part_descriptors import parsing_term
from keras_drop.models.base.part_parsing import parsed_parts, whole_body_vectors
from keras_drop.models.base.part_reid_task import PartReIDTask
from keras_drop.models.base.reid_map import image_pyramid, reid_map
from keras_drop.ops import foreground_mask
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
    focuser's place, `mu` and `gamma_part` open: their defaults are ours.

    Args:
        backbone: Feature-pyramid backbone built for one image size.
        num_identities: People in the training set.
        part_schema: Name of a schema or a `PartSchema`.
        fgff: What is sharpened: `"feature"`, a reduced feature map that the
            parts alone are pooled from; `"map"`, the part maps, with which
            foreground and parts are pooled; `"none"`, as in `BPBReID`.
        fgff_channels: Channels of the reduced feature map.
        fgff_start: `"identity"`: training starts with what is not sharpened;
            `"no_skip"`: the sharpened map replaces it from the start.
        fgff_gate: What sharpens a feature map cell by cell: `"foreground"`,
            the probability of the likeliest part besides the map itself;
            `"none"`, the map alone.
        visibility: When a part counts as seen: `"threshold"` its probability
            reaches `mu` somewhere; `"argmax"` somewhere it is the likeliest
            class; `"continuous"` its highest probability. Read off the part
            maps before they are sharpened.
        mu: See `visibility`; between 0 and 1.
        part_triplet: Distance of the part triplet loss: `"mean"` over the
            parts; `"head_weighted"`, where the part named `head` counts
            `1 + eta` times; `"soft_margin"`, the mean in the soft form.
        eta: See `part_triplet`.
        gamma_part: Weight of the part triplet loss.
        lambda_pa: Weight of the parsing loss.
        triplet_margin: 0 or less selects the soft form.
        triplet_on: `"parts"`, or `"parts+foreground"` for a further plain
            triplet loss on the foreground embedding.
        test_embeddings: What is compared: `"foreground+parts"`,
            `"global+foreground+parts"` or `"parts"`.
        label_smoothing: Of the identity losses, in `[0, 1)`.
        preprocessor: `keras_hub.layers.ImageConverter` that `embed` resizes
            with; left out, one for the backbone's image size.
        name: Name of the model.

    Returns:
        Outputs as of `BPBReID`; `part_maps` are those before they are
        sharpened, which the parsing loss teaches. The sharpened ones are the
        output of the layer `focused_part_maps`.

    Raises:
        ValueError: A switch with an unknown value; the message lists the
            known ones. `head_weighted` with a schema without `head`. In
            training, labels of another number of parts.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import PABReID, resnet18
    >>> model = PABReID(resnet18((64, 32)), 3, part_schema="five")
    >>> model.embed(np.zeros((2, 80, 40, 3), "uint8"))
    Descriptors(2 images, 6 x 512)

    Reference:
        [Chen and Ge, 2024](https://arxiv.org/abs/2404.03443)
    """

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="eight",
        fgff="feature",
        fgff_channels=256,
        fgff_start="identity",
        fgff_gate="foreground",
        visibility="threshold",
        mu=0.4,
        part_triplet="mean",
        eta=0.5,
        gamma_part=1.0,
        lambda_pa=0.35,
        triplet_margin=0.3,
        triplet_on="parts",
        test_embeddings="foreground+parts",
        label_smoothing=0.1,
        preprocessor=None,
        name=None,
    ):
        schema = find_part_schema(part_schema)
        refuse_unknown(
            fgff=(fgff, ("feature", "map", "none")),
            fgff_start=(fgff_start, STARTS),
            fgff_gate=(fgff_gate, ("foreground", "none")),
            part_triplet=(
                part_triplet,
                ("mean", "head_weighted", "soft_margin"),
            ),
        )
        refuse_negative(eta=eta, gamma_part=gamma_part, lambda_pa=lambda_pa)
        if not 0 < mu < 1:
            raise ValueError(
                f"`mu` is {mu}; a threshold for probabilities lies between 0 "
                "and 1, as 0.4 does."
            )
        part_weights = None
        if part_triplet == "head_weighted":
            part_weights = _head_weights(schema, eta)
        images, stages = image_pyramid(backbone)
        features = reid_map(backbone, stages)
        part_logits, part_maps = parsed_parts(features, schema.num_parts)
        part_features, pooling_maps = features, part_maps
        if fgff == "feature":
            gate = foreground_mask(part_maps)[..., None]
            part_features = FineGrainedFeatureFocuser(
                fgff_channels, fgff_start, name="focuser"
            )(features, *([gate] if fgff_gate == "foreground" else []))
        elif fgff == "map":
            pooling_maps = keras.layers.Softmax(
                dtype="float32", name="focused_part_maps"
            )(PartMapFocuser(fgff_start, name="focuser")(part_logits))
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
            visibility_threshold=mu,
            parts_triplet="parts_triplet",
            triplet_on=triplet_on,
            test_embeddings=test_embeddings,
            label_smoothing=label_smoothing,
            preprocessor=preprocessor,
            name=name,
        )
        self.fgff = fgff
        self.fgff_channels = fgff_channels
        self.fgff_start = fgff_start
        self.fgff_gate = fgff_gate
        self.mu = mu
        self.part_triplet = part_triplet
        self.eta = eta
        self.gamma_part = gamma_part
        self.lambda_pa = lambda_pa
        self.triplet_margin = triplet_margin
        self.part_weights = part_weights

    def loss_terms(self, targets, outputs, training):
        """Identity losses, the weighted part triplet and parsing."""
        identities = targets["identities"]
        soft = self.part_triplet == "soft_margin"
        terms = self.whole_body_terms(identities, outputs, self.triplet_margin)
        terms["parts_triplet"] = self.gamma_part * part_averaged_triplet(
            identities,
            outputs["parts"],
            0.0 if soft else self.triplet_margin,
            part_weights=self.part_weights,
        )
        terms["parsing"] = self.lambda_pa * parsing_term(
            targets, outputs, spatial_smoothing=False, label_smoothing=0.1
        )
        return terms

    def with_visibility(self, visibility, mu=None):
        """A model of the same weights that sees parts by another rule.

        `"continuous"` gives the highest probability of each part, so that
        one pass over the images is enough to try every `mu`.

        Args:
            visibility: As in the constructor.
            mu: As in the constructor; left out, that of this model.

        Returns:
            `PABReID` with a copy of the weights, not compiled.

        Example:
        >>> import numpy as np
        >>> from keras_drop import Descriptors
        >>> from keras_drop.models import PABReID, resnet18
        >>> model = PABReID(resnet18((64, 32)), 3, part_schema="five")
        >>> seen = model.with_visibility("continuous").embed(
        ...     np.zeros((2, 64, 32, 3), "uint8")
        ... )
        >>> for mu in (0.1, 0.3, 0.6):
        ...     shown = seen.visibility >= mu
        ...     Descriptors(seen.embeddings, shown, seen.names)
        Descriptors(2 images, 6 x 512)
        Descriptors(2 images, 6 x 512)
        Descriptors(2 images, 6 x 512)
        """
        other = self.from_config(
            {
                **self.get_config(),
                "visibility": visibility,
                "mu": self.mu if mu is None else mu,
            }
        )
        other.set_weights(self.get_weights())
        return other


def _head_weights(schema, eta):
    """Weights of the parts: `1 + eta` for the head, 1 for the others."""
    if "head" not in schema.part_names:
        raise ValueError(
            '`part_triplet="head_weighted"` weighs the part named `head`; '
            f"schema {schema.name!r} has {', '.join(schema.part_names)}. "
            'Name one of them `head`, or use `part_triplet="mean"`.'
        )
    return tuple(1 + eta if part == "head" else 1 for part in schema.part_names)

import keras
from keras import ops

from keras_drop.checks import refuse_negative, refuse_unknown
from keras_drop.losses.focal_parsing import SEG_NORMS, focal_parsing
from keras_drop.losses.visibility_triplet import visibility_triplet
from keras_drop.losses.visible_identity import ID_NORMS, visible_identity
from keras_drop.models.base.part_descriptors import (
    refuse_other_parts,
    visible_parts,
)
from keras_drop.models.base.reid_map import image_pyramid
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.hpnet.masked_part_descriptors import (
    add_unmasked,
    masked_part_descriptors,
)
from keras_drop.models.hpnet.part_stages import part_stages
from keras_drop.ops import LABEL_REDUCTIONS, part_cells
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.registration import register

# Not quite ImageNet's, but those of the released code.
MEAN = (0.486, 0.459, 0.408)
DEVIATION = (0.229, 0.224, 0.225)
# The released code differs from the paper in these switches.
HPNET_RELEASE = {
    "alternate_losses": True,
    "seg_warmup_epochs": 10,
    "id_norm": "visible",
    "seg_norm": "batch",
}


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

    `HPNet(..., **HPNET_RELEASE)` trains as the released code; the paper says
    otherwise, and is the default. A run that is meant to train well sets
    `seg_warmup_epochs=10`: at the start the masks are random.

    Args:
        backbone: ResNet built for one image size, whose last stage has stride
            1, such as `keras_drop.models.resnet50((384, 128))`. Its weights,
            from a checkpoint or a preset, are loaded before: all parts start
            from them.
        num_identities: People in the training set.
        part_schema: Name of a schema or a `PartSchema`.
        share_conv5: Whether all parts share one last stage.
        mask_threshold: Probability above which a cell shows a part.
        masked_bn: Whether the batch normalisation of a part's embeddings
            counts only images that show the part.
        no_part_query: What an image without any visible part is compared by:
            `"tie"` nothing; `"global"` the maximum of each part's map over
            all cells, further embeddings `unmasked_<part>` that are visible
            where no part is. `keras_drop.evaluation.answer_partless` makes
            those of the gallery comparable to such queries.
        label_reduction: How labels, a quarter of the image's size, come to
            the grid of the maps: `"nearest"`, or `"area_max"`, which keeps
            thin parts; then make the batches with it, too.
        id_norm: `"batch"` or `"visible"`, as in `losses.VisibleIdentity`.
        seg_norm: `"image"` or `"batch"`, as in `losses.FocalParsing`.
        alternate_losses: Whether even steps learn from triplets and odd ones
            from identities, instead of both in every step. What was not
            learnt from counts as 0 in the reported losses.
        seg_warmup_epochs: Epochs at the start that learn from parsing alone.
        lambda_ide: Weight of the identity loss.
        lambda_tri: Weight of the triplet loss.
        lambda_seg: Weight of the parsing loss.
        lambda_coco: Weight of the parsing loss of `"parsing_only"`; 0 leaves
            that pass out.
        preprocessor: `keras_hub.layers.ImageConverter` that `embed` resizes
            with; left out, one for the backbone's image size.
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

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="hpnet_four",
        share_conv5=False,
        mask_threshold=0.5,
        masked_bn=False,
        no_part_query="tie",
        label_reduction="nearest",
        id_norm="batch",
        seg_norm="image",
        alternate_losses=False,
        seg_warmup_epochs=0,
        lambda_ide=1.0,
        lambda_tri=0.1,
        lambda_seg=1.0,
        lambda_coco=1.0,
        preprocessor=None,
        name=None,
    ):
        part_names = find_part_schema(part_schema).part_names
        refuse_unknown(
            no_part_query=(no_part_query, ("tie", "global")),
            label_reduction=(label_reduction, LABEL_REDUCTIONS),
            id_norm=(id_norm, ID_NORMS),
            seg_norm=(seg_norm, SEG_NORMS),
        )
        refuse_negative(
            seg_warmup_epochs=seg_warmup_epochs,
            lambda_ide=lambda_ide,
            lambda_tri=lambda_tri,
            lambda_seg=lambda_seg,
            lambda_coco=lambda_coco,
        )
        images, stages = image_pyramid(backbone, MEAN, DEVIATION)
        maps = part_stages(backbone, stages, part_names, share_conv5)
        outputs = masked_part_descriptors(
            maps, part_names, num_identities, mask_threshold, masked_bn
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
            loss_names=(
                "identity",
                "triplet",
                "parsing",
                *(["parsing_only"] if lambda_coco else []),
            ),
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.part_schema = part_schema
        self.share_conv5 = share_conv5
        self.mask_threshold = mask_threshold
        self.masked_bn = masked_bn
        self.no_part_query = no_part_query
        self.label_reduction = label_reduction
        self.id_norm = id_norm
        self.seg_norm = seg_norm
        self.alternate_losses = alternate_losses
        self.seg_warmup_epochs = seg_warmup_epochs
        self.lambda_ide = lambda_ide
        self.lambda_tri = lambda_tri
        self.lambda_seg = lambda_seg
        self.lambda_coco = lambda_coco
        self.step = self.add_weight(
            name="step",
            shape=(),
            initializer="zeros",
            dtype="int32",
            trainable=False,
            aggregation="only_first_replica",
        )

    def loss_terms(self, targets, outputs, training):
        """Identities and triplets of visible parts, and parsing."""
        identities, seen = targets["identities"], visible_parts(outputs)
        lambda_ide, lambda_tri = self._reid_weights(training)
        terms = {
            "identity": lambda_ide
            * visible_identity(
                identities, outputs["identity_logits"], seen, self.id_norm
            ),
            "triplet": lambda_tri
            * visibility_triplet(identities, outputs["parts"], seen),
            "parsing": self.lambda_seg
            * self._parsing(targets, outputs["part_logits"]),
        }
        if "parsing_only" in targets and self.lambda_coco:
            labelled = targets["parsing_only"]
            part_logits = self._parser(labelled["images"], training=training)
            terms["parsing_only"] = self.lambda_coco * self._parsing(
                labelled, part_logits
            )
        if training:
            self.step.assign(ops.convert_to_tensor(self.step) + 1)
        return terms

    def _reid_weights(self, training):
        """Weights of identity and triplet loss, in this epoch and step."""
        weights = self.lambda_ide, self.lambda_tri
        if not training:
            return weights
        on = ops.cast(self.epoch >= self.seg_warmup_epochs, "float32")
        turns = on, on
        if self.alternate_losses:
            odd = ops.cast(ops.mod(self.step, 2), "float32")
            turns = on * odd, on * (1 - odd)
        return [weight * turn for weight, turn in zip(weights, turns)]

    def _parsing(self, targets, part_logits):
        """Parsing loss of every image, 0 for one without a label."""
        refuse_other_parts(targets["parsing"], part_logits.shape[-1])
        cells = part_cells(
            targets["parsing"], part_logits.shape[1:3], self.label_reduction
        )
        weight = ops.cast(targets["parsing_weight"], "float32")
        # Without its label an image has no cell that shows a part.
        cells = weight[:, None, None, None] * cells
        return weight * focal_parsing(cells, part_logits, self.seg_norm)

    @property
    def _parser(self):
        # Not an attribute that Keras tracks: its weights are this model's.
        if "_cached_parser" not in self.__dict__:
            self.__dict__["_cached_parser"] = keras.Model(
                self.input, self.output["part_logits"]
            )
        return self.__dict__["_cached_parser"]

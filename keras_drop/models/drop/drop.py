import keras
from keras import ops

from keras_drop.checks import checked_share, refuse_negative, refuse_unknown
from keras_drop.layers import (
    DetailPreservingUpsampling,
    HierarchicalBiasDecoupledAdapter,
    ParsingGuidedPooling,
    PartPrototypeBank,
    PartsEmbeddingMemoryBank,
    PedestrianPositionEncoder,
)
from keras_drop.losses.part_aware_compactness import part_aware_compactness
from keras_drop.losses.prototype_compactness import prototype_compactness
from keras_drop.models.base.part_descriptors import (
    EMBEDDING_DIM,
    parsing_term,
    visible_parts,
)
from keras_drop.models.base.part_parsing import parsed_parts
from keras_drop.models.base.part_reid_task import PartReIDTask
from keras_drop.models.base.reid_map import image_pyramid, reid_map
from keras_drop.ops import foreground_mask
from keras_drop.part_schemas import part_schema as find_part_schema
from keras_drop.registration import register


@register
class DROP(PartReIDTask):
    """Decouples re-identification and human parsing: a feature map for each.

    Parsing reads a fine map, upsampled from all stages of the backbone, that
    also knows the height of each row in the image. Re-identification reads a
    coarse, semantic map, pooled over what the parsing found. The triplet
    loss finds its negatives in a memory of part embeddings as well.

    Args:
        backbone: Feature-pyramid backbone built for one image size.
        num_identities: People in the training set.
        part_schema: Name of a schema or a `PartSchema`.
        reid_stride: Stride of the pooled map: 16; with HRNet also 8, or 4,
            which is BPBReID's map.
        dpu_channels: Channels of the parsing map.
        dpu_fusion: `"add"` or `"concat"`, how stages are fused.
        dpu_final_conv: Whether a 3x3 convolution ends the upsampling.
        ppe: Position encoder: `"mlp"`, `"table"`, `"sinusoidal"`, `"mlp_2d"`
            or `"none"`.
        parsing_spatial_smoothing: Whether parsing labels are blurred.
        parsing_blur_sigma: Standard deviation of the blur, in cells.
        parsing_label_smoothing: In `[0, 1)`.
        parsing_tv_weight: Weight of the maps' total variation.
        lambda_parse: Weight of the parsing loss.
        wamp: Pooling: `"sum"` or `"concat"` of weighted average and maximum,
            or `"avg"` alone.
        detach_parsing: Whether identity and triplet losses stop at the masks.
        pemb: Memory of the triplet loss: `"queue"`, `"prototype"` (one centre
            per identity and part) or `"none"`.
        pemb_size: Slots of the queue.
        pemb_start_epoch: Epoch, from 0, from which the memory is used; it is
            empty then.
        pemb_positives: Whether positives come from the queue too.
        pct_combine: Distance of a positive pair over its parts: `"mean"`, or
            `"asymmetric"` for the largest.
        pct_visibility: Whether distances count commonly visible parts only.
        pct_margin: Margin; 0 or less selects the soft form.
        triplet_on: `"parts"`, or `"parts+foreground"` for a further plain
            triplet loss on the foreground embedding.
        visibility: When a part counts as seen: `"argmax"`, `"threshold"` or
            `"continuous"`, as in `BPBReID`.
        visibility_threshold: See `visibility`.
        test_embeddings: What is compared: `"foreground+parts"`,
            `"global+foreground+parts"` or `"parts"`.
        hbda: Whether adapters of the journal version precede the upsampling.
        label_smoothing: Of the identity losses, in `[0, 1)`.
        preprocessor: `keras_hub.layers.ImageConverter` that `embed` resizes
            with; left out, one for the backbone's image size.
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

    def __init__(
        self,
        backbone,
        num_identities,
        part_schema="eight",
        reid_stride=16,
        dpu_channels=128,
        dpu_fusion="add",
        dpu_final_conv=True,
        ppe="mlp",
        parsing_spatial_smoothing=True,
        parsing_blur_sigma=0.5,
        parsing_label_smoothing=0.1,
        parsing_tv_weight=0.0,
        lambda_parse=1.0,
        wamp="sum",
        detach_parsing=False,
        pemb="queue",
        pemb_size=1024,
        pemb_start_epoch=10,
        pemb_positives=False,
        pct_combine="mean",
        pct_visibility=False,
        pct_margin=0.3,
        triplet_on="parts",
        visibility="argmax",
        visibility_threshold=0.4,
        test_embeddings="foreground+parts",
        hbda=False,
        label_smoothing=0.1,
        preprocessor=None,
        name=None,
    ):
        schema = find_part_schema(part_schema)
        refuse_unknown(
            pemb=(pemb, ("queue", "prototype", "none")),
            pct_combine=(pct_combine, ("mean", "asymmetric")),
        )
        checked_share("parsing_label_smoothing", parsing_label_smoothing)
        refuse_negative(
            lambda_parse=lambda_parse,
            parsing_tv_weight=parsing_tv_weight,
            pemb_size=pemb_size,
            pemb_start_epoch=pemb_start_epoch,
        )
        if parsing_spatial_smoothing and not parsing_blur_sigma > 0:
            raise ValueError(
                f"`parsing_blur_sigma` is {parsing_blur_sigma}; it has to be "
                "positive. To blur nothing set "
                "`parsing_spatial_smoothing=False`."
            )
        images, stages = image_pyramid(backbone)
        features = reid_map(backbone, stages, reid_stride)
        adapted = stages
        if hbda:
            adapted = [
                HierarchicalBiasDecoupledAdapter(name=f"adapter_{i}")(stage)
                for i, stage in enumerate(stages, start=1)
            ]
        fine = DetailPreservingUpsampling(
            dpu_channels, dpu_fusion, dpu_final_conv, name="upsampling"
        )(adapted)
        if ppe != "none":
            fine = PedestrianPositionEncoder(ppe, name="position_encoder")(fine)
        part_logits, part_maps = parsed_parts(fine, schema.num_parts)
        masks = keras.layers.AveragePooling2D(
            fine.shape[1] // features.shape[1],
            dtype="float32",
            name="reid_part_maps",
        )(part_maps)
        if detach_parsing:
            masks = ops.stop_gradient(masks)
        pooled = ParsingGuidedPooling(wamp, name="pooling")(
            features,
            ops.concatenate(
                [
                    ops.ones_like(masks[..., :1]),
                    foreground_mask(masks)[..., None],
                    masks[..., 1:],
                ],
                axis=-1,
            ),
        )
        super().__init__(
            images,
            (pooled[:, 0, :], pooled[:, 1, :], pooled[:, 2:, :]),
            part_logits,
            part_maps,
            backbone=backbone,
            num_identities=num_identities,
            part_schema=part_schema,
            visibility=visibility,
            visibility_threshold=visibility_threshold,
            parts_triplet="part_compactness",
            triplet_on=triplet_on,
            test_embeddings=test_embeddings,
            label_smoothing=label_smoothing,
            preprocessor=preprocessor,
            name=name,
        )
        self.reid_stride = reid_stride
        self.dpu_channels = dpu_channels
        self.dpu_fusion = dpu_fusion
        self.dpu_final_conv = dpu_final_conv
        self.ppe = ppe
        self.parsing_spatial_smoothing = parsing_spatial_smoothing
        self.parsing_blur_sigma = parsing_blur_sigma
        self.parsing_label_smoothing = parsing_label_smoothing
        self.parsing_tv_weight = parsing_tv_weight
        self.lambda_parse = lambda_parse
        self.wamp = wamp
        self.detach_parsing = detach_parsing
        self.pemb = pemb
        self.pemb_size = pemb_size
        self.pemb_start_epoch = pemb_start_epoch
        self.pemb_positives = pemb_positives
        self.pct_combine = pct_combine
        self.pct_visibility = pct_visibility
        self.pct_margin = pct_margin
        self.visibility_threshold = visibility_threshold
        self.hbda = hbda
        self.memory = self._new_memory(schema.num_parts)

    def _new_memory(self, num_parts):
        if self.pemb == "queue" and self.pemb_size > 0:
            return PartsEmbeddingMemoryBank(
                self.pemb_size, num_parts, EMBEDDING_DIM, name="memory"
            )
        if self.pemb == "prototype":
            return PartPrototypeBank(
                self.num_identities, num_parts, EMBEDDING_DIM, name="memory"
            )
        return None

    def loss_terms(self, targets, outputs, training):
        """Identity losses, part-aware compactness and smoothed parsing."""
        identities = targets["identities"]
        terms = self.whole_body_terms(identities, outputs, self.pct_margin)
        terms["part_compactness"] = self._compactness(
            identities, outputs, training
        )
        terms["parsing"] = self.lambda_parse * parsing_term(
            targets,
            outputs,
            spatial_smoothing=self.parsing_spatial_smoothing,
            blur_sigma=self.parsing_blur_sigma,
            label_smoothing=self.parsing_label_smoothing,
            total_variation_weight=self.parsing_tv_weight,
        )
        return terms

    def _compactness(self, identities, outputs, training):
        parts, seen = outputs["parts"], visible_parts(outputs)
        common = {
            "margin": self.pct_margin,
            "combine": self.pct_combine,
            "visibility": seen if self.pct_visibility else None,
        }
        if self.memory is None:
            return part_aware_compactness(identities, parts, **common)
        started = self.epoch >= self.pemb_start_epoch
        if self.pemb == "queue":
            embeddings, people, bank_seen = self.memory.read()
            losses = part_aware_compactness(
                identities,
                parts,
                bank=(embeddings, ops.where(started, people, -1), bank_seen),
                bank_positives=self.pemb_positives,
                **common,
            )
        else:
            losses = ops.where(
                started,
                prototype_compactness(
                    identities, parts, *self.memory.read(), **common
                ),
                part_aware_compactness(identities, parts, **common),
            )
        if training and self.pemb == "queue":
            self._empty_until(started, self.memory.identities, -1)
            self.memory.enqueue(parts, identities, seen, enabled=started)
        elif training:
            self._empty_until(started, self.memory.seen, 0)
            self.memory.update(parts, identities, seen, enabled=started)
        return losses

    @staticmethod
    def _empty_until(started, marks, empty):
        # What an earlier training left is as foreign as another model's.
        now = ops.convert_to_tensor(marks)
        marks.assign(ops.where(started, now, ops.cast(empty, now.dtype)))

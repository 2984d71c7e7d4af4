import keras
from keras import ops

from keras_drop.checks import refuse_negative, refuse_unknown
from keras_drop.layers import (
    FeatureBlending,
    IdentityMemory,
    PatchTokenSelection,
)
from keras_drop.losses.memory_contrastive import memory_contrastive
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.base.resized_images import resized_images
from keras_drop.models.base.vit_features import vit_features
from keras_drop.models.dpeformer.patch_descriptors import (
    IDENTITY_LOSSES,
    NUM_PARTS,
    patch_descriptors,
    two_stream_identity_terms,
)
from keras_drop.registration import register

DPEFORMER_RELEASE = {
    "global_index": 1,
    "exclude_self_gap": False,
    "off_by_one": True,
    "batch_min": True,
    "fbm_axis_bug": True,
}


@register
class DPEFormer(ReIDTask):
    """A ViT that finds by itself which patches show the person.

    The patches most like the class token are kept, averaged by falling
    similarity to four part tokens, and each is enriched by the class token:
    joined, they are the descriptor. No label but the identity is needed. In
    training a second, occluded copy of every image goes through the same
    weights; horizontal stripes of all patches are drawn to a memory of the
    training set's people.

    Batches for `fit` have `occluded_images` among their targets:
    `keras_drop.data.TrainingBatches` makes them, with
    `occluded_stream=[keras_drop.data.occlusions.RealisticOcclusion()]`. Before
    the first `fit`, `fill_memory` shows the model its people.

    The defaults are the paper's form. `DPEFORMER_RELEASE` holds the switches
    of the authors' code, under which a descriptor depends on the batch.

    Args:
        backbone: `ViTBackbone`, such as `keras_drop.models.vit_b16((256,
            128))`, without camera embeddings.
        num_identities: People in the training set.
        global_index: Which token is the global one: 0, the class token; 1,
            the first patch, as in the authors' code.
        proxy: What patches are compared with: `"patch"`, the one most similar
            to the global token, or `"global"`, the global token.
        sim: Similarity of global token and patches: `"dot"` or `"cosine"`.
        k_min: Patches that are kept at least.
        exclude_self_gap: As of `PatchTokenSelection`.
        off_by_one: As of `PatchTokenSelection`.
        batch_min: As of `PatchTokenSelection`.
        fbm: Whether part tokens are enriched by the global one, or are the
            mean of their patches as it is.
        fbm_axis_bug: Whether the blending mixes the images of a batch, as in
            the authors' code.
        bank_momentum: What an image leaves of its person in the memory, in
            `[0, 1)`.
        bank_tau: Temperature of the contrastive loss.
        bank_weight: Weight of the contrastive losses; 0 leaves them out, and
            `fit` asks for no memory.
        bank_weight_occluded: What it is multiplied with for the occluded
            images.
        bank_init: How the memory starts: `"mean"`, by `fill_memory`; or
            `"lazy"`, each person with the first image that is seen, until
            when they take no part in the contrastive loss.
        preprocessor: `keras_hub.layers.ImageConverter` that `embed` resizes
            with; left out, one for the backbone's image size.
        name: Name of the model.

    Returns:
        Outputs, `dim` being the length of a token:

        - `embeddings`: `(batch, 1, 4 * dim)`; `visibility`: `(batch, 1)`,
          all one.
        - `kept_patches`: `(batch, patches)`, 1 for those that are kept, 0 for
          the others, row by row of `backbone.token_grid`; `patch_ranks`:
          `(batch, patches)` int32, their order, the proxy patch first.
        - `stripes`: `(batch, 4 * dim)`, after their neck.
        - `global_logits`, `stripes_logits`, `parts_logits`: `(batch,
          num_identities)`; `each_part_logits`: `(batch, 4, num_identities)`.

    Raises:
        ValueError: A backbone without tokens or with camera embeddings, or a
            switch with an unknown value. In training, batches without
            occluded images, or an empty memory.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import DPEFormer, vit_small
    >>> model = DPEFormer(vit_small((64, 32)), num_identities=3, k_min=4)
    >>> images = np.zeros((6, 64, 32, 3), "uint8")
    >>> model.fill_memory(images, identities=[0, 0, 1, 1, 2, 2])
    >>> model.embed(images)
    Descriptors(6 images, 1 x 768)

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    def __init__(
        self,
        backbone,
        num_identities,
        global_index=0,
        proxy="patch",
        sim="dot",
        k_min=24,
        exclude_self_gap=True,
        off_by_one=False,
        batch_min=False,
        fbm=True,
        fbm_axis_bug=False,
        bank_momentum=0.2,
        bank_tau=0.05,
        bank_weight=1.0,
        bank_weight_occluded=0.3,
        bank_init="mean",
        preprocessor=None,
        name=None,
    ):
        refuse_unknown(
            global_index=(global_index, (0, 1)),
            bank_init=(bank_init, ("mean", "lazy")),
        )
        refuse_negative(
            bank_weight=bank_weight, bank_weight_occluded=bank_weight_occluded
        )
        if not bank_tau > 0:
            raise ValueError(
                f"`bank_tau` is {bank_tau}; it has to be positive."
            )
        images, features = vit_features(backbone, ["tokens"])
        if backbone.num_cameras:
            raise ValueError(
                "DPEFormer does not tell cameras apart: build its backbone "
                "without `num_cameras`."
            )
        tokens = ops.cast(features["tokens"], "float32")
        select = PatchTokenSelection(
            proxy,
            sim,
            k_min,
            exclude_self_gap,
            off_by_one,
            batch_min,
            NUM_PARTS,
            dtype="float32",
            name="patch_selection",
        )
        blend = [
            FeatureBlending(
                fbm_axis_bug, dtype="float32", name=f"blending_{part + 1}"
            )
            for part in range(NUM_PARTS if fbm else 0)
        ]
        super().__init__(
            images,
            patch_descriptors(
                tokens[:, global_index],
                tokens[:, 1:],
                backbone.token_grid,
                select,
                blend,
                num_identities,
            ),
            backbone=backbone,
            embedding_names=("parts",),
            loss_names=(
                *IDENTITY_LOSSES,
                "memory",
                "occluded_memory",
            ),
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.global_index = global_index
        self.proxy = proxy
        self.sim = sim
        self.k_min = k_min
        self.exclude_self_gap = exclude_self_gap
        self.off_by_one = off_by_one
        self.batch_min = batch_min
        self.fbm = fbm
        self.fbm_axis_bug = fbm_axis_bug
        self.bank_momentum = bank_momentum
        self.bank_tau = bank_tau
        self.bank_weight = bank_weight
        self.bank_weight_occluded = bank_weight_occluded
        self.bank_init = bank_init
        self.memory = IdentityMemory(
            num_identities,
            self.output["stripes"].shape[-1],
            bank_momentum,
            name="memory",
        )

    def loss_terms(self, targets, outputs, training):
        """Identity losses of both streams, and both against the memory.

        Runs the occluded images through the model, after the others, so that
        the normalisations follow each in turn.
        """
        if "occluded_images" not in targets:
            raise ValueError(
                "`y` has no `occluded_images`, the second copy of the images "
                f"that DPEFormer learns from; it has {', '.join(targets)}. "
                "`keras_drop.data.TrainingBatches` makes them, with "
                "`occluded_stream=[RealisticOcclusion()]`."
            )
        identities = targets["identities"]
        occluded = self(targets["occluded_images"], training=training)
        memory = self.memory.read()
        terms = two_stream_identity_terms(identities, outputs, occluded)
        for name, stream, weight in (
            ("memory", outputs, 1.0),
            ("occluded_memory", occluded, self.bank_weight_occluded),
        ):
            loss = memory_contrastive(
                identities, stream["stripes"], *memory, self.bank_tau
            )
            terms[name] = self.bank_weight * weight * loss
        if training:
            self.memory.update(outputs["stripes"], identities)
        return terms

    def fill_memory(self, images, identities, batch_size=64, verbose=0):
        """Shows the model the people that it will learn, before the first fit.

        Everybody's place in the memory is the mean of their stripes. What was
        in the memory is forgotten; a run that goes on needs it, so fill it
        once.

        Args:
            images: The training images, as for `embed`.
            identities: `(num_images,)` labels of `identity_labels`.
            batch_size: Images at a time.
            verbose: As in `keras.Model.predict`.

        Raises:
            ValueError: Somebody without an image, or labels of others.
        """
        stripes = keras.Model(self.input, self.output["stripes"])
        if isinstance(images, keras.utils.PyDataset):
            rows = stripes.predict(images, verbose=verbose)
        else:
            rows = stripes.predict(
                resized_images(self, images, batch_size),
                batch_size=batch_size,
                verbose=verbose,
            )
        self.memory.fill(rows, identities)

    def fit(self, *args, **kwargs):
        """`ReIDTask.fit`, which with `bank_init="mean"` needs a full memory.

        Raises:
            ValueError: Somebody is not in the memory.
        """
        seen = ops.convert_to_numpy(self.memory.read()[1])
        needed = self.bank_weight > 0 and self.bank_init == "mean"
        if needed and not seen.all():
            raise ValueError(
                f"The memory knows {seen.sum()} of {len(seen)} people. Before "
                "the first `fit` call `model.fill_memory(images, identities)` "
                "with all training images, or build the model with `bank_init="
                '"lazy"`, which learns them as they come.'
            )
        return super().fit(*args, **kwargs)

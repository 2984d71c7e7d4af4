from keras import ops

from keras_drop.layers import IdentityMemory
from keras_drop.losses import IdentityCrossEntropy, MemoryContrastive
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.base.vit_features import vit_features
from keras_drop.models.dpeformer.patch_descriptors import (
    HEADS,
    patch_descriptors,
)
from keras_drop.models.dpeformer.patch_selection import PatchSelection
from keras_drop.models.dpeformer.person_memory import (
    PersonMemory,
    refuse_strangers,
    remembered_rows,
)
from keras_drop.models.dpeformer.two_streams import two_stream_terms
from keras_drop.registration import register


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

    Args:
        backbone: `ViTBackbone`, such as `keras_drop.models.vit_b16((256,
            128))`, without camera embeddings.
        num_identities: People in the training set.
        selection: `PatchSelection`, which patches are kept.
        blending: Whether part tokens are enriched by the global one (FBM), or
            are the mean of their patches as it is.
        memory: `PersonMemory` of the contrastive losses.
        release: Whether to do as the authors' code: the first patch is the
            global token, gaps are counted otherwise, and selection and
            blending mix the images of a batch, so that a descriptor depends
            on the others.
        term_losses: As of `ReIDTask`.
        loss_weights: As of `ReIDTask`. With 0 for `memory` and
            `occluded_memory` nobody is remembered.
        preprocessor: As of `ReIDTask`.
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
    >>> from keras_drop.models import DPEFormer, PatchSelection, vit_small
    >>> model = DPEFormer(
    ...     vit_small((64, 32)), 3, selection=PatchSelection(k_min=4)
    ... )
    >>> images = np.zeros((6, 64, 32, 3), "uint8")
    >>> model.fill_memory(images, identities=[0, 0, 1, 1, 2, 2])
    >>> model.embed(images)
    Descriptors(6 images, 1 x 768)

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    BACKBONE_KIND = "tokens"
    DEFAULT_LOSS_WEIGHTS = {
        "global_identity": 2.0,
        "stripes_identity": 0.5,
        "parts_identity": 0.5,
        "each_part_identity": 1.0,
        "memory": 1.0,
        "occluded_memory": 0.3,
    }

    def __init__(
        self,
        backbone,
        num_identities,
        selection=PatchSelection(),
        blending=True,
        memory=PersonMemory(),
        release=False,
        term_losses=None,
        loss_weights=None,
        preprocessor=None,
        name=None,
    ):
        self.check_switches(selection=selection, memory=memory)
        images, features = vit_features(backbone, ["tokens"])
        if backbone.num_cameras:
            raise ValueError(
                "DPEFormer does not tell cameras apart: build its backbone "
                "without `num_cameras`."
            )
        super().__init__(
            images,
            patch_descriptors(
                ops.cast(features["tokens"], "float32"),
                backbone.token_grid,
                num_identities,
                selection,
                blending,
                release,
            ),
            backbone=backbone,
            embedding_names=("parts",),
            term_losses={**self.default_term_losses(), **(term_losses or {})},
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.selection = selection
        self.blending = blending
        self.memory = memory
        self.release = release
        self.bank = IdentityMemory(
            num_identities,
            self.output["stripes"].shape[-1],
            memory.momentum,
            name="memory",
        )

    @classmethod
    def default_term_losses(cls, **switches):
        """Plain cross-entropies, and the contrast of either stream."""
        return {
            **{f"{h}_identity": IdentityCrossEntropy(0.0) for h in HEADS},
            "memory": MemoryContrastive(),
            "occluded_memory": MemoryContrastive(),
        }

    def loss_terms(self, targets, outputs, training):
        """Identity losses of both streams, and both against the memory.

        Runs the occluded images through the model, after the others, so that
        the normalisations follow each in turn.
        """
        terms = two_stream_terms(self, targets, outputs, training)
        if training and self._remembers:
            self.bank.update(outputs["stripes"], targets["identities"])
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
        rows = remembered_rows(self, images, batch_size, verbose)
        self.bank.fill(rows, identities)

    def fit(self, *args, **kwargs):
        """`ReIDTask.fit`, which needs a full memory unless it starts lazily.

        Raises:
            ValueError: Somebody is not in the memory.
        """
        if self._remembers and self.memory.start == "mean":
            refuse_strangers(ops.convert_to_numpy(self.bank.read()[1]))
        return super().fit(*args, **kwargs)

    @property
    def _remembers(self):
        """Whether a loss counts that reads the memory."""
        return self.weighs("memory") or self.weighs("occluded_memory")

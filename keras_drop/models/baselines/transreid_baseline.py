import keras
import numpy as np
from keras import ops

from keras_drop.descriptors import Descriptors
from keras_drop.losses import Centre, IdentityCrossEntropy, PartAveragedTriplet
from keras_drop.models.base.identity_losses import identity_centres
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.models.base.vit_features import vit_features
from keras_drop.models.baselines.camera_inputs import (
    batches_with_cameras,
    checked_cameras,
)
from keras_drop.models.baselines.global_descriptor import (
    COSINE_TERMS,
    GLOBAL_LOSS_WEIGHTS,
    TEST_EMBEDDINGS,
    global_descriptor,
    global_terms,
)
from keras_drop.models.inputs.resized_images import resized_images
from keras_drop.registration import register


@register
class TransReIDBaseline(ReIDTask):
    """The class token of a ViT: what its patches have to beat.

    TransReID without its jigsaw patches. The class token feeds a batch-hard
    triplet loss, and through a batch normalisation neck the identity loss.
    The defaults are TransReID's; patches overlap, and cameras are told apart,
    if the backbone was built so.

    A backbone with `num_cameras` makes the model take the dictionary of
    `images` and `cameras`: `fit` gets it from `keras_drop.data.CameraBatches`.
    `embed` takes the cameras beside the images. Where nobody knows them, as in
    an exported model, an image gets the mean of all cameras' embeddings.

    Args:
        backbone: `ViTBackbone`, such as `keras_drop.models.vit_b16((256,
            128))`.
        num_identities: People in the training set.
        test_embedding: Which side of the neck is compared: `"before_neck"`
            or `"after_neck"`.
        term_losses: As of `ReIDTask`.
        loss_weights: As of `ReIDTask`.
        preprocessor: As of `ReIDTask`.
        name: Name of the model.

    Returns:
        Outputs `embeddings` `(batch, 1, dim)`, `visibility` `(batch, 1)`,
        all one, `global` `(batch, dim)` before the neck, and
        `global_logits` `(batch, num_identities)`.

    Raises:
        ValueError: A backbone without tokens, or a switch that does not fit.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import TransReIDBaseline, vit_small
    >>> backbone = vit_small((64, 32), patch_stride=8, num_cameras=6)
    >>> model = TransReIDBaseline(backbone, num_identities=3)
    >>> model.embed(np.zeros((2, 80, 40, 3), "uint8"), cameras=[0, 5])
    Descriptors(2 images, 1 x 192)

    Reference:
        [He et al., 2021](https://arxiv.org/abs/2102.04378)
    """

    BACKBONE_KIND = "tokens"
    DEFAULT_LOSS_WEIGHTS = GLOBAL_LOSS_WEIGHTS
    COSINE_TERMS = COSINE_TERMS
    CHOICES = {"test_embedding": TEST_EMBEDDINGS}

    def __init__(
        self,
        backbone,
        num_identities,
        test_embedding="before_neck",
        term_losses=None,
        loss_weights=None,
        preprocessor=None,
        name=None,
    ):
        self.check_switches(test_embedding=test_embedding)
        inputs, features = vit_features(backbone, ["class_token"])
        losses = {**self.default_term_losses(), **(term_losses or {})}
        super().__init__(
            inputs,
            global_descriptor(
                ops.cast(features["class_token"], "float32"),
                num_identities,
                losses,
                test_embedding,
            ),
            backbone=backbone,
            embedding_names=("global",),
            term_losses=losses,
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.centres = identity_centres(
            self,
            "global_centre",
            num_identities,
            self.output["global"].shape[-1],
        )
        self.test_embedding = test_embedding

    @property
    def input_shape(self):
        """Shape of the images, also where the model takes cameras as well."""
        return None, *self.backbone.image_shape

    @classmethod
    def default_term_losses(cls, **switches):
        """Plain cross-entropy, and the triplet loss in its soft form."""
        return {
            "global_identity": IdentityCrossEntropy(label_smoothing=0.0),
            "global_centre": Centre(),
            "global_triplet": PartAveragedTriplet(margin=0.0),
        }

    def loss_terms(self, targets, outputs, training):
        """Identity, triplet and centre loss of the class token."""
        return global_terms(self, targets["identities"], outputs, training)

    def inference_model(self):
        """The graph that serves: images, of unknown cameras, to embeddings.

        Returns:
            `keras.Model` from `(batch, height, width, 3)` pixel values to the
            dictionary of `embeddings` and `visibility`. It shares the weights
            with this model.
        """
        served = super().inference_model()
        if not self.backbone.num_cameras:
            return served
        images = keras.Input(self.input_shape[1:], name="images")
        unknown = ops.cast(ops.zeros_like(images[:, 0, 0, 0]) - 1, "int32")
        outputs = served({"images": images, "cameras": unknown})
        return keras.Model(images, outputs, name=f"{self.name}_of_images")

    def embed(self, images, batch_size=64, verbose=0, cameras=None):
        """Descriptors of images, as of every model, or of their cameras too.

        Args:
            images: As for `ReIDTask.embed`.
            batch_size: Images embedded at a time.
            verbose: As in `keras.Model.predict`.
            cameras: `(num_images,)` integers, the numbers that the images'
                cameras have in training, `-1` for an unknown one; only for a
                backbone with `num_cameras`. Left out, they are the cameras of
                the `ImageBatches`, where those that training had not are
                unknown, as all are without any.

        Returns:
            `Descriptors` of the images, in their order.

        Raises:
            ValueError: Images of another number of axes or channels; cameras
                that the model does not know, or another number of them.
        """
        from_files = isinstance(images, keras.utils.PyDataset)
        if cameras is None and self.backbone.num_cameras:
            cameras = getattr(images, "cameras", None)
            if cameras is not None:
                known = (cameras >= 0) & (cameras < self.backbone.num_cameras)
                cameras = np.where(known, cameras, -1)
        if cameras is None:
            return super().embed(images, batch_size, verbose)
        cameras = checked_cameras(
            cameras,
            self.backbone.num_cameras,
            num_images=len(images.paths if from_files else images),
        )
        if from_files:
            outputs = self.predict(
                batches_with_cameras(images, cameras),
                steps=len(images),
                verbose=verbose,
            )
        else:
            images = resized_images(self, images, batch_size)
            # Looked at before they were resized: a black image is now floats.
            outputs = keras.Model.predict(
                self,
                {"images": images, "cameras": cameras},
                batch_size=batch_size,
                verbose=verbose,
            )
        return Descriptors(
            outputs["embeddings"],
            outputs["visibility"].astype(bool),
            self.embedding_names,
        )

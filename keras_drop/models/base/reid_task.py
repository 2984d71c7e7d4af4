import functools

import keras
import keras_hub

from keras_drop.descriptors import Descriptors
from keras_drop.layers.batch_normalization import (
    own_batch_normalizations,
)
from keras_drop.models.backbones.backbone_stages import (
    freeze_stages,
    frozen_stages,
)
from keras_drop.models.base.constructor_arguments import constructor_arguments
from keras_drop.models.base.counter import counter
from keras_drop.models.base.task_from_preset import task_from_preset
from keras_drop.models.base.term_means import TermMeans
from keras_drop.models.base.weighted_terms import WeightedTerms
from keras_drop.models.inputs.checked_calls import CheckedCalls
from keras_drop.models.inputs.predicted import predicted
from keras_drop.models.inputs.resized_images import resized_images


class ReIDTask(CheckedCalls, WeightedTerms, keras_hub.models.Task):
    """What all re-identification models share: training step, `embed`, files.

    A model is a functional graph from RGB pixel values in `[0, 255]`, which
    it normalises itself, to a dictionary of named outputs. The first three
    are for everybody, whatever the method:

    - `embeddings`: `(batch, num_embeddings, dim)`, to be compared.
    - `visibility`: `(batch, num_embeddings)` floats in `[0, 1]`.
    - `part_maps`: `(batch, height, width, 1 + num_parts)`, background first;
      absent in a model without parts.

    The others feed the losses. `fit` is Keras' own, on every backend and
    under `tf.distribute` and `keras.distribution`: what a paper's training
    step adds to it is in `loss_terms`. `compute_loss` sums what that returns,
    each term times its weight in `loss_weights`. Reported are the terms
    without their weight, and their weighted sum as `loss`.

    A new method overrides `loss_terms`; state that it keeps, such as a memory
    bank, is in layers that its constructor creates. Its constructor keeps every
    argument under the argument's name: `get_config` reads it there.

    `keras.models.clone_model` copies the graph of any functional model and
    nothing else: no memory, no training step. A new model like this one is
    `type(model).from_config(model.get_config())`.

    `fit`, `evaluate` and `predict` take batches of the model's image size, as
    `keras_drop.data` makes them; `embed` takes images of any size.

    Args:
        term_losses: Dictionary from a term's name to the `keras.losses.Loss`
            that computes it, in every model instead of the one of
            `default_term_losses`.
        loss_weights: Dictionary from a term's name to its weight, in every
            model where it is not that of `DEFAULT_LOSS_WEIGHTS`, which are
            the paper's where the model does not say otherwise. A term that
            is in neither weighs 1.
        preprocessor: `keras_hub.layers.ImageConverter` that `embed` resizes
            with; left out, one for the backbone's image size.
        name: Name of the model.
    """

    # What it reads of a backbone: `"pyramid"`, its maps, or `"tokens"`.
    BACKBONE_KIND = "pyramid"

    def __init__(
        self,
        images,
        outputs,
        *,
        backbone,
        embedding_names,
        term_losses=None,
        loss_weights=None,
        preprocessor,
        name,
    ):
        scales = getattr(preprocessor, "scale", None) is not None
        if scales or getattr(preprocessor, "offset", None) is not None:
            raise ValueError(
                "The model normalises pixel values itself; this "
                "`preprocessor` scales them as well. Give an `ImageConverter` "
                "that only resizes, without `scale` and `offset`, or none."
            )
        loss_weights, term_losses = loss_weights or {}, term_losses or {}
        self.check_switches(loss_weights=loss_weights, term_losses=term_losses)
        super().__init__(images, outputs, name=name, compile=False)
        own_batch_normalizations(self)
        self.backbone = backbone
        self.preprocessor = preprocessor or keras_hub.layers.ImageConverter(
            image_size=backbone.image_shape[:2],
            crop_to_aspect_ratio=False,
            dtype="float32",
        )
        self.embedding_names = tuple(embedding_names)
        self.loss_weights = {**self.DEFAULT_LOSS_WEIGHTS, **loss_weights}
        self.term_losses = term_losses
        self.epoch = counter(self, "epoch")
        self.term_means = TermMeans(name="term_means")

    def inference_model(self):
        """The graph that serves: images to what is compared and shown.

        Returns:
            `keras.Model` from `(batch, height, width, 3)` pixel values to the
            dictionary of `embeddings`, `visibility` and `part_maps`. It
            shares the weights with this model.
        """
        names = ("embeddings", "visibility", "part_maps")
        return keras.Model(
            self.input,
            {k: self.output[k] for k in names if k in self.output},
            name=f"{self.name}_inference",
        )

    def embed(self, images, batch_size=64, verbose=0):
        """Descriptors of images: what evaluation, search and reports take.

        Args:
            images: One of: a `(num_images, height, width, 3)` array of RGB
                pixel values from 0 to 255 of any size; the path of an image
                file or a PIL image; a list of paths, PIL images and `(height,
                width, 3)` arrays; a `keras_drop.data.ImageBatches`.
            batch_size: Images embedded at a time.
            verbose: As in `keras.Model.predict`.

        Returns:
            `Descriptors` of the images, in their order.

        Raises:
            FileNotFoundError: A path where there is no file.
            ValueError: Images of another number of axes or channels, a file
                that is no image, or floats that are not from 0 to 255: a
                black image is given as whole numbers.
        """
        if isinstance(images, keras.utils.PyDataset):
            outputs = self._embedder.predict(images, verbose=verbose)
        else:
            pixels = resized_images(self, images, batch_size)
            outputs = predicted(self._embedder, pixels, batch_size, verbose)
        visibility = outputs["visibility"]
        if ((visibility == 0) | (visibility == 1)).all():
            visibility = visibility.astype(bool)
        return Descriptors(
            outputs["embeddings"], visibility, self.embedding_names
        )

    def map_parts(self, images, batch_size=64):
        """Where in images of any size the model sees which part.

        Args:
            images: As of `embed`, but for `ImageBatches`.
            batch_size: Images looked at at a time.

        Returns:
            `(num_images, h, w, num_parts + 1)` probabilities, the background
            first; `None` by a model that has no maps of parts.
        """
        if "part_maps" not in self.output:
            return None
        pixels = resized_images(self, images, batch_size)
        return predicted(self._part_mapper, pixels, batch_size)

    def for_other_people(self, num_identities):
        """A model that has learnt what this one has, but knows nobody.

        Weights whose shape depends on the number of identities are drawn
        anew, also if there are as many people as before; the epoch and memory
        banks start from nothing.

        Args:
            num_identities: People in the new training set.

        Returns:
            The model, not compiled.

        Example:
        >>> from keras_drop.models import GlobalBaseline, resnet18
        >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
        >>> model.for_other_people(7).num_identities
        7
        """
        other = telling = self._built_for(num_identities)
        if num_identities == self.num_identities:
            telling = self._built_for(num_identities + 1)
        for learnt, weight, told in zip(
            self.weights, other.weights, telling.weights, strict=True
        ):
            # Whole numbers say who is in a bank, where it is written, and
            # which epoch it is.
            counts = keras.backend.is_int_dtype(weight.dtype)
            if not counts and learnt.shape == told.shape:
                weight.assign(learnt)
        return other

    def _built_for(self, num_identities):
        config = {**self.get_config(), "num_identities": num_identities}
        return type(self).from_config(config)

    def get_config(self):
        config = super().get_config()
        for name in constructor_arguments(type(self)):
            if name not in config and hasattr(self, name):
                config[name] = keras.saving.serialize_keras_object(
                    getattr(self, name)
                )
        if self.dtype_policy.name != "float32":
            config["dtype"] = self.dtype_policy.name
        if frozen := frozen_stages(self.backbone):
            config["frozen_stages"] = frozen
        return config

    @classmethod
    def from_config(cls, config):
        revived = {
            name: keras.saving.deserialize_keras_object(value)
            for name, value in config.items()
            if name not in ("backbone", "preprocessor", "dtype")
        }
        config = {**config, **revived}
        frozen = config.pop("frozen_stages", 0)
        usual = keras.config.dtype_policy()
        # Its layers are made anew, and would take the policy that is set.
        own = keras.dtype_policies.get(config.pop("dtype", "float32"))
        keras.config.set_dtype_policy(own)
        try:
            model = super().from_config(config)
        finally:
            keras.config.set_dtype_policy(usual)
        if frozen:
            freeze_stages(model.backbone, frozen)
        return model

    @classmethod
    def from_preset(cls, preset, load_weights=True, **kwargs):
        """Loads what `save_to_preset` wrote, or starts from a backbone preset.

        Args:
            preset: A folder, `hf://…`, `kaggle://…` or the name of one of
                KerasHub's backbones. A backbone alone needs the arguments of
                the constructor, such as `num_identities`.
            load_weights: If false, the weights are drawn anew.
            **kwargs: Constructor arguments that replace the stored ones.
                Another `num_identities`, to go on with other people, draws
                the identity classifiers anew and empties memory banks; all
                else is loaded.

        Returns:
            The model.
        """
        return task_from_preset(
            cls, super().from_preset, preset, load_weights, kwargs
        )

    # Not attributes that Keras tracks: their weights are this model's. Two,
    # for the maps of many images would be ten times their embeddings.
    @functools.cached_property
    def _embedder(self):
        served = self.inference_model()
        names = ("embeddings", "visibility")
        return keras.Model(served.input, {k: served.output[k] for k in names})

    @functools.cached_property
    def _part_mapper(self):
        served = self.inference_model()
        return keras.Model(served.input, served.output["part_maps"])

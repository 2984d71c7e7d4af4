import inspect

import keras
import keras_hub
import numpy as np
from keras import ops

from keras_drop.backend import num_replicas
from keras_drop.descriptors import Descriptors


class ReIDTask(keras_hub.models.Task):
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
    step adds to it is in `loss_terms`, which `compute_loss` sums. A new method
    overrides `loss_terms`; state that it keeps, such as a memory bank, is in
    layers that its constructor creates. Its constructor keeps every argument
    under the argument's name: `get_config` reads it there.

    `fit`, `evaluate` and `predict` take batches of the model's image size, as
    `keras_drop.data` makes them; `embed` takes images of any size.
    """

    def __init__(
        self,
        images,
        outputs,
        *,
        backbone,
        embedding_names,
        loss_names,
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
        super().__init__(images, outputs, name=name, compile=False)
        self.backbone = backbone
        self.preprocessor = preprocessor or keras_hub.layers.ImageConverter(
            image_size=backbone.image_shape[:2],
            crop_to_aspect_ratio=False,
            dtype="float32",
        )
        self.embedding_names = tuple(embedding_names)
        self.epoch = self.add_weight(
            name="epoch",
            shape=(),
            initializer="zeros",
            dtype="int32",
            trainable=False,
            aggregation="only_first_replica",
        )
        # Made here: on JAX no variable may appear inside a step.
        self.loss_trackers = {
            name: keras.metrics.Mean(name=name) for name in loss_names
        }

    def loss_terms(self, targets, outputs, training):
        """The weighted terms of the loss; a method overrides this.

        Args:
            targets: The `y` of a batch, a dictionary of tensors.
            outputs: The model's outputs for it, under their names.
            training: False in `evaluate`, where no state may change.

        Returns:
            Dictionary of one `(batch,)` tensor per term. Its mean over the
            batches of all replicas is the term's value.
        """
        raise ValueError(
            f"{type(self).__name__} defines no `loss_terms`: it cannot train."
        )

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The training step's loss: the sum of `loss_terms`.

        Raises:
            ValueError: `sample_weight` is given, or `y` is not a dictionary.
        """
        if sample_weight is not None:
            raise ValueError(
                "`sample_weight` has no meaning here: an image's weight in "
                "the parsing loss is `y['parsing_weight']`."
            )
        if not isinstance(y, dict):
            raise ValueError(
                "`y` is a dictionary with `identities` and, for models with "
                f"parts, `parsing` and `parsing_weight`; got {type(y)}. "
                "`keras_drop.data.TrainingBatches` makes such batches."
            )
        total = 0.0
        # A small last batch counts less, as it does in Keras' own `loss`.
        count = ops.shape(y["identities"])[0]
        for name, term in self.loss_terms(y, y_pred, training).items():
            term = ops.mean(term)
            self.loss_trackers[name].update_state(term, sample_weight=count)
            total = total + term
        for loss in self.losses:
            total = total + ops.sum(ops.cast(loss, "float32"))
        # Keras sums the gradients of the replicas; each term is a mean.
        return total / num_replicas()

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        **kwargs,
    ):
        """`keras.Model.fit`, with the epoch's number kept in the model.

        Batches that know their epoch, such as `TrainingBatches`, are set to
        the first one, and are taken in their own order.
        """
        if hasattr(x, "epoch"):
            x.epoch = kwargs.get("initial_epoch", 0)
            kwargs.setdefault("shuffle", False)
        callbacks = [_KeepEpoch(), *(callbacks or [])]
        return keras.Model.fit(
            self, x, y, batch_size, epochs, verbose, callbacks, **kwargs
        )

    def evaluate(self, x=None, y=None, **kwargs):
        """`keras.Model.evaluate`: the losses on batches like those of `fit`."""
        return keras.Model.evaluate(self, x, y, **kwargs)

    def predict(self, x, **kwargs):
        """`keras.Model.predict`: all outputs, by name, as NumPy arrays."""
        return keras.Model.predict(self, x, **kwargs)

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
                pixel values of any size; a list of `(height, width, 3)`
                arrays of different sizes; a `keras_drop.data.ImageBatches`.
            batch_size: Images embedded at a time.
            verbose: As in `keras.Model.predict`.

        Returns:
            `Descriptors` of the images, in their order.

        Raises:
            ValueError: Images of another number of axes or channels.
        """
        if isinstance(images, keras.utils.PyDataset):
            outputs = self._embedder.predict(images, verbose=verbose)
        else:
            outputs = self._embedder.predict(
                self._resized(images, batch_size),
                batch_size=batch_size,
                verbose=verbose,
            )
        visibility = outputs["visibility"]
        if ((visibility == 0) | (visibility == 1)).all():
            visibility = visibility.astype(bool)
        return Descriptors(
            outputs["embeddings"], visibility, self.embedding_names
        )

    def for_other_people(self, num_identities):
        """A model that has learnt what this one has, but knows nobody.

        Weights whose shape depends on the number of identities are drawn
        anew; the epoch and memory banks start from nothing.

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
        config = {**self.get_config(), "num_identities": num_identities}
        other = type(self).from_config(config)
        for learnt, weight in zip(self.weights, other.weights, strict=True):
            # Whole numbers say who is in a bank, where it is written, and
            # which epoch it is.
            counts = keras.backend.is_int_dtype(weight.dtype)
            if not counts and learnt.shape == weight.shape:
                weight.assign(learnt)
        return other

    def get_config(self):
        config = super().get_config()
        for name in _constructor_arguments(type(self)):
            if name not in config and hasattr(self, name):
                config[name] = keras.saving.serialize_keras_object(
                    getattr(self, name)
                )
        return config

    @classmethod
    def from_config(cls, config):
        schema = config.get("part_schema")
        if isinstance(schema, dict):  # One of the user's own.
            schema = keras.saving.deserialize_keras_object(schema)
            config = {**config, "part_schema": schema}
        return super().from_config(config)

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
        if isinstance(preset, str):
            # KerasHub caches what follows `file://` and misses later saves.
            preset = preset.removeprefix("file://")
        stored = keras_hub.models.Backbone.from_preset(
            preset, load_weights=False
        )
        # KerasHub ties a task to one class of backbones; ours take any that
        # have a feature pyramid.
        declared, cls.backbone_cls = cls.backbone_cls, type(stored)
        load = super().from_preset
        try:
            people = kwargs.get("num_identities")
            if load_weights and people is not None:
                try:
                    known = load(preset, load_weights=False).num_identities
                except TypeError:  # A backbone alone: it has no people yet.
                    known = people
                if known != people:
                    kwargs["num_identities"] = known
                    return load(preset, **kwargs).for_other_people(people)
            return load(preset, load_weights, **kwargs)
        finally:
            cls.backbone_cls = declared

    @property
    def _embedder(self):
        # Not an attribute that Keras tracks: its weights are this model's.
        if "_cached_embedder" not in self.__dict__:
            self.__dict__["_cached_embedder"] = self.inference_model()
        return self.__dict__["_cached_embedder"]

    def _resized(self, images, batch_size):
        height, width = self.input_shape[1:3]
        if not isinstance(images, np.ndarray):
            images = [np.asarray(image) for image in images]
        shapes = {np.shape(image) for image in images}
        for shape in shapes:
            if len(shape) != 3 or shape[-1] != 3:
                raise ValueError(
                    "An image is an array (height, width, 3) of RGB values; "
                    f"got one of shape {shape}."
                )
        if not shapes:
            raise ValueError("There is no image to embed.")
        if shapes == {(height, width, 3)}:
            return np.asarray(images, "float32")
        resized = np.empty((len(images), height, width, 3), "float32")
        if len(shapes) == 1:
            for start in range(0, len(images), batch_size):
                rows = slice(start, start + batch_size)
                resized[rows] = self._resize(np.asarray(images[rows]))
        else:
            for row, image in enumerate(images):
                resized[row] = self._resize(image[None])[0]
        return resized

    def _resize(self, images):
        return ops.convert_to_numpy(self.preprocessor(images.astype("float32")))


def _constructor_arguments(cls):
    """Names of what a class can be made with, its parents' by `**kwargs`."""
    names = []
    for parent in cls.__mro__:
        if "__init__" not in vars(parent):
            continue
        arguments = inspect.signature(parent.__init__).parameters.values()
        kinds = {argument.kind for argument in arguments}
        names += [
            argument.name
            for argument in arguments
            if argument.kind
            not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD)
        ]
        if inspect.Parameter.VAR_KEYWORD not in kinds:
            break
    return names


class _KeepEpoch(keras.callbacks.Callback):
    """Tells the model which epoch it is in; counted from 0, also on resume."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.epoch.assign(epoch)

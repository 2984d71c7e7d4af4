import dataclasses
import hashlib
from pathlib import Path

from keras_drop.evaluation.cards.model_description import ModelDescription


@dataclasses.dataclass(frozen=True, eq=False)
class Embedder:
    """A model, and what a gallery has to know it by.

    Args:
        embed: Function from a list of `(height, width, 3)` uint8 arrays to
            their `Descriptors`.
        name: Class of the model.
        checksum: Of the weights from which descriptors are computed.
        part_names: Names of the embeddings.
        part_schema: Name of the part schema, `None` without one.
        source: Where the model lies, `None` for one in memory.
        map_parts: Function from such a list to maps of the parts, or `None`.
        image_size: `(height, width)` of its images, `None` where it takes
            images of any size.
    """

    embed: object
    name: str
    checksum: str
    part_names: tuple
    part_schema: str | None
    source: str | None = None
    map_parts: object = None
    image_size: tuple | None = None

    @property
    def told(self):
        """What the gallery keeps, as plain values."""
        return {
            "name": self.name,
            "checksum": self.checksum,
            "part_schema": self.part_schema,
            "source": self.source,
        }


def load_embedder(model):
    """`Embedder` of a model, or of the place where one lies.

    Args:
        model: A model of `keras_drop.models`; a `.keras` file; the folder of
            a SavedModel that `export_saved_model` wrote; a preset.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Nothing that embeds.

    Example:
    >>> from keras_drop.gallery.embedding.embedder import load_embedder
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> load_embedder(model).part_names
    ('global',)
    """
    if isinstance(model, Embedder):
        return model
    if not isinstance(model, str | Path):
        return _of_model(model, None)
    path, source = Path(model), str(model)
    if path.exists():
        source = str(path.absolute())
    if (path / "saved_model.pb").is_file():
        from keras_drop.export.saved_model_embedder import SavedModelEmbedder

        served = SavedModelEmbedder(path)
        return Embedder(
            served.embed,
            served.name,
            served.checksum,
            served.part_names,
            served.part_schema,
            source,
        )
    import keras_drop
    from keras_drop.models.base.reid_task import ReIDTask

    if path.suffix == ".keras":
        if not path.is_file():
            raise FileNotFoundError(f"There is no model {path}.")
        return _of_model(keras_drop.load_model(path, compile=False), source)
    if path.exists() and not (path / "config.json").is_file():
        raise ValueError(
            f"{path} is no model: that is a `.keras` file, the folder of a "
            "SavedModel (saved_model.pb) or of a preset (config.json)."
        )
    # So that the class of the preset is known.
    import keras_drop.models

    return _of_model(ReIDTask.from_preset(source), source)


def _of_model(model, source):
    import keras  # Here, since Keras takes seconds to load.

    if not hasattr(model, "embed") or not hasattr(model, "inference_model"):
        raise ValueError(
            f"A {type(model).__name__} cannot `embed`: it is no model of this "
            "library. Give `Descriptors` instead of images."
        )
    found = hashlib.sha256()
    for weight in model.inference_model().weights:
        found.update(repr(tuple(weight.shape)).encode())
        found.update(keras.ops.convert_to_numpy(weight).tobytes())
    schema = getattr(model, "part_schema", None)
    return Embedder(
        model.embed,
        type(model).__name__,
        found.hexdigest(),
        tuple(model.embedding_names),
        getattr(schema, "name", schema),
        source,
        getattr(model, "map_parts", None),
        ModelDescription.of(model).image_size,
    )

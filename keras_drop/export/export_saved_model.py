"""`export_saved_model`: a model as a folder that TensorFlow alone serves."""

import os
import tempfile
import zipfile
from pathlib import Path

from keras_drop.export.child_process import run_python
from keras_drop.models.base.reid_task import ReIDTask


def export_saved_model(model, folder, overwrite=False):
    """Writes a TensorFlow SavedModel, whatever backend the model runs on.

    It has two signatures, which resize and normalise inside:

    - `serving_default`: `images`, uint8 `(batch, height, width, 3)` RGB
      values, of any size.
    - `serving_bytes`: `images_bytes`, `(batch,)` strings, each an encoded
      JPEG or PNG of its own size.

    Both return `embeddings` `(batch, num_embeddings, dim)`, `visibility`
    `(batch, num_embeddings)` and, if the model has parts, `part_maps`
    `(batch, height, width, 1 + num_parts)`, all float32: what `embed` gives
    for the same images. `assets/keras_drop.json` has the names of the
    embeddings and of the parts. Memory banks and identity classifiers are
    left out.

    The folder appears when it is complete: an export that fails leaves
    nothing, or what was there before.

    Args:
        model: A model of `keras_drop.models`, or the path of a `.keras` file
            that holds one.
        folder: The folder to write; its parents are made. TensorFlow Serving
            wants a version number as its name: `models/drop/1`.
        overwrite: Whether a folder that is not empty is replaced.

    Returns:
        `pathlib.Path` of the folder.

    Raises:
        FileNotFoundError: There is no such `.keras` file.
        FileExistsError: The folder is not empty and `overwrite` is false, or
            it is a file.
        ValueError: Something else than a model, or than a `.keras` file.
        RuntimeError: The process that writes failed, for example because the
            file holds a model that is not of `keras_drop`.

    Example:
    >>> from keras_drop.export import export_saved_model
    >>> import os, tempfile
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> folder = export_saved_model(model, f"{tempfile.mkdtemp()}/reid/1")
    >>> {"assets", "saved_model.pb", "variables"} <= set(os.listdir(folder))
    True
    """
    if not isinstance(model, ReIDTask):
        model = _checked_file(model)
    folder = Path(folder).absolute()
    _refuse_existing(folder, overwrite)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder, so that a rename can put it in its place.
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}-", dir=folder.parent
    ) as scratch:
        written = Path(scratch, "written")
        if isinstance(model, ReIDTask):
            source, module = Path(scratch, "model.keras"), _module_of(model)
            model.save(source)
        else:
            source, module = model, "keras_drop.models"
        run_python(
            [
                "-m",
                "keras_drop.export.saved_model_writer",
                source,
                written,
                module,
            ],
            f"{source} could not be exported",
            KERAS_BACKEND="tensorflow",
        )
        _refuse_existing(folder, overwrite)
        if folder.exists():
            folder.rename(Path(scratch, "replaced"))
        written.rename(folder)
    return folder


def _module_of(model):
    """What the other process imports, so that it knows the model's class."""
    module = type(model).__module__
    return "keras_drop.models" if module == "__main__" else module


def _checked_file(path):
    if not isinstance(path, str | os.PathLike):
        raise ValueError(
            "Only models of `keras_drop.models` can be exported, or the path "
            f"of a `.keras` file that holds one; got {type(path)}."
        )
    path = Path(path).absolute()
    if not path.exists():
        raise FileNotFoundError(f"There is no model file {path}.")
    if path.suffix != ".keras" or not zipfile.is_zipfile(path):
        raise ValueError(
            f"{path} is not a complete `.keras` file; `model.save` with a "
            "name that ends in `.keras` writes one."
        )
    return path


def _refuse_existing(folder, overwrite):
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file; choose another name.")
    if folder.exists() and any(folder.iterdir()) and not overwrite:
        raise FileExistsError(
            f"{folder} is not empty. Choose another folder, or replace it "
            "with `overwrite=True`."
        )

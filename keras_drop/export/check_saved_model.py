"""`check_saved_model`: the exported model equals the one it came from."""

import tempfile
from pathlib import Path

import numpy as np
from keras import ops

from keras_drop.export.child_process import run_python

_SIGNATURES = ("serving_default", "serving_bytes")


def check_saved_model(folder, model, images=None, tolerance=1e-4):
    """Compares a SavedModel with its Keras model, output by output.

    A process that cannot import `keras`, `keras_hub` and `keras_drop` runs
    the SavedModel with TensorFlow on the CPU: every image alone through
    `serving_default`, all together, as PNG, through `serving_bytes`. The
    model runs here, on its own backend and device.

    Args:
        folder: What `export_saved_model` wrote.
        model: The model, on any backend.
        images: Array `(num_images, height, width, 3)`, or list of
            `(height, width, 3)` arrays of different sizes, uint8 RGB values.
            Left out, four images of random colours, two of them not of the
            model's size.
        tolerance: Largest difference that is accepted. A graphics card that
            computes in TensorFloat-32 needs a larger one.

    Returns:
        The largest absolute difference between any two values.

    Raises:
        FileNotFoundError: There is no SavedModel in the folder.
        ValueError: An output is missing or has another shape, or a
            difference exceeds `tolerance`; images of another type or shape.
        RuntimeError: TensorFlow cannot load or run the SavedModel.

    Example:
    >>> from keras_drop.export import check_saved_model
    >>> import tempfile
    >>> from keras_drop.export import export_saved_model
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> folder = export_saved_model(model, f"{tempfile.mkdtemp()}/reid/1")
    >>> check_saved_model(folder, model) < 1e-4
    True
    """
    folder = Path(folder).absolute()
    if not (folder / "saved_model.pb").is_file():
        raise FileNotFoundError(
            f"There is no SavedModel in {folder}: it has no `saved_model.pb`. "
            "`export_saved_model` writes one."
        )
    if images is None:
        images = _random_images(model)
    images = [_checked_image(image) for image in images]
    if not images:
        raise ValueError("There are no images to compare on.")
    expected = _outputs(model, images)
    with tempfile.TemporaryDirectory() as scratch:
        images_path = Path(scratch, "images.npz")
        outputs_path = Path(scratch, "outputs.npz")
        np.savez(images_path, *images)
        run_python(
            [
                "-P",
                Path(__file__).with_name("plain_tensorflow.py"),
                folder,
                images_path,
                outputs_path,
            ],
            f"{folder} does not run in TensorFlow",
        )
        with np.load(outputs_path) as file:
            served = {name: file[name] for name in file.files}
    return max(
        _difference(
            signature,
            {
                name.partition("/")[2]: rows
                for name, rows in served.items()
                if name.startswith(f"{signature}/")
            },
            expected,
            tolerance,
        )
        for signature in _SIGNATURES
    )


def _outputs(model, images):
    """What the model's inference graph returns for the images."""
    pixels = [
        ops.convert_to_numpy(model.preprocessor(image[None].astype("float32")))
        for image in images
    ]
    return model.inference_model().predict(np.concatenate(pixels), verbose=0)


def _difference(signature, served, expected, tolerance):
    shapes = {name: rows.shape for name, rows in served.items()}
    expected_shapes = {name: rows.shape for name, rows in expected.items()}
    if shapes != expected_shapes:
        raise ValueError(
            f"`{signature}` returns {shapes}, the model {expected_shapes}: "
            "the SavedModel is of another model. Export this one again."
        )
    differences = {
        name: float(np.abs(rows - expected[name]).max())
        for name, rows in served.items()
    }
    for name, difference in differences.items():
        if not difference <= tolerance:  # NaN is not either
            raise ValueError(
                f"`{name}` of `{signature}` is {difference:.1e} off the "
                f"model's, more than {tolerance:.1e}: the SavedModel is of "
                "other weights. Export this model again."
            )
    return max(differences.values())


def _random_images(model):
    """Random colours, the first two in the model's size."""
    rng = np.random.default_rng(0)
    height, width = model.input_shape[1:3]
    sizes = (
        (height, width),
        (height, width),
        (height * 3 // 2 + 1, width + 5),
        (height // 2 + 1, width * 2),
    )
    return [rng.integers(0, 256, (*size, 3)).astype("uint8") for size in sizes]


def _checked_image(image):
    image = np.asarray(image)
    if image.dtype != "uint8" or image.ndim != 3 or image.shape[-1] != 3:
        raise ValueError(
            "An exported model takes uint8 images (height, width, 3); got "
            f"{image.dtype} of shape {image.shape}."
        )
    return image

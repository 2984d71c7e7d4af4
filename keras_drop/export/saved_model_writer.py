"""Writes a SavedModel; `export_saved_model` runs it on TensorFlow.

`python -m keras_drop.export.saved_model_writer model.keras folder module`
"""

import importlib
import json
import sys
import tempfile
from pathlib import Path

import keras
import tensorflow as tf

import keras_drop
from keras_drop.models.base.reid_task import ReIDTask

DESCRIPTION = "keras_drop.json"


def write_saved_model(model, folder):
    """Writes the SavedModel that `export_saved_model` describes.

    Not by `model.export`, which writes every weight twice.

    Args:
        model: A model of `keras_drop.models`, on the TensorFlow backend.
        folder: The folder to write.
    """
    inference = model.inference_model()
    shape = inference.input_shape[1:]
    batch = tf.TensorSpec((None, *shape), tf.float32)
    unused = _unused_weights(inference, batch)

    @tf.function(input_signature=[batch])
    def forward(pixels):
        # A head's classifier comes with its normalisation. Replaced here, it
        # is in no output, and not in the file.
        zeros = [(weight, tf.zeros(weight.shape)) for weight in unused]
        with keras.StatelessScope(zeros):
            outputs = inference(pixels, training=False)
        return {
            name: tf.cast(output, tf.float32)
            for name, output in outputs.items()
        }

    def resized(images):
        return model.preprocessor(tf.cast(images, tf.float32))

    @tf.function(
        input_signature=[tf.TensorSpec((None, None, None, 3), tf.uint8)]
    )
    def serving_default(images):
        return forward(resized(images))

    @tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
    def serving_bytes(images_bytes):
        pixels = tf.map_fn(
            lambda encoded: resized(_decoded(encoded)),
            images_bytes,
            fn_output_signature=tf.TensorSpec(shape, tf.float32),
        )
        return forward(pixels)

    left_out = {id(weight) for weight in unused}
    module = tf.Module()
    module.weights = [
        weight.value
        for weight in inference.weights
        if id(weight) not in left_out
    ]
    with tempfile.TemporaryDirectory() as scratch:
        description = Path(scratch, DESCRIPTION)
        description.write_text(json.dumps(_description(model), indent=2))
        module.description = tf.saved_model.Asset(str(description))
        tf.saved_model.save(
            module,
            str(folder),
            signatures={
                "serving_default": serving_default,
                "serving_bytes": serving_bytes,
            },
        )


def _unused_weights(inference, batch):
    """The weights from which no output of the inference graph is computed."""
    traced = tf.function(inference).get_concrete_function(batch)
    reached, ahead = set(), [output.op for output in traced.outputs]
    while ahead:
        operation = ahead.pop()
        if operation.name not in reached:
            reached.add(operation.name)
            ahead += [tensor.op for tensor in operation.inputs]
    captured = traced.captured_inputs
    used = {
        id(tensor)
        for inside, tensor in zip(traced.inputs[-len(captured) :], captured)
        if inside.op.name in reached
    }
    return [
        weight
        for weight in inference.weights
        if id(weight.value.handle) not in used
    ]


def _decoded(encoded):
    """The pixels that `read_image` reads, but for what EXIF says.

    TensorFlow's quicker way to read JPEG is up to 4 off.
    """
    return tf.case(
        [
            (tf.io.is_jpeg(encoded), lambda: _decoded_jpeg(encoded)),
            (
                tf.strings.substr(encoded, 0, 8) == b"\x89PNG\r\n\x1a\n",
                lambda: _decoded_png(encoded),
            ),
        ],
        lambda: tf.ensure_shape(
            tf.io.decode_image(encoded, channels=3, expand_animations=False),
            (None, None, 3),
        ),
    )


def _decoded_jpeg(encoded):
    return tf.io.decode_jpeg(encoded, channels=3, dct_method="INTEGER_ACCURATE")


def _decoded_png(encoded):
    """Laid over white, where it is transparent."""
    pixels = tf.cast(tf.io.decode_png(encoded, channels=4), "int32")
    alpha = pixels[..., 3:]
    # Where a file has none, TensorFlow fills in the highest number of its
    # depth, which the 25th byte is: 15 of four bits, 255 of eight.
    depth = tf.cast(tf.io.decode_raw(encoded, tf.uint8)[24], "int32")
    filled = tf.bitwise.left_shift(1, depth) - 1
    opaque = tf.logical_and(depth < 8, tf.reduce_all(alpha == filled))
    alpha = tf.where(opaque, 255, alpha)
    over_white = pixels[..., :3] * alpha + 255 * (255 - alpha)
    return tf.cast((over_white + 127) // 255, "uint8")


def _description(model):
    schema = getattr(model, "part_schema", None)
    if schema is not None:
        schema = keras_drop.part_schema(schema)
    return {
        "keras_drop": keras_drop.__version__,
        "model": type(model).__name__,
        "image_size": model.input_shape[1:3],
        "embeddings": model.embedding_names,
        "part_schema": schema and schema.name,
        "part_maps": schema and ("background", *schema.part_names),
    }


def main(path, folder, module):
    """Reads a `.keras` file, and writes its SavedModel.

    Args:
        path: The file.
        folder: The folder to write.
        module: The module to import first, which registers the model's class.

    Raises:
        ValueError: The file holds another kind of model.
    """
    importlib.import_module(module)
    model = keras.saving.load_model(path, compile=False)
    if not isinstance(model, ReIDTask):
        raise ValueError(
            f"The file holds a `{type(model).__name__}`, which is no model of "
            "`keras_drop.models`; `model.export` of Keras can write it."
        )
    write_saved_model(model, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Runs a SavedModel with TensorFlow alone; `check_saved_model` starts it.

`python -P plain_tensorflow.py folder images.npz outputs.npz`
"""

import sys

if __name__ == "__main__":
    # `None` makes an import fail: nothing here can come from these.
    sys.modules.update(
        dict.fromkeys(("keras", "keras_drop", "keras_hub", "tf_keras"))
    )

import numpy as np
import tensorflow as tf


def main(folder, images_path, outputs_path):
    """Writes what both signatures return for the images, by name.

    Args:
        folder: The SavedModel.
        images_path: `.npz` file of one uint8 array `(height, width, 3)` an
            image, in their order.
        outputs_path: `.npz` file to write: `serving_bytes/embeddings` and so
            on, one row an image. `serving_default` gets each image alone,
            `serving_bytes` gets all of them together, as PNG.
    """
    with np.load(images_path) as file:
        images = [file[name] for name in file.files]
    signatures = tf.saved_model.load(folder).signatures
    missing = {"serving_default", "serving_bytes"} - set(signatures)
    if missing:
        raise ValueError(
            f"{folder} has no signature {', '.join(sorted(missing))}: "
            "`export_saved_model` did not write it."
        )
    outputs = {}
    of_each = [
        signatures["serving_default"](images=tf.constant(image[None]))
        for image in images
    ]
    for name in of_each[0]:
        outputs[f"serving_default/{name}"] = np.concatenate(
            [row[name].numpy() for row in of_each]
        )
    encoded = tf.stack([tf.io.encode_png(image) for image in images])
    for name, rows in signatures["serving_bytes"](images_bytes=encoded).items():
        outputs[f"serving_bytes/{name}"] = rows.numpy()
    np.savez(outputs_path, **outputs)


if __name__ == "__main__":
    main(*sys.argv[1:])

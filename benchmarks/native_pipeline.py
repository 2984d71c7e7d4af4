"""The training batches by TensorFlow operations alone, to compare with."""

import tensorflow as tf

from keras_drop import part_schema
from keras_drop.data.transforms.random_transform import crop_border
from keras_drop.data.transforms.transform import ERASED


def native_batches(records, size, workers):
    """`tf.data.Dataset` of endless batches of 64: crop, erase, `eight`."""
    height, width = size
    most = crop_border(size)
    groups = part_schema("eight").groups["densepose14"]
    part_of = [0] * 15
    for part, group in enumerate(groups, 1):
        for source in group:
            part_of[source] = part
    part_of = tf.constant(part_of)

    def load(path, label_path, identity, index):
        image = tf.io.decode_jpeg(tf.io.read_file(path), 3)
        image = tf.image.resize(image, size)
        label = tf.io.decode_png(tf.io.read_file(label_path), 1)
        label = tf.image.resize(label, size, "nearest")
        border = [[most, most], [most, most], [0, 0]]
        image, label = tf.pad(image, border), tf.pad(label, border)
        draw = tf.random.stateless_uniform((7,), (1, index))
        top = tf.cast(draw[0] * (2 * most + 1), tf.int32)
        left = tf.cast(draw[1] * (2 * most + 1), tf.int32)
        image = image[top : top + height, left : left + width]
        label = label[top : top + height, left : left + width]
        hole = (0.15 + 0.5 * draw[2:4]) * (height, width)
        corner = draw[4:6] * ((height, width) - hole)
        rows = tf.range(height, dtype=tf.float32)[:, None, None]
        columns = tf.range(width, dtype=tf.float32)[None, :, None]
        inside = (
            (rows >= corner[0])
            & (rows < corner[0] + hole[0])
            & (columns >= corner[1])
            & (columns < corner[1] + hole[1])
            & (draw[6] < 0.5)
        )
        image = tf.where(inside, tf.constant(ERASED), image)
        label = tf.where(inside, tf.zeros_like(label), label)[2::4, 2::4, 0]
        label = tf.gather(part_of, tf.cast(label, tf.int32))
        image.set_shape((*size, 3))
        label.set_shape((height // 4, width // 4))
        return image, {
            "identities": identity,
            "parsing": tf.one_hot(label, 9),
            "parsing_weight": 1.0,
        }

    rows = tf.data.Dataset.from_tensor_slices(
        (
            records.paths.tolist(),
            records.parsing_paths.tolist(),
            records.identities.astype("int32"),
            tf.range(len(records)),
        )
    )
    rows = rows.repeat().map(load, num_parallel_calls=workers)
    return rows.batch(64, drop_remainder=True).prefetch(2)

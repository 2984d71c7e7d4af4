"""Which parts images show, by their labels."""

import numpy as np

from keras_drop.records import Records


def part_truth(
    records: Records, labels, image_size: tuple[int, int]
) -> np.ndarray:
    """The true part of every fourth pixel, as parsing losses compare it.

    Args:
        records: `Records`, each with a parsing label.
        labels: `ParsingLabels` that read them.
        image_size: `(height, width)` of the images as the model sees them.

    Returns:
        `(num_images, height / 4, width / 4)` part numbers, 0 the background.

    Example:
    >>> import tempfile
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> from keras_drop.data import ParsingLabels
    >>> from keras_drop.evaluation.parts.part_truth import part_truth
    >>> path = f"{tempfile.mkdtemp()}/a.png"
    >>> Image.new("L", (8, 16), 2).save(path)
    >>> records = Records([path], [7], [0], [path])
    >>> part_truth(records, ParsingLabels("custom", "five"), (16, 8)).shape
    (1, 4, 2)
    """
    # Here, since Keras takes seconds to load.
    from keras_drop.data.reading.images import read_image
    from keras_drop.data.transforms.transform import Transform

    transform = Transform(tuple(image_size))
    return np.stack(
        [
            labels.pixels(
                labels.group(labels.read(label, read_image(path).shape[:2])),
                transform,
            )[2::4, 2::4]
            for path, label in zip(records.paths, records.parsing_paths)
        ]
    )


def labelled(records: Records, labels) -> Records:
    """The `Records` that have a label file; none if labels are no files."""
    return records[(records.parsing_paths != "") & labels.has_files]


def evenly(records: Records, count: int) -> Records:
    """At most so many of the `Records`, evenly spread."""
    if len(records) <= count:
        return records
    return records[np.linspace(0, len(records) - 1, num=count).astype(int)]

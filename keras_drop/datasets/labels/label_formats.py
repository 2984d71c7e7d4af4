"""The formats of parsing labels, as data."""

import dataclasses

from keras_drop.checks import checked_choice


@dataclasses.dataclass(frozen=True)
class LabelFormat:
    """How the parsing labels of images are stored.

    Args:
        name: Its name, the `label_format` of readers and batches.
        ending: Of its files, which are named like their images; empty where
            there are no files.
        highest: The highest value in its files, of those that hold one whole
            number for every pixel; `None` for others.
        holds: What is in its files.

    Example:
    >>> from keras_drop.datasets import LABEL_FORMATS
    >>> LABEL_FORMATS["lip"].ending, LABEL_FORMATS["lip"].highest
    ('.png', 19)
    """

    name: str
    ending: str
    highest: int | None
    holds: str


LABEL_FORMATS = {
    label_format.name: label_format
    for label_format in (
        LabelFormat(
            "pifpaf36", ".npy", None, "36 confidence maps of BPBReID's labels"
        ),
        LabelFormat(
            "densepose14", ".png", 14, "the parts of DensePose's annotators"
        ),
        LabelFormat("densepose24", ".png", 24, "the surfaces of DensePose"),
        LabelFormat("png7", ".png", 7, "the seven parts of HPNet and EANet"),
        LabelFormat("png4", ".png", 4, "the four parts of HPNet"),
        LabelFormat("pascal", ".png", 6, "the six parts of Pascal-Person-Part"),
        LabelFormat("lip", ".png", 19, "the labels of LIP"),
        LabelFormat("atr", ".png", 17, "the labels of ATR"),
        LabelFormat("stripes", "", None, "nothing: parts are equal stripes"),
        LabelFormat(
            "custom", ".png", 255, "the part numbers of a schema, or its groups"
        ),
    )
}
"""The formats of parsing labels by name, such as `"pifpaf36"`."""


def label_format(name):
    """The `LabelFormat` of a name.

    Raises:
        ValueError: There is none; the message lists the names.
    """
    return LABEL_FORMATS[checked_choice("label_format", name, LABEL_FORMATS)]

"""Whether images look like crops of people, and are stored as expected."""

import numpy as np

from keras_drop.datasets.checking.finding import Finding

_NOTES = {
    "turned": (
        "are stored turned or mirrored, as their EXIF notes say",
        "They are read upright, and so have to be their parsing labels. Other "
        "programs, and exported models that get the bytes, may not do so: "
        "store them upright.",
    ),
    "deep": (
        "have 16 bits a channel",
        "The upper 8 are read. Where another scale is meant, convert them.",
    ),
    "transparent": (
        "have transparent pixels",
        "These are laid over white. Where they hold something else, store the "
        "images without transparency.",
    ),
}
_FEWEST = 20
_SKIN_SHARE = 0.01 * 10 * 14


def check_images(splits, looks):
    """Findings on how images look and how they are stored.

    Args:
        splits: Dictionary of `Records`.
        looks: The `ImageLook` of every image by its path.

    Returns:
        Iterator of `Finding`.
    """
    yield from _unreadable(looks)
    for trait, (message, mend) in _NOTES.items():
        items = _having(trait, looks)
        if items:
            yield Finding(
                "note", trait, f"{len(items)} images {message}.", mend, items
            )
    yield from _dark(looks)
    for split, records in splits.items():
        seen = {path: looks[path] for path in records.paths.tolist()}
        seen = {path: look for path, look in seen.items() if look.size}
        yield from _shapes(split, seen)
        yield from _channel_order(split, seen)
    yield from _grey(splits, looks)


def _having(trait, looks):
    return tuple(path for path, look in looks.items() if trait in look.traits)


def _unreadable(looks):
    broken = tuple(path for path, look in looks.items() if look.problem)
    if broken:
        yield Finding(
            "error",
            "unreadable",
            f"{len(broken)} images are missing or broken. The first: "
            f"{looks[broken[0]].problem}",
            "Copy them again, or take them out of the data set.",
            broken,
        )


def _dark(looks):
    items = _having("dark", looks)
    if items:
        yield Finding(
            "warning",
            "dark",
            f"{len(items)} images of 16 bits use the lower 12 only: they are "
            "read as nearly black.",
            "Multiply their values by 16, or store them with 8 bits.",
            items,
        )


def _shapes(split, looks):
    items = tuple(
        path
        for path, look in looks.items()
        if look.size[1] > look.size[0] or look.size[0] > 6 * look.size[1]
    )
    if items:
        yield Finding(
            "warning",
            "shape",
            f"{len(items)} of {len(looks)} images of {split} are wider than "
            "high, or more than 6 times as high as wide: they are not shaped "
            "like a standing person.",
            "Cut the people out first, one a file. Crops of parts of people "
            "are stretched to the size that the model sees.",
            items,
        )


def _channel_order(split, looks):
    """More skin where there are heads, if red and blue are exchanged."""
    colour = {p: k for p, k in looks.items() if "grey" not in k.traits}
    as_stored, exchanged = np.array(
        [look.skin for look in colour.values()] or [(0, 0)]
    ).sum(axis=0)
    enough = len(colour) >= _FEWEST
    if enough and exchanged > max(2 * as_stored, _SKIN_SHARE * len(colour)):
        most = sorted(
            colour, key=lambda path: colour[path].skin[0] - colour[path].skin[1]
        )
        yield Finding(
            "warning",
            "channel_order",
            f"Heads in {split} have more of the colour of skin with red and "
            f"blue exchanged ({exchanged / max(as_stored, 1):.0f} times): the "
            "images were probably stored as BGR, as by OpenCV.",
            "Look at some. If people are blue, convert with `cv2.cvtColor(…, "
            "cv2.COLOR_BGR2RGB)` before storing them.",
            tuple(most[:_FEWEST]),
        )


def _grey(splits, looks):
    items = _having("grey", looks)
    shares = [
        f"{np.mean(['grey' in looks[p].traits for p in records.paths]):.0%} "
        f"of {split}"
        for split, records in splits.items()
        if len(records)
    ]
    if items:
        yield Finding(
            "note",
            "grey",
            f"{len(items)} of {len(looks)} images have no colour: "
            f"{', '.join(shares)}.",
            "Night cameras give such. If the test has more of them than "
            "training, add some there; if the colour was lost, copy again.",
            items,
        )

import dataclasses
import re

from keras_drop.datasets.files.folders import describe_name


@dataclasses.dataclass(frozen=True)
class ImageNames:
    """What the file names of a data set say.

    Only the name of a file counts, never that of a folder it lies in.

    Args:
        data_set: Name of the data set, for error messages.
        pattern: Regular expression of a whole file name, in any
            capitalisation, with the group `identity` and, where names tell
            it, `camera`.
        example: A file name that fits.
        first_camera: Number of the first camera in the names, which becomes
            0.

    Example:
    >>> from keras_drop.datasets.files.image_names import ImageNames
    >>> from pathlib import Path
    >>> names = ImageNames("Mine", r"(?P<identity>-1|\\d+)_c(?P<camera>\\d)_.*",
    ...     "0001_c2_x.jpg")
    >>> names.parse([Path("0007_c3_9.jpg"), Path("-1_c1_0.jpg")])[1:]
    ([7], [2])
    """

    data_set: str
    pattern: str
    example: str
    first_camera: int = 1

    def parse(self, paths):
        """Identities and cameras of image files, without those of identity -1.

        Args:
            paths: `pathlib.Path`s, at least one.

        Returns:
            Lists of paths, identities, and cameras from 0; no cameras where
            the names tell none.

        Raises:
            ValueError: A name that does not fit; the message names it.
            FileNotFoundError: No image is left.
        """
        pattern = re.compile(self.pattern, re.IGNORECASE)
        kept, identities, cameras = [], [], []
        for path in paths:
            match = pattern.fullmatch(path.name)
            if match is None:
                raise ValueError(
                    f"Not a file name of {self.data_set}: {path}. Expected "
                    f"names like {self.example}.{describe_name(path.name)}"
                )
            if match["identity"] == "-1":
                continue
            kept.append(path)
            identities.append(_whole_number(match, "identity"))
            if "camera" in pattern.groupindex:
                camera = _whole_number(match, "camera")
                cameras.append(camera - self.first_camera)
        if not kept:
            raise FileNotFoundError(
                f"All {len(paths)} images in {paths[0].parent} have the "
                f"identity -1, which is junk. {self.data_set} has others: "
                "unpack it again."
            )
        return kept, identities, cameras


def _whole_number(match, group):
    try:
        number = int(match[group])
    except (TypeError, ValueError):
        number = None
    if number is None or abs(number) >= 2**31:
        raise ValueError(
            f"The {group} of the file name {match.string} is "
            f"{match[group]!r}, which is no whole number below 2**31."
        )
    return number

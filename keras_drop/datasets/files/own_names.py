import dataclasses
import os
import re

IMAGE_ENDINGS = (
    ".jpg",
    ".jpeg",
    ".png",
    ".webp",
    ".bmp",
    ".tif",
    ".tiff",
)


@dataclasses.dataclass(frozen=True)
class OwnNames:
    """What the file names of a user's own images say.

    Args:
        pattern: Regular expression, in any capitalisation, of a whole file
            name; with a `/` in it of the path below the folder. Its groups
            `identity` and `camera` may be any text.
        needs_camera: Whether it has to have the group `camera`.

    Raises:
        ValueError: A pattern without its groups, or that is none.

    Example:
    >>> from keras_drop.datasets.files.own_names import OwnNames
    >>> import os, pathlib, tempfile
    >>> root = pathlib.Path(tempfile.mkdtemp())
    >>> os.mkdir(root / "anna")
    >>> open(root / "anna/door-1.jpg", "w").close()
    >>> OwnNames("(?P<identity>[^/]+)/(?P<camera>.+)-.*").read(root)[1:]
    (['anna'], ['door'])
    """

    pattern: str
    needs_camera: bool = True

    def __post_init__(self):
        try:
            groups = re.compile(self.pattern).groupindex
        except re.error as error:
            raise ValueError(
                f"The pattern {self.pattern!r} is no regular expression: "
                f"{error}."
            ) from None
        needed = ["identity", *(["camera"] if self.needs_camera else [])]
        missing = [name for name in needed if name not in groups]
        if missing:
            hint = (
                " For images of unknown cameras say `camera_mode='none'`."
                if "camera" in missing
                else ""
            )
            raise ValueError(
                f"The pattern {self.pattern!r} has no group "
                f"{' and no '.join(missing)}: write (?P<{missing[0]}>...) "
                f"around that part of the name.{hint}"
            )

    def read(self, folder):
        """Images in a folder, and who and which camera their names tell.

        Args:
            folder: `pathlib.Path`.

        Returns:
            Lists of paths, identities and cameras, which are text, sorted by
            path, without identity `-1`. Cameras that are not needed are
            `"0"`.

        Raises:
            FileNotFoundError: There is no image, or all are of identity `-1`.
            ValueError: A name that does not fit, or tells nobody.
        """
        expression = re.compile(self.pattern, re.IGNORECASE)
        paths = sorted(list_images(folder))
        if not paths:
            raise FileNotFoundError(
                f"There are no images in {folder}; their names end in "
                f"{', '.join(IMAGE_ENDINGS)}."
            )
        kept, identities, cameras = [], [], []
        for path in paths:
            name = path.name
            if "/" in self.pattern:
                name = path.relative_to(folder).as_posix()
            match = expression.fullmatch(name)
            groups = match.groupdict() if match else {}
            identity, camera = groups.get("identity"), "0"
            if match and self.needs_camera:
                camera = groups["camera"]
            if not identity or not camera:
                raise ValueError(
                    f"{name!r}, in {folder}, does not match the pattern "
                    f"{self.pattern}, or its identity or camera is empty."
                )
            if identity != "-1":
                kept.append(path)
                identities.append(identity)
                cameras.append(camera)
        if not kept:
            raise FileNotFoundError(
                f"All {len(paths)} images in {folder} have the identity -1, "
                "which is junk. Leave the folder out, or check the pattern "
                f"{self.pattern}."
            )
        return kept, identities, cameras


def list_images(folder):
    """`pathlib.Path`s of the images in a folder and in those in it.

    Links to files and folders count as what they lead to; hidden ones do not.
    """
    return list(_images(folder, ())) if folder.is_dir() else []


def _images(folder, above):
    here = os.path.realpath(folder)
    # A link may lead back.
    if here in above:
        return
    for entry in os.scandir(folder):
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if path.suffix.lower() in IMAGE_ENDINGS and entry.is_file():
            yield path
        elif entry.is_dir():
            yield from _images(path, (*above, here))

import dataclasses
from pathlib import Path
from typing import Literal, Self, get_args, get_origin

from keras_drop.checks import (
    checked_choice,
    is_whole,
    refuse_no_count,
    refuse_no_whole,
)
from keras_drop.datasets.checking.count_checks import check_counts
from keras_drop.datasets.data_kind import is_taken
from keras_drop.datasets.data_set import DATA_SETS
from keras_drop.datasets.data_sets import data_set
from keras_drop.datasets.data_source import DataSource
from keras_drop.evaluation.file_names import files_checksum
from keras_drop.records import Records

CameraMode = Literal["real", "fake", "none"]
GalleryShot = Literal["multi", "single"]
AveragePrecision = Literal["standard", "trapezoid"]
Ties = Literal["pessimistic", "optimistic", "stable"]
_SINGLE_SHOT = "_single_shot"


@dataclasses.dataclass(frozen=True)
class Protocol:
    """What has to be equal before two results can be compared.

    `Protocol.named("occluded_duke")` gives that of a known data set; the name
    with `_single_shot` behind it has one gallery image of each person. One of
    your own is made here, with a name of your own, and evaluated on your own
    `Records`. A variant is made by `dataclasses.replace`. All functions of
    evaluation that take one take the name of a known one too.

    Args:
        name: Its name. That of a known data set keeps its cameras.
        camera_mode: `"real"`: gallery images of the query's identity and
            camera are left out; `"fake"` (queries and gallery are different
            cameras) and `"none"`: only those of identity `-1` are.
        gallery_shot: `"multi"`, or `"single"`: the CMC curve is the mean over
            galleries of one image of each identity, drawn among those that
            the query ranks. All else, such as the average precision, stays
            that of the full gallery.
        repeats: Number of draws per query, or `"exact"`: the expectation over
            all draws. For single gallery shots only, like the next.
        seed: Integer from 0. The draws follow from it and from the row of the
            query; distances do not change them.
        average_precision: `"standard"` or `"trapezoid"`.
        ties: A negative at the distance of a positive is ahead of it
            (`"pessimistic"`), behind it (`"optimistic"`), or as they stand in
            the gallery (`"stable"`).
        max_rank: Length of the CMC curve; beyond the gallery its last value
            is repeated.

    Raises:
        ValueError: An unknown choice, or a known name with other cameras or
            another gallery than it says.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import Protocol
    >>> Protocol.named("partial_reid_cropped_single_shot").camera_mode
    'fake'
    >>> mine = Protocol("my_shop", camera_mode="none", repeats="exact")
    >>> records = Records(["a.jpg"], [7], [0]), Records(["b.jpg"], [7], [1])
    >>> len(mine.checksum(*records))
    64

    Reference:
        [Zheng et al., 2015](https://doi.org/10.1109/ICCV.2015.133)
    """

    name: str = "unnamed"
    camera_mode: CameraMode = "real"
    gallery_shot: GalleryShot = "multi"
    repeats: int | Literal["exact"] = 100
    seed: int = 1
    average_precision: AveragePrecision = "standard"
    ties: Ties = "pessimistic"
    max_rank: int = 50

    def __post_init__(self):
        for field in dataclasses.fields(self):
            if get_origin(field.type) is Literal:
                value = getattr(self, field.name)
                checked_choice(field.name, value, get_args(field.type))
        if not self.name:
            raise ValueError("A protocol needs a name.")
        whole = is_whole(self.repeats)
        if self.repeats != "exact" and (not whole or self.repeats < 1):
            raise ValueError(
                f'`repeats` is a whole number from 1, or "exact"; it is '
                f"{self.repeats!r}."
            )
        refuse_no_whole(seed=self.seed)
        refuse_no_count(max_rank=self.max_rank)
        for name in ("repeats", "seed", "max_rank"):
            value = getattr(self, name)
            if value != "exact":
                # NumPy's own can not be written as JSON.
                object.__setattr__(self, name, int(value))
        for name, value in _of_data_set(self.name).items():
            if getattr(self, name) != value:
                raise ValueError(
                    f"The protocol {self.name!r} has `{name}` {value!r}, not "
                    f"{getattr(self, name)!r}. Give a variant a name of its "
                    "own."
                )

    @classmethod
    def named(cls, name: str) -> Self:
        """The protocol of a known data set.

        Args:
            name: Such as `"occluded_duke"`, `"partial_reid_uncropped"` or
                `"occluded_reid_single_shot"`.

        Raises:
            ValueError: An unknown name; the message lists those there are.
        """
        try:
            data_set(name.removesuffix(_SINGLE_SHOT))
        except ValueError as error:
            raise ValueError(
                f"{error} As a protocol each may end in {_SINGLE_SHOT!r}."
            ) from None
        return cls(name, **_of_data_set(name))

    @classmethod
    def of_source(cls, source: DataSource, name: str = "") -> Self:
        """The protocol of data that `--data` names.

        Args:
            source: `DataSource`.
            name: Of the protocol. Left out, that of the data; of a known data
                set also that with `_single_shot` behind it.

        Raises:
            ValueError: Own data that is to be called like a known data set,
                or a known one like another.

        Example:
        >>> from keras_drop.datasets import DataSource, OwnData
        >>> from keras_drop.evaluation import Protocol
        >>> source = DataSource("shop.csv", OwnData(camera_mode="none"))
        >>> protocol = Protocol.of_source(source)
        >>> protocol.name, protocol.camera_mode
        ('shop', 'none')
        """
        name = name or source.name
        protocol = None
        if source.known is not None:
            protocol = cls.named(name)
        elif not is_taken(name):
            return cls(name, camera_mode=source.camera_mode)
        if protocol is None or name.removesuffix(_SINGLE_SHOT) != source.name:
            raise ValueError(
                f"The protocol {name!r} is that of another data set than "
                f"{source.data}; a result on it cannot carry this name. Leave "
                "it out, or name your own data otherwise."
            )
        return protocol

    @classmethod
    def of(cls, protocol: Self | str) -> Self:
        """A protocol as it is, or the one of the name."""
        if isinstance(protocol, str):
            return cls.named(protocol)
        if not isinstance(protocol, cls):
            raise ValueError(
                "`protocol` is a `Protocol`, or the name of one; it is "
                f"{protocol!r}."
            )
        return protocol

    def effective(self) -> dict:
        """Dictionary of its fields that have an effect.

        A full gallery is not drawn, and an exact mean needs no seed.
        """
        fields = dataclasses.asdict(self)
        if self.gallery_shot == "multi":
            del fields["repeats"]
        if self.gallery_shot == "multi" or self.repeats == "exact":
            del fields["seed"]
        return fields

    def read(
        self,
        root: str | Path,
        parsing_dir: str | Path | None = None,
        label_format: str | None = None,
        strict_counts: bool = True,
    ) -> dict[str, Records]:
        """Reads the data set of a known protocol; opens no image.

        Args:
            root: Folder of the data set, or the one above it.
            parsing_dir: Folder of its parsing labels.
            label_format: Their format; left out, what the data set usually
                has.
            strict_counts: Whether to refuse a data set that is not whole. A
                result on another number of images is not one of the protocol.

        Returns:
            Dictionary of `Records` for `"query"` and `"gallery"`, and
            `"train"` where the data set has training images.

        Raises:
            ValueError: A protocol of your own, which has no reader, another
                number of images or identities, or what the reader refuses.
            FileNotFoundError: Folders or files that are missing.
        """
        known = DATA_SETS.get(self.name.removesuffix(_SINGLE_SHOT))
        if known is None:
            raise ValueError(
                f"{self.name!r} is a protocol of your own: read your images "
                "with `keras_drop.datasets.DataSource`."
            )
        splits = known.read(
            root, parsing_dir, label_format or known.label_format
        )
        wrong = [f.message for f in check_counts(splits, known.counts)]
        if strict_counts and wrong:
            raise ValueError(
                f"{root} is not the whole of {known.name}: {' '.join(wrong)} "
                "To read it nevertheless say `strict_counts=False`."
            )
        return splits

    def checksum(self, query_records: Records, gallery_records: Records) -> str:
        """SHA-256 of the protocol and of the images it is evaluated on.

        The images count with base name, identity and camera; neither their
        folders nor their order matter. The number of draws and their seed
        count only where they have an effect.

        Args:
            query_records: `Records` of the queries.
            gallery_records: `Records` of the gallery.

        Returns:
            String of 64 hexadecimal digits.
        """
        return files_checksum(
            self.effective(), (query_records, gallery_records)
        )


def check_camera_mode(camera_mode):
    """Refuses a word that is no camera mode."""
    checked_choice("camera_mode", camera_mode, get_args(CameraMode))


def _of_data_set(name):
    """What the name says of cameras and gallery, if it is a known one."""
    known = DATA_SETS.get(name.removesuffix(_SINGLE_SHOT))
    if known is None:
        return {}
    return {
        "camera_mode": known.camera_mode,
        "gallery_shot": "single" if name.endswith(_SINGLE_SHOT) else "multi",
    }

import dataclasses
import hashlib
import json

from keras_drop.datasets.checking.count_checks import check_counts
from keras_drop.datasets.data_sets import DATA_SETS, data_set
from keras_drop.evaluation.distances.check_inputs import (
    check_choice,
    check_positive,
)

_SINGLE_SHOT = "_single_shot"


@dataclasses.dataclass(frozen=True)
class Protocol:
    """What has to be equal before two results can be compared.

    `Protocol.named("occluded_duke")` gives that of a known data set; the name
    with `_single_shot` behind it has one gallery image of each person. One of
    your own is made here, with a name of your own, and evaluated on your own
    `Records`. A variant is made by `dataclasses.replace`.

    Args:
        name: Its name. That of a known data set keeps its cameras.
        camera_mode: `"real"`: gallery images of the query's identity and
            camera are left out; `"fake"` and `"none"`: they are not.
        gallery_shot: `"multi"`: all gallery images; `"single"`: one of each
            person, drawn at random, for the CMC.
        repeats: How often they are drawn, or `"exact"` for the mean over all
            draws; of no effect with `"multi"`.
        seed: Of the draws.
        average_precision: `"standard"` or `"trapezoid"`.
        ties: Where a negative at the distance of a positive is:
            `"pessimistic"`, `"optimistic"` or `"stable"`.
        max_rank: Length of the CMC curve.

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

    name: str
    camera_mode: str = "real"
    gallery_shot: str = "multi"
    repeats: int | str = 100
    seed: int = 1
    average_precision: str = "standard"
    ties: str = "pessimistic"
    max_rank: int = 50

    def __post_init__(self):
        for name in (
            "camera_mode",
            "gallery_shot",
            "average_precision",
            "ties",
        ):
            check_choice(name, getattr(self, name))
        if not self.name:
            raise ValueError("A protocol needs a name.")
        if isinstance(self.repeats, int):
            check_positive("repeats", self.repeats)
        elif self.repeats != "exact":
            raise ValueError(
                "`repeats` is a whole number or 'exact'; it is "
                f"{self.repeats!r}."
            )
        check_positive("max_rank", self.max_rank)
        known = DATA_SETS.get(self.name.removesuffix(_SINGLE_SHOT))
        if known is None:
            return
        single = self.name.endswith(_SINGLE_SHOT)
        expected = {
            "camera_mode": known.camera_mode,
            "gallery_shot": "single" if single else "multi",
        }
        for name, value in expected.items():
            if getattr(self, name) != value:
                raise ValueError(
                    f"The protocol {self.name!r} has `{name}` {value!r}, not "
                    f"{getattr(self, name)!r}. Give a variant a name of its "
                    "own."
                )

    @classmethod
    def named(cls, name):
        """The protocol of a known data set.

        Args:
            name: Such as `"occluded_duke"`, `"partial_reid_uncropped"` or
                `"occluded_reid_single_shot"`.

        Raises:
            ValueError: An unknown name; the message lists those there are.
        """
        try:
            known = data_set(name.removesuffix(_SINGLE_SHOT))
        except ValueError as error:
            raise ValueError(
                f"{error} As a protocol each may end in {_SINGLE_SHOT!r}."
            ) from None
        single = name.endswith(_SINGLE_SHOT)
        return cls(
            name,
            camera_mode=known.camera_mode,
            gallery_shot="single" if single else "multi",
        )

    def read(
        self, root, parsing_dir=None, label_format=None, strict_counts=True
    ):
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
                "with `keras_drop.datasets.read_csv` or `read_folders`."
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

    def checksum(self, query_records, gallery_records):
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
        fields = dataclasses.asdict(self)
        if self.gallery_shot == "multi":
            del fields["repeats"]
        if self.gallery_shot == "multi" or self.repeats == "exact":
            del fields["seed"]
        digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode())
        for records in (query_records, gallery_records):
            rows = sorted(
                zip(
                    map(_base_name, records.paths.tolist()),
                    records.identities.tolist(),
                    records.cameras.tolist(),
                )
            )
            digest.update(f"\n{len(rows)}\n".encode())
            for row in rows:
                digest.update(json.dumps(row).encode())
        return digest.hexdigest()


def _base_name(path):
    return path.replace("\\", "/").rsplit("/", 1)[-1]

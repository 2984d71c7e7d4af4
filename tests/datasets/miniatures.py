"""Every data set that has a name, made up of a few tiny images."""

import dataclasses
import zlib

from tests.datasets.folders import save_image

_DUKE = {
    "bounding_box_train": (
        "0001_c2_f0046182.jpg",
        "0001_c3_f0046190.jpg",
        "0004_c8_f0000001.jpg",
        "0007_c1_f0000002.jpg",
    ),
    "query": ("0002_c1_f0000010.jpg", "0003_c5_f0000020.jpg"),
    "bounding_box_test": (
        "0002_c7_f0000011.jpg",
        "0003_c6_f0000021.jpg",
        "0009_c1_f0000030.jpg",
    ),
}
_DUKE_ROWS = {
    "train": [(1, 1), (1, 2), (4, 7), (7, 0)],
    "query": [(2, 0), (3, 4)],
    "gallery": [(2, 6), (3, 5), (9, 0)],
}
_MARKET = {
    "bounding_box_train": (
        "0002_c1s1_000451_03.jpg",
        "0002_c5s3_000551_01.jpg",
        "0007_c6s4_000002_02.jpg",
        "0010_c3s2_000003_02.jpg",
    ),
    "query": ("0001_c1s1_001051_00.jpg", "0003_c4s6_000010_00.jpg"),
    "bounding_box_test": (
        "-1_c3s2_000000_00.jpg",
        "0000_c1s1_000151_01.jpg",
        "0001_c2s1_001051_00.jpg",
        "0003_c6s6_000011_00.jpg",
    ),
}
_MARKET_ROWS = {
    "train": [(2, 0), (2, 4), (7, 5), (10, 2)],
    "query": [(1, 0), (3, 3)],
    "gallery": [(0, 0), (1, 1), (3, 5)],
}
_MSMT17 = {
    "train/0000": (
        "0000_000_01_0303morning_0015_0.jpg",
        "0000_001_15_0303noon_0016_1.jpg",
    ),
    "train/0001": ("0001_002_07_0303morning_0015_0.jpg",),
    "train/0002": ("0002_003_02_0303morning_0025_0.jpg",),
    "test/0000": (
        "0000_000_02_0302morning_0015_0.jpg",
        "0000_001_14_0302noon_0016_1.jpg",
    ),
    "test/0001": (
        "0001_002_03_0302morning_0015_0.jpg",
        "0001_003_04_0302noon_0016_1.jpg",
    ),
    "test/0002": ("0002_004_03_0302morning_0017_0.jpg",),
}
_MSMT17_LISTS = {
    "train": """0000/0000_000_01_0303morning_0015_0.jpg 0
0000/0000_001_15_0303noon_0016_1.jpg 0
0001/0001_002_07_0303morning_0015_0.jpg 1
""",
    "val": "0002/0002_003_02_0303morning_0025_0.jpg 2\n",
    "query": """0000/0000_000_02_0302morning_0015_0.jpg 0
0001/0001_002_03_0302morning_0015_0.jpg 1
""",
    "gallery": """0000/0000_001_14_0302noon_0016_1.jpg 0
0001/0001_003_04_0302noon_0016_1.jpg 1
0002/0002_004_03_0302morning_0017_0.jpg 2
""",
}
_MSMT17_ROWS = {
    "train": [(0, 0), (0, 14), (1, 6)],
    "query": [(0, 1), (1, 2)],
    "gallery": [(0, 13), (1, 3), (2, 2)],
}
_PARTIAL_REID = {
    folder: ("001_001.jpg", "002_001.jpg", "012_003.jpg")
    for folder in (
        "occluded_body_images",
        "partial_body_images",
        "whole_body_images",
    )
}
_FAKE_ROWS = {
    "query": [(1, 0), (2, 0), (12, 0)],
    "gallery": [(1, 1), (2, 1), (12, 1)],
}


@dataclasses.dataclass(frozen=True)
class Miniature:
    """Its folders, what they are read as, and where the first label is."""

    root: str
    folders: dict
    rows: dict
    label: str
    lists: dict = dataclasses.field(default_factory=dict)

    def make(self, folder):
        for name, files in self.folders.items():
            (folder / name).mkdir(parents=True)
            for file in files:
                path = folder / name / file
                save_image(path, zlib.crc32(f"{name}/{file}".encode()))
        for name, text in self.lists.items():
            (folder / f"list_{name}.txt").write_text(text)
        return folder


MINIATURES = {
    "market1501": Miniature(
        "Market-1501-v15.09.15",
        _MARKET,
        _MARKET_ROWS,
        "bounding_box_train/0002_c1s1_000451_03.npy",
    ),
    "market1501_500k": Miniature(
        "market1501",
        {**_MARKET, "images": ("0000_c2s1_000001_00.jpg",)},
        {**_MARKET_ROWS, "gallery": [(0, 0), (1, 1), (3, 5), (0, 1)]},
        "bounding_box_train/0002_c1s1_000451_03.npy",
    ),
    "dukemtmc": Miniature(
        "DukeMTMC-reID",
        _DUKE,
        _DUKE_ROWS,
        "bounding_box_train/0001_c2_f0046182.npy",
    ),
    "occluded_duke": Miniature(
        "Occluded_Duke",
        _DUKE,
        _DUKE_ROWS,
        "bounding_box_train/0001_c2_f0046182.jpg.confidence_fields.npy",
    ),
    "msmt17_train": Miniature(
        "MSMT17_V1",
        _MSMT17,
        _MSMT17_ROWS,
        "train/0000_000_01_0303morning_0015_0.npy",
        _MSMT17_LISTS,
    ),
    "msmt17_trainval": Miniature(
        "MSMT17_V2",
        {
            name.replace("train", "mask_train_v2").replace(
                "test", "mask_test_v2"
            ): files
            for name, files in _MSMT17.items()
        },
        {**_MSMT17_ROWS, "train": [*_MSMT17_ROWS["train"], (2, 1)]},
        "mask_train_v2/0000_000_01_0303morning_0015_0.npy",
        _MSMT17_LISTS,
    ),
    "occluded_reid": Miniature(
        "Occluded_REID",
        {
            f"{kind}_body_images/{identity}": (f"{identity}_03.tif",)
            for kind in ("occluded", "whole")
            for identity in ("001", "002", "012")
        },
        _FAKE_ROWS,
        "occluded_body_images/001_03.npy",
    ),
    "partial_reid_cropped": Miniature(
        "Partial-REID_Dataset",
        _PARTIAL_REID,
        _FAKE_ROWS,
        "partial_body_images/001_001.npy",
    ),
    "partial_reid_uncropped": Miniature(
        "Partial_REID",
        _PARTIAL_REID,
        _FAKE_ROWS,
        "occluded_body_images/001_001.npy",
    ),
    "partial_ilids_18": Miniature(
        "Partial_iLIDS",
        {
            folder: ("001.jpg", "002.jpg", "012.jpg")
            for folder in ("Probe", "Gallery")
        },
        _FAKE_ROWS,
        "Probe/001.npy",
    ),
    "partial_ilids_19": Miniature(
        "PartialILIDS",
        {
            folder: ("0001001.jpg", "0002004.jpg", "0012001.jpg")
            for folder in ("Probe", "Gallery")
        },
        _FAKE_ROWS,
        "Probe/0001001.npy",
    ),
    "p_duke": Miniature(
        "P-DukeMTMC-reid",
        {
            "train/occluded_body_images/0004": ("0004_c3_f0000001.jpg",),
            "train/whole_body_images/0004": ("0004_c5_f0000002.jpg",),
            "train/whole_body_images/0005": ("0005_c5_f0000003.jpg",),
            "test/occluded_body_images/0002": ("0002_c2_f0046182.jpg",),
            "test/occluded_body_images/0003": ("0003_c2_f0046183.jpg",),
            "test/whole_body_images/0002": ("0002_c2_f0046184.jpg",),
            "test/whole_body_images/0003": ("0003_c8_f0046185.jpg",),
            "test/whole_body_images/0001": ("0001_c8_f0046186.jpg",),
        },
        {
            "train": [(4, 0), (4, 1), (5, 1)],
            "query": [(2, 0), (3, 0)],
            "gallery": [(1, 1), (2, 1), (3, 1)],
        },
        "train/occluded_body_images/0004_c3_f0000001.npy",
    ),
    "embedded_pedestrians": Miniature(
        "embedded", _DUKE, _DUKE_ROWS, "bounding_box_train/0001_c2_f0046182.png"
    ),
}

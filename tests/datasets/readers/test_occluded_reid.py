import numpy as np
import pytest

from keras_drop.datasets import read_occluded_reid
from keras_drop.evaluation.ranking.matches import find_matches
from tests.datasets.folders import save_image
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


def make(root, folders, ending, nested):
    for folder in folders:
        for person in ("001", "002"):
            parent = root / folder / person if nested else root / folder
            parent.mkdir(parents=True, exist_ok=True)
            for number in range(1, 6):
                save_image(parent / f"{person}_{number:02}{ending}", number)
    return root


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("ending", [".tif", ".jpg", ".TIF"])
@pytest.mark.parametrize(
    "folders",
    [("occluded_body_images", "whole_body_images"), ("query", "gallery")],
)
def test_all_public_layouts(tmp_path, folders, ending, nested):
    splits = read_occluded_reid(make(tmp_path, folders, ending, nested))
    for records, folder, camera in zip(splits.values(), folders, (0, 1)):
        assert records.identities.tolist() == [1] * 5 + [2] * 5
        assert records.cameras.tolist() == [camera] * 10
        assert all(f"/{folder}/" in path for path in records.paths)


def test_a_query_keeps_the_gallery_image_of_its_number(tmp_path):
    """The second number of a name is not a camera: 001_03 keeps 001_03."""
    folders = "occluded_body_images", "whole_body_images"
    query, gallery = read_occluded_reid(
        make(tmp_path, folders, ".tif", nested=True)
    ).values()
    row = [path[-10:] for path in query.paths].index("001_03.tif")
    matches = find_matches(query, gallery, "real")
    place = list(matches.query_order).index(row)
    positives = matches.gallery_order[
        matches.starts[place] : matches.ends[place]
    ][matches.positives[place]]
    names = [path[-10:] for path in gallery.paths[np.sort(positives)]]
    assert names == [f"001_0{number}.tif" for number in range(1, 6)]


def test_partial_reid_is_not_taken_for_it(tmp_path):
    for name in ("partial_reid_cropped", "partial_reid_uncropped"):
        root = MINIATURES[name].make(tmp_path)
    with pytest.raises(ValueError, match=r"as Partial-REID has.*read_partial"):
        read_occluded_reid(root)


def test_another_data_set_is_named(tmp_path):
    root = MINIATURES["market1501"].make(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"It looks like .*Market-1501"):
        read_occluded_reid(root)

"""What public readers do wrong with these data sets, beside what ours do.

The numbers are those of a list of such traps. Of 3 the test is in
`test_identity_labels.py`, of 7 in `test_partial_ilids.py`, of 11 in
`checking/test_check.py`.
"""

import re

import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import ParsingLabels, Transform
from keras_drop.datasets import data_set, join_records
from keras_drop.evaluation import evaluate
from keras_drop.evaluation.ranking.matches import find_matches
from tests.datasets.folders import save_image
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


def read(name, root):
    return data_set(name).read(MINIATURES[name].make(root), None, "pifpaf36")


def num_positives(query, gallery, camera_mode):
    """Of every query that has some, in the order of `find_matches`."""
    matches = find_matches(query, gallery, camera_mode)
    return [int(positive.sum()) for positive in matches.positives]


def with_cameras(records, cameras):
    return Records(records.paths, records.identities, cameras)


def test_1_queries_that_are_in_the_gallery_find_themselves():
    """85 % of Occluded-Duke's queries, with any embedding of no use."""
    rng = np.random.default_rng(0)
    people = np.arange(100)
    query = Records([f"q{p}.jpg" for p in people], people, [0] * 100)
    gallery = Records(
        [f"q{p}.jpg" for p in people[:85]] + [f"g{p}.jpg" for p in people],
        np.concatenate([people[:85], people]),
        [0] * 85 + [1] * 100,
    )
    noise = rng.normal(size=(100, 64))
    embeddings = noise, np.concatenate([noise[:85], rng.normal(size=(100, 64))])
    splits = {"query": query, "gallery": gallery}
    right = evaluate(embeddings, splits, "occluded_duke", model="noise")
    assert right.metrics["rank-1"] < 0.1
    wrong = evaluate(embeddings, splits, "occluded_reid", model="noise")
    assert wrong.metrics["rank-1"] >= 0.85


def test_2_a_folder_that_looks_like_a_name(tmp_path):
    splits = read("dukemtmc", tmp_path / "run_3_c2")
    (first, *_) = splits["query"].paths
    assert (splits["query"].identities[0], splits["query"].cameras[0]) == (2, 0)
    wrong = re.search(r"(\d+)_c(\d)", first)
    assert wrong.groups() == ("3", "2")


def test_4_the_image_number_is_no_camera(tmp_path):
    """Of Occluded-REID, and of what public readers take for the camera."""
    for folder in ("occluded_body_images", "whole_body_images"):
        (tmp_path / folder / "001").mkdir(parents=True)
        for number in range(1, 6):
            save_image(tmp_path / folder / f"001/001_{number:02}.tif", number)
    splits = data_set("occluded_reid").read(tmp_path, None, "pifpaf36")
    query, gallery = splits["query"], splits["gallery"]
    assert num_positives(query, gallery, "real") == [5] * 5
    numbers = [int(path[-6:-4]) for path in query.paths]
    wrong = with_cameras(query, numbers), with_cameras(gallery, numbers)
    assert num_positives(*wrong, "real") == [4] * 5


@pytest.mark.parametrize("name", ["occluded_reid", "partial_reid_cropped"])
def test_5_what_is_hidden_is_searched(name, tmp_path):
    splits = read(name, tmp_path)
    folders = [splits[split].paths[0].split("/") for split in splits]
    assert list(splits) == ["query", "gallery"]
    assert any("whole" in part for part in folders[1])
    assert not any("whole" in part for part in folders[0])


def test_6_two_queries_of_partial_reid_are_two_protocols(tmp_path):
    queries = []
    for name in ("partial_reid_cropped", "partial_reid_uncropped"):
        queries.append(read(name, tmp_path / name)["query"])
    assert queries[0].identities.tolist() == queries[1].identities.tolist()
    assert "partial_body" in queries[0].paths[0]
    assert "occluded_body" in queries[1].paths[0]
    with pytest.raises(ValueError, match="results cannot be compared"):
        data_set("partial_reid")


def test_8_matches_of_the_same_real_camera_stay(tmp_path):
    root = MINIATURES["p_duke"].make(tmp_path)
    save_image(root / "test/whole_body_images/0003/0003_c5_f0000012.jpg")
    splits = data_set("p_duke").read(root, None, "pifpaf36")
    query, gallery = splits["query"], splits["gallery"]
    chosen = query.identities == 3
    assert num_positives(query[chosen], gallery, "real") == [2]
    real = [
        with_cameras(r, [int(re.search(r"_c(\d)", p)[1]) for p in r.paths])
        for r in (query, gallery)
    ]
    assert num_positives(real[0][chosen], real[1], "real") == [1]


def test_9_what_is_trained_on_is_in_the_name(tmp_path):
    root = MINIATURES["msmt17_trainval"].make(tmp_path)
    train, both = (
        data_set(name).read(root, None, "pifpaf36")["train"]
        for name in ("msmt17_train", "msmt17_trainval")
    )
    assert len(train) < len(both)
    with pytest.raises(ValueError, match="results cannot be compared"):
        data_set("msmt17")


def test_10_person_1_of_one_set_is_not_that_of_another(tmp_path):
    market = read("market1501", tmp_path / "a")["train"]
    duke = read("dukemtmc", tmp_path / "b")["train"]
    people = [set(records.identities.tolist()) for records in (market, duke)]
    assert len(people[0] | people[1]) == len(people[0])  # Mixed up.
    joined = join_records({"market": market, "duke": duke})
    assert len(np.unique(joined.identities)) == len(people[0]) + len(people[1])
    assert len(np.unique(joined.cameras)) == sum(
        len(np.unique(records.cameras)) for records in (market, duke)
    )


def test_a_map_of_labels_is_applied_to_a_copy():
    """7 parts to HPNet's 4; in place, what was mapped is mapped again."""
    label = np.array([[5, 6, 7]], "uint8")
    mapped = ParsingLabels("png7", "hpnet_four").group(label)
    assert mapped.tolist() == [[3, 4, 4]]
    assert label.tolist() == [[5, 6, 7]]
    wrong = label.copy()
    for source, part in {7: 4, 6: 4, 5: 3, 4: 2, 3: 2, 2: 2, 1: 1}.items():
        wrong[wrong == source] = part
    assert wrong.tolist() == [[2, 2, 2]]


def test_a_part_of_one_row_is_lost_by_nearest():
    label = np.zeros((64, 32), "uint8")
    label[1] = 1
    transform = Transform((32, 16))
    rows = {}
    for reduction in ("area_max", "nearest"):
        labels = ParsingLabels("png7", "hpnet_four", label_reduction=reduction)
        soft = labels.sample(labels.group(label), transform)
        assert soft.shape == (8, 4, 5)
        rows[reduction] = soft[..., 1].max(axis=1).nonzero()[0].tolist()
    assert rows == {"area_max": [0], "nearest": []}

from pathlib import Path

import pytest

from keras_drop.training import DataSettings

pytestmark = pytest.mark.backend_neutral


def test_what_follows_from_the_data_set():
    settings = DataSettings("embedded_pedestrians:some/where", Path("parts"))
    assert settings.folder == Path("some/where")
    assert settings.test_protocol.name == "embedded_pedestrians"
    assert settings.format == "densepose14"
    other = DataSettings(
        "occluded_reid:a:b",
        label_format="png7",
        protocol="occluded_reid_single_shot",
    )
    assert other.folder == Path("a:b")
    assert other.test_protocol.name == "occluded_reid_single_shot"
    assert other.format == "png7"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": "market1502:x"}, "market1502"),
        ({"protocol": "market"}, "market"),
        ({"validation_people": -1}, "`validation_people` is -1"),
        ({"label_reduction": "area"}, "Did you mean 'area_max'"),
    ],
)
def test_mistakes_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        DataSettings(**arguments)


def test_labels_are_needed_for_parts(tmp_path):
    settings = DataSettings(f"market1501:{tmp_path}")
    settings.check(reads_labels=False)
    with pytest.raises(ValueError, match="`parsing_dir` is missing"):
        settings.check(reads_labels=True)
    DataSettings(f"market1501:{tmp_path}", label_format="stripes").check(True)
    with pytest.raises(FileNotFoundError, match="`parsing_dir` is nowhere"):
        DataSettings(f"market1501:{tmp_path}", Path("nowhere")).check(True)


def test_what_is_drawn_need_not_be_there(tmp_path):
    data = f"embedded_pedestrians:{tmp_path / 'new'}"
    DataSettings(data, tmp_path / "new/parts", render="mini").check(True)


def test_a_table_to_evaluate_has_its_labels_in_itself(tmp_path):
    """Those of the folder are of the images to train on."""
    folder = tmp_path / "new"
    data = f"embedded_pedestrians:{folder}", folder / "parts"
    drawn = DataSettings(*data, render="mini").read()
    rows = ["path,identity,camera,split"]
    for split in ("query", "gallery"):
        row = drawn[split].paths[0], drawn[split].identities[0]
        rows.append(f"{row[0]},{row[1]},{split},{split}")
    (tmp_path / "shop.csv").write_text("\n".join(rows))
    settings = DataSettings(*data, test_data=f"{tmp_path / 'shop.csv'}")
    settings.check(reads_labels=True)
    splits = settings.read()
    assert (splits["train"].parsing_paths != "").all()
    assert len(splits["query"]) == 1 and not splits["query"].parsing_paths[0]
    with pytest.raises(ValueError, match="does nothing for"):
        DataSettings(f"{tmp_path / 'shop.csv'}", folder / "parts").read()


def test_draws_and_reads(tmp_path, capsys):
    folder = tmp_path / "new"
    splits = DataSettings(
        f"embedded_pedestrians:{folder}", folder / "parts", render="mini"
    ).read()
    assert len(splits["train"]) == 64
    assert (splits["train"].parsing_paths != "").all()
    assert "query: Records(12 images" in capsys.readouterr().out

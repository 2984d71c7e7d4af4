import dataclasses

import numpy as np
import pytest

from keras_drop.cli.published import main
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    ModelDescription,
    Protocol,
    evaluate,
    published_table,
)
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral


def a_card(protocol="occluded_reid", **changes):
    """Rank-1 50 %, mAP 75 %: one of two queries finds its person second."""
    splits = {
        "query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
        "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1]),
    }
    query = Descriptors(np.array([[1.0, 0.0], [1.0, 0.1]]))
    protocol = dataclasses.replace(Protocol.named(protocol), **changes)
    return evaluate(
        (query, Descriptors(np.eye(2))),
        splits,
        protocol,
        model=ModelDescription("ours", image_size=(256, 128)),
    )


def row_of(table, start):
    (line,) = [
        line for line in table.splitlines() if line.startswith(f"| {start} ")
    ]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_differences_stand_where_all_was_counted_alike():
    table = published_table("occluded_reid", a_card())
    own = row_of(table, "ours")
    assert own[1] == "256x128" and own[-4:] == ["50.0", "75.0", "", ""]
    assert row_of(table, "DPEFormer")[-2:] == ["-37.0", "-4.5"]
    # HPNet's average precision is the trapezoid's.
    hpnet = row_of(table, "HPNet")
    assert hpnet[-2:] == ["-", "-"] and "AP trapezoid" in hpnet
    # Half of a pair is compared alone.
    half = row_of(table, "BPBReID, HRNet-W32")
    assert half[-4:] == ["-", "75.2", "-", "-0.2"]


def test_who_insists_gets_the_difference_and_the_reason():
    card = a_card(average_precision="trapezoid")
    table = published_table("occluded_reid", card, compare_protocol="warn")
    mean = 100 * card.metrics["mAP"]
    assert row_of(table, "HPNet")[-2:] == ["-37.3", f"{mean - 77.4:+.1f}"]
    assert "AP standard" in row_of(table, "DPEFormer")
    assert row_of(table, "DPEFormer")[-1] == f"{mean - 79.5:+.1f}"


def test_re_ranked_results_are_not_compared_with_others():
    card = dataclasses.replace(a_card("market1501"), rerank="zhong2017")
    row = row_of(published_table("market1501", card), "DPEFormer")
    assert "re-ranking off" in row and row[-2:] == ["-", "-"]


def test_a_card_of_another_protocol_has_no_difference():
    table = published_table("market1501", a_card())
    assert row_of(table, "ours")[-4:] == ["50.0", "75.0", "", ""]
    row = row_of(table, "DPEFormer")
    assert "protocol market1501" in row and row[-2:] == ["-", "-"]
    insisted = published_table("market1501", a_card(), compare_protocol="warn")
    assert row_of(insisted, "DPEFormer")[-2:] == ["-45.4", "-13.1"]


def test_the_command_prints_marks_and_hides_what_is_unverified(
    tmp_path, capsys
):
    path = a_card().save(tmp_path / "card.json")
    assert main([f"--card={path}"]) == 0
    shown = capsys.readouterr().out
    assert row_of(shown, "ours")[-4] == "50.0" and "AMFOR" not in shown
    assert "P: printed by the authors" in shown
    assert main(["--protocol=occluded_reid", "--include_unverified"]) == 0
    shown = capsys.readouterr().out
    assert row_of(shown, "AMFOR")[2] == "U" and "ours" not in shown
    assert main(["--protocol=occluded_reid", "--marks=P,U"]) == 0
    shown = capsys.readouterr().out
    assert row_of(shown, "AMFOR")[2] == "U" and "| PAT " not in shown
    with pytest.raises(ValueError, match="--protocol=NAME"):
        main([])
    with pytest.raises(ValueError, match=r"marks.*'Q'"):
        main(["--protocol=occluded_reid", "--marks=P,Q"])

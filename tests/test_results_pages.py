"""What the results pages show is what the files of figures hold."""

import json

import pytest

from benchmarks import result_files
from benchmarks.result_columns import change, mean, of_each_seed, parts
from benchmarks.result_files import (
    mean_and_deviation,
    read_rows,
    row_of,
    write_rows,
)
from benchmarks.result_table import Table
from benchmarks.result_tables import TABLES
from benchmarks.results_pages import pages, with_tables

pytestmark = pytest.mark.backend_neutral


def test_pages_show_the_figures_of_the_files():
    """`python -m benchmarks.results_pages` mends it."""
    assert len(pages()) >= 8
    for page in pages():
        assert page.read_text() == with_tables(page.read_text()), page


def test_every_table_stands_on_a_page():
    text = "".join(page.read_text() for page in pages())
    assert {text.count(f"<!-- table: {name} -->") for name in TABLES} == {1}


def test_files_say_how_they_were_measured():
    for path in result_files.RESULTS.glob("*.json"):
        assert len(json.loads(path.read_text())["measured"]) > 40
        assert read_rows(path.stem)


def test_a_page_with_another_figure_is_seen():
    page = pages()[0].read_text()
    assert with_tables(page.replace("± ", "± 9", 1)) == page
    with pytest.raises(KeyError, match="guess"):
        with_tables("<!-- table: guess -->\n<!-- end of table -->")


def test_a_kept_mean_goes_before_one_of_rounded_figures():
    row = row_of({"1": {"mAP": 0.5, "none": float("nan")}, "2": {"mAP": 0.6}})
    assert row == {"seeds": {"1": {"mAP": 50.0}, "2": {"mAP": 60.0}}}
    assert mean_and_deviation(row, "mAP") == pytest.approx((55.0, 7.0710678))
    row["mean"] = {"mAP": [54.9, 7.1]}
    assert mean_and_deviation(row, "mAP") == (54.9, 7.1)
    assert mean_and_deviation(row, "rank-1") == (None, None)


def test_columns():
    rows = {
        "plain": row_of({"1": {"mAP": 0.50}, "2": {"mAP": 0.60}}),
        "better": {
            "mean": {"IoU of head": [58.2, None]},
            **row_of({"1": {"mAP": 0.52}, "2": {"mAP": 0.59}}),
        },
    }
    columns = (
        mean("mAP", decimals=0),
        of_each_seed(),
        change("plain"),
        parts(),
    )
    assert Table(tuple(rows), columns, corner="model").lines(rows)[2:] == [
        "| plain | 55 ± 7 | 50.0, 60.0 |  |  |",
        "| better | 56 ± 5 | 52.0, 59.0 | +2.0, -1.0 | head 58 |",
    ]


def test_new_rows_stand_beside_the_old_ones(tmp_path):
    file = tmp_path / "new" / "retrieval.json"
    write_rows(file, "a command", {"a": {"mean": {"mAP": [1.0, None]}}})
    write_rows(file, "another", {"b": row_of({"1": {"mAP": 0.25}})})
    found = json.loads(file.read_text())
    assert found["measured"] == "another"
    assert list(found["rows"]) == ["a", "b"]
    assert found["rows"]["b"]["seeds"]["1"]["mAP"] == 25.0

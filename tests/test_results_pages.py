"""What the results pages show is what the files of figures hold."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import parsing_labels, recording, result_files
from benchmarks.result_columns import (
    change,
    compared,
    failed_or,
    mean,
    of_each_seed,
    parts,
)
from benchmarks.result_files import (
    as_text,
    mean_and_deviation,
    one_run,
    read_rows,
    row_of,
    write_rows,
)
from benchmarks.result_table import Table
from benchmarks.result_tables import TABLES
from benchmarks.results_pages import ROOT, pages, with_tables
from keras_drop.evaluation import PartOverlap

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


def test_files_are_written_as_a_new_run_would():
    for path in result_files.RESULTS.glob("*.json"):
        text = path.read_text()
        assert as_text(json.loads(text)) == text


@pytest.mark.parametrize(
    ("page", "figure"),
    [
        ("README.md", "± "),
        ("docs/results/speed.md", "| ResNet-50 | 16 | PyTorch | 1"),
        ("docs/results/speed.md", "| JAX | 1,890 | 1,4"),
        ("docs/results/speed.md", "people behind an obstacle | 1"),
        ("docs/results/speed.md", "| 9 | continuous | largest | 1"),
        ("docs/results/speed.md", "| MSMT17, 93,820 | medium | 5"),
        ("docs/guide/parsing_labels.md", "| as `five` | 77"),
    ],
)
def test_a_page_with_another_figure_is_seen(page, figure):
    page = (ROOT / page).read_text()
    assert figure in page
    changed = page.replace(figure, figure + "9", 1)
    assert with_tables(changed) == page != changed


def test_an_unknown_table_is_refused():
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


def test_changes_are_of_the_same_seed():
    rows = {
        "long": row_of({k: {"mAP": 0.5 + int(k) / 100} for k in "1234"}),
        "short": row_of({"4": {"mAP": 0.6}, "2": {"mAP": 0.5}}),
    }
    title, cell = change("short")
    assert title == "change of mAP, seed by seed"
    assert cell(rows["long"], rows) == "+2.0, -6.0"
    assert change("long")[1](rows["short"], rows) == "+6.0, -2.0"


def test_new_rows_stand_beside_the_old_ones(tmp_path):
    file = tmp_path / "new" / "comparison.json"
    write_rows(file, "a command", {"a": {"mean": {"mAP": [1.0, None]}}})
    write_rows(file, "another", {"b": row_of({"1": {"mAP": 0.25}})})
    write_rows(file, "a command", {"c": one_run({"seconds": 1.2345})})
    assert json.loads(file.read_text()) == {
        "measured": "a command",
        "rows": {
            "a": {"mean": {"mAP": [1.0, None]}},
            "b": {"measured": "another", "seeds": {"1": {"mAP": 25.0}}},
            "c": {"mean": {"seconds": [1.23, None]}},
        },
    }


def test_columns_of_speed():
    rows = {
        "jax, 16": one_run({"seconds": 9.87, "MB": 1078.4, "roa": 800}),
        "torch, 16": {"failed": "out of memory"},
        "torch, 8": one_run({"seconds": 50.81, "MB": 7, "roa": 10}),
    }
    names = {name: name.replace(", ", " | ") for name in rows}
    columns = (failed_or(mean("seconds", decimals=None)), mean("MB", "MB", 0))
    table = Table(names, columns, corner="backend | batch")
    assert table.lines(rows) == [
        "| backend | batch | seconds | MB |",
        "| --- | --- | ---: | ---: |",
        "| jax | 16 | 9.87 | 1,078 |",
        "| torch | 16 | out of memory |  |",
        "| torch | 8 | 50.8 | 7 |",
    ]
    _, cell = compared("roa", "MB", "with ROA")
    assert cell(rows["jax, 16"], rows) == "800 (-26 %)"
    assert cell(rows["torch, 8"], rows) == "10 (+43 %)"


def test_a_run_keeps_its_command_and_machine(tmp_path, monkeypatch):
    file = tmp_path / "ranking.json"
    arguments = ["/x/benchmarks/ranking.py", "--parts=6", f"--results={file}"]
    monkeypatch.setattr("sys.argv", arguments)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    flag = SimpleNamespace(value=None)
    monkeypatch.setattr(recording, "RESULTS", flag)
    recording.record({"a": one_run({"seconds": 1})})
    assert not file.exists()
    flag.value = str(file)
    recording.record({"a": one_run({"seconds": 2})})
    recording.record({"a": one_run({"seconds": 3})})
    found = json.loads(file.read_text())
    command, _, machine = found["measured"].partition(": ")
    assert command == (
        "KERAS_BACKEND=jax python -m benchmarks.ranking --parts=6"
    )
    assert "CPU cores" in machine and "keras 3" in machine
    assert found["rows"] == {"a": {"mean": {"seconds": [3.0, None]}}}


def test_both_sides_of_a_part_are_one_figure():
    overlap = PartOverlap(["left_foot", "right_foot", "upper_body", "tail"])
    overlap.add(np.array([[0, 1, 2, 2, 3]]), np.array([[0, 1, 1, 2, 3]]))
    found = parsing_labels.figures(overlap)
    assert list(found) == ["mean", "IoU of upper body", "IoU of feet"]
    assert list(found.values()) == pytest.approx([75.0, 100.0, 50.0])

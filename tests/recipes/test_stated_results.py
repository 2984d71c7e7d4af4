"""The figures in the headers of recipes are those of `benchmarks/results`."""

import importlib
import re

import pytest

from benchmarks.result_files import mean_and_deviation, read_rows
from keras_drop import recipes

pytestmark = pytest.mark.backend_neutral

# File and row of every mAP that a header states, in its order.
STATED = {
    "demo": [("real_start", "the demo")],
    "demo_from_scratch": [
        ("from_scratch", "DROP"),
        ("from_scratch", "BPBReID"),
        ("from_scratch", "global baseline"),
    ],
    "dpeformer_demo": [("from_scratch", "DPEFormer without a start")],
    "drop_demo": [("real_start", "DROP")],
    "hpnet_demo": [
        ("from_scratch", "HPNet with shared conv5"),
        ("from_scratch", "HPNet"),
    ],
    "pab_reid_demo": [("real_start", "PAB-ReID")],
}


def stated(text):
    """Means and deviations: `mAP 15.7`, `has 53.6 ± 0.4`, `51.6 ± 0.7`."""
    found = re.findall(r"\d+\.\d ± \d+\.\d|(?<=mAP )\d+\.\d", text)
    return [[float(x) for x in figure.split(" ± ")] for figure in found]


def measured(file, row):
    figures = mean_and_deviation(read_rows(file)[row], "mAP")
    return [round(figure, 1) for figure in figures if figure is not None]


def test_figures_are_found():
    text = "mAP 56.1 ± 3.5.\n`--a` has 53.6 ± 0.4, mAP 15.7, arXiv 2401.18032"
    assert stated(text) == [[56.1, 3.5], [53.6, 0.4], [15.7]]


@pytest.mark.parametrize("name", recipes.names())
def test_a_header_states_what_was_measured(name):
    header = importlib.import_module(f"keras_drop.recipes.{name}").__doc__
    rows = STATED.get(name, [])
    assert stated(header) == [measured(*row) for row in rows]

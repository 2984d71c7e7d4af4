"""The documentation builds, stands alone, and says something of every name."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from docstrings import rewritten
from equations import with_mathml
from public_names import public_names

import keras_drop

pytestmark = pytest.mark.backend_neutral

ROOT = Path(__file__).parents[1]
NAMES = public_names()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The documentation, built as `make docs` does; warnings are errors."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    built = subprocess.run(
        [*command, "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_public_names_are_found():
    paths = {name.path for name in NAMES}
    assert {
        "keras_drop.Records",
        "keras_drop.load_model",
        "keras_drop.losses.FocalParsing",
        "keras_drop.data.occlusions.OCCLUSIONS",
    } <= paths
    assert len(paths) > 150


def test_every_public_name_has_a_docstring():
    missing = {name.path for name in NAMES if not name.docstring()}
    assert not missing


def test_every_loss_has_its_equation():
    losses = [
        getattr(keras_drop.losses, name)
        for name in keras_drop.losses.__all__
        if name[0].isupper()
    ]
    assert len(losses) > 5
    assert not [loss for loss in losses if loss.__doc__.count("$$") != 2]


@pytest.mark.slow
def test_every_public_name_has_a_page(site):
    missing = []
    for name in NAMES:
        page = (site / name.page).with_suffix(".html")
        if f'id="{name.source}"' not in page.read_text():
            missing.append(name.path)
    assert not missing


@pytest.mark.slow
def test_names_in_the_text_are_links(site):
    page = (site / "guide" / "own_code.html").read_text()
    name = "keras_drop.models.backbones.checkpoints.load_checkpoint"
    assert re.search(rf'<a href="\.\./reference/[^"]*{name}', page)
    assert "<code>embeddings</code>" in page


@pytest.mark.slow
def test_pages_load_nothing_from_elsewhere(site):
    """No tracker, font, script or picture of another host."""
    tags = r"<(?:script|img|iframe|link)[^>]*(?:src|href)=\"?(?:https?:)?//"
    for page in site.rglob("*.html"):
        found = re.findall(tags + r"[^>]*>", page.read_text())
        assert not [tag for tag in found if 'rel="canonical"' not in tag], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\(['\"]?(?:https?:)?//", style.read_text())


def test_equations_are_drawn_by_the_browser():
    marked = '<span class="arithmatex">\\(a_1 &lt; \\frac{b}{2}\\)</span>'
    drawn = with_mathml(f"<p>{marked}</p>")
    assert drawn.startswith("<p><math") and "<mfrac>" in drawn
    assert "\\frac" not in drawn and "arithmatex" not in drawn


def test_docstrings_become_sections():
    text = (
        "Does it.\n\nArgs:\n    size: How many.\n\nCall arguments:\n"
        "    images: Pixels,\n        many.\n\nExample:\n>>> 1 + 1\n2\n\n"
        "Reference:\n    [A paper](https://arxiv.org)\n"
    )
    assert rewritten(text) == (
        "Does it.\n\nArgs:\n    size: How many.\n\n**Call arguments**\n\n"
        "- **`images`**: Pixels,\n    many.\n\nExamples:\n    >>> 1 + 1\n    2"
        "\n\n**Reference**\n\n[A paper](https://arxiv.org)\n\n"
    )

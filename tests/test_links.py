"""Links of the documentation lead to pages and headings that are there."""

import re
from pathlib import Path

import pytest
from markdown.extensions.toc import slugify

pytestmark = pytest.mark.backend_neutral

ROOT = Path(__file__).parents[1]
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
# Written when the site is built, from the docstrings.
MADE = ROOT / "docs" / "reference"


def headings(page):
    """Anchors of the headings of a page."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = [
        re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title).replace("`", "")
        for title in titles
    ]
    return {slugify(title, "-") for title in plain}


def links(page):
    """Targets of a page's links within the project."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [x for x in targets if not re.match(r"\w+:", x)]


@pytest.mark.parametrize("page", PAGES, ids=lambda x: str(x.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in links(page):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if found.is_relative_to(MADE):
            continue
        assert found.exists(), target
        assert not anchor or anchor in headings(found), target


def test_links_are_found():
    assert sum(len(links(page)) for page in PAGES) > 150
    assert any("#" in target for page in PAGES for target in links(page))

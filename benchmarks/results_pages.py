"""Writes the tables of the documentation from the files of measured figures.

    python -m benchmarks.results_pages

A page says where a table goes:

    <!-- table: models -->
    <!-- end of table -->

What stands between the two lines is replaced.
"""

import re
from pathlib import Path

from benchmarks.result_tables import TABLES

ROOT = Path(__file__).parents[1]
_PLACE = re.compile(
    r"(?P<start><!-- table: (?P<name>\w+) -->\n).*?"
    r"(?P<end><!-- end of table -->)",
    re.DOTALL,
)


def with_tables(text):
    """A page with every table as the files have it.

    Raises:
        KeyError: A table that is not known.
    """

    def table(match):
        lines = "\n".join(TABLES[match["name"]].lines())
        return f"{match['start']}\n{lines}\n\n{match['end']}"

    return _PLACE.sub(table, text)


def pages():
    """The pages that have tables."""
    return [
        page
        for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
        if _PLACE.search(page.read_text())
    ]


def main():
    for page in pages():
        text = page.read_text()
        written = with_tables(text)
        if written != text:
            page.write_text(written)
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()

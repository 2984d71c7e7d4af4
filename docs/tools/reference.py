"""Hook of MkDocs: one page for each file that has public names.

reference/index.md                  all names by package, a line each
reference/losses/focal_parsing.md   what the docstrings of the file say
"""

import importlib
import inspect
import itertools
import re
import sys
from pathlib import Path

from mkdocs.structure.files import File
from mkdocs.utils import get_relative_url

sys.path.insert(0, str(Path(__file__).parent))

from public_names import public_names, public_packages

_TITLE = "Reference"
_CODE = re.compile(r"(<a [^>]*>)?<code>([\w.]+)(\([^<]*\))?</code>")


def on_config(config):
    """Fills the entries of the navigation that are made here."""
    _pages.cache = _pages()
    decisions = sorted(Path(config.docs_dir, "decisions").glob("*.md"))
    made = {
        _TITLE: _navigation(_pages.cache),
        "Decisions": [f"decisions/{page.name}" for page in decisions],
    }
    for entry in config.nav:
        entry.update({title: made[title] for title in entry if title in made})
    return config


def on_files(files, config):
    for page, names in _pages.cache.items():
        files.append(File.generated(config, page, content=_page(names)))
    content = _index(_pages.cache)
    files.append(File.generated(config, "reference/index.md", content=content))
    return files


def on_page_content(content, page, **_):
    """Links the public names in the text of a page, but for the reference."""
    if page.url.startswith("reference/"):
        return content
    targets = _targets(_pages.cache)

    def linked(match):
        target = targets.get(match[2])
        if match[1] or not target:
            return match[0]
        url = get_relative_url(target, page.url)
        return f'<a href="{url}">{match[0]}</a>'

    return _CODE.sub(linked, content)


def _targets(pages):
    """Where a name is explained, by its path, and a class by its bare name."""
    found = {}
    for name in itertools.chain.from_iterable(pages.values()):
        url = f"{name.page.removesuffix('.md')}.html#{name.source}"
        found[name.path] = url
        if re.match(r"[A-Z]+[a-z]|[A-Z]+$", name.name):
            found[name.name] = url
    return found


def _pages():
    """Public names by page."""
    found = {}
    for name in public_names():
        found.setdefault(name.page, []).append(name)
    return found


def _navigation(pages):
    by_package = {}
    for page, names in pages.items():
        by_package.setdefault(names[0].package, []).append(
            {_title(names): page}
        )
    return [
        {"All names": "reference/index.md"},
        *(
            {package: sorted(entries, key=lambda entry: next(iter(entry)))}
            for package, entries in by_package.items()
        ),
    ]


def _title(names):
    """A file is named after its class, which stands first, or its functions."""
    classes = [name.name for name in names if name.name[:1].isupper()]
    return ", ".join(classes[:1] or [name.name for name in names[:2]])


def _page(names):
    ordered = sorted(names, key=lambda name: not name.name[0].isupper())
    lines = [f"# {_title(names)}", ""]
    for package, group in itertools.groupby(
        sorted(ordered, key=lambda name: name.package),
        key=lambda name: name.package,
    ):
        imported = ", ".join(name.name for name in group)
        lines += ["```python", f"from {package} import {imported}", "```", ""]
    for name in ordered:
        lines += [f"::: {name.source}", ""]
    return "\n".join(lines)


def _index(pages):
    names = list(itertools.chain.from_iterable(pages.values()))
    lines = [
        "# All public names",
        "",
        "Everything here is imported as it is written: "
        "`keras_drop.losses.FocalParsing`, or "
        "`from keras_drop.losses import FocalParsing`. What is in no table "
        "below may change without a word.",
        "",
    ]
    for package in public_packages():
        own = [name for name in names if name.package == package]
        if own:
            doc = inspect.getdoc(importlib.import_module(package))
            lines += [
                f"## {package}",
                "",
                doc,
                "",
                "| name | |",
                "| --- | --- |",
            ]
            lines += [_row(name) for name in sorted(own, key=_order)]
            lines += [""]
    return "\n".join(lines)


def _order(name):
    return (not name.name[0].isupper(), name.name)


def _row(name):
    page = name.page.removeprefix("reference/")
    summary = " ".join(name.summary().split()).replace("|", "\\|")
    return f"| [`{name.name}`]({page}#{name.source}) | {summary} |"

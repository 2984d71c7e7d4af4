"""What is installed: all of the package, its commands, only what it imports."""

import ast
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.backend_neutral, pytest.mark.slow]

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "keras_drop"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The files of a wheel, as an installation has them."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, source / "keras_drop", ignore=ignore)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index"]
    options = ["--no-deps", "--no-build-isolation", f"--wheel-dir={folder}"]
    built = subprocess.run(
        [*command, *options, source], capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    [wheel] = folder.glob("keras_drop-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "installed")
    return folder / "installed"


def metadata(installed):
    [folder] = installed.glob("*.dist-info")
    return importlib.metadata.PathDistribution(folder)


def test_holds_the_package_and_nothing_else(installed):
    expected = {
        str(file.relative_to(ROOT))
        for file in PACKAGE.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    found = {
        str(file.relative_to(installed))
        for file in installed.rglob("*")
        if file.is_file() and "dist-info" not in str(file)
    }
    assert found == expected
    assert "keras_drop/py.typed" in found


def test_a_dependency_is_imported(installed):
    imported = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    modules = {}
    for module, names in importlib.metadata.packages_distributions().items():
        for name in names:
            modules.setdefault(normalised(name), set()).add(module)
    required = [
        normalised(re.match(r"[\w.-]+", requirement).group())
        for requirement in metadata(installed).requires
        if "extra ==" not in requirement
    ]
    assert "keras-hub" in required
    for name in required:
        assert modules[name] & imported, f"nothing imports {name}"


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_has_the_commands_of_the_pages(installed):
    text = "\n".join(page.read_text() for page in PAGES)
    verbs = set(re.findall(r"(?:-m keras_drop|keras-drop) ([a-z_]+)", text))
    recipes = set(re.findall(r"--recipe=([a-z_\d]+)", text))
    assert verbs >= {"check", "evaluate", "train"}
    assert "demo" in recipes
    for folder, names in (("cli", verbs), ("recipes", recipes)):
        for name in names:
            place = installed / "keras_drop" / folder / name
            assert place.with_suffix(".py").exists() or place.is_dir(), name


def test_the_command_starts_without_the_checkout(installed, tmp_path):
    [script] = metadata(installed).entry_points.select(group="console_scripts")
    assert script.name == "keras-drop"
    module, function = script.value.split(":")
    code = (
        f"import sys, keras_drop; from {module} import {function}; "
        f"print(keras_drop.__file__); sys.exit({function}())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "--help"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stderr
    where, usage, *_ = found.stdout.splitlines()
    assert where == str(installed / "keras_drop" / "__init__.py")
    assert usage.startswith("usage: keras-drop COMMAND")


def test_urls_lead_somewhere(installed):
    """A host that does not exist is worse than none."""
    urls = metadata(installed).metadata.get_all("Project-URL")
    hosts = {url.split(", ")[1].split("/")[2] for url in urls}
    assert hosts <= {"arxiv.org"}

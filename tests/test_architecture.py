"""Which folder may import which, and where a backend may be named."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.backend_neutral

ROOT = Path(__file__).parents[1] / "keras_drop"
FLOORS = [
    {"registration"},
    {"backend", "ops", "records", "descriptors", "part_schemas"},
    {"layers", "losses", "datasets"},
    {"models", "data", "evaluation", "visualization"},
    {"training", "export", "cli"},
    {"__main__"},
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
BACKENDS = {
    "tensorflow": {"backend", "export", "data", "datasets"},
    "jax": {"backend", "export"},
    "torch": {"backend", "export"},
}
# The converter reads PyTorch checkpoints, which only PyTorch can.
EXCEPTIONS = {("models/backbones/checkpoints.py", "torch")}
FILES = sorted(ROOT.rglob("*.py"))


def imports(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module
            if module in ("keras_drop", "keras", "keras_hub"):
                yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_point_downward(file):
    path = file.relative_to(ROOT)
    here = path.with_suffix("").parts[0]
    for name in imports(file):
        package, _, rest = name.partition(".")
        private = name.startswith(("keras.src", "keras_hub.src"))
        assert not private, f"{name} is private to its library"
        if package in BACKENDS and (str(path), package) not in EXCEPTIONS:
            assert here in BACKENDS[package], f"{name} in {here}/"
        if package == "keras_drop" and rest and here != "__init__":
            there = rest.split(".")[0]
            assert there == here or FLOOR[there] < FLOOR[here], name

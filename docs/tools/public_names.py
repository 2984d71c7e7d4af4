"""Every public name of keras_drop, and the file that it is written in.

A name is public if it stands in the `__all__` of a package. The reference, and
the test that no name is missing in it, both start here.
"""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
from pathlib import Path

import keras_drop

ROOT = Path(keras_drop.__file__).parent


@dataclasses.dataclass(frozen=True)
class PublicName:
    """A name, the package that offers it, and where it is written."""

    package: str
    name: str
    module: str

    @property
    def path(self):
        """What users write, such as `keras_drop.losses.FocalParsing`."""
        return f"{self.package}.{self.name}"

    @property
    def source(self):
        """Where it is: `keras_drop.losses.focal_parsing.FocalParsing`."""
        return f"{self.module}.{self.name}"

    @property
    def page(self):
        """Its page in the documentation: one a file."""
        if self.module == "keras_drop":
            return "reference/keras_drop.md"
        inner = self.module.split(".")[1:]
        if self.module == self.package:
            inner += ["index"]
        return "/".join(["reference", *inner]) + ".md"

    def docstring(self):
        """What is written about it, `None` if nothing is."""
        value = getattr(importlib.import_module(self.package), self.name)
        if hasattr(value, "__qualname__"):
            return value.__doc__
        return _docstring_of_value(self.module, self.name)

    def summary(self):
        """The first line of its docstring."""
        return (self.docstring() or "").strip().split("\n\n")[0]


def public_packages():
    """Names of the packages with an `__all__`, the outer ones first."""
    inner = (
        module.name
        for module in pkgutil.walk_packages([str(ROOT)], "keras_drop.")
        if module.ispkg
    )
    return [
        package
        for package in ("keras_drop", *sorted(inner))
        if getattr(importlib.import_module(package), "__all__", None)
    ]


def public_names():
    """All public names, each once, under the first package that offers it."""
    found = {}
    for package in public_packages():
        module = importlib.import_module(package)
        for name in module.__all__:
            value = getattr(module, name)
            if not inspect.ismodule(value):
                public = PublicName(package, name, _home(package, name, value))
                found.setdefault(public.source, public)
    return list(found.values())


def _home(package, name, value):
    """The module that a name is written in."""
    written_in = getattr(value, "__module__", "")
    if hasattr(value, "__qualname__") and written_in.startswith("keras_drop"):
        return written_in
    for path in sorted((ROOT.parent / package.replace(".", "/")).rglob("*.py")):
        if name in _assignments(path):
            return ".".join(_parts(path))
    raise LookupError(
        f"No file of {package} defines {name}. A public name is a class, a "
        "function or a value that is assigned at the top of a file."
    )


def _docstring_of_value(module, name):
    """The text right below `NAME = ...`, which Python itself does not keep."""
    path = ROOT.parent / module.replace(".", "/")
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return _assignments(path)[name]


def _parts(path):
    """What a file is called in an import."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def _assignments(path):
    """Values assigned at the top of a file, each with the text below it."""
    body = ast.parse(path.read_text()).body
    found = {}
    for statement, after in zip(body, [*body[1:], None]):
        targets = getattr(statement, "targets", None) or [
            getattr(statement, "target", None)
        ]
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = _text(after)
    return found


def _text(statement):
    value = getattr(statement, "value", None)
    if isinstance(statement, ast.Expr) and isinstance(value, ast.Constant):
        return inspect.cleandoc(str(value.value))
    return None

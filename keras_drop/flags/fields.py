"""Fields of settings: frozen dataclasses, which may hold further ones."""

import csv
import dataclasses
import io
import typing
from pathlib import Path

KINDS = (bool, int, float, str, Path)


def flag(default, text):
    """A field of settings, with the line that `--help` shows.

    Example:
    >>> import dataclasses
    >>> from keras_drop.flags import flag
    >>> @dataclasses.dataclass(frozen=True)
    ... class Settings:
    ...     epochs: int = flag(120, "passes over the training images")
    >>> Settings().epochs
    120
    """
    return dataclasses.field(default=default, metadata={"help": text})


def dotted_flags(prefix, text):
    """A field that is a dictionary of dotted names, `--prefix.name=value`.

    The class says which names there are: `known_<field>()` gives a dictionary
    from the name to its default.
    """
    return dataclasses.field(
        default_factory=dict, metadata={"help": text, "prefix": prefix}
    )


@dataclasses.dataclass(frozen=True)
class Leaf:
    """One value of nested settings, and where it is.

    Args:
        path: Names of the fields that lead to it.
        owner: The dataclass that has it.
        field: Its `dataclasses.Field`.
    """

    path: tuple
    owner: object
    field: dataclasses.Field

    @property
    def name(self):
        """Name of its flag."""
        return self.field.name

    @property
    def value(self):
        """What it is now."""
        return getattr(self.owner, self.field.name)

    @property
    def prefix(self):
        """Of its dotted flags, `None` if it is a flag itself."""
        return self.field.metadata.get("prefix")

    @property
    def help(self):
        """Its line in `--help`."""
        return self.field.metadata.get("help", self.name.replace("_", " "))

    @property
    def kind(self):
        """The type of one value, and whether there is a tuple of them.

        Raises:
            TypeError: A type that no flag can have.
        """
        hint = self._hint
        if self.is_optional:
            hint = next(t for t in typing.get_args(hint) if t is not type(None))
        is_tuple = typing.get_origin(hint) is tuple
        kind = typing.get_args(hint)[0] if is_tuple else hint
        if kind not in KINDS or (is_tuple and kind is bool):
            raise TypeError(
                f"No flag can have the type of the field `{self.name}`, "
                f"{hint}. Use str, int, float, bool, Path, or a tuple such as "
                "tuple[int, ...]."
            )
        return kind, is_tuple

    @property
    def is_optional(self):
        """Whether it may be `None`, which is the empty text of a flag."""
        return type(None) in typing.get_args(self._hint)

    @property
    def _hint(self):
        return typing.get_type_hints(type(self.owner))[self.name]


def leaves(settings, path=()):
    """Every `Leaf` of settings, those of the groups in them included."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        here = (*path, field.name)
        if dataclasses.is_dataclass(value):
            yield from leaves(value, here)
        else:
            yield Leaf(here, settings, field)


def replaced(settings, changes):
    """A copy of settings with other values.

    Args:
        settings: Frozen dataclass.
        changes: Dictionary from the path of a leaf to its value.
    """
    groups, own = {}, {}
    for (name, *rest), value in changes.items():
        if rest:
            groups.setdefault(name, {})[tuple(rest)] = value
        else:
            own[name] = value
    for name, inner in groups.items():
        own[name] = replaced(getattr(settings, name), inner)
    return dataclasses.replace(settings, **own) if own else settings


def flag_file(settings):
    """Text of a flag file that gives these settings again.

    Example:
    >>> from keras_drop.training import OptimizerSettings
    >>> from keras_drop.flags import flag_file
    >>> print(flag_file(OptimizerSettings("adam", 0.001)).split("\\n")[1])
    --learning_rate=0.001
    """
    lines = []
    for leaf in leaves(settings):
        if leaf.prefix is None:
            lines.append(f"--{leaf.name}={as_text(leaf.value)}")
        else:
            lines += [
                f"--{leaf.prefix}.{name}={dotted_text(value)}"
                for name, value in leaf.value.items()
            ]
    return "\n".join(lines) + "\n"


def dotted_text(value):
    """A value as a dotted flag has it."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return str(value)


def as_text(value):
    """A value as a flag has it."""
    if isinstance(value, tuple | list):
        # As absl reads them again: in quotes what has a comma.
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(value)
        return text.getvalue()
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)

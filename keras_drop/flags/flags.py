"""Flags of the command line for settings: one a field."""

import sys
from pathlib import Path

from absl import flags

from keras_drop.flags.fields import (
    as_text,
    dotted_text,
    leaves,
    replaced,
)

_DEFINE = {
    bool: flags.DEFINE_bool,
    int: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    str: flags.DEFINE_string,
    Path: flags.DEFINE_string,
}


def read_flags(settings, argv, usage=None, known_only=False):
    """A copy of settings with what the command line says.

    There is one flag for every field, also for the fields of the groups in the
    settings: `--epochs=20`, `--image_size=256,128` for a tuple, `--noexport`
    for a bool, `--weights=` for no path; and dotted ones for dictionaries,
    `--model.memory.size=512`. `--flagfile=PATH` reads flags from a file, a
    line each; of a flag given twice, the last counts.

    Where every other flag is said, as a file of `flag_file` says them, the
    dotted ones are those that are said, and none of the settings before.

    Args:
        settings: Frozen dataclass; what no flag says stays as it is.
        argv: Strings, without the name of the program.
        usage: Printed by `--help`, with all flags, before the program ends;
            left out, `--help` is an unknown flag.
        known_only: Whether flags that are not of the settings are overlooked.

    Returns:
        The same dataclass.

    Raises:
        ValueError: An unknown flag, with the known one that is spelt most
            like it; a value of another type; what the settings refuse.

    Example:
    >>> import dataclasses
    >>> from keras_drop.flags import flag, read_flags
    >>> @dataclasses.dataclass(frozen=True)
    ... class Settings:
    ...     epochs: int = flag(120, "passes over the training images")
    >>> read_flags(Settings(), ["--epochs=3"])
    Settings(epochs=3)
    """
    wants_help = usage is not None and bool({"--help", "-h"} & set(argv))
    if wants_help:
        argv = [text for text in argv if text not in ("--help", "-h")]
    # The first time only to see, for example, whose switches there are.
    settings = _read(settings, argv, strict=False)
    if not known_only:
        settings = _read(settings, argv, strict=True)
    if wants_help:
        print(f"{usage.strip()}\n\n{flags_help(settings)}")
        sys.exit(0)
    return settings


def flags_help(settings):
    """Lines for `--help`: every flag with its value now, in its groups.

    Args:
        settings: Frozen dataclass.

    Returns:
        String.
    """
    groups = {}
    for leaf in leaves(settings):
        groups.setdefault(type(leaf.owner), []).append(leaf)
    lines = []
    for owner, members in groups.items():
        lines += ["", owner.__doc__.splitlines()[0]]
        for leaf in members:
            lines += _help_lines(leaf)
    return "\n".join(lines[1:])


def _help_lines(leaf):
    if leaf.prefix is None:
        return [f"  --{leaf.name}={as_text(leaf.value)}", f"      {leaf.help}"]
    return [
        f"  --{leaf.prefix}.NAME=VALUE",
        f"      {leaf.help}:",
        *(
            f"      --{leaf.prefix}.{name}={dotted_text(value)}"
            for name, value in {**_known(leaf), **leaf.value}.items()
        ),
    ]


def _read(settings, argv, strict):
    values = flags.FlagValues()
    values.set_gnu_getopt(True)
    for leaf in leaves(settings):
        if leaf.prefix is None:
            _define(leaf, values)
        elif strict:
            for name in _known(leaf):
                flags.DEFINE_string(
                    f"{leaf.prefix}.{name}", None, "", flag_values=values
                )
    try:
        rest = values(["", *argv], known_only=not strict)
    except flags.Error as error:
        raise ValueError(str(error).strip().rstrip(".")) from None
    if strict and rest[1:]:
        raise ValueError(f"{rest[1]!r} is not a flag; flags start with --.")
    changes, whole = {}, _says_all(settings, values)
    for leaf in leaves(settings):
        if leaf.prefix is None and values[leaf.name].present:
            changes[leaf.path] = _value(leaf, values[leaf.name].value)
        elif leaf.prefix is not None and strict:
            said = {
                name: values[f"{leaf.prefix}.{name}"].value
                for name in _known(leaf)
                if values[f"{leaf.prefix}.{name}"].present
            }
            if said or whole:
                before = {} if whole else leaf.value
                changes[leaf.path] = {**before, **said}
    return replaced(settings, changes)


def _says_all(settings, values):
    """Whether all plain flags of what has dotted ones are said."""
    found = list(leaves(settings))
    dotted = [leaf.path[:-1] for leaf in found if leaf.prefix is not None]
    top = min(dotted, key=len, default=())
    return all(
        values[leaf.name].present
        for leaf in found
        if leaf.prefix is None and leaf.path[: len(top)] == top
    )


def _known(leaf):
    return getattr(leaf.owner, f"known_{leaf.name}")()


def _define(leaf, values):
    kind, is_tuple = leaf.kind
    define = flags.DEFINE_list if is_tuple else _DEFINE[kind]
    define(leaf.name, None, leaf.help, flag_values=values)


def _value(leaf, value):
    kind, is_tuple = leaf.kind
    if is_tuple:
        return tuple(_parse(leaf.name, kind, item) for item in value)
    if value == "" and leaf.is_optional:
        return None
    if value == "" and kind is Path:
        raise ValueError(
            f"--{leaf.name} is empty; it is a path, such as "
            f"{leaf.field.default}."
        )
    return kind(value)


def _parse(name, kind, item):
    try:
        return kind(item)
    except ValueError:
        raise ValueError(
            f"--{name}: {item!r} is not {kind.__name__}. Separate values by "
            "commas, without spaces."
        ) from None

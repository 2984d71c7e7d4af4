"""A recipe's settings: a frozen dataclass, one flag a field."""

import dataclasses
import sys
import types
import typing
from pathlib import Path

from absl import app, flags

_DEFINE = {
    bool: flags.DEFINE_bool,
    int: flags.DEFINE_integer,
    float: flags.DEFINE_float,
    str: flags.DEFINE_string,
    Path: flags.DEFINE_string,
}


def run(main, settings_class):
    """Runs a recipe: `if __name__ == "__main__": run(main, Settings)`.

    A flag that does not exist, a value of the wrong type and a path that does
    not exist end the program with one line and an exit code that is not 0.

    Args:
        main: Function of the settings; what it returns is not used.
        settings_class: Frozen dataclass; see `define_flags`.
    """

    def start(argv):
        if argv[1:]:
            sys.exit(f"error: {argv[1]!r} is not a flag; flags start with --.")
        try:
            settings = read_settings(settings_class)
        except (FileNotFoundError, ValueError) as error:
            sys.exit(f"error: {error}")
        main(settings)

    define_flags(settings_class)
    for field in dataclasses.fields(settings_class):
        # `--help` shows the flags of the program itself, and these are.
        flags.FLAGS.register_key_flag_for_module(
            sys.argv[0], flags.FLAGS[field.name]
        )
    app.run(start)


def define_flags(settings_class, flag_values=flags.FLAGS):
    """Defines one absl flag for every field of a dataclass.

    The type of a flag is that of the field: `str`, `int`, `float`, `bool`,
    `pathlib.Path`, a tuple of one of them (`--image_size=256,128`), or one of
    them `| None`. A field without a default is a flag that has to be given.
    Of the metadata of a field, `help` is shown by `--help`, and
    `must_exist` makes `read_settings` refuse a path that does not exist.

    Args:
        settings_class: Frozen dataclass.
        flag_values: Where the flags are defined.

    Raises:
        TypeError: A field of another type.

    Example:
    >>> from absl import flags
    >>> import dataclasses
    >>> from keras_drop.training import define_flags, read_settings
    >>> @dataclasses.dataclass(frozen=True)
    ... class Settings:
    ...     image_size: tuple[int, int] = (256, 128)
    >>> values = flags.FlagValues()
    >>> define_flags(Settings, values)
    >>> _ = values(["recipe", "--image_size=64,32"])
    >>> read_settings(Settings, values)
    Settings(image_size=(64, 32))
    """
    hints = typing.get_type_hints(settings_class)
    for field in dataclasses.fields(settings_class):
        kind, is_tuple = _kind(field.name, hints[field.name])
        required = field.default is dataclasses.MISSING
        default = None if required else field.default
        define = _DEFINE[kind]
        if is_tuple:
            define = flags.DEFINE_list
            default = default and [str(value) for value in default]
        elif default is not None and kind is Path:
            default = str(default)
        define(
            field.name,
            default,
            field.metadata.get("help", field.name.replace("_", " ")),
            required=required,
            flag_values=flag_values,
        )


def read_settings(settings_class, flag_values=flags.FLAGS):
    """What the parsed flags say, as an instance of the dataclass.

    A path that is given as nothing, `--weights=`, is `None`.

    Args:
        settings_class: Frozen dataclass whose flags are defined.
        flag_values: Where they are defined.

    Returns:
        Instance of `settings_class`.

    Raises:
        ValueError: A value in a tuple of the wrong type.
        FileNotFoundError: A path that has to exist and does not.
    """
    hints = typing.get_type_hints(settings_class)
    values = {}
    for field in dataclasses.fields(settings_class):
        kind, is_tuple = _kind(field.name, hints[field.name])
        value = flag_values[field.name].value
        if kind is Path and value == "":
            value = None
        if value is not None and is_tuple:
            value = tuple(_parse(field.name, kind, item) for item in value)
        elif value is not None:
            value = kind(value)
        has_to_exist = value is not None and field.metadata.get("must_exist")
        if has_to_exist and not Path(value).exists():
            raise FileNotFoundError(
                f"--{field.name}={value} does not exist. Give the path of an "
                "existing file or folder."
            )
        values[field.name] = value
    return settings_class(**values)


def _kind(name, hint):
    """The type of one value, and whether there is a tuple of them."""
    if isinstance(hint, types.UnionType) or (
        typing.get_origin(hint) is typing.Union
    ):
        hint = next(t for t in typing.get_args(hint) if t is not type(None))
    is_tuple = typing.get_origin(hint) is tuple
    kind = typing.get_args(hint)[0] if is_tuple else hint
    if kind not in _DEFINE or (is_tuple and kind is bool):
        raise TypeError(
            f"No flag can have the type of the field `{name}`, {hint}. Use "
            "str, int, float, bool, Path, or a tuple such as tuple[int, ...]."
        )
    return kind, is_tuple


def _parse(name, kind, item):
    try:
        return kind(item)
    except ValueError:
        raise ValueError(
            f"--{name}: {item!r} is not {kind.__name__}. Separate values by "
            "commas, without spaces."
        ) from None

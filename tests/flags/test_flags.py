import dataclasses
from pathlib import Path

import pytest

from keras_drop.flags import (
    dotted_flags,
    flag,
    flag_file,
    read_flags,
)

pytestmark = pytest.mark.backend_neutral


@dataclasses.dataclass(frozen=True)
class Colours:
    """Colours: what they are."""

    colour: str = flag("red", "such as blue")
    mix: dict = dotted_flags("mix", "shares")

    def known_mix(self):
        return {f"{self.colour}.light": 0.5, f"{self.colour}.dark": 1}


@dataclasses.dataclass(frozen=True)
class Settings:
    """Settings of a test."""

    root: Path | None = flag(None, "where it is")
    colours: Colours = Colours()
    image_size: tuple[int, int] = flag((256, 128), "height,width")
    names: tuple[str, ...] = flag((), "of something")
    rate: float = flag(3.5e-4, "how fast")
    epochs: int = flag(120, "how long")
    flip: bool = flag(False, "whether")
    light: str | None = flag(None, "from where")

    def __post_init__(self):
        if self.epochs < 1:
            raise ValueError(f"`epochs` is {self.epochs}; at least 1.")


CHANGED = Settings(
    Path("here"),
    Colours("blue", {"blue.light": "0.25"}),
    (64, 32),
    ("a", "b"),
    0.5,
    3,
    True,
    "above",
)


def test_no_flag_changes_nothing():
    assert read_flags(CHANGED, []) == CHANGED


def test_every_type():
    actual = read_flags(
        Settings(),
        [
            "--root=here",
            "--mix.blue.light=0.25",
            "--colour=blue",
            "--image_size=64,32",
            "--names",
            "a,b",
            "--rate=0.5",
            "--epochs=3",
            "--flip",
            "--light=above",
        ],
    )
    assert actual == CHANGED
    assert isinstance(actual.root, Path)
    assert isinstance(actual.image_size[0], int)


def test_back_to_nothing():
    empty = ["--root=", "--names=", "--noflip", "--light="]
    assert read_flags(CHANGED, empty) == dataclasses.replace(
        CHANGED, root=None, names=(), flip=False, light=None
    )


def test_a_path_that_is_needed_is_not_the_folder_where_one_is():
    @dataclasses.dataclass(frozen=True)
    class Run:
        run_dir: Path = flag(Path("runs/train"), "what the run makes")

    with pytest.raises(ValueError, match=r"--run_dir is empty; .*runs/train"):
        read_flags(Run(), ["--run_dir="])
    assert read_flags(Run(), ["--run_dir=."]).run_dir == Path()


def test_dotted_flags_are_added_to_those_before():
    more = read_flags(CHANGED, ["--mix.blue.dark=7"])
    assert more.colours.mix == {"blue.light": "0.25", "blue.dark": "7"}


def test_a_flag_file_gives_the_settings_again(tmp_path):
    file = tmp_path / "a.flags"
    file.write_text("# why\n" + flag_file(CHANGED))
    assert read_flags(Settings(), [f"--flagfile={file}"]) == CHANGED
    after = read_flags(Settings(), [f"--flagfile={file}", "--epochs=9"])
    assert after == dataclasses.replace(CHANGED, epochs=9)


def test_values_with_commas_and_quotes_are_read_again(tmp_path):
    file = tmp_path / "a.flags"
    for names in (("kernel{1,3}$:2", 'a "b"'), ("a,b",), ("",), ()):
        settings = Settings(names=names)
        file.write_text(flag_file(settings))
        assert read_flags(CHANGED, [f"--flagfile={file}"]).names == names
    assert "--image_size=256,128\n" in flag_file(Settings())


def test_a_flag_file_has_no_dotted_flags_but_its_own(tmp_path):
    other = Settings(colours=Colours("green", {"green.dark": "3"}))
    kept = read_flags(other, ["--epochs=3", "--mix.green.light=2"])
    assert kept.colours.mix == {"green.dark": "3", "green.light": "2"}
    file = tmp_path / "a.flags"
    for colours in (CHANGED.colours, Colours("green")):
        settings = dataclasses.replace(CHANGED, colours=colours)
        file.write_text(flag_file(settings))
        assert read_flags(other, [f"--flagfile={file}"]) == settings
    after = read_flags(
        other, [f"--flagfile={file}", "--mix.green.light=2"]
    ).colours.mix
    assert after == {"green.light": "2"}


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--epoch=2", "flag 'epoch'. Did you mean: epochs ?"),
        ("--mix.gren=2", "flag 'mix.gren'"),
        ("--mix.red.lihgt=2", "flag 'mix.red.lihgt'. .*: mix.red.light ?"),
        ("--epochs=many", "flag --epochs=many"),
        ("--epochs=0", "`epochs` is 0; at least 1"),
        ("epochs=2", "'epochs=2' is not a flag"),
        ("--image_size=2,8px", "--image_size: '8px' is not int"),
        ("--flagfile=/nowhere", "/nowhere"),
        ("--help", "'help'"),
    ],
)
def test_a_mistake_is_named(argument, message):
    with pytest.raises(ValueError, match=message):
        read_flags(Settings(), [argument])


def test_other_flags_are_overlooked_if_asked_to():
    argv = ["--depth=2", "--epochs=7", "--nowidth"]
    assert read_flags(Settings(), argv, known_only=True).epochs == 7


def test_help(capsys):
    with pytest.raises(SystemExit) as ended:
        read_flags(Settings(), ["--help", "--colour=blue"], "usage: this")
    assert not ended.value.code
    shown = capsys.readouterr().out
    assert shown.startswith("usage: this\n\nSettings of a test.\n  --root=\n")
    assert "  --image_size=256,128\n      height,width\n" in shown
    assert "Colours: what they are.\n  --colour=blue" in shown
    assert "\n      --mix.blue.light=0.5\n" in shown


def test_refuses_a_type_that_no_flag_has():
    @dataclasses.dataclass(frozen=True)
    class Wrong:
        options: list = None

    with pytest.raises(TypeError, match=r"`options`, .*list"):
        read_flags(Wrong(), [])

import pytest

from keras_drop.__main__ import main

pytestmark = pytest.mark.backend_neutral


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["shop", "a.npz", "b.jpg"], "give one .npz file, or photos"),
        (["m.keras", "a.jpg", "b.jpg", "--model=m"], "--model is of a gallery"),
        (["m.keras", "a.jpg", "b.jpg", "--per_identity"], "nobody is known"),
        (["m.keras", "a.jpg"], "give photos that a.jpg is compared with"),
    ],
)
def test_options_that_do_not_fit(
    options, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "gallery.sqlite").touch()
    assert main(["explain", *options]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1

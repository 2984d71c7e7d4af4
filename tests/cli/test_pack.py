import pytest

from keras_drop.cli import check, pack
from keras_drop.datasets import DataSource
from tests.datasets.miniatures import MINIATURES

pytest.importorskip("array_record")
pytestmark = pytest.mark.backend_neutral


def test_a_known_data_set_is_read_by_its_name(tmp_path, capsys):
    root = MINIATURES["occluded_reid"].make(tmp_path / "images")
    folder = tmp_path / "packed"
    data = f"--data=occluded_reid:{root}"
    assert pack.main([data, f"--output={folder}"]) == 0
    assert f"--data=occluded_reid:{folder}" in capsys.readouterr().out
    plain = DataSource(f"occluded_reid:{root}").read()
    source = DataSource(f"occluded_reid:{folder}")
    for split, records in source.read().items():
        for name in ("identities", "cameras"):
            expected = getattr(plain[split], name).tolist()
            assert getattr(records, name).tolist() == expected
    assert not source.has_labels()
    with pytest.raises(ValueError, match="packed ones too"):
        source.read(tmp_path)
    argv = [f"--data=occluded_reid:{folder}", "--no-strict_counts"]
    assert check.main(argv) == 0
    assert pack.main([f"--verify={folder}"]) == 0
    (folder / "images.csv").write_text("")
    assert pack.main([f"--verify={folder}"]) == 2


@pytest.mark.parametrize(
    "argv, words",
    [
        (["--output=x"], "--data is missing"),
        (["--data=a.csv"], "--output is missing"),
        (["--verify=x", "--output=y"], "does nothing with --verify"),
        (
            ["--data=a.csv", "--output=x", "--label_format=lip"],
            "--label_format is of --parsing_dir, which is missing",
        ),
    ],
)
def test_what_does_not_fit_is_refused(argv, words):
    with pytest.raises(ValueError, match=words):
        pack.main(argv)

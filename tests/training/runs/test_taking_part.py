import pytest

from keras_drop.training import Processes
from keras_drop.training.runs.taking_part import first_one_first, taking_part

pytestmark = pytest.mark.backend_neutral


def test_the_first_process_holds_the_folder(tmp_path, capsys):
    with taking_part(Processes(0, 1), tmp_path):
        print("loud")
        with (
            pytest.raises(ValueError, match="is in use by process"),
            taking_part(Processes(0, 1), tmp_path),
        ):
            pass
    assert capsys.readouterr().out == "loud\n"


def test_another_process_neither_writes_nor_talks(tmp_path, capsys):
    with taking_part(Processes(1, 2), tmp_path / "run"):
        print("quiet")
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("index, expected", [(0, "dw"), (1, "wd")])
def test_the_first_one_does_it_before_the_others(monkeypatch, index, expected):
    done = []
    backend = "keras_drop.training.runs.taking_part.backend"
    monkeypatch.setattr(f"{backend}.process_index", lambda: index)
    monkeypatch.setattr(
        f"{backend}.wait_for_processes", lambda: done.append("w")
    )
    assert first_one_first(lambda: done.append("d") or 7) == 7
    assert "".join(done) == expected

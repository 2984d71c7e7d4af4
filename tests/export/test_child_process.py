import os
import sys

import pytest

from keras_drop.export.child_process import run_python

pytestmark = pytest.mark.backend_neutral


def test_passes_on_what_it_is_told(tmp_path, monkeypatch):
    (tmp_path / "of_the_parent.py").write_text("")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    code = (
        "import os, sys, of_the_parent; "
        "open(sys.argv[1], 'w').write(os.environ['COLOUR'] "
        "+ os.environ['CUDA_VISIBLE_DEVICES'])"
    )
    run_python(["-c", code, tmp_path / "said"], "Never", COLOUR="blue")
    assert (tmp_path / "said").read_text() == "blue-1"
    assert "COLOUR" not in os.environ


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise ValueError('two\\n\\n  lines')", "ValueError: two lines"),
        (
            "try:\n 1 / 0\nexcept ZeroDivisionError as e:\n"
            " raise OSError('last') from e",
            "OSError: last",
        ),
        ("import os; os._exit(7)", "the process ended with code 7."),
    ],
)
def test_says_what_ended_it(code, message):
    with pytest.raises(RuntimeError) as caught:
        run_python(["-c", code], "It did not work")
    assert str(caught.value) == f"It did not work: {message}"


def test_keeps_the_last_lines():
    code = "import sys; print('before', file=sys.stderr); raise OSError"
    with pytest.raises(RuntimeError) as caught:
        run_python(["-c", code], "It did not work")
    assert caught.value.__notes__[0].startswith("before\nTraceback")

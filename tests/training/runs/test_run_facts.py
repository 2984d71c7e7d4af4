import dataclasses
import json
import shlex

import pytest

from keras_drop import Records
from keras_drop.flags import read_flags
from keras_drop.training import FitSettings, Run
from keras_drop.training.runs import run_facts as module
from keras_drop.training.runs.run_facts import machine, run_facts

pytestmark = pytest.mark.backend_neutral


def test_the_command_is_the_run_again(tmp_path):
    run = Run("bpbreid", fit=FitSettings(3, seed=5), run_dir=tmp_path / "a b")
    facts = run_facts(run, Records(["a.jpg"], [7], [0]))
    _, _, *flags = shlex.split(facts["command"])
    assert read_flags(Run(), flags) == run
    other = dataclasses.replace(run, fit=FitSettings(3, seed=6))
    assert run_facts(other, Records(["a.jpg"], [7], [0])) != facts
    json.dumps(facts)


def test_a_machine_that_says_nothing_of_itself(monkeypatch):
    class Nothing:
        def __init__(self, path):
            pass

        def read_text(self):
            raise OSError

    monkeypatch.setattr(module, "Path", Nothing)
    monkeypatch.delattr("os.sysconf")
    told = machine()
    assert told["memory_gb"] is None and told["cores"] > 0

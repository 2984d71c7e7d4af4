import inspect
import os
import subprocess
import sys

import numpy as np
import pytest

from keras_drop import Records
from keras_drop.data import identity_labels

pytestmark = pytest.mark.backend_neutral


def make_records(identities):
    count = len(identities)
    return Records([f"{i}.jpg" for i in range(count)], identities, [0] * count)


def test_ascending():
    labels = identity_labels(make_records([7, 3, 1501, 3]))
    assert labels.dtype == "int32"
    np.testing.assert_array_equal(labels, [1, 0, 2, 0])


def test_the_same_in_every_process():
    file = inspect.getfile(identity_labels)
    code = (
        "import runpy, types, numpy;"
        f"labels = runpy.run_path({file!r})['identity_labels'];"
        "identities = numpy.array([7, 3, 1501]);"
        "print(labels(types.SimpleNamespace(identities=identities)).tolist())"
    )
    for seed in ("1", "2"):
        printed = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert printed.strip() == "[1, 0, 2]"


def test_junk_has_no_label():
    with pytest.raises(ValueError, match="1 of 2 images are junk"):
        identity_labels(make_records([-1, 4]))

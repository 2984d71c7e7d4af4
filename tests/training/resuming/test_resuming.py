import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from keras_drop import Records
from keras_drop.training import (
    CheckpointSettings,
    DataSettings,
    FitSettings,
    OptimizerSettings,
    PeopleToLearn,
    Run,
    SegmentationRun,
)
from keras_drop.training.resuming.data_checksum import data_checksum
from keras_drop.training.resuming.resumed_settings import (
    FREE,
    refuse_other_settings,
    training_settings,
)
from keras_drop.training.resuming.run_lock import run_lock

pytestmark = pytest.mark.backend_neutral

RUN = Run("global_baseline", {"loss_weights.global_triplet": 2.0})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"fit": FitSettings(seed=7)}, "another `seed`: 1, not 7. Take"),
        (
            {"optimizer": OptimizerSettings(learning_rate=0.1, l2=0.0)},
            r"`l2`: 0.0005, not 0.0; `learning_rate`: 0.00035, not 0.1\..*"
            "--override=l2,learning_rate`",
        ),
        ({"switches": {}}, "triplet`: 2.0, not the default"),
        ({"model": "bpbreid"}, "`model`: global_baseline, not bpbreid"),
    ],
)
def test_what_changes_the_weights_is_refused(changes, message):
    before = training_settings(RUN, "abc")
    now = training_settings(dataclasses.replace(RUN, **changes), "abc")
    with pytest.raises(ValueError, match=message):
        refuse_other_settings(now, before)
    differing = [k for k in {*now, *before} if now.get(k) != before.get(k)]
    refuse_other_settings(now, before, differing)
    with pytest.raises(ValueError, match="Did you mean 'seed'"):
        refuse_other_settings(now, before, ["sede"])


def test_what_does_not_change_them_may_differ(tmp_path):
    before = training_settings(RUN, "abc")
    fit = FitSettings(
        epochs=300, num_devices=2, checkpoints=CheckpointSettings(3.0, 9)
    )
    other = dataclasses.replace(RUN, run_dir=tmp_path, export=False, fit=fit)
    refuse_other_settings(training_settings(other, "abc"), before)
    with pytest.raises(ValueError, match="`training_images`: abc, not abd"):
        refuse_other_settings(training_settings(other, "abd"), before)
    cosine = OptimizerSettings(schedule="cosine")
    assert "epochs" in training_settings(
        dataclasses.replace(RUN, optimizer=cosine)
    )
    assert not FREE & set(before)
    # They are not compared, but nobody has to know that.
    refuse_other_settings(training_settings(other, "abc"), before, ["epochs"])


def test_images_may_have_moved_and_others_may_be_evaluated():
    data = DataSettings("market1501:here")
    run = dataclasses.replace(RUN, data=data)
    data = DataSettings("market1501:there", test_data="occluded_reid:else")
    other = dataclasses.replace(RUN, data=data)
    learn = PeopleToLearn(Path("here"), Path("here/parts"))
    labels = SegmentationRun(learn)
    learn = PeopleToLearn(Path("there"), Path("there/parts"))
    moved = SegmentationRun(learn)
    for before, now in ((run, other), (labels, moved)):
        before = training_settings(before, "abc")
        refuse_other_settings(training_settings(now, "abc"), before)
        with pytest.raises(ValueError, match="`training_images`: abc, not"):
            refuse_other_settings(training_settings(now, "abd"), before)


def test_the_checksum_sees_names_people_cameras_and_sizes(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"123")

    def checksum(path=path, identity=1, camera=2, label=""):
        return data_checksum(Records([path], [identity], [camera], [label]))

    first = checksum()
    assert first == checksum()
    others = [checksum(identity=2), checksum(camera=3), checksum(label="b")]
    path.write_bytes(b"1234")
    others += [checksum(), checksum(tmp_path / "b.png")]
    assert len({first, *others}) == 6


def test_a_second_process_is_told_and_a_killed_one_holds_nothing(tmp_path):
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from keras_drop.training.resuming import run_lock\n"
        "with run_lock.run_lock(sys.argv[2]):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    # Not the package: it takes seconds to import Keras.
    folder = tmp_path / "keras_drop" / "training" / "resuming"
    folder.mkdir(parents=True)
    source = sys.modules[run_lock.__module__].__file__
    shutil.copy(source, folder)
    holder = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path, tmp_path / "run"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "held\n"
    with (
        pytest.raises(ValueError, match=f"in use by process {holder.pid} on"),
        run_lock(tmp_path / "run"),
    ):
        pass
    holder.kill()
    holder.wait()
    with run_lock(tmp_path / "run"):
        pass

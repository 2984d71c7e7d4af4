import dataclasses

import pytest

from keras_drop import recipes
from keras_drop.training.runs.absolute_switches import absolute_switches

pytestmark = pytest.mark.backend_neutral


def test_shares_are_of_images_and_epochs():
    switches = {
        "memory.size": "6.6%",
        "memory.start_epoch": "8.4%",
        "loss_weights.parsing": 4.0,
    }
    assert absolute_switches(switches, 15618, 120) == {
        "memory.size": 1031,
        "memory.start_epoch": 10,
        "loss_weights.parsing": 4.0,
    }
    few = {"memory.size": "0.1%"}
    assert absolute_switches(few, 20, 2) == {"memory.size": 1}
    assert absolute_switches({"memory.size": "0%"}, 20, 2)["memory.size"] == 0


def test_a_run_gives_the_model_the_numbers():
    run = dataclasses.replace(
        recipes.find("drop_demo"),
        switches={
            "memory.kind": "queue",
            "memory.size": "50%",
            "memory.start_epoch": "75%",
        },
    )
    run.check()
    memory = run.model_arguments(num_images=1500)["memory"]
    assert (memory.size, memory.start_epoch) == (750, 15)


@pytest.mark.parametrize(
    ("switches", "message"),
    [
        ({"memory.size": "101%"}, "`memory.size` is '101%'; a share is 0%"),
        ({"memory.size": "some%"}, "`memory.size` is 'some%'"),
        ({"memory.sise": "5%"}, "Did you mean 'memory.size'"),
        ({"loss_weights.parsing": "5%"}, "'loss_weights.parsing'"),
    ],
)
def test_other_shares_are_refused(switches, message):
    run = dataclasses.replace(recipes.find("drop_demo"), switches=switches)
    with pytest.raises(ValueError, match=message):
        run.check()

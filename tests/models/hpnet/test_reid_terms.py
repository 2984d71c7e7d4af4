import pytest

from keras_drop.models.hpnet.reid_terms import learnt_terms
from tests.models.small import arrays


@pytest.mark.parametrize(
    "switches, starts, turns",
    [
        ({}, 0, False),
        ({"parsing_epochs": 3}, 3, False),
        ({"release": True}, 10, True),
        ({"release": True, "parsing_epochs": 0}, 0, True),
    ],
    ids=str,
)
def test_what_a_step_learns_from(switches, starts, turns):
    for epoch in range(12):
        for step in range(4):
            learnt = arrays(learnt_terms(epoch, step, **switches))
            identity, triplet = (
                epoch >= starts and not (turns and step % 2 == other)
                for other in (0, 1)
            )
            assert learnt == {"identity": identity, "triplet": triplet}

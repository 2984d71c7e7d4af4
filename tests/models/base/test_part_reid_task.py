import pytest

from keras_drop.models import DROP, BPBReID, PABReID
from tests.models.small import model_of

pytestmark = pytest.mark.backend_neutral
CLASSES = (BPBReID, DROP, PABReID)
PARTS = ("head", "torso_arms", "legs")


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize(
    "compared, names",
    [
        ("parts", PARTS),
        ("foreground+parts", ("foreground", *PARTS)),
        ("global+foreground+parts", ("global", "foreground", *PARTS)),
    ],
)
def test_names_follow_the_compared_embeddings(cls, compared, names):
    model = model_of(cls, test_embeddings=compared)
    assert model.embedding_names == names
    assert model.output["embeddings"].shape == (None, len(names), 512)

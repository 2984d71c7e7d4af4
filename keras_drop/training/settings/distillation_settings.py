import dataclasses
from pathlib import Path

import keras_drop
from keras_drop.checks import refuse_negative
from keras_drop.flags import flag
from keras_drop.training.distillation.distillation import Distillation


@dataclasses.dataclass(frozen=True)
class DistillationSettings:
    """Teacher: a trained model that this one learns from besides.

    Args:
        teacher: `model.keras` of another run; `None` for none.
        distilled_embeddings: Weight of how far images are apart to it.
        distilled_visibility: Weight of which parts it sees.
        distilled_part_maps: Weight of where it finds them.

    Raises:
        ValueError: A negative weight.

    Example:
    >>> from keras_drop.training import DistillationSettings
    >>> DistillationSettings().build() is None
    True
    """

    teacher: str | None = flag(None, "model.keras of a run; none if left out")
    distilled_embeddings: float = flag(1.0, "weight of the teacher's distances")
    distilled_visibility: float = flag(1.0, "weight of what it sees")
    distilled_part_maps: float = flag(1.0, "weight of where it finds parts")

    def __post_init__(self):
        refuse_negative(**self._weights())

    def _weights(self):
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name.startswith("distilled")
        }

    def check(self):
        """Refuses a teacher that is not there.

        Raises:
            FileNotFoundError: No such file.
        """
        if self.teacher and not Path(self.teacher).is_file():
            raise FileNotFoundError(
                f"`teacher` {self.teacher} is no file. Give the model.keras "
                "that a run left."
            )

    def build(self):
        """`Distillation`, or `None` without a teacher."""
        if not self.teacher:
            return None
        teacher = keras_drop.load_model(self.teacher, compile=False)
        return Distillation(teacher, self._weights())

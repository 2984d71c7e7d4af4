from keras import ops

from keras_drop.checks import refuse_negative, refuse_unknown_names
from keras_drop.losses import (
    PartMapDistillation,
    RelationalDistillation,
    VisibilityDistillation,
)
from keras_drop.training.distillation.taught_batches import TaughtBatches

WEIGHTS = {
    "distilled_embeddings": 1.0,
    "distilled_visibility": 1.0,
    "distilled_part_maps": 1.0,
}
_WHOLE = ("global", "foreground")


class Distillation:
    """Knowledge distillation: a student learns what a teacher sees, too.

    Three terms beside the student's own: how far images are apart, for every
    embedding that both models have; which parts are seen; and where they are,
    if both have part maps. What a student has of its teacher is in its
    weights alone: saved, it is a model like others.

    Args:
        teacher: Trained model of this library, of the student's image size.
        loss_weights: Dictionary from `"distilled_embeddings"`,
            `"distilled_visibility"` and `"distilled_part_maps"` to weights; 1
            where left out.

    Raises:
        ValueError: An unknown term, or a negative weight.

    Example:
    >>> import numpy as np
    >>> from keras_drop.models import BPBReID, resnet18
    >>> from keras_drop.training import Distillation
    >>> teacher = BPBReID(resnet18((32, 32)), num_identities=7)
    >>> student = BPBReID(resnet18((32, 32)), num_identities=2)
    >>> distillation = Distillation(teacher, {"distilled_part_maps": 0.5})
    >>> distillation.attach(student)
    >>> sorted(student.further_terms.loss_weights)
    ['distilled_embeddings', 'distilled_part_maps', 'distilled_visibility']

    Then `student.compile(...)`, and `student.fit(distillation.batches(...))`.

    Reference:
        [Hinton et al., 2015](https://arxiv.org/abs/1503.02531); [Park et al.,
        2019](https://arxiv.org/abs/1904.05068)
    """

    def __init__(self, teacher, loss_weights=None):
        loss_weights = loss_weights or {}
        refuse_unknown_names("loss_weights", loss_weights, WEIGHTS)
        refuse_negative(**loss_weights)
        self.teacher = teacher
        self.loss_weights = {**WEIGHTS, **loss_weights}
        self._pairs = self._has_parts = None

    def batches(self, batches):
        """`TaughtBatches` of this teacher, for the student's `fit`."""
        return TaughtBatches(batches, self.teacher.inference_model())

    def attach(self, student):
        """Adds the terms to a model that is not compiled yet.

        Args:
            student: `ReIDTask`.

        Raises:
            ValueError: Another image size, or nothing that both models have.
        """
        # A model from a file has its shape as a list.
        sizes = [
            tuple(model.backbone.image_shape[:2])
            for model in (self.teacher, student)
        ]
        if sizes[0] != sizes[1]:
            raise ValueError(
                f"The teacher sees images of {sizes[0]}, the student of "
                f"{sizes[1]}. Both get the same batch: build one as the other."
            )
        theirs = self.teacher.embedding_names
        names = [name for name in student.embedding_names if name in theirs]
        if not names:
            raise ValueError(
                f"The teacher compares {', '.join(theirs)}, the student "
                f"{', '.join(student.embedding_names)}: nothing in common. "
                "Choose models, `part_schema` or `test_embeddings` that have."
            )
        self._pairs = (
            [theirs.index(name) for name in names],
            [student.embedding_names.index(name) for name in names],
        )
        self._has_parts = (
            "part_maps" in student.output
            and "part_maps" in self.teacher.output
            and _parts(student) == _parts(self.teacher)
        )
        student.further_terms = self

    def loss_terms(self, targets, outputs, training):
        """The terms, as of `ReIDTask.loss_terms`; none without a teacher.

        Raises:
            ValueError: In training, batches in which no teacher speaks.
        """
        if "teacher" not in targets:
            if not training:
                return {}
            raise ValueError(
                "These batches have nothing of a teacher. Give `fit` "
                "`distillation.batches(batches)`."
            )
        said, (theirs, ours) = targets["teacher"], self._pairs
        terms = {
            "distilled_embeddings": RelationalDistillation().call(
                {
                    "embeddings": _chosen(said["embeddings"], theirs),
                    "visibility": _chosen(said["visibility"], theirs),
                },
                _chosen(outputs["embeddings"], ours),
            )
        }
        if self._has_parts:
            maps, num_parts = outputs["part_maps"], len(_parts(self.teacher))
            terms["distilled_visibility"] = VisibilityDistillation().call(
                said["visibility"][:, -num_parts:], maps
            )
            terms["distilled_part_maps"] = PartMapDistillation().call(
                said["part_maps"], maps
            )
        return terms


def _parts(model):
    return [name for name in model.embedding_names if name not in _WHOLE]


def _chosen(x, places):
    """Some of `(batch, embeddings, …)`, of fixed places."""
    return ops.take(x, ops.convert_to_tensor(places, "int32"), axis=1)

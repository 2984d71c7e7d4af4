import dataclasses

from keras_drop.losses import (
    Centre,
    IdentityCrossEntropy,
    PartAveragedTriplet,
    SpatiallySmoothedParsing,
)
from keras_drop.models.base.constructor_arguments import changed_copy
from keras_drop.models.base.identity_losses import (
    centre_terms,
    identity_centres,
    reads_cosines,
)
from keras_drop.models.base.part_descriptors import (
    EMBEDDING_DIM,
    TEST_EMBEDDINGS,
    parsing_term,
    part_descriptors,
    visible_parts,
)
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.ops import part_margins
from keras_drop.part_schemas import part_schema as find_part_schema

_WITH_CLASSIFIER = ("global", "foreground", "parts")


class PartReIDTask(ReIDTask):
    """What BPBReID, DROP and PAB-ReID do alike once a map is pooled.

    A global, a foreground and one embedding a part, each of the first two and
    all parts together with a classifier of people; visibility from the part
    maps; a plain triplet loss on the foreground where it has a weight. A
    model's own are how it comes to the vectors and the maps, the loss of its
    parts, and `parsing`.
    """

    # Of `part_scores`.
    LOWEST_SCORE = -1.0

    DEFAULT_LOSS_WEIGHTS = {
        "global_identity": 1.0,
        "foreground_identity": 1.0,
        "parts_identity": 1.0,
        "foreground_triplet": 0.0,
        "foreground_centre": 0.0,
    }
    COSINE_TERMS = tuple(f"{name}_identity" for name in _WITH_CLASSIFIER)
    CHOICES = {"test_embeddings": TEST_EMBEDDINGS}

    def __init__(
        self,
        images,
        vectors,
        part_logits,
        part_maps,
        *,
        backbone,
        num_identities,
        part_schema,
        visibility,
        test_embeddings,
        term_losses,
        loss_weights,
        preprocessor,
        name,
    ):
        self.check_switches(test_embeddings=test_embeddings)
        outputs = part_descriptors(
            *vectors,
            part_maps,
            num_identities,
            visibility,
            test_embeddings,
            [
                name
                for name in _WITH_CLASSIFIER
                if reads_cosines(term_losses, f"{name}_identity")
            ],
        )
        whole = [part for part in test_embeddings.split("+") if part != "parts"]
        super().__init__(
            images,
            {**outputs, "part_logits": part_logits},
            backbone=backbone,
            embedding_names=(
                *whole,
                *find_part_schema(part_schema).part_names,
            ),
            term_losses=term_losses,
            loss_weights=loss_weights,
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.part_schema = part_schema
        self.visibility = visibility
        self.test_embeddings = test_embeddings
        self.centres = identity_centres(
            self, "foreground_centre", num_identities, EMBEDDING_DIM
        )

    @classmethod
    def check_switches(cls, **switches):
        """As of `ReIDTask`; and refuses thresholds of other parts."""
        super().check_switches(**switches)
        if "visibility" in switches and "part_schema" in switches:
            schema = find_part_schema(switches["part_schema"])
            switches["visibility"].refuse_other_parts(len(schema.part_names))

    @classmethod
    def default_term_losses(cls, **switches):
        """Identity losses; plain triplet and centre loss of the foreground."""
        return {
            **{
                f"{name}_identity": IdentityCrossEntropy()
                for name in _WITH_CLASSIFIER
            },
            "foreground_triplet": PartAveragedTriplet(),
            "foreground_centre": Centre(),
        }

    def whole_body_terms(self, identities, outputs, training):
        """Identity losses; triplet and centre loss if they have a weight.

        Args:
            identities: `(batch,)` integers.
            outputs: The model's outputs.
            training: As of `loss_terms`.

        Returns:
            Dictionary of one `(batch,)` tensor a loss.
        """
        terms = {}
        for name in _WITH_CLASSIFIER:
            term = f"{name}_identity"
            logits = outputs[f"{name}_logits"]
            terms[term] = self.term(term, identities, logits)
        if self.weighs("foreground_triplet"):
            terms["foreground_triplet"] = self.term(
                "foreground_triplet",
                identities,
                outputs["foreground"][:, None, :],
            )
        terms |= centre_terms(
            self,
            "foreground_centre",
            identities,
            outputs["foreground"],
            training,
        )
        return terms

    def compared_parts(self, outputs):
        """What the loss of the parts compares: embeddings, and what is seen.

        Returns:
            Dictionary of `(batch, parts, dim)` `embeddings` and, if the
            visibility counts in training, `(batch, parts)` `visibility`.
        """
        compared = {"embeddings": outputs["parts"]}
        if self.visibility.in_training:
            compared["visibility"] = visible_parts(outputs)
        return compared

    def part_scores(self, outputs):
        """What thresholds of the visibility are compared with.

        Args:
            outputs: The model's outputs.

        Returns:
            `(batch, parts)` margins, as of `ops.part_margins`.
        """
        return part_margins(outputs["part_maps"])

    def with_visibility(self, rule, threshold=None):
        """A model of the same weights that sees parts by another rule.

        `"continuous"` gives the highest probability of each part, so that
        one pass over the images is enough to try every threshold.

        Args:
            rule: As of `VisibilityRule`.
            threshold: As of `VisibilityRule`; left out, that of this model.

        Returns:
            The model with a copy of the weights, not compiled.

        Example:
        >>> import numpy as np
        >>> from keras_drop import Descriptors
        >>> from keras_drop.models import BPBReID, resnet18
        >>> model = BPBReID(resnet18((64, 32)), 3, part_schema="five")
        >>> seen = model.with_visibility("continuous").embed(
        ...     np.zeros((2, 64, 32, 3), "uint8")
        ... )
        >>> for threshold in (0.1, 0.3, 0.6):
        ...     shown = seen.visibility >= threshold
        ...     Descriptors(seen.embeddings, shown, seen.names)
        Descriptors(2 images, 6 x 512)
        Descriptors(2 images, 6 x 512)
        Descriptors(2 images, 6 x 512)
        """
        visibility = dataclasses.replace(self.visibility, rule=rule)
        if threshold is not None:
            visibility = dataclasses.replace(visibility, threshold=threshold)
        return changed_copy(self, visibility=visibility)

    def with_visibility_thresholds(self, thresholds):
        """`with_visibility` by the margin of each part."""
        return self.with_visibility("margin", tuple(thresholds))


# GiLt of BPBReID: identities on the whole body, a triplet loss on parts, and
# parsing, which alone is weighed.
GILT_LOSS_WEIGHTS = {
    **PartReIDTask.DEFAULT_LOSS_WEIGHTS,
    "parts_triplet": 1.0,
    "parsing": 0.35,
}


def gilt_losses(visibility, part_weights=None):
    """The losses of GiLt on parts and on parsing.

    Args:
        visibility: `VisibilityRule`, which says how parts of two images count.
        part_weights: As of `PartAveragedTriplet`.

    Returns:
        Dictionary of new `keras.losses.Loss` objects by term.
    """
    return {
        "parts_triplet": PartAveragedTriplet(
            visibility_weight=visibility.pair_rule, part_weights=part_weights
        ),
        "parsing": SpatiallySmoothedParsing(spatial_smoothing=False),
    }


def gilt_terms(model, targets, outputs, training):
    """The terms of GiLt.

    Args:
        model: `PartReIDTask` with the losses of `gilt_losses`.
        targets: The `y` of a batch.
        outputs: The model's outputs for it.
        training: As of `loss_terms`.

    Returns:
        Dictionary of one `(batch,)` tensor per term.
    """
    identities = targets["identities"]
    return {
        **model.whole_body_terms(identities, outputs, training),
        "parts_triplet": model.term(
            "parts_triplet", identities, model.compared_parts(outputs)
        ),
        "parsing": parsing_term(targets, outputs, model.term_losses["parsing"]),
    }

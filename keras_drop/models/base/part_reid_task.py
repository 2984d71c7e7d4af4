from keras_drop.checks import checked_share, refuse_unknown
from keras_drop.losses.identity_cross_entropy import identity_cross_entropy
from keras_drop.losses.part_averaged_triplet import part_averaged_triplet
from keras_drop.models.base.part_descriptors import (
    TEST_EMBEDDINGS,
    part_descriptors,
)
from keras_drop.models.base.reid_task import ReIDTask
from keras_drop.part_schemas import part_schema as find_part_schema

TRIPLET_ON = ("parts", "parts+foreground")
_WITH_CLASSIFIER = ("global", "foreground", "parts")


class PartReIDTask(ReIDTask):
    """What BPBReID, DROP and PAB-ReID do alike once a map is pooled.

    A global, a foreground and one embedding a part, each of the first two and
    all parts together with a classifier of people; visibility from the part
    maps; a plain triplet loss on the foreground if wanted. A model's own are
    how it comes to the vectors and the maps, the loss of its parts, named
    `parts_triplet`, and `parsing`.
    """

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
        visibility_threshold,
        parts_triplet,
        triplet_on,
        test_embeddings,
        label_smoothing,
        preprocessor,
        name,
    ):
        refuse_unknown(
            triplet_on=(triplet_on, TRIPLET_ON),
            test_embeddings=(test_embeddings, TEST_EMBEDDINGS),
        )
        checked_share("label_smoothing", label_smoothing)
        outputs = part_descriptors(
            *vectors,
            part_maps,
            num_identities,
            visibility,
            visibility_threshold,
            test_embeddings,
        )
        whole = [part for part in test_embeddings.split("+") if part != "parts"]
        further = ["foreground_triplet"] if "foreground" in triplet_on else []
        super().__init__(
            images,
            {**outputs, "part_logits": part_logits},
            backbone=backbone,
            embedding_names=(
                *whole,
                *find_part_schema(part_schema).part_names,
            ),
            loss_names=(
                *(f"{part}_identity" for part in _WITH_CLASSIFIER),
                parts_triplet,
                *further,
                "parsing",
            ),
            preprocessor=preprocessor,
            name=name,
        )
        self.num_identities = num_identities
        self.part_schema = part_schema
        self.visibility = visibility
        self.triplet_on = triplet_on
        self.test_embeddings = test_embeddings
        self.label_smoothing = label_smoothing

    def whole_body_terms(self, identities, outputs, margin):
        """Identity losses, and the plain triplet loss on the foreground.

        Args:
            identities: `(batch,)` integers.
            outputs: The model's outputs.
            margin: Of the triplet loss; 0 or less selects the soft form.

        Returns:
            Dictionary of one `(batch,)` tensor a loss.
        """
        terms = {
            f"{name}_identity": identity_cross_entropy(
                identities, outputs[f"{name}_logits"], self.label_smoothing
            )
            for name in _WITH_CLASSIFIER
        }
        if self.triplet_on == "parts+foreground":
            terms["foreground_triplet"] = part_averaged_triplet(
                identities, outputs["foreground"][:, None, :], margin
            )
        return terms

from keras import ops

from keras_drop.backend import num_replicas
from keras_drop.checks import (
    refuse_negative,
    refuse_unknown,
    refuse_unknown_names,
)
from keras_drop.models.base.constructor_arguments import refuse_other_kinds
from keras_drop.models.base.identity_losses import refuse_cosines
from keras_drop.part_schemas import part_schema as find_part_schema

_LABELS = "Give `TrainingBatches` the `labels`: ParsingLabels(...)."
_SECOND = "Give `TrainingBatches` an `occluded_stream`."
# What batches may have, and who puts it there.
TARGETS = {
    "identities": "`keras_drop.data.TrainingBatches` makes such batches.",
    "parsing": _LABELS,
    "parsing_weight": _LABELS,
    "occluded_images": _SECOND,
    "occluded_parsing": _SECOND,
    "valid": "Give `TrainingBatches` `visibility_targets=True`.",
    "part_visibility": "Give `TrainingBatches` `visibility_targets=True`.",
}


class WeightedTerms:
    """What a `ReIDTask` learns from: terms, their losses and their weights."""

    # The paper's weights, or what works better: the model says which. A
    # subclass with terms of its own may add theirs.
    DEFAULT_LOSS_WEIGHTS = {}
    # The values of switches that are one of a few words.
    CHOICES = {}
    # The terms that may have a loss of cosines.
    COSINE_TERMS = ()
    # Terms from elsewhere: an object with `loss_terms` and `loss_weights` of
    # its own, such as `keras_drop.training.Distillation`; no file keeps it.
    further_terms = None

    @classmethod
    def check_switches(cls, **switches):
        """Refuses values that no model of this class can have.

        Args:
            **switches: Arguments of the constructor, any of them.

        Raises:
            ValueError: Names the switch, what came and what is known.
        """
        refuse_other_kinds(cls, switches)
        if "part_schema" in switches:
            find_part_schema(switches["part_schema"])
        refuse_unknown(
            **{
                name: (value, cls.CHOICES[name])
                for name, value in switches.items()
                if name in cls.CHOICES
            }
        )
        for name in ("loss_weights", "term_losses"):
            given = switches.get(name) or {}
            refuse_unknown_names(name, given, cls.DEFAULT_LOSS_WEIGHTS)
        refuse_cosines(cls, switches.get("term_losses") or {})
        weights = switches.get("loss_weights") or {}
        refuse_negative(
            **{f"loss_weights[{name!r}]": w for name, w in weights.items()}
        )

    @classmethod
    def default_term_losses(cls, **switches):
        """The losses of the terms where none is given.

        Args:
            **switches: Arguments of the constructor, of which some choose
                among losses; the others are left alone.

        Returns:
            Dictionary of new `keras.losses.Loss` objects by term.
        """
        return {}

    def loss_terms(self, targets, outputs, training):
        """The terms of the loss, without their weights; a method overrides it.

        Args:
            targets: The `y` of a batch, a dictionary of tensors.
            outputs: The model's outputs for it, under their names.
            training: False in `evaluate`, where no state may change.

        Returns:
            Dictionary of one `(batch,)` tensor per term. Its mean over the
            batches of all replicas is the term's value. Any name will do: it
            is reported under it, and weighs what `loss_weights` says, or 1.
        """
        raise ValueError(
            f"{type(self).__name__} defines no `loss_terms`: it cannot train."
        )

    def term(self, name, y_true, y_pred):
        """The loss of every image, by the loss object of a term.

        The mean over all images is taken later, over the batches of all
        replicas, so the object's own `reduction` plays no part here.

        Args:
            name: Name of the term in `term_losses`.
            y_true: As of the loss.
            y_pred: As of the loss.

        Returns:
            `(batch,)` losses.
        """
        return self.term_losses[name].call(y_true, y_pred)

    def weighs(self, name):
        """Whether a term counts: one of weight 0 need not be computed."""
        return self.loss_weights.get(name, 1.0) > 0

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The training step's loss: the weighted sum of `loss_terms`.

        Raises:
            ValueError: `sample_weight` is given, or `y` is not a dictionary.
        """
        if sample_weight is not None:
            raise ValueError(
                "`sample_weight` has no meaning here: an image's weight in "
                "the parsing loss is `y['parsing_weight']`."
            )
        if not isinstance(y, dict):
            raise ValueError(
                "`y` is a dictionary with `identities` and, for models with "
                f"parts, `parsing` and `parsing_weight`; got {type(y)}. "
                "`keras_drop.data.TrainingBatches` makes such batches."
            )
        try:
            terms, weights = self._all_terms(y, y_pred, training)
        except KeyError as error:
            (name,) = error.args
            if name in y or name not in TARGETS:
                raise
            raise ValueError(
                f"{type(self).__name__} learns from `{name}`, which the batch "
                f"does not have; it has {', '.join(y)}. {TARGETS[name]}"
            ) from error
        terms = {name: ops.mean(term) for name, term in terms.items()}
        # A small last batch counts less, as it does in Keras' own `loss`.
        self.term_means.update_state(terms, ops.shape(y["identities"])[0])
        total = sum(
            weights.get(name, 1.0) * term for name, term in terms.items()
        )
        for loss in self.losses:
            total = total + ops.sum(ops.cast(loss, "float32"))
        # Keras sums the gradients of the replicas; each term is a mean.
        return total / num_replicas()

    def _all_terms(self, targets, outputs, training):
        """Those of the method and those from elsewhere, and all weights."""
        terms, weights = self.loss_terms(targets, outputs, training), {}
        if self.further_terms is not None:
            weights = self.further_terms.loss_weights
            terms |= self.further_terms.loss_terms(targets, outputs, training)
        return terms, {**self.loss_weights, **weights}

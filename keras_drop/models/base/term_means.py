import keras
from keras import ops

CAPACITY = 32


class TermMeans(keras.metrics.Metric):
    """The mean of every loss term, under the name that it is returned with.

    Keras asks for all variables of a metric before the first step, where the
    names of the terms are not known yet. So there is a fixed number of places,
    and a term gets the next one when a step is traced that returns it.
    What is reported are the terms of the step that was traced last: terms that
    come in training alone are absent in `evaluate`.

    Args:
        **kwargs: `name` and `dtype` of `keras.metrics.Metric`.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.places = {}
        self.reported = ()
        self.totals = self.add_variable((CAPACITY,), "zeros", name="totals")
        self.counts = self.add_variable((CAPACITY,), "zeros", name="counts")

    def update_state(self, terms, count):
        """Adds the mean of each term over `count` images.

        Args:
            terms: Dictionary of scalars by name.
            count: Number of images.

        Raises:
            ValueError: More terms than there are places.
        """
        for name in terms:
            self.places.setdefault(name, len(self.places))
        if len(self.places) > CAPACITY:
            raise ValueError(
                f"`loss_terms` returns {len(self.places)} different terms, "
                f"{', '.join(self.places)}; at most {CAPACITY} are reported. "
                "Sum some of them."
            )
        self.reported = tuple(terms)
        count = ops.cast(count, self.dtype)
        totals, counts = (
            [ops.zeros((), self.dtype)] * CAPACITY,
            [0.0] * CAPACITY,
        )
        for name, term in terms.items():
            totals[self.places[name]] = ops.cast(term, self.dtype) * count
            counts[self.places[name]] = 1.0
        self.totals.assign_add(ops.stack(totals))
        self.counts.assign_add(ops.array(counts, self.dtype) * count)

    def result(self):
        """Dictionary of the means by name, which Keras takes into its logs."""
        means = ops.divide_no_nan(self.totals, self.counts)
        return {name: means[self.places[name]] for name in self.reported}

import math

import keras

from keras_drop.evaluation import Protocol
from keras_drop.evaluation import evaluate as evaluate_protocol


class RetrievalEvaluation(keras.callbacks.Callback):
    """Evaluates the retrieval every so many epochs and after the last.

    The metrics become part of the epoch's logs as `val_<metric>`, so that
    history, `CSVLogger` and `TensorBoard` have them: put it before these in
    the list of callbacks. In the other epochs they are NaN, because
    `CSVLogger` wants the same columns in every epoch.

    `RetrievalEvaluation.of_protocol("occluded_duke", splits)` evaluates under
    a named protocol; the constructor takes any other function.

    Args:
        evaluate: Function from the model to a dictionary of metrics.
        every: Epochs from one evaluation to the next.
        metrics: Names of the metrics that are logged.
        prefix: Begins these names in the logs.

    Raises:
        ValueError: `every` is less than 1; in `fit`, a metric that `evaluate`
            does not give.

    Example:
    >>> from keras_drop.training import RetrievalEvaluation
    >>> callback = RetrievalEvaluation(lambda model: {"mAP": 0.5}, 2, ["mAP"])
    >>> callback.set_params({"epochs": 3})
    >>> for epoch in range(3):
    ...     logs = {}
    ...     callback.on_epoch_end(epoch, logs)
    ...     print(logs)
    {'val_mAP': nan}
    {'val_mAP': 0.5}
    {'val_mAP': 0.5}
    """

    def __init__(
        self,
        evaluate,
        every=10,
        metrics=("mAP", "rank-1"),
        prefix="val_",
    ):
        super().__init__()
        if every < 1:
            raise ValueError(
                f"`every` is {every}; it has to be at least 1, which "
                "evaluates after every epoch."
            )
        self.evaluate = evaluate
        self.every = every
        self.metrics = tuple(metrics)
        self.prefix = prefix
        self.card = None

    @classmethod
    def of_protocol(
        cls,
        protocol,
        splits,
        every=10,
        metrics=("mAP", "rank-1"),
        know_cameras=False,
        prefix="val_",
    ):
        """Evaluates under a protocol, reading the images batch by batch.

        The card of the last evaluation is `callback.card`.

        Args:
            protocol: `Protocol`, or the name of one, as `"occluded_duke"`.
            splits: Dictionary of `Records` with `"query"` and `"gallery"`.
            every: Epochs from one evaluation to the next.
            metrics: Names of the metrics that are logged.
            know_cameras: As in `evaluation.evaluate`.
            prefix: Begins the names of the metrics in the logs.

        Returns:
            `RetrievalEvaluation`.

        Raises:
            ValueError: An unknown protocol, or `every` less than 1; in `fit`,
                what `evaluation.evaluate` refuses.

        Example:
        >>> from keras_drop import Records
        >>> from keras_drop.training import RetrievalEvaluation
        >>> records = Records(["a.jpg"], [7], [0])
        >>> callback = RetrievalEvaluation.of_protocol("occluded_duke",
        ...     {"query": records, "gallery": records}, every=5)
        >>> callback.every
        5
        """
        if isinstance(protocol, str):
            protocol = Protocol.named(protocol)

        def evaluate(model):
            callback.card = evaluate_protocol(
                model, splits, protocol, know_cameras=know_cameras
            )
            return callback.card.metrics

        callback = cls(evaluate, every, metrics, prefix)
        return callback

    def on_epoch_end(self, epoch, logs=None):
        done = epoch + 1
        results = dict.fromkeys(self.metrics, math.nan)
        if done % self.every == 0 or done == self.params["epochs"]:
            results = self.evaluate(self.model)
        missing = set(self.metrics) - set(results)
        if missing:
            raise ValueError(
                f"`evaluate` gives no {', '.join(sorted(missing))}, but "
                f"{', '.join(results)}. Name the wanted ones in `metrics`."
            )
        if logs is not None:
            for name in self.metrics:
                logs[self.prefix + name] = float(results[name])

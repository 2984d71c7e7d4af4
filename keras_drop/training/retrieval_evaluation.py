import math

import keras


class RetrievalEvaluation(keras.callbacks.Callback):
    """Evaluates the retrieval every so many epochs and after the last.

    The metrics become part of the epoch's logs as `val_<metric>`, so that
    history, `CSVLogger` and `TensorBoard` have them: put it before these in
    the list of callbacks. In the other epochs they are NaN, because
    `CSVLogger` wants the same columns in every epoch.

    Args:
        evaluate: Function from the model to a dictionary of metrics.
        every: Epochs from one evaluation to the next.
        metrics: Names of the metrics that are logged.

    Raises:
        ValueError: `every` is less than 1; in `fit`, a metric that `evaluate`
            does not give.

    Example:
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

    def __init__(self, evaluate, every=10, metrics=("mAP", "rank-1")):
        super().__init__()
        if every < 1:
            raise ValueError(
                f"`every` is {every}; it has to be at least 1, which "
                "evaluates after every epoch."
            )
        self.evaluate = evaluate
        self.every = every
        self.metrics = tuple(metrics)

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
                logs[f"val_{name}"] = float(results[name])

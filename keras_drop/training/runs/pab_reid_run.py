import dataclasses

from keras_drop import evaluation
from keras_drop.checks import checked_choice
from keras_drop.descriptors import Descriptors
from keras_drop.flags import flag
from keras_drop.training.runs.report import evaluate
from keras_drop.training.runs.run import Run


@dataclasses.dataclass(frozen=True)
class PABReIDRun(Run):
    """Run of PAB-ReID, which ends with other thresholds of the visibility.

    They are tried on the trained model, which takes one more pass over the
    images, and written to `visibility.md`. Choose one on people other than
    those you report.

    Args:
        mu: Thresholds to try.
        **kwargs: As of `Run`.

    Example:
    >>> from keras_drop.training import PABReIDRun
    >>> PABReIDRun("pab_reid", mu=(0.2, 0.4)).mu
    (0.2, 0.4)
    """

    model: str = flag("pab_reid", "pab_reid")
    mu: tuple[float, ...] = flag(
        (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), "thresholds to try at the end"
    )

    def __post_init__(self):
        super().__post_init__()
        checked_choice("model", self.model, ("pab_reid",))

    def finish(self, model, splits):
        """Writes what every `mu` would have given."""
        continuous, query, gallery = evaluate(
            self, model.with_visibility("continuous"), splits
        )
        results = {"continuous": continuous.result}
        for mu in self.mu:
            shown = tuple(
                Descriptors(seen.embeddings, seen.visibility >= mu, seen.names)
                for seen in (query, gallery)
            )
            name = f"mu = {mu:g}"
            results[name] = evaluation.evaluate(
                shown, splits, self.data.test_protocol, model=name
            ).result
        table = evaluation.table(results)
        (self.run_dir / "visibility.md").write_text(table + "\n")
        print(f"\n{table}\n\n  visibility.md     the table above")

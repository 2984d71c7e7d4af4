"""The other data sets that a run evaluates, besides the one it watches."""

import dataclasses

from keras_drop import evaluation
from keras_drop.data import readable_splits
from keras_drop.training.settings.data_reading import read_tests


def further_tests(run, model, described):
    """Evaluates all data sets but the first, and writes `card_NAME.json`.

    Args:
        run: `Run`.
        model: Its trained model.
        described: Its `ModelDescription` in the card of the first.

    Returns:
        Markdown to add to the results; empty if there is one data set.
    """
    protocols = run.data.tested_protocols()
    if len(protocols) == 1:
        return ""
    # How well parts were found is of the first.
    told = {k: v for k, v in described.run.items() if k != "parts"}
    described = dataclasses.replace(described, run=told)
    text = ""
    tests = list(read_tests(run.data).items())
    for name, splits in tests[1:]:
        splits = readable_splits(splits, run.batches.max_unreadable)
        card = evaluation.evaluate(
            model, splits, protocols[name], model=described
        )
        card.save(run.run_dir / f"card_{name}.json")
        table = evaluation.table({type(model).__name__: card.result})
        text += f"\n\nOn {name} (card_{name}.json):\n\n{table}"
    return f"\n\nThe table above is of {tests[0][0]}.{text}"

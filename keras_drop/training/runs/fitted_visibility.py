"""Thresholds of the visibility, from people that the run has not learnt."""

from keras_drop import evaluation
from keras_drop.training.settings.data_reading import WITHOUT_LABELS

# Half of the images: training people are seldom hidden.
_HIDES = ("roa:0.5",)


def fitted_visibility(run, model, splits):
    """The model with thresholds fitted on the validation people.

    Half of their images are hidden, by the occluders of the run. What was
    found is printed and written to `thresholds.md`.

    Args:
        run: `Run`.
        model: Its trained model.
        splits: Dictionary of `Records`, with `"validation"`.

    Returns:
        The model, not compiled.
    """
    fitted = evaluation.fit_visibility_threshold(
        model,
        splits["validation"],
        run.data.labels(),
        occlusions=run.batches.named(_HIDES),
        seed=run.fit.seed,
    )
    table = fitted.table()
    (run.run_dir / "thresholds.md").write_text(table + "\n")
    print(f"\nVisible from these thresholds on:\n\n{table}\n")
    return fitted.applied(model)


def refuse_unfittable(run):
    """Refuses `fit_visibility` where nothing can be fitted.

    Raises:
        ValueError: A model without parts, nobody held out, or no labels.
    """
    if not run.has_parts:
        raise ValueError(
            f"`fit_visibility` is for models with parts; {run.model} has none."
        )
    if not run.data.validation_people:
        raise ValueError(
            "`fit_visibility` needs people that are not learnt: set "
            "`validation_people`, for example to 0.1."
        )
    if run.data.format == WITHOUT_LABELS:
        raise ValueError(
            "`fit_visibility` needs parsing labels; `label_format` is "
            f"{WITHOUT_LABELS}, which says nothing of what is hidden."
        )

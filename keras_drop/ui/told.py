"""What the tabs share: cards, and what is said of mistakes."""

from keras_drop.ui.texts import ON_LOAD


def told(gradio, does, *arguments, **options):
    """What it returns; mistakes and refusals are shown on the page.

    Args:
        gradio: The module.
        does: What is called.
        *arguments: Its arguments.
        **options: Its options.

    Returns:
        What it returns.

    Raises:
        gradio.Error: What it raises as `ValueError` or `OSError`.
    """
    try:
        return does(*arguments, **options)
    except (ValueError, OSError) as error:
        raise gradio.Error(str(error)) from None


def cards_of(gradio, name):
    """Component of cards, whose buttons are heard as clicks on it."""
    return gradio.HTML(
        js_on_load=ON_LOAD, elem_id=name, apply_default_css=False
    )

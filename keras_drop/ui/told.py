"""What the tabs share: cards, and what is said of mistakes."""

from keras_drop.ui.texts import ON_LOAD
from keras_drop.visualization.html_page import text


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
        # gradio shows HTML: what a file or a person is called is none.
        raise gradio.Error(text(error)) from None


def cards_of(gradio, name):
    """Component of cards, whose buttons are heard as clicks on it."""
    return gradio.HTML(
        js_on_load=ON_LOAD, elem_id=name, apply_default_css=False
    )

from pathlib import Path


def write_tensorboard_text(folder, name, text):
    """Writes a text that TensorBoard shows in its tab of texts.

    Args:
        folder: Of the logs; a file is added.
        name: Of the text.
        text: Markdown.

    Raises:
        ImportError: TensorBoard is not installed; says what installs it.

    Example:
    >>> import tempfile
    >>> from keras_drop.export import write_tensorboard_text
    >>> write_tensorboard_text(tempfile.mkdtemp(), "card", "**seed** 1")
    """
    try:
        import tensorboard  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "TensorBoard is not installed: pip install 'keras_drop[tracking]'."
        ) from error
    import tensorflow as tf

    writer = tf.summary.create_file_writer(str(Path(folder)))
    with writer.as_default():
        tf.summary.text(name, text, step=0)
    writer.close()

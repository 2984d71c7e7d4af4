import keras


def predicted(model, images, batch_size, verbose=0):
    """What a model says of an array of images.

    Args:
        model: `keras.Model`.
        images: `(num_images, height, width, 3)`.
        batch_size: Images at a time.
        verbose: As of `keras.Model.predict`.

    Returns:
        The outputs, as NumPy arrays.
    """
    if len(images) <= batch_size and not verbose:
        # `predict` spends 40 ms on its own, a search for one person waits.
        # Within a strategy every device has answered for all of them.
        return keras.tree.map_structure(
            lambda values: values[: len(images)],
            model.predict_on_batch(images),
        )
    return model.predict(images, batch_size=batch_size, verbose=verbose)

def image_shape_of(image_size, multiple=1):
    """`(height, width, 3)` of the images of a backbone.

    Args:
        image_size: `(height, width)`.
        multiple: What both have to be a multiple of.

    Raises:
        ValueError: It is no pair, or of other sizes.
    """
    sizes = image_size if isinstance(image_size, list | tuple) else ()
    fits = all(size >= multiple and size % multiple == 0 for size in sizes)
    if len(sizes) != 2 or not fits:
        multiples = f", both multiples of {multiple}" if multiple > 1 else ""
        raise ValueError(
            f"`image_size` is (height, width){multiples}, received "
            f"{image_size}. Choose for example (256, 128)."
        )
    return *image_size, 3

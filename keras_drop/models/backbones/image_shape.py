from keras_drop.image_sizes import checked_image_size


def image_shape_of(image_size, multiple=1):
    """`(height, width, 3)` of the images of a backbone.

    Args:
        image_size: `(height, width)`.
        multiple: What both have to be a multiple of.

    Raises:
        ValueError: It is no pair of whole numbers, or of other sizes.
    """
    return *checked_image_size(image_size, multiple), 3

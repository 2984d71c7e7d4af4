"""What a ViT refuses to be built of."""


def check_image_shape(image_shape, patch_size):
    """Refuses a shape that is not fixed, or smaller than a patch.

    Raises:
        ValueError: Names the shape.
    """
    if (
        len(image_shape) != 3
        or None in image_shape
        or min(image_shape[:2]) < patch_size
    ):
        raise ValueError(
            "Position embeddings belong to images of one size, not smaller "
            f"than a patch of {patch_size} pixels. `image_shape` is (height, "
            f"width, channels), received {image_shape}."
        )


def check_numbers(**switches):
    """Refuses numbers that make no ViT.

    Args:
        **switches: Under the switch's name, the pair of its value and whether
            that fits.

    Raises:
        ValueError: Names the switch, its value and what it has to be.
    """
    ranges = {
        "patch_stride": "from 1 to `patch_size`, so that every pixel is seen",
        "hidden_dim": "a multiple of `num_heads`",
        "num_layers": "1 or more",
        "drop_path_rate": "in [0, 1)",
        "num_cameras": "0 or more",
    }
    for name, (value, fits) in switches.items():
        if not fits:
            raise ValueError(
                f"`{name}` is {value!r}; it has to be {ranges[name]}."
            )

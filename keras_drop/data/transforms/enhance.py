"""Changes of colour and sharpness, in any order."""

import cv2
import numpy as np

_GREY = np.array([0.299, 0.587, 0.114], "float32")


def enhance(image, steps):
    """Changes colours and sharpness by one step after the other.

    After each step values are clipped to 0 to 255.

    Args:
        image: `(height, width, 3)` float32 pixel values from 0 to 255.
        steps: Pairs of a name and a number: `"brightness"`, `"contrast"`,
            `"saturation"` and `"gamma"` with a factor, for gamma the exponent;
            `"blur"` with the standard deviation of a Gaussian in pixels.

    Returns:
        `(height, width, 3)` float32.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.transforms.enhance import enhance
    >>> image = np.full((1, 1, 3), 127.5, "float32")
    >>> enhance(image, [("gamma", 2.0), ("brightness", 0.8)])[0, 0].tolist()
    [51.0, 51.0, 51.0]
    """
    for name, factor in steps:
        image = np.clip(_STEPS[name](image, np.float32(factor)), 0, 255)
    return image


def random_enhance(rng):
    """Draws the steps of HPNet's released augmentation `enhance`.

    Every second image is changed: by blur of radius 1 or 2, brightness,
    contrast, saturation and gamma with factors from 0.6 to 1.4, in random
    order, each with probability 0.7.

    Args:
        rng: `numpy.random.Generator`.

    Returns:
        Tuple of pairs of a name and a number, empty for no change.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.transforms.enhance import random_enhance
    >>> random_enhance(np.random.default_rng(2))
    ()
    """
    if rng.random() < 0.5:
        return ()
    drawn = []
    for name in rng.permutation(list(_STEPS)).tolist():
        if rng.random() < 0.7:
            blur = name == "blur"
            factor = rng.integers(1, 3) if blur else rng.uniform(0.6, 1.4)
            drawn.append((name, float(factor)))
    return tuple(drawn)


def random_colour_jitter(rng, **most):
    """Draws factors of colour, in random order.

    Args:
        rng: `numpy.random.Generator`.
        **most: For `brightness`, `contrast`, `saturation`, in any choice, how
            far the factor is from 1 at the most.

    Returns:
        Tuple of pairs of a name and a number.

    Example:
    >>> import numpy as np
    >>> from keras_drop.data.transforms.enhance import random_colour_jitter
    >>> rng = np.random.default_rng(0)
    >>> steps = random_colour_jitter(rng, brightness=0.2, contrast=0.15)
    >>> sorted(name for name, _ in steps)
    ['brightness', 'contrast']
    """
    return tuple(
        (name, float(rng.uniform(1 - most[name], 1 + most[name])))
        for name in rng.permutation(list(most)).tolist()
    )


def _blur(image, radius):
    return cv2.GaussianBlur(image, (0, 0), float(radius))


def _brightness(image, factor):
    return factor * image


def _contrast(image, factor):
    mean = (image @ _GREY).mean()
    return mean + factor * (image - mean)


def _saturation(image, factor):
    grey = (image @ _GREY)[..., None]
    return grey + factor * (image - grey)


def _gamma(image, exponent):
    return 255 * (image * np.float32(1 / 255)) ** exponent


_STEPS = {
    "blur": _blur,
    "brightness": _brightness,
    "contrast": _contrast,
    "saturation": _saturation,
    "gamma": _gamma,
}

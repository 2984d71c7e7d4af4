from keras_drop.descriptors import Descriptors

_PREFIX = "unmasked_"


def answer_partless(gallery: Descriptors) -> Descriptors:
    """Lets queries that show no part be compared with a gallery.

    `keras_drop.models.HPNet(..., no_part_query="global")` describes every
    image by its parts, and by further embeddings `unmasked_<part>`, which are
    visible where no part is. Here these become visible in all images of the
    gallery: a query without parts is ranked by them, instead of at 10,000
    from everybody. Queries that show a part are ranked as before, because
    they do not show the unmasked embeddings.

    It is for rankings alone. Re-ranking also compares gallery images with
    each other, which then show both.

    Args:
        gallery: `Descriptors` of the gallery, never of the queries.

    Returns:
        `Descriptors` of the same embeddings.

    Raises:
        ValueError: No embedding is called `unmasked_<part>`.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors
    >>> from keras_drop.evaluation import answer_partless
    >>> names = ("unmasked_head", "head")
    >>> query = Descriptors(np.ones((1, 2, 3)), [[1, 0]], names)
    >>> gallery = Descriptors(np.ones((1, 2, 3)), [[0, 1]], names)
    >>> answer_partless(gallery).visibility.tolist()
    [[1.0, 1.0]]

    Reference:
        [Huang et al., 2020](https://doi.org/10.1109/ICME46284.2020.9102789)
    """
    columns = [
        column
        for column, name in enumerate(gallery.names)
        if name.startswith(_PREFIX)
    ]
    if not columns:
        raise ValueError(
            f"The gallery has the embeddings {', '.join(gallery.names)}, and "
            f"none that is called {_PREFIX}<part>. Embed it by "
            '`HPNet(..., no_part_query="global")`.'
        )
    visibility = gallery.visibility.copy()
    visibility[:, columns] = 1
    return Descriptors(gallery.embeddings, visibility, gallery.names)

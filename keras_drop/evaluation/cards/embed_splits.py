from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.cards.model_description import ModelDescription
from keras_drop.records import Records


def embed_splits(
    model,
    splits: dict[str, Records],
    *,
    image_size: tuple[int, int] | None = None,
    know_cameras: bool = False,
) -> tuple[Descriptors, Descriptors]:
    """Descriptors of queries and gallery, whose images are read in batches.

    Args:
        model: A model with `embed`.
        splits: Dictionary of `Records` with `"query"` and `"gallery"`, as
            `Protocol.read` gives.
        image_size: `(height, width)` of the images; left out, the model's.
        know_cameras: Whether the cameras have the numbers that they had in
            training. A model that tells cameras apart is then told them; for
            others nothing changes.

    Returns:
        Tuple of the `Descriptors` of the queries and of the gallery.

    Raises:
        ValueError: A model that cannot `embed`, or one that takes images of
            any size where none is given.

    Example:
    >>> from PIL import Image
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import embed_splits
    >>> from keras_drop.models import GlobalBaseline, resnet18
    >>> import tempfile
    >>> path = f"{tempfile.mkdtemp()}/a.png"
    >>> Image.new("RGB", (16, 32)).save(path)
    >>> records = Records([path], [7], [0])
    >>> model = GlobalBaseline(resnet18((64, 32)), num_identities=3)
    >>> embed_splits(model, {"query": records, "gallery": records})
    (Descriptors(1 images, 1 x 512), Descriptors(1 images, 1 x 512))
    """
    # Here, since Keras takes seconds to load.
    from keras_drop.data.batches.image_batches import ImageBatches

    if not hasattr(model, "embed"):
        raise ValueError(
            f"A {type(model).__name__} cannot `embed`: it is no model of this "
            "library. Give the embeddings instead."
        )
    image_size = image_size or ModelDescription.of(model).image_size
    if image_size is None:
        raise ValueError(
            "The model takes images of any size. Say which, by "
            "`image_size=(256, 128)` or that of its `ModelDescription`."
        )
    return tuple(
        model.embed(
            ImageBatches(
                splits[side].paths,
                image_size,
                cameras=splits[side].cameras if know_cameras else None,
            )
        )
        for side in ("query", "gallery")
    )

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.cards.embed_splits import embed_splits
from keras_drop.evaluation.cards.model_description import (
    ModelDescription,
    software_versions,
)
from keras_drop.evaluation.cards.result_card import ResultCard
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.distance import Distance, check_distance
from keras_drop.evaluation.file_names import file_order
from keras_drop.evaluation.groups.bootstrap import Bootstrap, metric_intervals
from keras_drop.evaluation.groups.occlusion_levels import known_levels
from keras_drop.evaluation.groups.stratify import stratify
from keras_drop.evaluation.protocol import Protocol
from keras_drop.evaluation.ranking.evaluate_retrieval import (
    evaluate_comparison,
)
from keras_drop.evaluation.reranking.rerank import Rerank
from keras_drop.evaluation.reranking.retrieval_distances import check_rerank
from keras_drop.records import Records


def evaluate(
    source,
    splits: dict[str, Records],
    protocol: Protocol | str,
    *,
    model: ModelDescription | str | None = None,
    distance: Distance = Distance(),
    rerank: Rerank = "off",
    know_cameras: bool = False,
    bootstrap: Bootstrap = Bootstrap(),
) -> ResultCard:
    """Evaluates a model, or embeddings of any origin, under a protocol.

    Args:
        source: A model with `embed`, whose images are read as `embed_splits`
            does, or the pair of query and gallery, each `Descriptors` or an
            array of embeddings.
        splits: Dictionary of `Records` with `"query"` and `"gallery"`, as
            `Protocol.read` gives.
        protocol: `Protocol`, or the name of one, such as `"occluded_duke"`.
        model: For the card, the name of what made the embeddings, or a
            `ModelDescription`; left out, that of the model that is evaluated.
        distance: `Distance`: how far two images are apart.
        rerank: Re-ranking preset, as in `evaluate_retrieval`.
        know_cameras: As in `embed_splits`.
        bootstrap: `Bootstrap`: how the intervals of the metrics are drawn.

    Returns:
        `ResultCard`; its `result` is the `RetrievalResult`.

    Raises:
        ValueError: An unknown protocol or preset, a model of unknown image
            size, embeddings without a name for their model, splits that are
            missing, a column `occlusion` outside `[0, 1]`, or what
            `evaluate_retrieval` refuses.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Records
    >>> from keras_drop.evaluation import evaluate
    >>> splits = {"query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
    ...     "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1])}
    >>> query, gallery = np.eye(2), np.array([[1.0, 0.0], [1.0, -0.1]])
    >>> card = evaluate((query, gallery), splits, "occluded_duke", model="mine")
    >>> card.metrics["rank-1"], card.intervals["rank-1"]
    (0.5, (0.0, 1.0))
    """
    # Before a model embeds for minutes.
    protocol = Protocol.of(protocol)
    check_distance(distance)
    check_rerank(rerank)
    missing = {"query", "gallery"} - set(splits)
    if missing:
        raise ValueError(
            f"`splits` has no {' and no '.join(sorted(missing))}, but "
            f"{', '.join(splits) or 'nothing'}. `Protocol.read` gives them."
        )
    records = splits["query"], splits["gallery"]
    levels = {}
    if "occlusion" in records[0].column_names:
        levels = known_levels(records[0].occlusion)
    about = _description(source, model)
    if hasattr(source, "embed"):
        sides = embed_splits(
            source,
            splits,
            image_size=about.image_size,
            know_cameras=know_cameras,
        )
    else:
        sides = _as_descriptors(source)
    result = evaluate_comparison(
        Comparison(*sides, *records), distance, protocol, rerank
    )
    return ResultCard(
        model=about,
        protocol=protocol,
        protocol_checksum=protocol.checksum(*records),
        distance=distance,
        rerank=rerank,
        versions=software_versions(),
        num_gallery=len(records[1]),
        query_order=file_order(records[0]),
        bootstrap=bootstrap,
        intervals=metric_intervals(result, bootstrap=bootstrap),
        by_occlusion=stratify(result, levels),
        result=result,
    )


def _description(source, model):
    """`ModelDescription` of what was given, of the source if it is a model."""
    if isinstance(model, ModelDescription):
        return model
    if hasattr(source, "embed"):
        return ModelDescription.of(source, **({"name": model} if model else {}))
    if not isinstance(model, str):
        raise ValueError(
            "Embeddings do not tell what made them; give the name of their "
            "`model`, or its `ModelDescription`, which the result card needs."
        )
    return ModelDescription(model)


def _as_descriptors(source):
    """`Descriptors` of queries and gallery, maybe of arrays."""
    if not isinstance(source, tuple | list) or len(source) != 2:
        raise ValueError(
            "The source is a model with `embed`, or the pair of query and "
            f"gallery; it is a {type(source).__name__}."
        )
    return tuple(
        side if isinstance(side, Descriptors) else Descriptors(side)
        for side in source
    )

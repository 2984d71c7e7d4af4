import dataclasses

import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.cards.describe_model import (
    describe_model,
    software_versions,
)
from keras_drop.evaluation.cards.result_card import ResultCard
from keras_drop.evaluation.distances.check_inputs import check_choice
from keras_drop.evaluation.groups.bootstrap import (
    check_resampling,
    metric_intervals,
)
from keras_drop.evaluation.protocols.evaluate_retrieval import (
    evaluate_retrieval,
)
from keras_drop.evaluation.protocols.protocol import Protocol


def evaluate(
    source,
    splits,
    protocol,
    *,
    batches=None,
    know_cameras=False,
    model=None,
    switches=None,
    image_size=None,
    seed=None,
    metric="euclidean",
    combine="visibility_mean",
    visibility_weight="sqrt",
    no_common="sentinel",
    rerank="off",
    confidence=0.95,
    num_resamples=1000,
    query_block=256,
    gallery_chunk=None,
):
    """Evaluates a model, or embeddings of any origin, under a protocol.

    Args:
        source: A model with `embed`, or the pair of query and gallery, each
            `Descriptors` or an array of embeddings.
        splits: Dictionary of `Records` with `"query"` and `"gallery"`, as
            `Protocol.read` gives.
        protocol: `Protocol`, or the name of one, such as `"occluded_duke"`.
        batches: For a model, function of paths and `(height, width)` that
            gives what `embed` takes: `keras_drop.data.ImageBatches`. With
            `know_cameras` it gets the argument `cameras` too.
        know_cameras: Whether the cameras have the numbers that they had in
            training. A model that tells cameras apart is then told them; for
            others nothing changes.
        model: Name for the card, or the model that the embeddings come from;
            left out, the class of the model that is evaluated.
        switches: Dictionary of the model's settings for the card; left out,
            those that are not the model's default.
        image_size: `(height, width)` of the images; left out, the model's.
        seed: Seed of the training, for the card.
        metric: As in `evaluate_retrieval`, like all to `rerank`.
        combine: How the parts become one distance.
        visibility_weight: Weight of a part with continuous visibility.
        no_common: Distance of images without a common part.
        rerank: Re-ranking preset.
        confidence: Share of the bootstrap draws within an interval.
        num_resamples: Number of bootstrap draws.
        query_block: Number of queries at a time.
        gallery_chunk: Number of gallery images at a time.

    Returns:
        `ResultCard`; its `result` is the `RetrievalResult`.

    Raises:
        ValueError: An unknown protocol or option, a model without `batches`
            or image size, embeddings without a name for their model, splits
            that are missing, or what `evaluate_retrieval` refuses.

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
    if isinstance(protocol, str):
        protocol = Protocol.named(protocol)
    _check_splits(splits)
    records = splits["query"], splits["gallery"]
    about = {"model": None, "switches": {}, "image_size": None}
    if hasattr(source, "embed"):
        about = describe_model(source)
    elif hasattr(model, "embed"):
        about, model = describe_model(model), None
    given = {"model": model, "switches": switches, "image_size": image_size}
    about |= {name: v for name, v in given.items() if v is not None}
    if about["model"] is None:
        raise ValueError(
            "Embeddings do not tell what made them; give the name of their "
            "`model`, which the result card needs."
        )
    distance = {
        "metric": metric,
        "combine": combine,
        "visibility_weight": visibility_weight,
        "no_common": no_common,
    }
    # Before a model embeds for minutes.
    for name, value in {**distance, "rerank": rerank}.items():
        check_choice(name, value)
    check_resampling(confidence, num_resamples)
    query, gallery = _descriptors(source, records, batches, about, know_cameras)
    result = evaluate_retrieval(
        query,
        gallery,
        *records,
        **distance,
        average_precision=protocol.average_precision,
        ties=protocol.ties,
        camera_mode=protocol.camera_mode,
        gallery_shot=protocol.gallery_shot,
        repeats=protocol.repeats,
        seed=protocol.seed,
        max_rank=protocol.max_rank,
        rerank=rerank,
        query_block=query_block,
        gallery_chunk=gallery_chunk,
    )
    bootstrap = {
        "confidence": confidence,
        "num_resamples": num_resamples,
        "seed": 1,
    }
    return ResultCard(
        **about,
        seed=seed,
        protocol=dataclasses.asdict(protocol),
        protocol_checksum=protocol.checksum(*records),
        distance=distance,
        rerank=rerank,
        versions=software_versions(),
        num_gallery=len(gallery),
        query_order=_order(splits["query"]),
        bootstrap=bootstrap,
        intervals=metric_intervals(result, **bootstrap),
        result=result,
    )


def _check_splits(splits):
    missing = {"query", "gallery"} - set(splits)
    if missing:
        raise ValueError(
            f"`splits` has no {' and no '.join(sorted(missing))}, but "
            f"{', '.join(splits) or 'nothing'}. `Protocol.read` gives them."
        )


def _order(records):
    """Rows by base name, identity and camera: the same in any folder."""
    names = [
        path.replace("\\", "/").rsplit("/", 1)[-1]
        for path in records.paths.tolist()
    ]
    return np.lexsort((records.cameras, records.identities, names))


def _descriptors(source, records, batches, about, know_cameras):
    """`Descriptors` of queries and gallery, made by the model if it is one."""
    if hasattr(source, "embed"):
        if batches is None or about["image_size"] is None:
            raise ValueError(
                "A model needs `batches=keras_drop.data.ImageBatches`, which "
                "read its images, and an `image_size`, if it has none itself."
            )
        return tuple(
            source.embed(
                batches(
                    split.paths,
                    about["image_size"],
                    **({"cameras": split.cameras} if know_cameras else {}),
                )
            )
            for split in records
        )
    if not isinstance(source, tuple | list) or len(source) != 2:
        raise ValueError(
            "The source is a model with `embed`, or the pair of query and "
            f"gallery; it is a {type(source).__name__}."
        )
    return tuple(
        side if isinstance(side, Descriptors) else Descriptors(side)
        for side in source
    )

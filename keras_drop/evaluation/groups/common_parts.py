import numpy as np

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.comparison import Comparison
from keras_drop.evaluation.groups.body_parts import body_parts
from keras_drop.evaluation.protocol import CameraMode, check_camera_mode
from keras_drop.records import Records


def common_parts(
    query: Descriptors,
    gallery: Descriptors,
    query_records: Records,
    gallery_records: Records,
    *,
    camera_mode: CameraMode = "real",
    threshold: float = 0.5,
) -> np.ndarray:
    """How many body parts each query shares with the best of its matches.

    The best match is the one with the most parts that both images show. It
    depends on visibility alone, not on how the match was ranked: a query with
    a small number is hard for any model that compares what is seen.

    Args:
        query: `Descriptors` of the queries; the embeddings `"global"` and
            `"foreground"` are no body parts.
        gallery: `Descriptors` of the gallery.
        query_records: `Records` of the queries.
        gallery_records: `Records` of the gallery.
        camera_mode: As in `Protocol`: which matches are junk.
        threshold: Visibility from which a part is seen.

    Returns:
        `(num_queries,)` integers, `-1` for a query without a match.

    Raises:
        ValueError: Descriptors without body parts, or that do not fit each
            other or their records.

    Example:
    >>> import numpy as np
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import common_parts
    >>> query = Descriptors(np.ones((1, 3, 2)), [[1, 1, 0]])
    >>> gallery = Descriptors(np.ones((2, 3, 2)), [[0, 1, 1], [1, 1, 1]])
    >>> common_parts(query, gallery, Records(["a"], [1], [0]),
    ...     Records(["b", "c"], [1, 1], [1, 2])).tolist()
    [2]
    """
    Comparison(query, gallery, query_records, gallery_records)
    check_camera_mode(camera_mode)
    seen = body_parts(query)[1] >= threshold
    others = body_parts(gallery)[1] >= threshold
    order = np.argsort(gallery_records.identities, kind="stable")
    identities = gallery_records.identities[order]
    starts = np.searchsorted(identities, query_records.identities, "left")
    ends = np.searchsorted(identities, query_records.identities, "right")
    counts = np.full(len(query), -1)
    for row in np.flatnonzero(query_records.identities != -1):
        matches = order[starts[row] : ends[row]]
        if camera_mode == "real":
            cameras = gallery_records.cameras[matches]
            matches = matches[cameras != query_records.cameras[row]]
        shared = (others[matches] & seen[row]).sum(axis=1)
        counts[row] = shared.max(initial=-1)
    return counts

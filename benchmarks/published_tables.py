"""What others have published: the tables of docs/results/published.md."""

import dataclasses

from keras_drop.evaluation import published_results, published_table
from keras_drop.evaluation.published.published_results import MARKS

_PROTOCOLS = (
    "occluded_duke",
    "occluded_reid",
    "p_duke",
    "partial_reid_uncropped",
    "partial_ilids_18",
    "market1501",
    "dukemtmc",
)


@dataclasses.dataclass(frozen=True)
class PublishedTable:
    """The published results of a protocol, whatever their mark.

    Args:
        protocol: Its name.
    """

    protocol: str

    def lines(self):
        """The table in Markdown, line by line."""
        text = published_table(self.protocol, marks=tuple(MARKS))
        return [line for line in text.splitlines() if line.startswith("|")]


PUBLISHED_TABLES = {
    f"published_{protocol}": PublishedTable(protocol) for protocol in _PROTOCOLS
}


def published_pair(method, protocol):
    """Rank-1, mAP and mark of a method, as `87.3 / 77.4 (P)`."""
    (found,) = (
        result
        for result in published_results(protocol, tuple(MARKS))
        if result.method == method
    )
    return f"{found.rank_1} / {found.mean_average_precision} ({found.mark})"

import dataclasses
from pathlib import Path
from typing import Self

import numpy as np

from keras_drop.evaluation.cards.card_file import read_card, write_card
from keras_drop.evaluation.cards.model_description import ModelDescription
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.groups.bootstrap import Bootstrap
from keras_drop.evaluation.protocol import Protocol
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult

METRICS = ("rank-1", "rank-5", "rank-10", "mAP", "mINP")
NAMES = ("model", "size", "seed", "distance", "rerank")
COLUMNS = (*NAMES, *METRICS, "queries")


@dataclasses.dataclass(frozen=True, eq=False)
class ResultCard:
    """A result with everything that has to be known to compare it.

    `evaluate` makes it. `result` holds what each query gave, so that a card
    can be stratified and compared with another one later, without the model.

    Args:
        model: `ModelDescription`.
        protocol: `Protocol`.
        protocol_checksum: SHA-256 of the protocol and its lists of files.
        distance: `Distance`.
        rerank: Re-ranking preset, `"off"` for none.
        versions: Dictionary of the versions of `keras_drop`, `numpy`,
            `python`, and of `keras` with its `backend`.
        num_gallery: Number of gallery images.
        query_order: `(num_queries,)` integers, the queries in the order of
            their file names, by which two cards are paired.
        bootstrap: `Bootstrap`.
        intervals: Dictionary from each metric to its `(low, high)`.
        by_occlusion: What `stratify` says of the queries' levels of
            occlusion; empty where the data set does not tell them. Queries
            whose occlusion is NaN are in none.
        result: `RetrievalResult`.

    Example:
    >>> from keras_drop import Descriptors, Records
    >>> from keras_drop.evaluation import evaluate
    >>> splits = {"query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
    ...     "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1])}
    >>> embeddings = Descriptors([[1.0, 0.0], [0.0, 1.0]])
    >>> card = evaluate((embeddings, embeddings), splits, "market1501",
    ...     model="perfect")
    >>> card.metrics["mAP"], card.intervals["mAP"]
    (1.0, (1.0, 1.0))
    """

    model: ModelDescription
    protocol: Protocol
    protocol_checksum: str
    distance: Distance
    rerank: str
    versions: dict
    num_gallery: int
    query_order: np.ndarray
    bootstrap: Bootstrap
    intervals: dict
    by_occlusion: dict
    result: RetrievalResult

    @property
    def title(self) -> str:
        """The model, with the switches that are not the default."""
        return self.model.title

    @property
    def metrics(self) -> dict[str, float]:
        """`"rank-1"`, `"rank-5"`, `"rank-10"`, `"mAP"` and `"mINP"`.

        A rank beyond the protocol's `max_rank` is left out.
        """
        return self.result.metrics

    @property
    def counts(self) -> dict[str, int]:
        """How many queries, gallery images and pairs there are."""
        return {
            "queries": len(self.result.counted),
            "skipped": self.result.num_skipped,
            "gallery": self.num_gallery,
            "not_comparable_pairs": self.result.num_not_comparable_pairs,
            "not_comparable_queries": self.result.num_not_comparable_queries,
        }

    def save(self, path: str | Path) -> Path:
        """Writes a JSON file, all of it or nothing; returns its path."""
        return write_card(path, self)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Reads what `save` wrote.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: Not a card, one with missing or unknown fields, or one
                whose metrics are not those of its queries.
        """
        fields, metrics = read_card(path)
        card = cls(**fields)
        wrong = [
            name
            for name, value in card.metrics.items()
            if not np.isclose(metrics.get(name, np.nan), value)
        ]
        if wrong:
            raise ValueError(
                f"{path} was changed: {', '.join(wrong)} does not follow from "
                "its queries. Evaluate again."
            )
        return card

    @staticmethod
    def markdown_header():
        """The two lines above the rows of a table."""
        rule = (":---" if name in NAMES else "---:" for name in COLUMNS)
        return f"| {' | '.join(COLUMNS)} |\n| {' | '.join(rule)} |"

    def markdown_row(self):
        """This card as a row; `card_table` makes an aligned table."""
        return f"| {' | '.join(self.markdown_cells())} |"

    def markdown_cells(self):
        """Strings in the order of the header; metrics as percentages."""
        size, seed = self.model.image_size, self.model.seed
        return [
            self.title,
            "-" if size is None else "x".join(map(str, size)),
            "-" if seed is None else str(seed),
            f"{self.distance.metric}, {self.distance.combine}",
            self.rerank,
            *(self._cell(name) for name in METRICS),
            str(self.result.counted.sum()),
        ]

    def _cell(self, name):
        if name not in self.intervals:
            return "-"
        low, high = self.intervals[name]
        value = 100 * self.metrics[name]
        return f"{value:.1f} [{100 * low:.1f}, {100 * high:.1f}]"

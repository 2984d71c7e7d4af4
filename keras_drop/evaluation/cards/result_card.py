import dataclasses
import json

import numpy as np

from keras_drop.evaluation.cards.json_file import (
    check_fields,
    read_json,
    write_json,
)
from keras_drop.evaluation.cards.result_content import (
    array_to_text,
    result_content,
    result_of_content,
    text_to_array,
)
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult

METRICS = ("rank-1", "rank-5", "rank-10", "mAP", "mINP")
NAMES = ("model", "size", "seed", "distance", "rerank")
COLUMNS = (*NAMES, *METRICS, "queries")
_FORMAT = 1


@dataclasses.dataclass(frozen=True, eq=False)
class ResultCard:
    """A result with everything that has to be known to compare it.

    `evaluate` makes it. `result` holds what each query gave, so that a card
    can be stratified and compared with another one later, without the model.

    Args:
        model: Name of the model.
        switches: Dictionary of the model's settings that are not the
            default; plain values.
        seed: Seed of the training, `None` if unknown.
        image_size: `(height, width)`, `None` if unknown.
        protocol: Dictionary of the fields of the `Protocol`.
        protocol_checksum: SHA-256 of the protocol and its lists of files.
        distance: Dictionary of `metric`, `combine`, `visibility_weight` and
            `no_common`.
        rerank: Re-ranking preset, `"off"` for none.
        versions: Dictionary of the versions of `keras_drop`, `numpy`,
            `python`, and of `keras` with its `backend`.
        num_gallery: Number of gallery images.
        query_order: `(num_queries,)` integers, the queries in the order of
            their file names, by which two cards are paired.
        bootstrap: Dictionary of `confidence`, `num_resamples` and `seed`.
        intervals: Dictionary from each metric to its `(low, high)`.
        result: `RetrievalResult`.

    Raises:
        ValueError: `switches` are not plain values.

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

    model: str
    switches: dict
    seed: int | None
    image_size: tuple | None
    protocol: dict
    protocol_checksum: str
    distance: dict
    rerank: str
    versions: dict
    num_gallery: int
    query_order: np.ndarray
    bootstrap: dict
    intervals: dict
    result: RetrievalResult

    def __post_init__(self):
        try:
            json.dumps(self.switches)
        except TypeError as error:
            raise ValueError(
                f"`switches` are plain values, to be written as JSON: {error}."
            ) from None

    @property
    def title(self):
        """The model, with the switches that are not the default."""
        switches = ", ".join(f"{k}={v}" for k, v in self.switches.items())
        return f"{self.model} ({switches})" if switches else self.model

    @property
    def metrics(self):
        """`"rank-1"`, `"rank-5"`, `"rank-10"`, `"mAP"` and `"mINP"`.

        A rank beyond the protocol's `max_rank` is left out.
        """
        metrics = self.result.metrics
        return {name: metrics[name] for name in self.intervals}

    @property
    def counts(self):
        """How many queries, gallery images and pairs there are."""
        return {
            "queries": len(self.result.counted),
            "skipped": self.result.num_skipped,
            "gallery": self.num_gallery,
            "not_comparable_pairs": self.result.num_not_comparable_pairs,
            "not_comparable_queries": self.result.num_not_comparable_queries,
        }

    def save(self, path):
        """Writes a JSON file, all of it or nothing; returns its path."""
        fields = dataclasses.fields(self)
        content = {field.name: getattr(self, field.name) for field in fields}
        content["query_order"] = array_to_text(self.query_order)
        content["result"] = result_content(self.result)
        readable = {"metrics": self.metrics, "counts": self.counts}
        return write_json(path, {"format": _FORMAT, **readable, **content})

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote.

        Raises:
            FileNotFoundError: There is no such file.
            ValueError: Not a card, one with missing or unknown fields, or one
                whose metrics are not those of its queries.
        """
        content = read_json(path)
        names = {field.name for field in dataclasses.fields(cls)}
        check_fields(path, content, names | {"format", "metrics", "counts"})
        if content["format"] != _FORMAT:
            raise ValueError(
                f"{path} has the format {content['format']!r}, this version "
                f"of the library reads {_FORMAT}. Evaluate again."
            )
        fields = {name: content[name] for name in names}
        if fields["image_size"] is not None:
            fields["image_size"] = tuple(fields["image_size"])
        fields["intervals"] = {
            name: tuple(ends) for name, ends in fields["intervals"].items()
        }
        fields["query_order"] = text_to_array(
            path, "query_order", fields["query_order"]
        )
        fields["result"] = result_of_content(path, fields["result"])
        card = cls(**fields)
        wrong = [
            name
            for name, value in card.metrics.items()
            if not np.isclose(content["metrics"].get(name, np.nan), value)
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
        size = self.image_size
        return [
            self.title,
            "-" if size is None else "x".join(map(str, size)),
            "-" if self.seed is None else str(self.seed),
            f"{self.distance['metric']}, {self.distance['combine']}",
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

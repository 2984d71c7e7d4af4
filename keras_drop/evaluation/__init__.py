"""How good a ranking of a gallery is: distances, metrics, tables."""

from keras_drop.evaluation.evaluate_distances import evaluate_distances
from keras_drop.evaluation.evaluate_retrieval import evaluate_retrieval
from keras_drop.evaluation.multi_query_fusion import multi_query_fusion
from keras_drop.evaluation.nearest import nearest
from keras_drop.evaluation.neighbour_feature_centralization import (
    neighbour_feature_centralization,
)
from keras_drop.evaluation.occlusion_levels import occlusion_levels
from keras_drop.evaluation.part_distances import PartDistances
from keras_drop.evaluation.query_expansion import query_expansion
from keras_drop.evaluation.rank_metrics import (
    average_precision,
    inverse_negative_penalty,
)
from keras_drop.evaluation.retrieval_result import RetrievalResult
from keras_drop.evaluation.table import table

__all__ = [
    "PartDistances",
    "RetrievalResult",
    "average_precision",
    "evaluate_distances",
    "evaluate_retrieval",
    "inverse_negative_penalty",
    "multi_query_fusion",
    "nearest",
    "neighbour_feature_centralization",
    "occlusion_levels",
    "query_expansion",
    "table",
]

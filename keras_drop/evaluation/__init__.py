"""How good a ranking of a gallery is: distances, metrics, tables."""

from keras_drop.evaluation.answer_partless import answer_partless
from keras_drop.evaluation.bootstrap import metric_intervals, paired_differences
from keras_drop.evaluation.card_table import card_table
from keras_drop.evaluation.common_parts import common_parts
from keras_drop.evaluation.compare_cards import CardComparison, compare_cards
from keras_drop.evaluation.embedding_files import (
    load_embeddings,
    save_embeddings,
)
from keras_drop.evaluation.estimated_occlusion import estimated_occlusion
from keras_drop.evaluation.evaluate import evaluate
from keras_drop.evaluation.evaluate_camera_pairs import evaluate_camera_pairs
from keras_drop.evaluation.evaluate_distances import evaluate_distances
from keras_drop.evaluation.evaluate_retrieval import evaluate_retrieval
from keras_drop.evaluation.evaluate_verification import evaluate_verification
from keras_drop.evaluation.fit_pair_verdict import fit_pair_verdict
from keras_drop.evaluation.group_table import group_table
from keras_drop.evaluation.missing_parts import missing_parts
from keras_drop.evaluation.multi_query_fusion import multi_query_fusion
from keras_drop.evaluation.nearest import nearest
from keras_drop.evaluation.neighbour_feature_centralization import (
    neighbour_feature_centralization,
)
from keras_drop.evaluation.not_comparable import not_comparable
from keras_drop.evaluation.occlusion_levels import occlusion_levels
from keras_drop.evaluation.pair_verdict import PairVerdict
from keras_drop.evaluation.part_distances import PartDistances
from keras_drop.evaluation.part_overlap import PartOverlap
from keras_drop.evaluation.protocol import Protocol
from keras_drop.evaluation.query_expansion import query_expansion
from keras_drop.evaluation.rank_metrics import (
    average_precision,
    inverse_negative_penalty,
)
from keras_drop.evaluation.reliability import Reliability
from keras_drop.evaluation.rerank import rerank
from keras_drop.evaluation.rerank_distances import rerank_distances
from keras_drop.evaluation.reranked_distances import RerankedDistances
from keras_drop.evaluation.result_card import ResultCard
from keras_drop.evaluation.retrieval_result import RetrievalResult
from keras_drop.evaluation.severity_curve import severity_curve, severity_table
from keras_drop.evaluation.stratify import stratify
from keras_drop.evaluation.table import table
from keras_drop.evaluation.verdicts import Verdicts
from keras_drop.evaluation.verification_result import VerificationResult

__all__ = [
    "CardComparison",
    "PairVerdict",
    "PartDistances",
    "PartOverlap",
    "Protocol",
    "Reliability",
    "RerankedDistances",
    "ResultCard",
    "RetrievalResult",
    "Verdicts",
    "VerificationResult",
    "answer_partless",
    "average_precision",
    "card_table",
    "common_parts",
    "compare_cards",
    "estimated_occlusion",
    "evaluate",
    "evaluate_camera_pairs",
    "evaluate_distances",
    "evaluate_retrieval",
    "evaluate_verification",
    "fit_pair_verdict",
    "group_table",
    "inverse_negative_penalty",
    "load_embeddings",
    "metric_intervals",
    "missing_parts",
    "multi_query_fusion",
    "nearest",
    "neighbour_feature_centralization",
    "not_comparable",
    "occlusion_levels",
    "paired_differences",
    "query_expansion",
    "rerank",
    "rerank_distances",
    "save_embeddings",
    "severity_curve",
    "severity_table",
    "stratify",
    "table",
]

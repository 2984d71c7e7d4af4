"""How good a ranking of a gallery is: distances, metrics, tables."""

from keras_drop.evaluation.cards.card_table import card_table
from keras_drop.evaluation.cards.compare_cards import (
    CardComparison,
    compare_cards,
)
from keras_drop.evaluation.cards.embed_splits import embed_splits
from keras_drop.evaluation.cards.evaluate import evaluate
from keras_drop.evaluation.cards.model_description import ModelDescription
from keras_drop.evaluation.cards.result_card import ResultCard
from keras_drop.evaluation.cards.severity_curve import (
    severity_curve,
    severity_table,
)
from keras_drop.evaluation.distance import Distance
from keras_drop.evaluation.distances.answer_partless import answer_partless
from keras_drop.evaluation.distances.part_distances import PartDistances
from keras_drop.evaluation.groups.bootstrap import (
    Bootstrap,
    metric_intervals,
    paired_differences,
)
from keras_drop.evaluation.groups.common_parts import common_parts
from keras_drop.evaluation.groups.estimated_occlusion import estimated_occlusion
from keras_drop.evaluation.groups.evaluate_camera_pairs import (
    evaluate_camera_pairs,
)
from keras_drop.evaluation.groups.group_table import group_table
from keras_drop.evaluation.groups.hidden_parts import hidden_parts
from keras_drop.evaluation.groups.missing_parts import missing_parts
from keras_drop.evaluation.groups.not_comparable import not_comparable
from keras_drop.evaluation.groups.occlusion_levels import occlusion_levels
from keras_drop.evaluation.groups.part_overlap import PartOverlap
from keras_drop.evaluation.groups.stratify import stratify
from keras_drop.evaluation.groups.table import table
from keras_drop.evaluation.parts.evaluate_parts import evaluate_parts
from keras_drop.evaluation.parts.fit_visibility_threshold import (
    fit_visibility_threshold,
)
from keras_drop.evaluation.parts.part_quality import PartQuality
from keras_drop.evaluation.parts.visibility_thresholds import (
    VisibilityThresholds,
)
from keras_drop.evaluation.protocol import Protocol
from keras_drop.evaluation.published.published_results import (
    PublishedResult,
    published_results,
)
from keras_drop.evaluation.published.published_table import published_table
from keras_drop.evaluation.ranking.compare_parts import (
    PartComparison,
    compare_parts,
)
from keras_drop.evaluation.ranking.evaluate_distances import evaluate_distances
from keras_drop.evaluation.ranking.evaluate_retrieval import (
    evaluate_retrieval,
)
from keras_drop.evaluation.ranking.nearest import nearest
from keras_drop.evaluation.ranking.rank_metrics import (
    average_precision,
    inverse_negative_penalty,
)
from keras_drop.evaluation.ranking.retrieval_result import RetrievalResult
from keras_drop.evaluation.reranking.multi_query_fusion import (
    multi_query_fusion,
)
from keras_drop.evaluation.reranking.neighbour_feature_centralization import (
    neighbour_feature_centralization,
)
from keras_drop.evaluation.reranking.query_expansion import query_expansion
from keras_drop.evaluation.reranking.rerank import rerank
from keras_drop.evaluation.reranking.rerank_distances import rerank_distances
from keras_drop.evaluation.reranking.reranked_distances import RerankedDistances
from keras_drop.evaluation.verdicts.fit_pair_verdict import fit_pair_verdict
from keras_drop.evaluation.verdicts.pair_verdict import PairVerdict
from keras_drop.evaluation.verdicts.reliability import Reliability
from keras_drop.evaluation.verdicts.verdicts import Verdicts
from keras_drop.evaluation.verification.evaluate_verification import (
    evaluate_verification,
)
from keras_drop.evaluation.verification.verification_result import (
    VerificationResult,
)

__all__ = [
    "Bootstrap",
    "CardComparison",
    "Distance",
    "ModelDescription",
    "PairVerdict",
    "PartComparison",
    "PartDistances",
    "PartOverlap",
    "PartQuality",
    "Protocol",
    "PublishedResult",
    "Reliability",
    "RerankedDistances",
    "ResultCard",
    "RetrievalResult",
    "Verdicts",
    "VerificationResult",
    "VisibilityThresholds",
    "answer_partless",
    "average_precision",
    "card_table",
    "common_parts",
    "compare_cards",
    "compare_parts",
    "embed_splits",
    "estimated_occlusion",
    "evaluate",
    "evaluate_camera_pairs",
    "evaluate_distances",
    "evaluate_parts",
    "evaluate_retrieval",
    "evaluate_verification",
    "fit_pair_verdict",
    "fit_visibility_threshold",
    "group_table",
    "hidden_parts",
    "inverse_negative_penalty",
    "metric_intervals",
    "missing_parts",
    "multi_query_fusion",
    "nearest",
    "neighbour_feature_centralization",
    "not_comparable",
    "occlusion_levels",
    "paired_differences",
    "published_results",
    "published_table",
    "query_expansion",
    "rerank",
    "rerank_distances",
    "severity_curve",
    "severity_table",
    "stratify",
    "table",
]

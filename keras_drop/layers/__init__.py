"""Building blocks with weights or state, as Keras layers."""

from keras_drop.layers.bn_neck import BNNeck
from keras_drop.layers.camera_embedding import CameraEmbedding
from keras_drop.layers.detail_preserving_upsampling import (
    DetailPreservingUpsampling,
)
from keras_drop.layers.embedding_reduction import EmbeddingReduction
from keras_drop.layers.feature_blending import FeatureBlending
from keras_drop.layers.fine_grained_feature_focuser import (
    FineGrainedFeatureFocuser,
)
from keras_drop.layers.hierarchical_bias_decoupled_adapter import (
    HierarchicalBiasDecoupledAdapter,
)
from keras_drop.layers.identity_memory import IdentityMemory
from keras_drop.layers.masked_max_pooling import MaskedMaxPooling
from keras_drop.layers.parsing_guided_pooling import ParsingGuidedPooling
from keras_drop.layers.parsing_head import ParsingHead
from keras_drop.layers.part_map_focuser import PartMapFocuser
from keras_drop.layers.part_prototype_bank import PartPrototypeBank
from keras_drop.layers.part_visibility import PartVisibility
from keras_drop.layers.parts_embedding_memory_bank import (
    PartsEmbeddingMemoryBank,
)
from keras_drop.layers.patch_token_selection import PatchTokenSelection
from keras_drop.layers.pedestrian_position_encoder import (
    PedestrianPositionEncoder,
)
from keras_drop.layers.pixel_to_part_classifier import PixelToPartClassifier
from keras_drop.layers.pyramid_concatenation import PyramidConcatenation
from keras_drop.layers.stripe_pooling import StripePooling
from keras_drop.layers.taylor_difference_block import TaylorDifferenceBlock
from keras_drop.layers.token_embedding import TokenEmbedding

__all__ = [
    "BNNeck",
    "CameraEmbedding",
    "DetailPreservingUpsampling",
    "EmbeddingReduction",
    "FeatureBlending",
    "FineGrainedFeatureFocuser",
    "HierarchicalBiasDecoupledAdapter",
    "IdentityMemory",
    "MaskedMaxPooling",
    "ParsingGuidedPooling",
    "ParsingHead",
    "PartMapFocuser",
    "PartPrototypeBank",
    "PartVisibility",
    "PartsEmbeddingMemoryBank",
    "PatchTokenSelection",
    "PedestrianPositionEncoder",
    "PixelToPartClassifier",
    "PyramidConcatenation",
    "StripePooling",
    "TaylorDifferenceBlock",
    "TokenEmbedding",
]

"""Building blocks with weights or state, as Keras layers."""

from keras_drop.layers.batch_normalization import BatchNormalization
from keras_drop.layers.heads.bn_neck import BNNeck
from keras_drop.layers.heads.embedding_reduction import EmbeddingReduction
from keras_drop.layers.maps.detail_preserving_upsampling import (
    DetailPreservingUpsampling,
)
from keras_drop.layers.maps.hierarchical_bias_decoupled_adapter import (
    HierarchicalBiasDecoupledAdapter,
)
from keras_drop.layers.maps.pedestrian_position_encoder import (
    PedestrianPositionEncoder,
)
from keras_drop.layers.maps.pyramid_concatenation import PyramidConcatenation
from keras_drop.layers.memories.identity_centres import IdentityCentres
from keras_drop.layers.memories.identity_memory import IdentityMemory
from keras_drop.layers.memories.part_prototype_bank import PartPrototypeBank
from keras_drop.layers.memories.parts_embedding_memory_bank import (
    PartsEmbeddingMemoryBank,
)
from keras_drop.layers.parsing.fine_grained_feature_focuser import (
    FineGrainedFeatureFocuser,
)
from keras_drop.layers.parsing.parsing_head import ParsingHead
from keras_drop.layers.parsing.part_map_focuser import PartMapFocuser
from keras_drop.layers.parsing.part_visibility import PartVisibility
from keras_drop.layers.parsing.pixel_to_part_classifier import (
    PixelToPartClassifier,
)
from keras_drop.layers.parsing.taylor_difference_block import (
    TaylorDifferenceBlock,
)
from keras_drop.layers.pooling.masked_max_pooling import MaskedMaxPooling
from keras_drop.layers.pooling.parsing_guided_pooling import (
    ParsingGuidedPooling,
)
from keras_drop.layers.pooling.stripe_pooling import StripePooling
from keras_drop.layers.tokens.camera_embedding import CameraEmbedding
from keras_drop.layers.tokens.feature_blending import FeatureBlending
from keras_drop.layers.tokens.patch_token_selection import PatchTokenSelection
from keras_drop.layers.tokens.token_embedding import TokenEmbedding

__all__ = [
    "BNNeck",
    "BatchNormalization",
    "CameraEmbedding",
    "DetailPreservingUpsampling",
    "EmbeddingReduction",
    "FeatureBlending",
    "FineGrainedFeatureFocuser",
    "HierarchicalBiasDecoupledAdapter",
    "IdentityCentres",
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

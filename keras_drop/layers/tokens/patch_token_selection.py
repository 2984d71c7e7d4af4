import keras
import numpy as np
from keras import ops

from keras_drop.checks import checked_choice
from keras_drop.ops import adaptive_pooling_weights
from keras_drop.registration import register

PROXIES = ("patch", "global")
SIMILARITIES = ("dot", "cosine")
_FIRST = 3e38


@register
class PatchTokenSelection(keras.layers.Layer):
    r"""Keeps the patches that are like the person (DPSM), as part tokens.

    The proxy is the patch most similar to the global token. The patches are
    sorted by their inner product with it, itself first; the largest drop from
    one to the next ends the group that is kept. The kept patches are averaged
    in `num_parts` parts of that order: parts of falling similarity, neither
    body parts nor places.

    Nothing depends on the other images of the batch, unless `batch_min` is
    true. No gradient flows through the choice: it reaches the values of the
    kept patches, and never the global token. Similarities are computed in
    float32 under mixed precision; of equal ones the first patch wins.

    $$
    a = \text{argmax}_j \langle g, x_j \rangle, \quad
    k = \max(1 + \text{argmax}_{i \geq 1} (r_{(i)} - r_{(i+1)}), \, k_{min})
    $$

    for the global token `g`, the patches `x_j` and their products
    `r_j = <x_a, x_j>` with the proxy in falling order, the proxy being 0.

    Args:
        proxy: `"patch"`; or `"global"`, where the global token itself is the
            proxy, which is no patch and takes no place in the order.
        similarity: Of global token and patches: `"dot"` or `"cosine"`.
            Patches are compared with a proxy patch by inner product.
        k_min: Patches that are kept at least.
        exclude_self_gap: Whether the drop from the proxy patch to the next
            does not count: a patch is most similar to itself.
        off_by_one: Whether the last patch before the largest drop is left
            out, as in the authors' code.
        batch_min: Whether the kept patches of every image are first averaged
            to as many as the image of the batch keeps that keeps the fewest,
            as in the authors' code.
        num_parts: Number of part tokens.

    Call arguments:
        global_token: `(batch, dim)`.
        patches: `(batch, patches, dim)`, a fixed number of at least 3.

    Returns:
        Tuple of

        - part tokens, `(batch, num_parts, dim)`.
        - which patches are kept, `(batch, patches)` float32, 1 or 0.
        - the place of every patch in the order, `(batch, patches)` int32; the
          proxy patch has 0.

    Raises:
        ValueError: An unknown `proxy` or `similarity`, or a `k_min` below 1.
            When called: fewer than 3 patches, or fewer than `k_min`.

    Example:
    >>> import keras
    >>> from keras import ops
    >>> from keras_drop.layers import PatchTokenSelection
    >>> tokens = keras.random.normal((2, 129, 768))
    >>> select = PatchTokenSelection(k_min=24)
    >>> parts, kept, ranks = select(tokens[:, 0], tokens[:, 1:])
    >>> ops.shape(parts), ops.shape(kept), int(ops.sum(kept[0])) >= 24
    ((2, 4, 768), (2, 128), True)

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    def __init__(
        self,
        proxy="patch",
        similarity="dot",
        k_min=24,
        exclude_self_gap=True,
        off_by_one=False,
        batch_min=False,
        num_parts=4,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if k_min < 1:
            raise ValueError(f"`k_min` is {k_min}; it has to be at least 1.")
        self.proxy = checked_choice("proxy", proxy, PROXIES)
        self.similarity = checked_choice("similarity", similarity, SIMILARITIES)
        self.k_min = k_min
        self.exclude_self_gap = exclude_self_gap
        self.off_by_one = off_by_one
        self.batch_min = batch_min
        self.num_parts = num_parts

    def build(self, global_token_shape, patches_shape):
        num_patches = patches_shape[1]
        if num_patches < max(self.k_min, 3):
            raise ValueError(
                f"There are {num_patches} patches and `k_min` is {self.k_min}: "
                "nothing is selected. Lower `k_min`, or use larger images or "
                "smaller patches; 3 patches are the least."
            )

    def call(self, global_token, patches):
        tokens, everything = (
            ops.stop_gradient(ops.cast(x, "float32"))
            for x in (global_token, patches)
        )
        relevance, ranks = self._in_order(tokens, everything)
        count = self._num_kept(relevance, ranks)
        weights = self._pooling_weights(ranks, count)
        # Averages of many patches are float32 sums under mixed precision.
        parts = ops.cast(
            ops.matmul(weights, ops.cast(patches, "float32")), patches.dtype
        )
        kept = ops.cast(ranks < count[:, None], "float32")
        return parts, kept, ranks

    def _in_order(self, global_token, patches):
        """Similarity of every patch to the proxy, and its place."""
        relevance = _inner_products(global_token, patches)
        if self.similarity == "cosine":
            lengths = ops.sqrt(
                ops.sum(ops.square(patches), axis=-1)
                * ops.sum(ops.square(global_token), axis=-1)[:, None]
            )
            relevance = ops.divide_no_nan(relevance, lengths)
        if self.proxy == "global":
            return relevance, _descending_ranks(relevance)
        chosen = _first_maximum(relevance)
        proxy = ops.sum(ops.where(chosen[..., None], patches, 0.0), axis=1)
        relevance = _inner_products(proxy, patches)
        # A longer patch must not come before the proxy.
        return relevance, _descending_ranks(
            ops.where(chosen, _FIRST, relevance)
        )

    def _num_kept(self, relevance, ranks):
        num_patches = relevance.shape[1]
        places = ops.arange(num_patches, dtype="int32")
        at_place = ops.equal(ranks[:, None, :], places[:, None])
        falling = ops.sum(
            ops.where(at_place, relevance[:, None, :], 0.0), axis=-1
        )
        # The global token has no place in the order, and so no gap.
        first = int(self.exclude_self_gap and self.proxy == "patch")
        gaps = (falling[:, :-1] - falling[:, 1:])[:, first:]
        largest = ops.cast(_first_maximum(gaps), "int32")
        count = ops.sum(largest * places[first:-1], axis=-1)
        if not self.off_by_one:
            count = count + 1
        return ops.maximum(count, self.k_min)

    def _pooling_weights(self, ranks, count):
        """`(batch, parts, patches)` shares of the patches in the parts."""
        if not self.batch_min:
            return adaptive_pooling_weights(ranks, count, self.num_parts)
        num_patches, fewest = ranks.shape[1], ops.min(count)
        to_fewest = adaptive_pooling_weights(ranks, count, fewest, num_patches)
        places = ops.arange(num_patches, dtype="int32")
        to_parts = adaptive_pooling_weights(places, fewest, self.num_parts)
        return ops.matmul(to_parts, to_fewest)

    def compute_output_spec(self, global_token, patches):
        batch, num_patches, dim = patches.shape
        return (
            keras.KerasTensor((batch, self.num_parts, dim), self.compute_dtype),
            keras.KerasTensor((batch, num_patches), "float32"),
            keras.KerasTensor((batch, num_patches), "int32"),
        )

    def get_config(self):
        return {
            **super().get_config(),
            "proxy": self.proxy,
            "similarity": self.similarity,
            "k_min": self.k_min,
            "exclude_self_gap": self.exclude_self_gap,
            "off_by_one": self.off_by_one,
            "batch_min": self.batch_min,
            "num_parts": self.num_parts,
        }


def _inner_products(token, patches):
    # Not a matrix product, which rounds more, and differently with the batch.
    return ops.sum(token[:, None, :] * patches, axis=-1)


def _first_maximum(x):
    """True at the first maximum along the last axis; `argmax`, exportable."""
    largest = x >= ops.max(x, axis=-1, keepdims=True)
    nth = ops.cumsum(ops.cast(largest, "int32"), axis=-1)
    return ops.logical_and(largest, nth == 1)


def _descending_ranks(x):
    """Place of every value, the largest first; of equal ones the first."""
    before = np.tri(x.shape[-1], k=-1, dtype=bool)
    mine, other = x[..., :, None], x[..., None, :]
    ahead = ops.logical_or(
        other > mine, ops.logical_and(ops.equal(other, mine), before)
    )
    return ops.sum(ops.cast(ahead, "int32"), axis=-1)

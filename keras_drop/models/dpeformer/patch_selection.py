from keras_drop.checks import checked_choice
from keras_drop.layers import PatchTokenSelection
from keras_drop.layers.tokens.patch_token_selection import PROXIES, SIMILARITIES
from keras_drop.registration import value


@value
class PatchSelection:
    """Which patches DPEFormer keeps (DPSM).

    Args:
        proxy: What patches are compared with: `"patch"`, the one most similar
            to the global token, or `"global"`, the global token.
        similarity: Of global token and patches: `"dot"` or `"cosine"`.
        k_min: Patches that are kept at least.

    Raises:
        ValueError: An unknown proxy or similarity, or a `k_min` below 1.

    Example:
    >>> from keras_drop.models import DPEFormer, PatchSelection, vit_small
    >>> model = DPEFormer(
    ...     vit_small((64, 32)), 3, selection=PatchSelection(k_min=4)
    ... )
    >>> model.get_layer("patch_selection").k_min
    4

    Reference:
        [Zhang et al., 2024](https://arxiv.org/abs/2402.10435)
    """

    proxy: str = "patch"
    similarity: str = "dot"
    k_min: int = 24

    def __post_init__(self):
        checked_choice("proxy", self.proxy, PROXIES)
        checked_choice("similarity", self.similarity, SIMILARITIES)
        if self.k_min < 1:
            raise ValueError(
                f"`k_min` is {self.k_min}; it has to be at least 1."
            )


def selection_layer(settings, num_parts, release=False):
    """The layer that selects patches.

    Args:
        settings: `PatchSelection`.
        num_parts: Part tokens that the kept patches are averaged to.
        release: Whether to count the gaps as the authors' code, and to keep
            as many patches as the image of the batch that keeps the fewest.
    """
    return PatchTokenSelection(
        settings.proxy,
        settings.similarity,
        settings.k_min,
        exclude_self_gap=not release,
        off_by_one=release,
        batch_min=release,
        num_parts=num_parts,
        dtype="float32",
        name="patch_selection",
    )

import dataclasses


@dataclasses.dataclass(frozen=True)
class GalleryCheck:
    """What is wrong with a gallery, and how good its engine's answers are.

    Args:
        images: How many images there are; 0 where the file is damaged.
        damaged: Numbers of images whose bytes are not those written.
        without_vectors: Numbers of images that have no embeddings.
        without_images: Numbers of embeddings that belong to no image.
        file_errors: What SQLite says of its file.
        copy_errors: How the engine's copy differs from the file.
        queries: How many queries were asked.
        k: How many images each asked for.
        recall: Mean share of the nearest `k` images that the engine finds,
            NaN without an image or a query.
        in_order: Share of the queries whose answer is the right one, in the
            right order.

    Example:
    >>> from keras_drop.gallery import GalleryCheck
    >>> check = GalleryCheck(images=100, damaged=(7,), recall=1.0)
    >>> check.is_whole
    False
    """

    images: int = 0
    damaged: tuple = ()
    without_vectors: tuple = ()
    without_images: tuple = ()
    file_errors: tuple = ()
    copy_errors: tuple = ()
    queries: int = 0
    k: int = 0
    recall: float = float("nan")
    in_order: float = float("nan")

    @property
    def is_whole(self):
        """Whether nothing is damaged, missing or out of step."""
        return not (
            self.damaged
            or self.without_vectors
            or self.without_images
            or self.file_errors
            or self.copy_errors
        )

    def __str__(self):
        lines = [
            f"{self.images:,} images",
            f"damaged rows: {_some(self.damaged)}",
            f"images without embeddings: {_some(self.without_vectors)}",
            f"embeddings without an image: {_some(self.without_images)}",
            f"the file: {_errors(self.file_errors)}",
            f"the engine's copy: {_errors(self.copy_errors)}",
        ]
        if self.queries:
            lines.append(
                f"recall@{self.k} against a comparison with every image: "
                f"{self.recall:.4f} of {self.queries} queries, "
                f"{self.in_order:.0%} of them in the same order"
            )
        if self.damaged or self.without_vectors or self.without_images:
            lines.append(
                "Remove what is damaged by its number, and add it again."
            )
        if self.copy_errors:
            lines.append("`compact` deletes the copy; a search makes it anew.")
        return "\n".join(lines)


def _some(numbers):
    if not numbers:
        return "none"
    text = ", ".join(map(str, numbers[:10]))
    return f"{len(numbers):,} ({text}{', ...' if len(numbers) > 10 else ''})"


def _errors(errors):
    return "; ".join(errors[:5]) or "in order"

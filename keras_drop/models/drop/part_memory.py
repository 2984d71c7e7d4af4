from keras import ops

from keras_drop.checks import checked_choice, refuse_negative
from keras_drop.layers import PartPrototypeBank, PartsEmbeddingMemoryBank
from keras_drop.losses import PartAwareCompactness, PrototypeCompactness
from keras_drop.models.base.part_descriptors import EMBEDDING_DIM
from keras_drop.registration import value

KINDS = ("queue", "prototype", "none")


@value
class PartMemory:
    """What DROP's triplet loss remembers of earlier steps.

    Args:
        kind: `"queue"` of the latest part embeddings; `"prototype"`, one
            centre per identity and part; or `"none"`.
        size: Slots of the queue; 0 is no queue.
        start_epoch: Epoch, from 0, from which the memory is used; it is
            empty then. With 0 a second `fit` goes on with what the first
            one left.

    Raises:
        ValueError: An unknown kind, a number below 0, or a size or start of
            no memory.

    Example:
    >>> from keras_drop.models import DROP, PartMemory, resnet18
    >>> model = DROP(resnet18((64, 32)), 3, memory=PartMemory(size=256))
    >>> model.bank.capacity
    256

    Reference:
        [Dou et al., 2024](https://arxiv.org/abs/2401.18032)
    """

    kind: str = "queue"
    size: int = 1024
    start_epoch: int = 10

    def __post_init__(self):
        checked_choice("kind", self.kind, KINDS)
        refuse_negative(size=self.size, start_epoch=self.start_epoch)
        given = (self.size, self.start_epoch) != (1024, 10)
        if self.kind == "none" and given:
            raise ValueError(
                "No memory has no size and no start, but `size` is "
                f"{self.size} and `start_epoch` {self.start_epoch}. Set `kind` "
                'to "queue", or leave them out.'
            )

    @property
    def default_loss(self):
        """The loss that reads such a memory, of parts at length 1.

        What is remembered is of a model that has moved on, whose embeddings
        had another length. What that is worth: docs/results/drop.md
        """
        if self.kind == "prototype":
            return PrototypeCompactness(unit_length=True)
        return PartAwareCompactness(unit_length=True)

    def refuse_loss(self, loss):
        """Refuses a loss of this library that reads the other kind.

        Raises:
            ValueError: Names both.
        """
        other = PrototypeCompactness
        if self.kind == "prototype":
            other = PartAwareCompactness
        if isinstance(loss, other):
            raise ValueError(
                f"The memory is {self.kind!r}, which "
                f"`{type(loss).__name__}` does not read; its loss is "
                f"`{type(self.default_loss).__name__}`."
            )


def part_bank(settings, num_identities, num_parts):
    """The layer that remembers, or `None`.

    Args:
        settings: `PartMemory`.
        num_identities: People in the training set.
        num_parts: Parts of each.
    """
    if settings.kind == "queue" and settings.size > 0:
        return PartsEmbeddingMemoryBank(
            settings.size, num_parts, EMBEDDING_DIM, name="memory"
        )
    if settings.kind == "prototype":
        return PartPrototypeBank(
            num_identities, num_parts, EMBEDDING_DIM, name="memory"
        )
    return None


def remembering_loss(loss, bank, started, identities, compared):
    """Part loss of every image against its batch and what is remembered.

    Args:
        loss: `PartAwareCompactness`, or `PrototypeCompactness` for a bank of
            prototypes.
        bank: Layer of `part_bank`, or `None`.
        started: Bool, whether the memory is used yet.
        identities: `(batch,)` integers.
        compared: Dictionary of `embeddings` and, if wanted, `visibility`.

    Returns:
        `(batch,)` losses.
    """
    if bank is None:
        return loss.call(identities, compared)
    if isinstance(bank, PartsEmbeddingMemoryBank):
        embeddings, people, seen = bank.read()
        remembered = embeddings, ops.where(started, people, -1), seen
        return loss.call(identities, {**compared, "bank": remembered})
    prototypes, seen = bank.read()
    plain = PartAwareCompactness(
        loss.margin, loss.combine, unit_length=loss.unit_length
    )
    return ops.where(
        started,
        loss.call(
            identities, {**compared, "prototypes": prototypes, "seen": seen}
        ),
        plain.call(identities, compared),
    )


def remember(bank, started, embeddings, identities, visibility):
    """Writes a batch to the bank; until it starts, the bank is emptied.

    Args:
        bank: Layer of `part_bank`.
        started: Bool, whether the memory is used yet.
        embeddings: `(batch, parts, dim)`.
        identities: `(batch,)` integers.
        visibility: `(batch, parts)`.
    """
    # What an earlier training left is as foreign as another model's.
    if isinstance(bank, PartsEmbeddingMemoryBank):
        _empty_until(started, bank.identities, -1)
        bank.enqueue(embeddings, identities, visibility, enabled=started)
    else:
        _empty_until(started, bank.seen, 0)
        bank.update(embeddings, identities, visibility, enabled=started)


def _empty_until(started, marks, empty):
    now = ops.convert_to_tensor(marks)
    marks.assign(ops.where(started, now, ops.cast(empty, now.dtype)))

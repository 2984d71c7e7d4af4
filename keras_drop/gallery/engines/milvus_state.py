"""What is known of a copy in Milvus: which change of the gallery it has."""

import dataclasses
import hashlib
import json
from pathlib import Path

from keras_drop.evaluation.cards.json_file import write_json
from keras_drop.gallery.engines.milvus_folder import lite_folder


@dataclasses.dataclass(frozen=True)
class MilvusState:
    """How far a copy in Milvus follows the gallery.

    Args:
        generation: Of the store, when it was last followed; -1 for never.
        count: How many images it had then.
        last: The highest number among them.
        patterns: Patterns of visible parts that it has, or had once.
        graded: Whether some visibility is neither yes nor no.
    """

    generation: int = -1
    count: int = 0
    last: int = 0
    patterns: tuple = ()
    graded: bool = False

    def save(self, path):
        """Writes the file, as a whole or not at all."""
        write_json(path, dataclasses.asdict(self))

    @classmethod
    def load(cls, path):
        """What the file says, or that nothing is known."""
        try:
            told = json.loads(Path(path).read_text())
            return cls(**{**told, "patterns": tuple(told["patterns"])})
        except (OSError, ValueError, KeyError, TypeError):
            return cls()


def state_file(folder, uri):
    """Where the state of a copy stands, one for each server."""
    name = "lite"
    if uri is not None:
        address = uri.rpartition("@")[2]  # Another password, the same copy.
        name = hashlib.sha256(address.encode()).hexdigest()[:16]
    return lite_folder(folder).parent / f"{name}.json"

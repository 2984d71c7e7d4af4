"""A `TrackletMemory` as a file: arrays, and plain text for the rest."""

import dataclasses
import io
import json
from pathlib import Path

import numpy as np

from keras_drop.datasets.files.whole_files import write_file
from keras_drop.evaluation.distance import Distance
from keras_drop.files.npz_file import read_npz
from keras_drop.tracking.part_views import PartViews
from keras_drop.tracking.seen_times import SeenTimes

_ARRAYS = ("embeddings", "weights", "times")
_VERSION = 1


def write_memory(path, memory):
    """Writes a file whole or not at all.

    Raises:
        ValueError: Tracks or cameras that are neither whole numbers nor
            strings.
    """
    cameras = {c for _, seen in memory.kept.values() for c in seen.cameras}
    for what, names in ("tracks", memory.track_ids), ("cameras", cameras):
        for name in names:
            if not isinstance(name, int | str):
                raise ValueError(
                    f"A file keeps {what} that are whole numbers or strings; "
                    f"{name!r} is none."
                )
    told = {
        "version": _VERSION,
        "num_views": memory.num_views,
        "distance": dataclasses.asdict(memory.distance),
        "part_names": memory.part_names,
        "updates": memory.updates,
        "tracks": memory.track_ids,
        # Lists: the keys of an object would all become strings.
        "seen": [
            [[camera, *span] for camera, span in seen.cameras.items()]
            for _, seen in memory.kept.values()
        ],
    }
    arrays = {
        name: np.array([getattr(v, name) for v, _ in memory.kept.values()])
        for name in _ARRAYS
    }
    file = io.BytesIO()
    np.savez(file, told=np.array(json.dumps(told)), **arrays)
    write_file(Path(path), file.getvalue())


def read_memory(path):
    """What a file tells, and its tracks as `(PartViews, SeenTimes)`.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: Something else wrote it; the message names it.
    """
    arrays = read_npz(path, ("told", *_ARRAYS).__contains__)
    try:
        told = json.loads(str(arrays["told"]))
        if told["version"] != _VERSION:
            raise ValueError(f"it is of version {told['version']}")
        told["distance"] = Distance(**told["distance"])
        kept = {}
        columns = [arrays[name] for name in _ARRAYS]
        rows = zip(told["tracks"], told["seen"], *columns, strict=True)
        for track, cameras, embeddings, weights, times in rows:
            views = PartViews(*embeddings.shape)
            views.embeddings[:], views.weights[:] = embeddings, weights
            views.times[:] = times
            kept[track] = views, SeenTimes(_cameras(cameras))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is no memory of tracks ({error}). `TrackletMemory.save` "
            "writes one."
        ) from None
    return told, kept


def _cameras(seen):
    """Dictionary of the times of cameras, which old files keep as one."""
    if isinstance(seen, dict):
        return seen
    return {camera: [first, last] for camera, first, last in seen}

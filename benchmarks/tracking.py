"""Who comes back: identities in drawn streets, with and without a memory.

    python -m benchmarks.tracking --runs=runs/real_start --walks=runs/walks

Needs the folders `drop-1`, `global_baseline-1`, … of runs with a
`model.keras`, one a seed, and draws the streets: one walk to choose from where
on somebody is nobody known, three others, with other people and other places,
to measure. A motion-only tracker, `link_boxes`, makes the tracks of all rows
from the same noisy detections; the rows differ in what is remembered of a
track, and each has its own `max_distance`, which is that of the best IDF1 on
the first walk.
"""

import collections
from pathlib import Path

import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.tracking_memories import MEMORIES, part_of
from benchmarks.tracking_walks import EVERY, Walk, embed_crops, read_walk
from keras_drop.tracking import (
    Follower,
    Limit,
    evaluate_tracks,
    reassociation,
)

RUNS = flags.DEFINE_string("runs", "runs/real_start", "folder of the runs")
WALKS = flags.DEFINE_string("walks", "runs/walks", "folder of the streets")
SEEDS = flags.DEFINE_list("seeds", ["1", "2", "3"], "of the runs")
CHOICE, TESTS = 10, (11, 12, 13)
# Of the frames that are looked at.
GAPS = (3, 17)
LEVELS = (0, 0.5, 0.8, 1)
# Largest distances of the same person that are tried.
_TRIED = 15
_ROWS = {
    "global vector, last crop": ("global_baseline", None, "last crop"),
    "global vector, running mean": ("global_baseline", None, "running mean"),
    "global vector, memory": ("global_baseline", None, "memory"),
    "DROP's foreground vector, memory": ("drop", "foreground", "memory"),
    "DROP, last crop": ("drop", None, "last crop"),
    "DROP, memory": ("drop", None, "memory"),
}


def main(_):
    walks = {n: read_walk(Path(WALKS.value), n) for n in (CHOICE, *TESTS)}
    tests = [walks[number] for number in TESTS]
    rows = {
        "motion alone": {"-": measured(tests, [w.tracks for w in tests])},
        "motion, and the truth": {
            "-": measured(tests, [w.true_tracks for w in tests])
        },
    }
    again = {}
    for seed in SEEDS.value:
        for name, (model, part, kind) in _ROWS.items():
            path = Path(RUNS.value) / f"{model}-{seed}" / "model.keras"
            embed_crops(walks.values(), path)
            for walk in walks.values():
                walk.use(path.parent.name, part_of(part))
            limit = chosen_limit(walks[CHOICE], MEMORIES[kind])
            tracks = [followed(w, MEMORIES[kind](), limit) for w in tests]
            figures = {"limit": limit.max_distance, **measured(tests, tracks)}
            rows.setdefault(name, {})[seed] = figures
            if kind == "memory":
                encoder, found = (
                    name.removesuffix(", memory"),
                    found_again(tests),
                )
                again.setdefault(f"{encoder}, again", {})[seed] = found["right"]
                # These are of the streets, whatever looks at them.
                again["chance, again"] = {"-": found["chance"]}
                again["people looked for, again"] = {"-": found["num"]}
            print(seed, name, figures, flush=True)
        record({name: as_row(r) for name, r in {**rows, **again}.items()})


def chosen_limit(walk: Walk, make_memory):
    """The `Limit` of the best IDF1 on the walk that is not measured."""
    known = walk.distances(make_memory())
    best = None
    for distance in np.quantile(known, np.linspace(0.005, 0.3, _TRIED)):
        limit = Limit(round(float(distance), 4))
        tracks = followed(walk, make_memory(), limit)
        score = evaluate_tracks(walk.truth, walk.found(tracks))["IDF1"]
        if best is None or score > best[0]:
            best = score, limit
    return best[1]


def followed(walk, memory, limit):
    """Tracks of each camera of a walk, after the memory had its say."""
    follower = Follower(memory, limit)
    for time, camera, names, rows, described in walk.frames():
        follower.step(
            names,
            described,
            walk.boxes[camera].boxes[rows],
            time,
            walk.boxes[camera].scores[rows],
            f"camera{camera}",
        )
    follower.finish()
    return [
        np.array([follower.person_of(name) for name in names])
        for names in walk.tracks
    ]


def measured(walks, tracks):
    """Figures of all walks together: shares in percent, counts as sums."""
    found = [
        evaluate_tracks(walk.truth, walk.found(one))
        for walk, one in zip(walks, tracks)
    ]
    returns = sum(one["returns"] for one in found)
    again = sum(one["returns"] * one["refound"] for one in found)
    return {
        "IDF1": 100 * float(np.mean([one["IDF1"] for one in found])),
        "refound": 100 * again / returns,
        "returns": returns,
        **{
            name: sum(one[name] for one in found)
            for name in ("switches", "tracks", "people", "boxes")
        },
    }


def found_again(walks):
    """Sums over `reassociation` of all walks: right, chance, number."""
    sums = {name: collections.Counter() for name in ("right", "chance", "num")}
    for walk in walks:
        described, records = walk.labelled()
        for row in reassociation(described, records, GAPS, LEVELS):
            low, high = row.visible
            key = f"{row.gap * EVERY}, {100 * low:.0f}-{100 * high:.0f} %"
            sums["right"][key] += row.right * row.num
            sums["chance"][key] += row.chance * row.num
            sums["num"][key] += row.num
    shares = {
        name: {
            key: 100 * sums[name][key] / sums["num"][key] for key in sums["num"]
        }
        for name in ("right", "chance")
    }
    return {**shares, "num": dict(sums["num"])}


def as_row(seeds):
    return {
        "seeds": {
            seed: {name: round(float(x), 4) for name, x in figures.items()}
            for seed, figures in seeds.items()
        }
    }


if __name__ == "__main__":
    app.run(main)

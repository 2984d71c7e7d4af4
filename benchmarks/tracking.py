"""Who comes back: identities in drawn streets, with and without a memory.

    python -m benchmarks.tracking --runs=runs/comparison --walks=runs/walks

Needs the runs of `benchmarks.embedded_comparison` for the rows `DROP` and
`global baseline with vectors of length 1`, one a seed, and draws the streets:
one walk to choose from where on somebody is nobody known, three others, with
other people and other places, to measure. A motion-only tracker, `link_boxes`,
makes the tracks of all rows from the same noisy detections; the rows differ in
what is remembered of a track, and each has its own `max_distance`, which is
that of the best IDF1 on the first walk. The rows *by verdict* have a
`PairVerdict` instead, fitted on the crops of that walk, with the false
positive rate of the best IDF1 there. Encoders that nobody trained on people
have no seeds.
"""

import collections
from pathlib import Path

import numpy as np
from absl import app, flags

from benchmarks.recording import record
from benchmarks.tracking_encoders import OTHERS
from benchmarks.tracking_memories import MEMORIES, part_of
from benchmarks.tracking_walks import EVERY, Walk, embed_crops, read_walk
from keras_drop import load_model
from keras_drop.evaluation import fit_pair_verdict
from keras_drop.tracking import (
    Follower,
    Limit,
    evaluate_tracks,
    reassociation,
)

RUNS = flags.DEFINE_string("runs", "runs/comparison", "folder of the runs")
WALKS = flags.DEFINE_string("walks", "runs/walks", "folder of the streets")
ROWS = flags.DEFINE_multi_string("row", [], "which rows; all, if not given")
SEEDS = flags.DEFINE_list("seeds", ["1", "2", "3"], "of the runs")
CHOICE, TESTS = 10, (11, 12, 13)
# Of the frames that are looked at.
GAPS = (3, 17)
LEVELS = (0, 0.5, 0.8, 1)
# Largest distances of the same person that are tried.
_TRIED = 15
# Shares of pairs of two people that may be said to be one.
_RATES = (0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
# Folders of its runs.
_GLOBAL = "global_baseline_with_vectors_of_length_1"
_ROWS = {
    "global vector, last crop": (_GLOBAL, None, "last crop"),
    "global vector, running mean": (_GLOBAL, None, "running mean"),
    "global vector, memory": (_GLOBAL, None, "memory"),
    "global vector, memory, by verdict": (_GLOBAL, None, "memory"),
    "DROP's foreground vector, memory": ("drop", "foreground", "memory"),
    "DROP, last crop": ("drop", None, "last crop"),
    "DROP, memory": ("drop", None, "memory"),
    "DROP, memory, by verdict": ("drop", None, "memory"),
    **{
        f"{encoder}, {kind}": (encoder, None, kind)
        for encoder in OTHERS
        for kind in ("running mean", "memory")
    },
}


def main(_):
    walks = {n: read_walk(Path(WALKS.value), n) for n in (CHOICE, *TESTS)}
    tests = [walks[number] for number in TESTS]
    truth = [walk.true_tracks for walk in tests]
    rows = {
        "motion alone": {"-": measured(tests, [w.tracks for w in tests])},
        "motion, and the truth": {"-": measured(tests, truth)},
    }
    again = {}
    for seed in [*SEEDS.value, "-"]:
        for name in ROWS.value or _ROWS:
            encoder, part, kind = _ROWS[name]
            if (encoder in OTHERS) != (seed == "-"):
                continue
            file, load = encoder_of(encoder, seed)
            embed_crops(walks.values(), file, load)
            for walk in walks.values():
                walk.use(file, part_of(part))
            verdict = name.endswith("by verdict")
            limit = chosen_limit(walks[CHOICE], MEMORIES[kind], verdict)
            tracks = [followed(w, MEMORIES[kind](), limit) for w in tests]
            figures = {
                "limit": limit.false_positive_rate or limit.max_distance,
                **measured(tests, tracks),
            }
            rows.setdefault(name, {})[seed] = figures
            print(seed, name, figures, flush=True)
            if kind == "memory" and not verdict:
                name, found = name.removesuffix(", memory"), found_again(tests)
                again.setdefault(f"{name}, again", {})[seed] = found["right"]
                # These are of the streets, whatever looks at them.
                again["chance, again"] = {"-": found["chance"]}
                again["people looked for, again"] = {"-": found["num"]}
        record({name: as_row(r) for name, r in {**rows, **again}.items()})


def encoder_of(name, seed):
    """Name of its files, and a function that returns what embeds crops."""
    if name in OTHERS:
        return name.replace(" ", "_"), OTHERS[name]
    path = Path(RUNS.value) / f"{name}-{seed}" / "model.keras"
    return path.parent.name, lambda: load_model(path, compile=False).embed


def chosen_limit(walk: Walk, make_memory, by_verdict=False):
    """The `Limit` of the best IDF1 on the walk that is not measured."""
    if by_verdict:
        crops, records = walk.labelled()
        verdict = fit_pair_verdict(
            *(crops, crops, records, records), false_positive_rates=_RATES
        )
        tried = [Limit(None, verdict, rate) for rate in _RATES]
    else:
        known = walk.distances(make_memory())
        tried = [
            Limit(round(float(distance), 4))
            for distance in np.quantile(known, np.linspace(0.005, 0.3, _TRIED))
        ]
    scores = [
        evaluate_tracks(
            walk.truth, walk.found(followed(walk, make_memory(), limit))
        )["IDF1"]
        for limit in tried
    ]
    return tried[int(np.argmax(scores))]


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

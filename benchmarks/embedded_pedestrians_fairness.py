"""Do parts and visibility solve the embedded pedestrians, or does colour?

Colour histograms and no training: of the whole picture, of the background
only, and of every part that is truly visible.

    python -m benchmarks.embedded_pedestrians_fairness --root=DIR

`DIR` gets the preset `small` without obstacles and with them; what is there
already is read.
"""

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

from keras_drop.datasets.embedded_pedestrians import (
    render_embedded_pedestrians,
)
from keras_drop.densepose_parts import PART_NAMES

BINS = 8
SIZE = 64, 128  # width, height all pictures are brought to
# A part of fewer pixels says nothing about its colour.
LEAST_PIXELS = 12
# JPEG changes a pixel by less than an obstacle does.
SAME_PIXEL = 24
# Width of the square in which blur mixes clothes into the background.
BLUR = 9


def histogram(pixels):
    """`(512,)` HSV histogram of `(n, 3)` uint8 HSV pixels; sums to 1."""
    hue, saturation, value = pixels.astype(np.int32).T
    cells = (hue * BINS // 180 * BINS + saturation // 32) * BINS + value // 32
    counts = np.bincount(cells, minlength=BINS**3)
    return counts / max(counts.sum(), 1)


def read_image(root, path):
    """A picture brought to `SIZE`, and its part labels."""
    labels = (Path(root) / "parts" / path).with_suffix(".png")
    labels = cv2.imread(str(labels), cv2.IMREAD_GRAYSCALE)
    return (
        cv2.resize(cv2.imread(str(Path(root) / path)), SIZE),
        cv2.resize(labels, SIZE, interpolation=cv2.INTER_NEAREST),
    )


def read_split(root, root_of_whole, split):
    """Histograms and truth of one split, as a dictionary of arrays.

    `root_of_whole` holds the same pictures without obstacles: where the two
    agree and nobody stands is the background.
    """
    with open(Path(root) / "images.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    whole, background, parts, visible = [], [], [], []
    for row in rows:
        image, labels = read_image(root, row["path"])
        bare, all_labels = read_image(root_of_whole, row["path"])
        taken = cv2.absdiff(image, bare).max(axis=-1) > SAME_PIXEL
        taken = (taken | (all_labels > 0)).astype(np.uint8)
        taken = cv2.dilate(taken, np.ones((BLUR, BLUR), np.uint8)) > 0
        hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
        masks = [labels == k + 1 for k in range(len(PART_NAMES))]
        whole.append(histogram(hsv.reshape(-1, 3)))
        background.append(histogram(hsv[~taken]))
        parts.append([histogram(hsv[mask]) for mask in masks])
        visible.append([mask.sum() >= LEAST_PIXELS for mask in masks])
    return {
        "identities": np.array([int(row["identity"]) for row in rows]),
        "cameras": np.array([int(row["camera"]) for row in rows]),
        "whole": np.array(whole, np.float32),
        "background": np.array(background, np.float32),
        "parts": np.array(parts, np.float32),
        "visible": np.array(visible),
    }


def histogram_distances(query, gallery):
    """`(n, m)` distances: 1 - histogram intersection."""
    used = query.any(axis=0) & gallery.any(axis=0)
    query, gallery = query[:, used], gallery[:, used]
    return np.stack(
        [1 - np.minimum(row, gallery).sum(axis=-1) for row in query]
    )


def part_distances(query, gallery):
    """`(n, m)` mean distance over the parts that both pictures show."""
    total = np.zeros((len(query["parts"]), len(gallery["parts"])))
    common = np.zeros_like(total)
    for part in range(len(PART_NAMES)):
        both = np.outer(query["visible"][:, part], gallery["visible"][:, part])
        total += both * histogram_distances(
            query["parts"][:, part], gallery["parts"][:, part]
        )
        common += both
    return np.where(common > 0, total / np.maximum(common, 1), 2.0)


def junk_pairs(query, gallery, rule):
    """`(n, m)`: pairs of one camera, of the same person or of anybody."""
    junk = query["cameras"][:, None] == gallery["cameras"]
    if rule == "person":
        junk &= query["identities"][:, None] == gallery["identities"]
    return junk


def rank_1(distances, query, gallery, rule="person"):
    """Percent of the queries whose nearest picture shows the same person."""
    same = query["identities"][:, None] == gallery["identities"]
    junk = junk_pairs(query, gallery, rule)
    nearest = np.where(junk, np.inf, distances).argmin(axis=1)
    return 100 * same[np.arange(len(same)), nearest].mean()


def chance(query, gallery, rule="person"):
    """Rank-1 in percent of a random order."""
    same = query["identities"][:, None] == gallery["identities"]
    kept = ~junk_pairs(query, gallery, rule)
    return 100 * ((same & kept).sum(axis=1) / kept.sum(axis=1)).mean()


def measure(root, root_of_whole):
    """Rank-1 in percent of each kind of histogram, by name."""
    query = read_split(root, root_of_whole, "query")
    gallery = read_split(root, root_of_whole, "gallery")
    whole = histogram_distances(query["whole"], gallery["whole"])
    background = histogram_distances(query["background"], gallery["background"])
    parts = part_distances(query, gallery)
    return {
        "whole image": rank_1(whole, query, gallery),
        "visible parts": rank_1(parts, query, gallery),
        "chance": chance(query, gallery),
        "background, other cameras": rank_1(
            background, query, gallery, "anybody"
        ),
        "chance, other cameras": chance(query, gallery, "anybody"),
    }


def main(argv=None):
    parser = argparse.ArgumentParser(description="Colour histograms, Rank-1.")
    parser.add_argument("--root", required=True, help="folder to draw to")
    parser.add_argument("--preset", default="small")
    parser.add_argument("--seed", default=1, type=int)
    args = parser.parse_args(argv)
    results = {}
    for occlusion in ("none", "standard"):
        root = Path(args.root) / f"{args.preset}_{args.seed}_{occlusion}"
        render_embedded_pedestrians(root, args.preset, args.seed, occlusion)
        whole = Path(args.root) / f"{args.preset}_{args.seed}_none"
        results[occlusion] = measure(root, whole)
    print(f"Rank-1, % ({args.preset}, seed {args.seed})")
    print(f"{'':28}{'none':>10}{'standard':>10}")
    for name in results["none"]:
        row = "".join(f"{results[o][name]:10.1f}" for o in results)
        print(f"{name:28}{row}")
    gaps = {
        o: r["visible parts"] - r["whole image"] for o, r in results.items()
    }
    print(f"{'gap':28}{gaps['none']:10.1f}{gaps['standard']:10.1f}")


if __name__ == "__main__":
    main()

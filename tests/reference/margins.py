"""Losses of cosines, image by image, person by person."""

import numpy as np


def arc_face(identities, cosines, margin, scale):
    losses = []
    for own, row in zip(identities, cosines, strict=True):
        angles = np.arccos(row)
        logits = scale * np.cos(angles)
        if angles[own] + margin < np.pi:
            logits[own] = scale * np.cos(angles[own] + margin)
        else:
            logits[own] = scale * (row[own] - margin * np.sin(margin))
        losses.append(-np.log(np.exp(logits[own]) / np.exp(logits).sum()))
    return np.array(losses)


def cos_face(identities, cosines, margin, scale):
    losses = []
    for own, row in zip(identities, cosines, strict=True):
        others = np.exp(scale * np.delete(row, own)).sum()
        gained = np.exp(scale * (row[own] - margin))
        losses.append(-np.log(gained / (gained + others)))
    return np.array(losses)


def circle(identities, cosines, margin, scale, weighed_by=None):
    """`weighed_by`: the cosines that the weights `alpha` are of."""
    losses = []
    weighed_by = cosines if weighed_by is None else weighed_by
    for own, row, weighing in zip(identities, cosines, weighed_by, strict=True):
        pull = max(0, 1 + margin - weighing[own])
        positive = np.exp(-scale * pull * (row[own] - (1 - margin)))
        negatives = 0
        for other, cosine in enumerate(row):
            if other != own:
                push = max(0, weighing[other] + margin)
                negatives += np.exp(scale * push * (cosine - margin))
        losses.append(np.log(1 + negatives * positive))
    return np.array(losses)


def moved_centres(centres, embeddings, identities, rate):
    moved = centres.copy()
    for person in range(len(centres)):
        away, count = np.zeros(centres.shape[1]), 0
        for embedding, identity in zip(embeddings, identities, strict=True):
            if identity == person:
                away += centres[person] - embedding
                count += 1
        moved[person] = centres[person] - rate * away / (1 + count)
    return moved

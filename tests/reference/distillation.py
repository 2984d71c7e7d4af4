"""What a student learns of a teacher, image by image."""

import numpy as np


def relational(teacher, visibility, student, huber):
    num_images, num_parts = visibility.shape
    costs, counts = np.zeros(num_images), np.zeros(num_images)
    for part in range(num_parts):
        pairs = [
            (i, j)
            for i in range(num_images)
            for j in range(num_images)
            if i != j and visibility[i, part] and visibility[j, part]
        ]
        if not pairs:
            continue
        apart = [
            [np.linalg.norm(x[i, part] - x[j, part]) for i, j in pairs]
            for x in (teacher, student)
        ]
        taught, learnt = (np.array(d) / np.mean(d) for d in apart)
        for (i, _), away in zip(pairs, np.abs(taught - learnt)):
            if away <= huber:
                costs[i] += away**2 / 2
            else:
                costs[i] += huber * (away - huber / 2)
            counts[i] += 1
    return costs / np.maximum(counts, 1)


def part_maps(teacher, student):
    """Both on one grid."""
    losses = []
    for q, p in zip(teacher, student):
        cells = []
        for row in range(q.shape[0]):
            for column in range(q.shape[1]):
                own, other = q[row, column], p[row, column]
                cells.append((own * np.log(own / other)).sum())
        losses.append(np.mean(cells))
    return np.array(losses)


def visibility(seen, student):
    losses = []
    for image, maps in zip(seen, student):
        parts = []
        for part, visible in enumerate(image, start=1):
            found = maps[..., part].max()
            parts.append(-np.log(found if visible else 1 - found))
        losses.append(np.mean(parts))
    return np.array(losses)

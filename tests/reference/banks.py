"""The two memories of part embeddings, slowly."""

import numpy as np


class Queue:
    """A ring: one image after the other goes into the next slot."""

    def __init__(self, capacity, num_parts, dim):
        self.embeddings = np.zeros((capacity, num_parts, dim))
        self.identities = np.full(capacity, -1)
        self.visibility = np.zeros((capacity, num_parts))
        self.next = 0

    def push(self, embeddings, identities, visibility):
        for row, identity, seen in zip(embeddings, identities, visibility):
            self.embeddings[self.next] = row
            self.identities[self.next] = identity
            self.visibility[self.next] = seen
            self.next = (self.next + 1) % len(self.identities)

    def content(self):
        return self.embeddings, self.identities, self.visibility


class Centres:
    """A dictionary from (person, part) to its centre."""

    def __init__(self, momentum):
        self.momentum = momentum
        self.of = {}

    def update(self, embeddings, identities, visibility):
        for person in set(identities.tolist()):
            for part in range(embeddings.shape[1]):
                rows = [
                    (visibility[i, part], embeddings[i, part])
                    for i in range(len(identities))
                    if identities[i] == person and visibility[i, part] > 0
                ]
                if not rows:
                    continue
                mean = sum(w * row for w, row in rows) / sum(w for w, _ in rows)
                old = self.of.get((person, part), mean)
                self.of[person, part] = (
                    self.momentum * old + (1 - self.momentum) * mean
                )

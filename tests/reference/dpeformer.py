"""The pieces of DPEFormer, slowly."""

import math

import numpy as np


def adaptive_groups(count, num_groups):
    """The places of each group, as ranges."""
    return [
        range(
            math.floor(p * count / num_groups),
            math.ceil((p + 1) * count / num_groups),
        )
        for p in range(num_groups)
    ]


def stripes(features, num_stripes):
    """Means of whole rows of `(batch, rows, columns, channels)`."""
    return np.stack(
        [
            np.mean([features[:, row].mean(axis=1) for row in rows], axis=0)
            for rows in adaptive_groups(features.shape[1], num_stripes)
        ],
        axis=1,
    )


def order_and_gap(
    global_token,
    patches,
    proxy="patch",
    similarity="dot",
    exclude_self_gap=True,
):
    """Patches of one image in their order, and where the largest drop is."""
    similar = [float(global_token @ patch) for patch in patches]
    if similarity == "cosine":
        similar = [
            s / (np.linalg.norm(global_token) * np.linalg.norm(patch))
            for s, patch in zip(similar, patches)
        ]
    number = range(len(patches))
    if proxy == "global":
        relevance, chosen = similar, None
    else:
        chosen = int(np.argmax(similar))
        relevance = [float(patches[chosen] @ patch) for patch in patches]
    order = sorted(number, key=lambda j: (j != chosen, -relevance[j], j))
    largest, gap = -np.inf, None
    for i in range(len(patches) - 1):
        if i == 0 and proxy == "patch" and exclude_self_gap:
            continue
        drop = relevance[order[i]] - relevance[order[i + 1]]
        if drop > largest:
            largest, gap = drop, i
    return order, gap


def averaged(tokens, num_groups):
    """Some tokens to so many, as adaptive pooling does."""
    return [
        np.mean([tokens[place] for place in places], axis=0)
        for places in adaptive_groups(len(tokens), num_groups)
    ]


def selection(
    global_tokens,
    patches,
    k_min=24,
    off_by_one=False,
    batch_min=False,
    num_parts=4,
    **switches,
):
    """Part tokens, kept patches and their places, of every image."""
    orders, counts = [], []
    for token, mine in zip(global_tokens, patches):
        order, gap = order_and_gap(token, mine, **switches)
        orders.append(order)
        counts.append(gap if off_by_one else gap + 1)
    counts = [max(count, k_min) for count in counts]
    parts, kept, ranks = [], [], []
    for mine, order, count in zip(patches, orders, counts):
        tokens = [mine[place] for place in order[:count]]
        if batch_min:
            tokens = averaged(tokens, min(counts))
        parts.append(averaged(tokens, num_parts))
        rank = [order.index(j) for j in range(len(mine))]
        ranks.append(rank)
        kept.append([float(place < count) for place in rank])
    return np.array(parts), np.array(kept), np.array(ranks)


def layer_norm(x, gamma, beta):
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * gamma + beta


def gelu(x):
    return np.vectorize(lambda v: v * 0.5 * (1 + math.erf(v / math.sqrt(2))))(x)


def blending(part, global_token, weights, axis_bug=False):
    """FBM of a batch; weights by the last two parts of their paths."""
    batch, dim = part.shape
    num_chunks = dim // 16
    parts = part.reshape(batch, num_chunks, 16) + weights["positions"]
    globals_ = global_token.reshape(batch, num_chunks, 16)
    globals_ = globals_ + weights["positions"]

    def norm(name, x):
        return layer_norm(
            x, weights[f"{name}_norm/gamma"], weights[f"{name}_norm/beta"]
        )

    attended = np.zeros((2, batch, num_chunks, 8))
    for b in range(batch):
        query = norm("part", parts[b]) @ weights["query/kernel"]
        both = norm("global", globals_[b]) @ weights["key_value/kernel"]
        key, value = both[:, :16], both[:, 16:]
        for h in range(2):
            mine = slice(8 * h, 8 * h + 8)
            for n in range(num_chunks):
                scores = np.array(
                    [query[n, mine] @ key[m, mine] for m in range(num_chunks)]
                )
                scores = np.exp(scores / math.sqrt(8))
                for m in range(num_chunks):
                    share = scores[m] / scores.sum()
                    attended[h, b, n] += share * value[m, mine]
    if axis_bug:
        mixed = attended.ravel().reshape(batch, num_chunks, 16)
    else:
        mixed = np.concatenate([attended[0], attended[1]], axis=-1)
    y = parts + mixed @ weights["projection/kernel"]
    y = y + weights["projection/bias"]
    hidden = norm("mlp", y) @ weights["hidden/kernel"] + weights["hidden/bias"]
    y = y + gelu(hidden) @ weights["output/kernel"] + weights["output/bias"]
    return y.reshape(batch, dim)


class Memory:
    """A dictionary from person to embedding, one image after the other."""

    def __init__(self, momentum):
        self.momentum = momentum
        self.of = {}

    def update(self, embeddings, identities):
        for row, person in zip(np.asarray(embeddings), identities.tolist()):
            if person in self.of:
                row = self.momentum * self.of[person] + (
                    1 - self.momentum
                ) * np.asarray(row, "float64")
            self.of[person] = row

    def arrays(self, num_identities, dim):
        embeddings = np.zeros((num_identities, dim))
        seen = np.zeros(num_identities, bool)
        for person, embedding in self.of.items():
            embeddings[person], seen[person] = embedding, True
        return embeddings, seen


def memory_contrastive(identities, embeddings, memory, seen, temperature):
    """Losses whose mean is the mean over the images of people seen."""
    losses = []
    for person, row in zip(identities, embeddings):
        if not seen[person]:
            losses.append(None)
            continue
        logits = {
            other: row
            @ memory[other]
            / np.linalg.norm(row)
            / np.linalg.norm(memory[other])
            / temperature
            for other in range(len(memory))
            if seen[other]
        }
        total = sum(math.exp(logit) for logit in logits.values())
        losses.append(-math.log(math.exp(logits[person]) / total))
    num_valid = sum(loss is not None for loss in losses)
    return np.array(
        [
            0.0 if loss is None else loss * len(losses) / num_valid
            for loss in losses
        ]
    )


def outputs(
    tokens,
    grid,
    weights,
    normalise,
    global_index=0,
    fbm=True,
    axis_bug=False,
    **switches,
):
    """What the model makes of its tokens; `switches` as of `selection`."""
    batch, dim = len(tokens), tokens.shape[-1]
    token, patches = tokens[:, global_index], tokens[:, 1:]

    def neck(name, x):
        path = f"{name}_neck/normalisation"
        return normalise(
            x,
            weights[f"{path}/gamma"],
            0,
            weights[f"{path}/moving_mean"],
            weights[f"{path}/moving_variance"],
        )

    cells = patches.reshape(batch, *grid, dim)
    striped = neck("stripes", stripes(cells, 4).reshape(batch, -1))
    parts, kept, ranks = selection(token, patches, **switches)
    blended = []
    for p in range(4):
        prefix = f"blending_{p + 1}/"
        mine = {
            path.removeprefix(prefix): weight
            for path, weight in weights.items()
            if path.startswith(prefix)
        }
        part = parts[:, p]
        blended.append(blending(part, token, mine, axis_bug) if fbm else part)
    joined = neck("parts", np.concatenate(blended, axis=-1))
    each = [
        joined[:, p * dim : (p + 1) * dim]
        @ weights[f"part_{p + 1}_classifier/kernel"]
        for p in range(4)
    ]
    return {
        "embeddings": joined[:, None],
        "visibility": np.ones((batch, 1)),
        "kept_patches": kept,
        "patch_ranks": ranks,
        "stripes": striped,
        "global_logits": token @ weights["global_classifier/kernel"],
        "stripes_logits": striped @ weights["stripes_neck/classifier/kernel"],
        "parts_logits": joined @ weights["parts_neck/classifier/kernel"],
        "each_part_logits": np.stack(each, axis=1),
    }

"""Where the patches lie that DPEFormer keeps."""

import math


def shares(kept, ranks, person, k_min):
    """Where the kept patches lie, and the proxy that decides it, in percent.

    Args:
        kept: `(images, patches)` bool.
        ranks: `(images, patches)` integers, 0 being the proxy patch.
        person: `(images, patches)` bool, which of them lie on the person.
        k_min: How many of the first and of the last ones are told.

    Returns:
        Dictionary of shares by name, `patches kept` being a number; those of
        a case that does not occur are left out.
    """
    proxies = (ranks == 0) & person
    on = proxies.any(axis=1)
    last = ranks >= kept.shape[1] - k_min
    found = {
        "patches kept": kept.sum(axis=1).mean(),
        "on the person": _share(person, kept),
        "chance": 100 * person.mean(),
        "of the person's": _share(kept, person),
        "of the most similar": _share(person, ranks < k_min),
        "of the least similar": _share(person, last),
        "proxy on the person": 100 * on.mean(),
        "where the proxy is": _share(person[on], kept[on]),
        "where it is not": _share(person[~on], kept[~on]),
    }
    return {k: float(v) for k, v in found.items() if not math.isnan(v)}


def _share(these, among):
    """Percent of some patches that are these as well; of none, NaN."""
    number = among.sum()
    return 100 * (these & among).sum() / number if number else math.nan

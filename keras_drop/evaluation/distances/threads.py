"""As many threads as this process was given cores."""

import os
from concurrent.futures import ThreadPoolExecutor


def num_threads():
    """Cores of this process; `OMP_NUM_THREADS` asks for fewer."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    told = os.environ.get("OMP_NUM_THREADS", "")
    return min(cores, int(told)) if told.isdigit() and int(told) else cores


def in_threads(function, items, num=None):
    """List of `function(item)`, in the order of the items.

    Args:
        function: Function of one item.
        items: Iterable.
        num: Number of threads, if not `num_threads()`.
    """
    with ThreadPoolExecutor(num or num_threads()) as pool:
        return list(pool.map(function, items))

"""Seconds and memory of calls."""

import statistics
import time
from threading import Event, Thread


def measured(function):
    """Runs `function()`.

    Returns:
        Tuple of its seconds, the megabytes by which the resident memory of
        this process grew at the most, and what it returned. On Linux.
    """
    before, peak, done = _resident(), [0], Event()

    def watch():
        while not done.wait(0.002):
            peak[0] = max(peak[0], _resident())

    watcher = Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    try:
        result = function()
    finally:
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    return seconds, (max(peak[0], _resident()) - before) / 1e6, result


def in_turn(steps, rounds):
    """Median processor seconds of steps that take turns.

    Args:
        steps: Dictionary of functions.
        rounds: Turns that count, after two in which graphs are made.

    Returns:
        Dictionary of the medians.
    """
    spent = {name: [] for name in steps}
    for turn in range(2 + rounds):
        for name, step in steps.items():
            start = time.process_time()
            step()
            if turn > 1:
                spent[name].append(time.process_time() - start)
    return {name: statistics.median(each) for name, each in spent.items()}


def _resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

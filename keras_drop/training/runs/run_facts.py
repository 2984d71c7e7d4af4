"""What a card has to know of a run, so that it can be done again."""

import os
import platform
import shlex
from pathlib import Path

import keras

from keras_drop.flags import flag_file
from keras_drop.training.resuming.data_checksum import data_checksum


def run_facts(run, records):
    """Settings, command, images and machine of a run, as plain values.

    Args:
        run: `Run`.
        records: `Records` of the training images.

    Returns:
        Dictionary of `settings`, flags; `command`, which does it again;
        `training_images`, a checksum as of `data_checksum`; and `machine`.

    Example:
    >>> from keras_drop import Records
    >>> from keras_drop.training import Run
    >>> from keras_drop.training.runs.run_facts import run_facts
    >>> facts = run_facts(Run("bpbreid"), Records(["a.jpg"], [7], [0]))
    >>> facts["command"].split()[:3]
    ['keras-drop', 'train', '--model=bpbreid']
    """
    settings = flag_file(run).splitlines()
    return {
        "settings": settings,
        "command": shlex.join(["keras-drop", "train", *settings]),
        "training_images": data_checksum(records),
        "machine": machine(),
    }


def machine():
    """Dictionary of processor, cores, devices, memory in gigabytes, system."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "devices": _devices(),
        "memory_gb": _memory(),
        "system": platform.platform(),
    }


def _processor():
    """Its name, as Linux knows it; elsewhere what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [
        line.partition(":")[2].strip()
        for line in lines
        if line.startswith("model name")
    ]
    return names[0] if names else platform.processor()


def _devices():
    """Names of what Keras computes on, if its backend tells."""
    try:
        return list(keras.distribution.list_devices())
    except (AttributeError, NotImplementedError, RuntimeError):
        return None  # PyTorch's does not.


def _memory():
    """Gigabytes; `None` where the system does not say."""
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None
    return round(pages / 1e9, 1)

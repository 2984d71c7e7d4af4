import time
from pathlib import Path

import keras

POWERCAP = Path("/sys/class/powercap")


class EnergyMeter(keras.callbacks.Callback):
    """How much energy the machine took, where it tells.

    Processors by Linux' counters of whole packages (RAPL), NVIDIA's GPUs by
    NVML, if `nvidia-ml-py` is installed. What else runs on the machine is in
    it. The counters are read every `seconds`, before they can begin anew
    twice. Recent kernels show those of processors to root alone.

    Args:
        seconds: From one reading to the next.
        powercap: Folder of Linux' counters.

    Example:
    >>> from keras_drop.training import EnergyMeter
    >>> EnergyMeter(powercap="nowhere").joules()["processors"] is None
    True
    """

    def __init__(self, seconds=10.0, powercap=POWERCAP):
        super().__init__()
        self.seconds = seconds
        self._counters = {
            "processors": _packages(Path(powercap)),
            "gpus": _gpus(),
        }
        self._before = self._read()
        self._taken = {
            name: 0.0 if read else None for name, read in self._before.items()
        }
        self._read_at = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        if time.monotonic() - self._read_at >= self.seconds:
            self._add()

    def joules(self):
        """Since it was made.

        Returns:
            Dictionary of `processors` and `gpus`, `None` for what the machine
            does not tell.
        """
        self._add()
        return {
            name: None if taken is None else round(taken, 1)
            for name, taken in self._taken.items()
        }

    def _add(self):
        now = self._read()
        for name, counters in self._counters.items():
            pairs = zip(counters, self._before[name], now[name])
            for (_, limit), before, after in pairs:
                # A counter that is full begins anew.
                less = after < before
                self._taken[name] += after - before + (limit if less else 0.0)
        self._before, self._read_at = now, time.monotonic()

    def _read(self):
        return {
            name: [read() for read, _ in counters]
            for name, counters in self._counters.items()
        }


def _packages(folder):
    """A function that reads joules, and where it begins anew, a package."""
    found = []
    for zone in sorted(folder.glob("intel-rapl:*")):
        if zone.name.count(":") > 1:
            continue  # A part of a package, which is in it.
        try:
            limit = int((zone / "max_energy_range_uj").read_text()) / 1e6
            int((zone / "energy_uj").read_text())
        except (OSError, ValueError):
            continue
        file = zone / "energy_uj"
        found.append((lambda file=file: int(file.read_text()) / 1e6, limit))
    return found


def _gpus():
    """The same of each GPU, none without NVML."""
    try:
        import pynvml

        pynvml.nvmlInit()
        handles = [
            pynvml.nvmlDeviceGetHandleByIndex(index)
            for index in range(pynvml.nvmlDeviceGetCount())
        ]
        for handle in handles:
            pynvml.nvmlDeviceGetTotalEnergyConsumption(handle)
    except Exception:  # Of its own kinds, and none without the package.
        return []

    def reading(handle):
        read = pynvml.nvmlDeviceGetTotalEnergyConsumption
        return lambda: read(handle) / 1e3

    return [(reading(handle), 0.0) for handle in handles]

import sys
import types

import pytest

from keras_drop.training import EnergyMeter

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def no_gpus(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", None)


def write(folder, name, microjoules, limit=9_000_000):
    zone = folder / name
    zone.mkdir(exist_ok=True)
    (zone / "energy_uj").write_text(f"{microjoules}\n")
    (zone / "max_energy_range_uj").write_text(f"{limit}\n")


def test_packages_are_summed_and_begin_anew(tmp_path, no_gpus):
    write(tmp_path, "intel-rapl:0", 8_000_000)
    write(tmp_path, "intel-rapl:1", 1_000_000)
    write(tmp_path, "intel-rapl:0:0", 5)  # In the first package.
    meter = EnergyMeter(seconds=0.0, powercap=tmp_path)
    write(tmp_path, "intel-rapl:0", 500_000)  # From 8 over 9 to 0.5.
    write(tmp_path, "intel-rapl:1", 3_000_000)
    meter.on_train_batch_end(0)
    write(tmp_path, "intel-rapl:0", 1_000_000)
    assert meter.joules() == {"processors": 1.5 + 2.0 + 0.5, "gpus": None}


def test_a_machine_that_does_not_tell(tmp_path, no_gpus):
    (tmp_path / "intel-rapl:0").mkdir()
    meter = EnergyMeter(powercap=tmp_path)
    meter.on_train_batch_end(0)
    assert meter.joules() == {"processors": None, "gpus": None}


def test_gpus(tmp_path, monkeypatch):
    millijoules = [5_000, 7_000]
    nvml = types.SimpleNamespace(
        nvmlInit=lambda: None,
        nvmlDeviceGetCount=lambda: 2,
        nvmlDeviceGetHandleByIndex=lambda index: index,
        nvmlDeviceGetTotalEnergyConsumption=lambda index: millijoules[index],
    )
    monkeypatch.setitem(sys.modules, "pynvml", nvml)
    meter = EnergyMeter(powercap=tmp_path)
    millijoules[:] = 6_500, 8_000
    assert meter.joules() == {"processors": None, "gpus": 2.5}

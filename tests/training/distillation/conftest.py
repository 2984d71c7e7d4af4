from tests.training.runs.conftest import data_dir, small_resnets

__all__ = ["data_dir", "small_resnets"]

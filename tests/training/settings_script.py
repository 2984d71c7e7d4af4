"""A recipe without a model, for `test_settings.py`."""

import dataclasses
from pathlib import Path

from keras_drop.training.settings import run


@dataclasses.dataclass(frozen=True)
class Settings:
    root: Path | None = dataclasses.field(
        default=None, metadata={"help": "The data set.", "must_exist": True}
    )
    image_size: tuple[int, int] = (256, 128)
    rate: float = 3.5e-4
    epochs: int = 120
    flip: bool = False
    backbone: str = "resnet18"

    def __post_init__(self):
        if self.epochs < 1:
            raise ValueError(f"--epochs={self.epochs} is less than 1.")


def main(settings):
    print(settings)
    return {"mAP": 0.5}


if __name__ == "__main__":
    run(main, Settings)

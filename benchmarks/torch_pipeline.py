"""PyTorch's `DataLoader` with the work that `TrainingBatches` does.

The transforms are those of torchvision, which cannot be installed beside this
PyTorch, written with it: decode, crop out of a black border, erase a rectangle
in every second image, and the same of the label, whose ids become one-hot
parts at a quarter of the size.
"""

import io

import numpy as np
import torch
from PIL import Image

from benchmarks.pipeline_images import SIZE
from keras_drop import part_schema
from keras_drop.data.transforms.random_transform import crop_border
from keras_drop.data.transforms.transform import ERASED
from keras_drop.files.packed_file import packed_bytes


def torch_loader(records, workers):
    """`DataLoader` of batches of 64: crop, erase, `eight`.

    Args:
        records: `Records`, also packed ones.
        workers: Number of its processes.
    """
    return torch.utils.data.DataLoader(
        LabelledImages(records),
        batch_size=64,
        shuffle=True,
        drop_last=True,
        num_workers=workers,
    )


class LabelledImages(torch.utils.data.Dataset):
    """Images, identities and part labels of records."""

    def __init__(self, records):
        self.paths = records.paths.tolist()
        self.labels = records.parsing_paths.tolist()
        self.identities = records.identities.tolist()
        self.part_of = torch.zeros(15, dtype=torch.long)
        groups = part_schema("eight").groups["densepose14"]
        for part, group in enumerate(groups, 1):
            self.part_of[list(group)] = part

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, row):
        image = torch.from_numpy(_decode(self.paths[row], "RGB"))
        image = image.permute(2, 0, 1).float()
        label = torch.from_numpy(_decode(self.labels[row], "L"))
        border = crop_border(SIZE)
        shift = torch.randint(0, 2 * border + 1, (2,)).tolist()
        image = _crop(image, border, shift)
        label = _crop(label, border, shift)
        if torch.rand(()) < 0.5:
            lengths = [
                int(n * (0.15 + 0.5 * float(torch.rand(())))) for n in SIZE
            ]
            top, left = (
                int(torch.randint(0, n - length + 1, ()))
                for n, length in zip(SIZE, lengths)
            )
            hole = (
                slice(top, top + lengths[0]),
                slice(left, left + lengths[1]),
            )
            image[:, *hole] = torch.tensor(ERASED)[:, None, None]
            label[hole] = 0
        parts = self.part_of[label[2::4, 2::4].long()]
        return image, {
            "identities": self.identities[row],
            "parsing": torch.nn.functional.one_hot(parts, 9).float(),
            "parsing_weight": 1.0,
        }


def _decode(path, mode):
    content = packed_bytes(path)
    with Image.open(path if content is None else io.BytesIO(content)) as image:
        return np.array(image.convert(mode))


def _crop(image, border, shift):
    """A shifted image of the same size, black beyond its border."""
    padded = torch.nn.functional.pad(image, (border,) * 4)
    height, width = SIZE
    top, left = shift
    return padded[..., top : top + height, left : left + width].contiguous()

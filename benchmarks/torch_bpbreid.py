"""BPBReID on a ResNet as plain torch modules, to measure a step beside ours.

Written from the paper, layer by layer what `keras_drop.models.BPBReID` has: the
same parameters, outputs and losses.
"""

import torch
from torch import nn

from benchmarks.torch_resnet import ResNet

DIM = 512
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class TorchBPBReID(nn.Module):
    """From RGB pixel values to embeddings, logits and part maps.

    Args:
        num_identities: People in the training set.
        num_parts: Body parts, without the background.
        blocks: Of `ResNet`.
        widths: Of `ResNet`.
    """

    def __init__(self, num_identities, num_parts, blocks, widths):
        super().__init__()
        for name, values in (("mean", MEAN), ("deviation", DEVIATION)):
            values = 255 * torch.tensor(values).reshape(1, 3, 1, 1)
            self.register_buffer(name, values, persistent=False)
        self.trunk = ResNet(blocks, widths)
        channels = self.trunk.channels
        self.part_normalisation = nn.BatchNorm2d(channels)
        self.part_classifier = nn.Conv2d(channels, 1 + num_parts, 1)
        self.reductions, self.necks = nn.ModuleDict(), nn.ModuleDict()
        for name, size in (
            ("global", DIM),
            ("foreground", DIM),
            ("parts", num_parts * DIM),
        ):
            self.reductions[name] = nn.ModuleList(
                [nn.Linear(channels, DIM), nn.BatchNorm1d(DIM)]
            )
            self.necks[name] = _neck(size, num_identities)

    def forward(self, images):
        maps = self.trunk((images - self.mean) / self.deviation)
        part_logits = self.part_classifier(self.part_normalisation(maps))
        part_maps = part_logits.softmax(1)
        parts = part_maps[:, 1:].flatten(2)
        cells = maps.flatten(2).transpose(1, 2)
        sums = parts.sum(2, keepdim=True).clamp(min=1e-6)
        foreground = parts.max(1, keepdim=True).values
        pooled = {
            "global": maps.mean((2, 3)),
            "foreground": (foreground @ cells)[:, 0] / cells.shape[1],
            "parts": parts @ cells / sums,
        }
        outputs = {
            name: self._reduced(name, vectors)
            for name, vectors in pooled.items()
        }
        for name, neck in self.necks.items():
            normalised = neck[0](outputs[name].flatten(1))
            outputs[f"{name}_logits"] = neck[1](normalised)
            outputs[f"{name}_normalised"] = normalised
        best = part_maps.max(1, keepdim=True).values
        seen = (part_maps[:, 1:] >= best).float().amax((2, 3))
        return {
            **outputs,
            "part_logits": part_logits,
            "visibility": torch.cat([torch.ones_like(seen[:, :1]), seen], 1),
            "embeddings": torch.cat(
                [outputs["foreground_normalised"][:, None], outputs["parts"]], 1
            ),
        }

    def _reduced(self, name, vectors):
        linear, normalisation = self.reductions[name]
        rows = normalisation(linear(vectors).flatten(0, -2))
        return torch.relu(rows).unflatten(0, vectors.shape[:-1])


def _neck(size, num_identities):
    normalisation = nn.BatchNorm1d(size)
    # The bias of a neck stays 0, and ours has none.
    normalisation.register_parameter("bias", None)
    classifier = nn.Linear(size, num_identities, bias=False)
    nn.init.normal_(classifier.weight, std=0.001)
    return nn.ModuleList([normalisation, classifier])


def loss_terms(outputs, identities, parsing):
    """The terms of the loss, without their weights.

    Args:
        outputs: Of `TorchBPBReID`.
        identities: `(batch,)` integers.
        parsing: `(batch, 1 + parts, height, width)` soft labels.

    Returns:
        Dictionary of scalars.
    """
    smoothed = nn.CrossEntropyLoss(label_smoothing=0.1)
    logits = outputs["part_logits"]
    labels = nn.functional.interpolate(
        parsing, logits.shape[2:], mode="bilinear", align_corners=True
    ).argmax(1)
    return {
        **{
            f"{name}_identity": smoothed(outputs[f"{name}_logits"], identities)
            for name in ("global", "foreground", "parts")
        },
        "parts_triplet": _triplet(outputs["parts"], identities),
        "parsing": smoothed(logits, labels),
    }


def total_loss(terms):
    """The terms, weighted as the paper does."""
    return sum((0.35 if k == "parsing" else 1) * v for k, v in terms.items())


def _triplet(parts, identities, margin=0.3):
    """Batch-hard on the mean of the part distances; everybody is in twice."""
    parts = parts.transpose(0, 1)
    lengths = parts.square().sum(-1)
    squared = lengths[:, :, None] + lengths[:, None] - 2 * parts @ parts.mT
    apart = squared > 1e-6 * (lengths[:, :, None] + lengths[:, None])
    distances = torch.where(apart, squared, 1.0).sqrt() * apart
    distances = distances.mean(0)
    same = identities[:, None] == identities[None]
    positive = torch.where(same, distances, 0.0).amax(1)
    negative = torch.where(same, 1e9, distances).amin(1)
    return torch.relu(positive - negative + margin).mean()

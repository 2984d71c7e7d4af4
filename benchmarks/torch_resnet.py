"""ResNets of torch modules, whose last stage keeps its resolution.

Parameters are named as torchvision names them, so that `load_checkpoint` reads
their `state_dict`.
"""

import torch
from torch import nn

RESNET50 = {"blocks": (3, 4, 6, 3), "widths": (64, 128, 256, 512)}


class ResNet(nn.Module):
    """A ResNet of bottlenecks, without a classifier.

    Args:
        blocks: Blocks of each of the four stages.
        widths: Channels in the blocks of each; four times as many leave it.
    """

    def __init__(self, blocks, widths):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        channels = 64
        for number, (count, width, stride) in enumerate(
            zip(blocks, widths, (1, 2, 2, 1)), start=1
        ):
            stage = [Bottleneck(channels, width, stride)]
            channels = 4 * width
            stage += [Bottleneck(channels, width, 1) for _ in range(count - 1)]
            self.add_module(f"layer{number}", nn.Sequential(*stage))
        self.channels = channels

    def forward(self, images):
        x = torch.relu(self.bn1(self.conv1(images)))
        x = nn.functional.max_pool2d(x, 3, 2, 1)
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions, added to what comes in."""

    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = None
        if stride != 1 or channels != 4 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, 4 * width, 1, stride, bias=False),
                nn.BatchNorm2d(4 * width),
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        if self.downsample is not None:
            x = self.downsample(x)
        return torch.relu(y + x)

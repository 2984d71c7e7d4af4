"""ResNet and HRNet in PyTorch, with the names of the public checkpoints."""

import itertools

import torch
from torch import nn
from torch.nn import functional


def conv_bn(inputs, outputs, size, stride=1, relu=True):
    padding = size // 2
    layers = [
        nn.Conv2d(inputs, outputs, size, stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, *([nn.ReLU()] if relu else []))


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inputs, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = None
        if inputs != planes or stride != 1:
            self.downsample = conv_bn(inputs, planes, 1, stride, relu=False)

    def forward(self, x):
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn2(self.conv2(y))
        return (y + (self.downsample(x) if self.downsample else x)).relu()


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, 4 * planes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * planes)
        self.downsample = None
        if inputs != 4 * planes or stride != 1:
            self.downsample = conv_bn(inputs, 4 * planes, 1, stride, relu=False)

    def forward(self, x):
        y = self.bn1(self.conv1(x)).relu()
        y = self.bn2(self.conv2(y)).relu()
        y = self.bn3(self.conv3(y))
        return (y + (self.downsample(x) if self.downsample else x)).relu()


class ResNet(nn.Module):
    """The last stage has stride 1, as person re-identification wants it."""

    def __init__(self, block, num_blocks):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        width = 64
        for stage in range(4):
            planes = 64 * 2**stage
            layers = []
            for i in range(num_blocks[stage]):
                stride = 2 if i == 0 and stage in (1, 2) else 1
                layers.append(block(width, planes, stride))
                width = planes * block.expansion
            self.add_module(f"layer{stage + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(width, 1000)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        x = functional.max_pool2d(x, 3, 2, padding=1)
        outputs = []
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
            outputs.append(x)
        return outputs


class HighResolutionModule(nn.Module):
    def __init__(self, widths, num_blocks):
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(*(BasicBlock(w, w) for _ in range(num_blocks)))
            for w in widths
        )
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(
                self.exchange(widths, source, target)
                for source in range(len(widths))
            )
            for target in range(len(widths))
        )

    def exchange(self, widths, source, target):
        if source == target:
            return None
        if source > target:
            return conv_bn(widths[source], widths[target], 1, relu=False)
        steps = []
        for step in range(target - source):
            last = step == target - source - 1
            outputs = widths[target if last else source]
            steps.append(conv_bn(widths[source], outputs, 3, 2, relu=not last))
        return nn.Sequential(*steps)

    def forward(self, inputs):
        branches = [b(x) for b, x in zip(self.branches, inputs)]
        outputs = []
        for target, fuse in enumerate(self.fuse_layers):
            total = branches[target]
            for source, layer in enumerate(fuse):
                if source != target:
                    y = layer(branches[source])
                    if source > target:
                        factor = 2 ** (source - target)
                        y = y.repeat_interleave(factor, 2)
                        y = y.repeat_interleave(factor, 3)
                    total = total + y
            outputs.append(total.relu())
        return outputs


class HRNet(nn.Module):
    """With the classifier of the release, which the backbone does not have."""

    def __init__(
        self, planes, num_bottlenecks, widths, num_modules, num_blocks, heads
    ):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.conv2 = nn.Conv2d(64, 64, 3, 2, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(
            Bottleneck(64, planes),
            *(
                Bottleneck(4 * planes, planes)
                for _ in range(num_bottlenecks - 1)
            ),
        )
        before = [4 * planes]
        for stage in (2, 3, 4):
            here = widths[:stage]
            transition = nn.ModuleList(
                conv_bn(a, b, 3) if a != b else None
                for a, b in zip(before, here)
            )
            new = conv_bn(before[-1], here[-1], 3, 2)
            transition.append(nn.Sequential(new))
            self.add_module(f"transition{stage - 1}", transition)
            modules = (
                HighResolutionModule(here, num_blocks)
                for _ in range(num_modules[stage - 2])
            )
            self.add_module(f"stage{stage}", nn.Sequential(*modules))
            before = here
        self.incre_modules = nn.ModuleList(
            nn.Sequential(Bottleneck(width, head))
            for width, head in zip(widths, heads)
        )
        self.downsamp_modules = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(4 * a, 4 * b, 3, 2, 1), nn.BatchNorm2d(4 * b)
            )
            for a, b in itertools.pairwise(heads)
        )
        self.final_layer = nn.Sequential(
            nn.Conv2d(4 * heads[-1], 2048, 1), nn.BatchNorm2d(2048)
        )
        self.classifier = nn.Linear(2048, 1000)

    def forward(self, x):
        x = self.bn1(self.conv1(x)).relu()
        x = self.bn2(self.conv2(x)).relu()
        branches = [self.layer1(x)]
        for stage in (2, 3, 4):
            transition = self.get_submodule(f"transition{stage - 1}")
            last = branches[-1]
            branches = [
                layer(x) if layer else x
                for layer, x in zip(transition, branches)
            ]
            branches.append(transition[-1](last))
            branches = self.get_submodule(f"stage{stage}")(branches)
        return [w(x) for w, x in zip(self.incre_modules, branches)]


def build(name):
    """The reference of a backbone's name, with random weights."""
    if name == "resnet18":
        return ResNet(BasicBlock, [2, 2, 2, 2])
    if name == "resnet34":
        return ResNet(BasicBlock, [3, 4, 6, 3])
    if name == "resnet50":
        return ResNet(Bottleneck, [3, 4, 6, 3])
    heads = [32, 64, 128, 256]
    if name == "hrnet_w32":
        return HRNet(64, 4, [32, 64, 128, 256], [1, 4, 3], 4, heads)
    if name == "hrnet_w18_small":
        return HRNet(32, 1, [16, 32, 64, 128], [1, 1, 1], 2, heads)
    return HRNet(2, 2, [8, 8, 8, 12], [1, 2, 1], 1, [2, 2, 2, 3])


def warm_up(net, seed):
    """Gives every batch normalisation statistics, scales and offsets."""
    torch.manual_seed(seed)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 0.7
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.3)
    with torch.no_grad():
        net.train()(torch.randn(4, 3, 64, 32))
    return net.eval()


def features(net, images):
    """Channels-last NumPy feature maps of channels-last NumPy images."""
    with torch.no_grad():
        outputs = net(torch.from_numpy(images).permute(0, 3, 1, 2))
    return [x.permute(0, 2, 3, 1).numpy() for x in outputs]

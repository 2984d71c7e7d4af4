"""What processes of PyTorch tell each other, with gradients."""

import torch


class Gather(torch.autograd.Function):
    """Concatenates the rows of all processes, which have as many each.

    The gradient of a row is the sum of what every process has for it.
    """

    @staticmethod
    def forward(ctx, x):
        """Rows of this process to rows of all."""
        x = x.contiguous()
        count = torch.distributed.get_world_size()
        rows = [torch.empty_like(x) for _ in range(count)]
        torch.distributed.all_gather(rows, x)
        return torch.cat(rows)

    @staticmethod
    def backward(ctx, gradient):
        """Gradient of the rows of all to that of this process' rows."""
        gradient = _summed(gradient)
        size = len(gradient) // torch.distributed.get_world_size()
        start = size * torch.distributed.get_rank()
        return gradient[start : start + size]


class Sum(torch.autograd.Function):
    """Sums a tensor of all processes, and so its gradient."""

    @staticmethod
    def forward(ctx, x):
        """Tensor of this process to the sum of all."""
        return _summed(x)

    @staticmethod
    def backward(ctx, gradient):
        """Gradient of the sum, of this process, to that of all."""
        return _summed(gradient)


def _summed(x):
    x = x.clone(memory_format=torch.contiguous_format)
    torch.distributed.all_reduce(x)
    return x

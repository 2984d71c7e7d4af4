import torch
from torch.distributed.nn.functional import all_gather


def gather_replicas(x):
    """Concatenates the slices of all `torch.distributed` processes."""
    if not torch.distributed.is_initialized():
        return x
    return torch.cat(all_gather(x), dim=0)


def num_replicas():
    """1: each process averages its own loss, and the gradients are averaged."""
    return 1

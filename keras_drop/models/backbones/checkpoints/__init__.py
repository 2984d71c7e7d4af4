"""Public checkpoints of backbones: their files, their names, their arrays."""

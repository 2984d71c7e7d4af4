"""What the models share: the task, part descriptors, maps."""

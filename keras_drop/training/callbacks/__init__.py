"""What happens after an epoch: evaluation, checkpoint, a line on the screen."""

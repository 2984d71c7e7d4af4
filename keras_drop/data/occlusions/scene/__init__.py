"""What an occlusion changes: image, label, visibility."""

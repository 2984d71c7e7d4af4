"""PAB-ReID."""

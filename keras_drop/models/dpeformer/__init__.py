"""DPEFormer."""

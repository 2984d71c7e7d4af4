"""Settings as frozen dataclasses, and their flags on the command line."""

from keras_drop.flags.fields import dotted_flags, flag, flag_file
from keras_drop.flags.flags import flags_help, read_flags

__all__ = ["dotted_flags", "flag", "flag_file", "flags_help", "read_flags"]

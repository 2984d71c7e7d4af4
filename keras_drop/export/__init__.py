"""Models as TensorFlow SavedModels, and the proof that they are the same."""

from keras_drop.export.check_saved_model import check_saved_model
from keras_drop.export.export_saved_model import export_saved_model
from keras_drop.export.tensorboard_text import write_tensorboard_text

__all__ = ["check_saved_model", "export_saved_model", "write_tensorboard_text"]

"""How classes of this library become saveable."""

import keras

register = keras.saving.register_keras_serializable("keras_drop")

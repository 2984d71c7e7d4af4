import keras


def changed_copy(model, **arguments):
    """A model of the same weights whose constructor got other arguments.

    Args:
        model: `ReIDTask`.
        **arguments: Of its constructor; none that changes a weight's shape.

    Returns:
        The model with a copy of the weights, not compiled.

    Example:
    >>> from keras_drop.models import BPBReID, VisibilityRule, resnet18
    >>> from keras_drop.models.base.changed_copy import changed_copy
    >>> model = BPBReID(resnet18((64, 32)), num_identities=3)
    >>> rule = VisibilityRule("continuous")
    >>> changed_copy(model, visibility=rule).visibility.rule
    'continuous'
    """
    config = model.get_config()
    for name, value in arguments.items():
        config[name] = keras.saving.serialize_keras_object(value)
    other = model.from_config(config)
    other.set_weights(model.get_weights())
    return other

import keras


class ThawStages(keras.callbacks.Callback):
    """Lets the frozen stages of a model's backbone learn, from an epoch on.

    The optimizer goes on with what it knows of the other weights. Put it
    first in the list of callbacks: a learning rate that is set before it is
    lost. A run that goes on from a checkpoint calls `resume` before it loads
    that.

    Args:
        epoch: The epoch, from 0.

    Raises:
        ValueError: An epoch below 1.

    Example:
    >>> from keras_drop.models import GlobalBaseline, freeze_stages, resnet18
    >>> from keras_drop.training import ThawStages
    >>> backbone = resnet18((64, 32))
    >>> freeze_stages(backbone, 4)
    >>> model = GlobalBaseline(backbone, num_identities=3)
    >>> model.compile("adam")
    >>> callback = ThawStages(5)
    >>> callback.resume(model, 3)
    >>> len(backbone.trainable_weights)
    0
    >>> callback.resume(model, 6)
    >>> len(backbone.trainable_weights)
    60
    """

    def __init__(self, epoch):
        super().__init__()
        if epoch < 1:
            raise ValueError(
                f"`epoch` is {epoch}: what learns from the first epoch is not "
                "frozen. Choose 1 or more."
            )
        self.epoch = epoch

    def resume(self, model, epoch):
        """Thaws a model of which a checkpoint has seen so many epochs.

        Args:
            model: Compiled model with a `backbone`, before `fit`.
            epoch: Epochs that the checkpoint has seen, also in part.
        """
        # The checkpoint of the last frozen epoch is one of a frozen model.
        if epoch > self.epoch:
            _thaw(model)

    def on_epoch_begin(self, epoch, logs=None):
        if epoch >= self.epoch and _thaw(self.model):
            self.model.make_train_function(force=True)


def _thaw(model):
    """Whether anything was frozen; all of the backbone learns then."""
    frozen = len(model.trainable_variables)
    # Of the layers: TensorFlow ignores that what is `True` becomes `True`.
    for layer in model.backbone.layers:
        layer.trainable = True
    if len(model.trainable_variables) == frozen:
        return False
    # JAX wants an optimizer of exactly the weights that learn.
    known = {weight.path: weight for weight in model.optimizer.variables}
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    optimizer.build(model.trainable_variables)
    for weight in optimizer.variables:
        if weight.path in known:
            weight.assign(known[weight.path])
    model.optimizer = optimizer
    return True

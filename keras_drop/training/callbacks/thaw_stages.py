import itertools

import keras

from keras_drop.checks import is_whole
from keras_drop.models import freeze_stages
from keras_drop.models.backbones.backbone_stages import frozen_stages
from keras_drop.training.optimizers.averaged_weights import averages


class ThawStages(keras.callbacks.Callback):
    """Lets the frozen stages of a model's backbone learn, from epochs on.

    All together in one epoch, or one after the other, the last one first:
    those next to the head follow it soonest. The optimizer goes on with what
    it knows of the other weights. Put it first in the list of callbacks: a
    learning rate that is set before it is lost. A run that goes on from a
    checkpoint calls `resume` before it loads that.

    Args:
        *epochs: Whole numbers, from 0. One epoch for all frozen stages, or as
            many as there are frozen stages, in which one of them begins to
            learn.

    Raises:
        ValueError: No epoch, one below 1, or epochs that do not rise; later,
            several epochs for another number of frozen stages.

    Example:
    >>> from keras_drop.models import GlobalBaseline, freeze_stages, resnet18
    >>> from keras_drop.training import ThawStages
    >>> backbone = resnet18((64, 32))
    >>> freeze_stages(backbone, 2)
    >>> model = GlobalBaseline(backbone, num_identities=3)
    >>> model.compile("adam")
    >>> callback = ThawStages(5, 8)
    >>> for epoch in (5, 6, 9):
    ...     callback.resume(model, epoch)
    ...     print(epoch, len(backbone.trainable_weights))
    5 30
    6 45
    9 60

    Reference:
        [Howard and Ruder, 2018](https://arxiv.org/abs/1801.06146), section
        3.3
    """

    def __init__(self, *epochs):
        super().__init__()
        whole = bool(epochs) and all(map(is_whole, epochs))
        rising = whole and all(a < b for a, b in itertools.pairwise(epochs))
        if not rising or epochs[0] < 1:
            raise ValueError(
                f"`epochs` are {epochs}: what learns from the first epoch is "
                "not frozen. Give rising whole numbers from 1."
            )
        self.epochs = epochs

    def resume(self, model, epoch):
        """Thaws a model of which a checkpoint has seen so many epochs.

        Args:
            model: Compiled model with a `backbone`, before `fit`.
            epoch: Epochs that the checkpoint has seen, also in part.
        """
        # The checkpoint of the last frozen epoch is one of a frozen model.
        self._thaw(model, epoch - 1)

    def on_epoch_begin(self, epoch, logs=None):
        if self._thaw(self.model, epoch):
            self.model.make_train_function(force=True)

    def _thaw(self, model, epoch):
        """Whether something that was frozen learns in this epoch."""
        begun = sum(start <= epoch for start in self.epochs)
        left = len(self.epochs) - begun
        if len(self.epochs) > 1:
            _refuse_other_count(self.epochs, left, model.backbone)
        if not begun:
            return False
        learning = len(model.trainable_variables)
        if left:
            freeze_stages(model.backbone, left)
        else:
            # Of the layers: TensorFlow ignores that what is `True` becomes it.
            for layer in model.backbone.layers:
                layer.trainable = True
        if len(model.trainable_variables) == learning:
            return False
        model.optimizer = _with_more_weights(model)
        return True


def _refuse_other_count(epochs, left, backbone):
    """Where stages are left to thaw, those have to be frozen."""
    frozen = frozen_stages(backbone)
    # More than are left: a model that goes on is made anew, all frozen.
    if not left <= frozen <= len(epochs):
        raise ValueError(
            f"`epochs` are {epochs}, in each of which one stage begins to "
            f"learn, {left} from now on; of {backbone.name} {frozen} are "
            "frozen. Give one epoch for all of them, or as many as "
            "`freeze_stages` froze."
        )


def _with_more_weights(model):
    """An optimizer of all that learns now, which knows what it knew."""
    # JAX wants an optimizer of exactly the weights that learn.
    known = {
        _name(weight, model.optimizer): weight
        for weight in model.optimizer.variables
    }
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    optimizer.build(model.trainable_variables)
    for weight in optimizer.variables:
        name = _name(weight, optimizer)
        if name in known:
            weight.assign(known[name])
    for weight, average in averages(optimizer):
        if _name(average, optimizer) not in known:
            # A copy: JAX gives away the buffer of each variable once.
            average.assign(keras.ops.convert_to_numpy(weight))
    return optimizer


def _name(weight, optimizer):
    """Path of an optimizer's weight, the same whenever it was made.

    `fit` makes those of the optimizer that scales losses, of `mixed_float16`,
    below its name; `build` does not.
    """
    return weight.path.removeprefix(f"{optimizer.name}/")

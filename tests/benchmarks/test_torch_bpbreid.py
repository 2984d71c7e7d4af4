"""What our training step is measured beside is the same step."""

import keras_hub
import numpy as np
import pytest
import torch

from benchmarks.torch_bpbreid import TorchBPBReID, loss_terms
from keras_drop.models import BPBReID, load_checkpoint
from tests.models.small import (
    IMAGE_SIZE,
    NUM_IDENTITIES,
    arrays,
    batch,
    loss_gradients,
    randomise,
    trained,
    weights,
)

pytestmark = [pytest.mark.backend_neutral, pytest.mark.slow]
WIDTHS = (64, 6, 8, 10)


def ours():
    """BPBReID on a ResNet of one bottleneck a stage."""
    backbone = keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[7],
        stackwise_num_filters=list(WIDTHS),
        stackwise_num_blocks=[1, 1, 1, 1],
        stackwise_num_strides=[1, 2, 2, 1],
        block_type="bottleneck_block",
        image_shape=(*IMAGE_SIZE, 3),
    )
    return BPBReID(backbone, NUM_IDENTITIES, part_schema="three_v")


def copy_weights(source, target, path):
    """Gives the stand-in the weights of our model's heads, and its trunk's
    to our backbone."""
    torch.save(target.trunk.state_dict(), path)
    load_checkpoint(source.backbone, path)
    values = weights(source)

    def copy(module, name):
        for theirs, own in (
            ("weight", "kernel" if f"{name}/kernel" in values else "gamma"),
            ("bias", "bias" if f"{name}/bias" in values else "beta"),
        ):
            parameter = getattr(module, theirs)
            if parameter is None:
                assert f"{name}/{own}" not in values
                continue
            value = values[f"{name}/{own}"]
            value = value.T.reshape(parameter.shape)
            parameter.data = torch.from_numpy(value.copy())

    copy(target.part_normalisation, "part_classifier/normalisation")
    copy(target.part_classifier, "part_classifier/classifier")
    for name in target.necks:
        for module, own in zip(
            (*target.reductions[name], *target.necks[name]),
            (
                f"{name}_reduction/linear",
                f"{name}_reduction/normalisation",
                f"{name}_neck/normalisation",
                f"{name}_neck/classifier",
            ),
            strict=True,
        ):
            copy(module, own)


def test_the_stand_in_learns_what_ours_does(tmp_path):
    torch.manual_seed(0)
    theirs = TorchBPBReID(NUM_IDENTITIES, 3, (1, 1, 1, 1), WIDTHS)
    model = randomise(ours())
    copy_weights(model, theirs, tmp_path / "trunk.pth")
    assert trained(model) == sum(w.numel() for w in theirs.parameters())
    x, y = batch()
    y["parsing_weight"][:] = 1
    terms = loss_terms(
        theirs(torch.from_numpy(x).permute(0, 3, 1, 2)),
        torch.from_numpy(y["identities"]).long(),
        torch.from_numpy(y["parsing"]).permute(0, 3, 1, 2),
    )
    sum(terms.values()).backward()
    expected = arrays(model.loss_terms(y, model(x, training=True), True))
    for name, term in terms.items():
        np.testing.assert_allclose(
            term.item(), expected[name].mean(), rtol=1e-3, err_msg=name
        )
    gradients = loss_gradients(model, x, y, terms)
    np.testing.assert_allclose(
        theirs.trunk.conv1.weight.grad.permute(2, 3, 1, 0),
        gradients["conv1_conv/kernel"],
        rtol=1e-2,
        atol=1e-4 * np.abs(gradients["conv1_conv/kernel"]).max(),
    )


def test_the_stand_in_embeds_as_ours_does(tmp_path):
    theirs = TorchBPBReID(NUM_IDENTITIES, 3, (1, 1, 1, 1), WIDTHS)
    model = ours()
    copy_weights(model, theirs, tmp_path / "trunk.pth")
    x, _ = batch()
    with torch.no_grad():
        found = theirs.eval()(torch.from_numpy(x).permute(0, 3, 1, 2))
    expected = arrays(model(x))
    for name in ("embeddings", "visibility", "parts_logits"):
        np.testing.assert_allclose(
            found[name], expected[name], rtol=1e-3, atol=1e-5, err_msg=name
        )

import numpy as np
import pytest
from keras import ops

from keras_drop.layers import DetailPreservingUpsampling
from tests.reference import maps as reference
from tests.testing import run_layer_test

HRNET = (128, 256, 512, 1024), ((64, 32), (32, 16), (16, 8), (8, 4))
RESNET = ((64, 32), (32, 16), (16, 8), (16, 8))


def make_pyramid(last=(1, 1), batch=2):
    rng = np.random.default_rng(0)
    sizes = ((8, 4), (4, 2), (2, 1), last)
    return [
        rng.normal(size=(batch, *size, channels)).astype("float32")
        for size, channels in zip(sizes, (2, 3, 4, 5), strict=True)
    ]


def upsample(layer, pyramid):
    """The recursion of the paper, with the weights of `layer`."""

    def reduced(block, x):
        kernel, gamma, beta, mean, variance = (
            ops.convert_to_numpy(w) for w in block.weights
        )
        x = reference.convolve(x, kernel)
        return np.maximum(
            reference.normalise(x, gamma, beta, mean, variance), 0
        )

    fused = reduced(layer.reductions[3], pyramid[3])
    for stage in (2, 1, 0):
        finer = reduced(layer.reductions[stage], pyramid[stage])
        fused = reference.resize(fused, finer.shape[1:3], corner_aligned=False)
        if layer.fusion == "add":
            fused = finer + fused
        else:
            kernel = ops.convert_to_numpy(layer.fusions[stage].kernel)
            both = np.concatenate([finer, fused], axis=-1)
            fused = reference.convolve(both, kernel)
    return reduced(layer.smoothing, fused) if layer.final_conv else fused


def shake(layer):
    """Weights that are not at their start, variances that are positive."""
    rng = np.random.default_rng(1)
    for weight in layer.weights:
        low = 0.5 if "variance" in weight.name else -1.0
        weight.assign(rng.uniform(low, 1.5, weight.shape))


# ResNets with last stride 1 have two coarsest maps of one size.
@pytest.mark.parametrize("last", [(1, 1), (2, 1)])
@pytest.mark.parametrize(
    ("fusion", "final_conv"), [("add", True), ("concat", False)]
)
def test_matches_reference(last, fusion, final_conv):
    pyramid = make_pyramid(last)
    arguments = {"channels": 6, "fusion": fusion, "final_conv": final_conv}
    layer = DetailPreservingUpsampling(**arguments)
    layer.build([x.shape for x in pyramid])
    shake(layer)
    actual = ops.convert_to_numpy(layer(pyramid))
    expected = upsample(layer, pyramid)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(
        actual / scale, expected / scale, rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("fusion", ["add", "concat"])
def test_shapes_and_mixed_precision(fusion):
    run_layer_test(
        DetailPreservingUpsampling,
        {"channels": 6, "fusion": fusion, "final_conv": False},
        make_pyramid(),
        output_shape=(2, 8, 4, 6),
    )


@pytest.mark.parametrize(
    ("channels", "sizes", "parameters"),
    [
        (*HRNET, 394_496),
        ((256, 512, 1024, 2048), RESNET, 640_256),
        ((64, 128, 256, 512), RESNET, 271_616),
    ],
)
def test_parameters(channels, sizes, parameters):
    layer = DetailPreservingUpsampling()
    layer.build([(None, *size, c) for size, c in zip(sizes, channels)])
    count = sum(np.prod(w.shape) for w in layer.trainable_weights)
    assert count == parameters


@pytest.mark.parametrize("factor", [1, 1.5])
@pytest.mark.parametrize("sizes", [HRNET[1], RESNET])
def test_is_as_fine_as_the_first_map_at_both_image_sizes(factor, sizes):
    shapes = [(None, int(h * factor), w, 3) for h, w in sizes]
    layer = DetailPreservingUpsampling()
    expected = (None, int(64 * factor), 32, 128)
    assert layer.compute_output_shape(shapes) == expected


def test_an_unknown_fusion_is_refused():
    with pytest.raises(ValueError, match="'max'"):
        DetailPreservingUpsampling(fusion="max")

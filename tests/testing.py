"""Checks that every layer and model has to pass."""

import inspect
import json

import keras
import numpy as np


def assert_round_trip(cls, **kwargs):
    """`cls(**kwargs)` survives JSON; `kwargs` must not be the defaults."""
    obj = cls(**kwargs)
    named = inspect.signature(cls.__init__).parameters.values()
    arguments = {p.name for p in named if p.kind is p.POSITIONAL_OR_KEYWORD}
    forgotten = (arguments - {"self"} | set(kwargs)) - set(obj.get_config())
    assert not forgotten, f"get_config() forgets {forgotten}"
    text = json.dumps(keras.saving.serialize_keras_object(obj))
    revived = keras.saving.deserialize_keras_object(json.loads(text))
    assert json.dumps(keras.saving.serialize_keras_object(revived)) == text
    for name, value in kwargs.items():
        if isinstance(value, int | float | str):
            assert revived.get_config()[name] == value, name
    return obj


def run_layer_test(layer_class, kwargs, *inputs, output_shape):
    layer = assert_round_trip(layer_class, **kwargs)
    fresh_config = layer.get_config()
    symbolic = layer(*(keras.KerasTensor(x.shape, x.dtype) for x in inputs))
    eager = layer(*inputs)
    assert layer.get_config() == fresh_config, "build() changed the config"
    assert tuple(symbolic.shape) == tuple(eager.shape) == output_shape
    dynamic = layer_class(**kwargs)(
        *(keras.KerasTensor((None, *x.shape[1:]), x.dtype) for x in inputs)
    )
    assert tuple(dynamic.shape) == (None, *output_shape[1:])
    half = layer_class(**{**kwargs, "dtype": "mixed_bfloat16"})(*inputs)
    assert keras.backend.standardize_dtype(half.dtype) == "bfloat16"
    return keras.ops.convert_to_numpy(eager)


def assert_saves(model, inputs, tmp_path):
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    for a, b in zip(
        keras.tree.flatten(model(inputs)),
        keras.tree.flatten(revived(inputs)),
        strict=True,
    ):
        np.testing.assert_allclose(
            keras.ops.convert_to_numpy(a),
            keras.ops.convert_to_numpy(b),
            rtol=1e-5,
            atol=1e-6,
        )

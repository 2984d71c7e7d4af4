"""Checks that every layer and model has to pass."""

import dataclasses
import inspect
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

# JAX compiles for most of a minute what TensorFlow runs in seconds.
SLOW_NIGHTLY_ON_JAX = (
    pytest.mark.nightly
    if keras.backend.backend() == "jax"
    else pytest.mark.slow
)


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


def assert_value_round_trip(value):
    """A frozen value survives JSON; its fields must not be the defaults."""
    for field in dataclasses.fields(value):
        assert getattr(value, field.name) != field.default, field.name
    text = json.dumps(keras.saving.serialize_keras_object(value))
    revived = keras.saving.deserialize_keras_object(json.loads(text))
    assert revived == value
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(value)[0].name, None)


def run_layer_test(
    layer_class, kwargs, *inputs, output_shape, mixed_dtype="bfloat16"
):
    """Round trip, shapes with and without a batch size, mixed precision.

    An input is an array or a list of them. `output_shape` and `mixed_dtype`,
    the type of the result under `mixed_bfloat16`, are tuples of one value an
    output where the layer returns several.

    Returns:
        What the layer returned for `inputs`, as NumPy arrays.
    """
    layer = assert_round_trip(layer_class, **kwargs)
    fresh_config = layer.get_config()
    symbolic = layer(*keras.tree.map_structure(_symbolic, inputs))
    eager = layer(*inputs)
    assert layer.get_config() == fresh_config, "build() changed the config"
    dynamic = layer_class(**kwargs)(
        *keras.tree.map_structure(lambda x: _symbolic(x, batch=None), inputs)
    )
    half = layer_class(**{**kwargs, "dtype": "mixed_bfloat16"})(*inputs)
    if not isinstance(eager, tuple):
        eager, symbolic, dynamic, half = (
            (eager,),
            (symbolic,),
            (dynamic,),
            (half,),
        )
        output_shape, mixed_dtype = (output_shape,), (mixed_dtype,)
    elif isinstance(mixed_dtype, str):
        mixed_dtype = (mixed_dtype,) * len(eager)
    for k, shape in enumerate(output_shape):
        assert tuple(symbolic[k].shape) == tuple(eager[k].shape) == shape
        assert tuple(dynamic[k].shape) == (None, *shape[1:])
        for inferred in (symbolic, dynamic):
            assert _dtype(inferred[k]) == _dtype(eager[k])
        assert _dtype(half[k]) == mixed_dtype[k]
    arrays = tuple(keras.ops.convert_to_numpy(x) for x in eager)
    return arrays if len(arrays) > 1 else arrays[0]


def _symbolic(x, batch=0):
    shape = x.shape if batch == 0 else (batch, *x.shape[1:])
    return keras.KerasTensor(shape, x.dtype)


def _dtype(x):
    return keras.backend.standardize_dtype(x.dtype)


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


def on_two_devices(target):
    """What `tests.training.two_devices` finds out, in a process of its own.

    Args:
        target: `"package.module:factory"`, as it says there.
    """
    result = subprocess.run(
        [sys.executable, "-m", "tests.training.two_devices", target],
        env={**os.environ, "KERAS_BACKEND": keras.backend.backend()},
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return json.loads(result.stdout.splitlines()[-1])


def in_two_processes(target):
    """What `tests.training.two_processes` finds out, in two processes.

    Args:
        target: `"package.module:factory"`, as it says there.
    """
    printed, _ = start_two("tests.training.two_processes", target)
    return json.loads(printed.splitlines()[-1])


_AGAIN = (
    "address already in use|failed to bind|"
    "terminate called without an active exception"
)


def start_two(module, *arguments):
    """Runs a module as two processes, which also get number and two ports.

    Another program may take a port in the moment before they do, and threads
    of a backend may outlive Python: then they are started again.

    Returns:
        What each printed.
    """
    for _ in range(3):
        started = [
            subprocess.Popen(
                [sys.executable, "-m", module, *arguments, index, *ports],
                env={**os.environ, "KERAS_BACKEND": keras.backend.backend()},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[1],
            )
            for ports in [free_ports(2)]
            for index in ("0", "1")
        ]
        try:
            outputs = [each.communicate(timeout=600) for each in started]
        finally:
            for each in started:
                each.kill()
        said = "".join(error[-3000:] for _, error in outputs)
        if not re.search(f"(?i){_AGAIN}", said):
            break
    assert not any(each.returncode for each in started), said
    return [printed for printed, _ in outputs]


def free_ports(count):
    """Ports, as texts, that nobody uses now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports

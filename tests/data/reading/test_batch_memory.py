import concurrent.futures
import gc
import time

import keras
import numpy as np
import pytest

from keras_drop.data.reading import batch_memory
from keras_drop.data.reading.batch_memory import batch_array


def address(array):
    return array.__array_interface__["data"][0]


def test_memory_comes_back_with_the_last_view():
    # A size that nothing else here has.
    array = batch_array((3, 1_237), "int16")
    array[:] = 5
    view, first = array[1:, ::2].T, address(array)
    del array
    gc.collect()
    other = batch_array((3, 1_237), "int16")
    assert address(other) != first
    other[:] = 6
    assert (view == 5).all()
    del view
    gc.collect()
    assert address(batch_array((1_237, 3), "int16")) == first


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "int64"])
@pytest.mark.parametrize("shape", [(5, 3, 7), (1,), ()])
def test_shape_and_start(shape, dtype):
    array = batch_array(shape, dtype)
    assert array.shape == shape and array.dtype == dtype
    assert array.flags.c_contiguous and array.flags.writeable
    assert address(array) % 64 == 0


def test_the_last_memory_is_kept_and_not_all():
    arrays = [batch_array((size,), "uint8") for size in range(9_001, 9_041)]
    first, last = arrays[0].size, address(arrays[-1])
    while arrays:
        arrays.pop(0)
    kept = [block.size for block in batch_memory._SPARE]
    assert len(kept) == 16 and first not in kept
    assert address(batch_array((9_040,), "uint8")) == last


def test_no_two_threads_have_the_same_memory():
    def work(number):
        for turn in range(200):
            array = batch_array((2_003,), "int32")
            array[:] = number * 1_000 + turn
            time.sleep(0)
            assert (array == number * 1_000 + turn).all()

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="what fit does there"
)
def test_tensorflow_takes_a_batch_without_a_copy():
    import tensorflow as tf

    array = batch_array((4, 1_239))
    # The second one starts where no batch does.
    for batch, is_taken in ((array, True), (array.ravel()[4:], False)):
        dataset = tf.data.Dataset.from_generator(
            lambda batch=batch: iter([batch]),
            output_signature=tf.TensorSpec(batch.shape, batch.dtype),
        )
        tensor = np.asarray(memoryview(next(iter(dataset))))
        assert np.shares_memory(array, tensor) == is_taken


@pytest.mark.skipif(
    keras.backend.backend() != "jax", reason="what fit does there"
)
def test_jax_takes_a_batch_without_a_copy():
    import jax

    array = batch_array((4, 1_239))
    cpu = jax.devices("cpu")[0]
    tensor = jax.device_put(array, cpu)
    assert tensor.unsafe_buffer_pointer() == address(array)
    # While the tensor has the memory, nobody else gets it.
    array[:], taken = 3, address(array)
    del array
    gc.collect()
    assert address(batch_array((4, 1_239))) != taken
    np.testing.assert_array_equal(tensor, 3.0)

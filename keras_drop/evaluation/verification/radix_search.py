"""Exact search among more numbers than memory holds."""

from threading import Lock

import numpy as np

_DIGIT = 16
# Numbers at a time: some 32 MB of keys and their digits.
_PIECE = 1 << 20


def sort_keys(values):
    """Unsigned integers of the size of the floats, in their order."""
    bits = (values + values.dtype.type(0)).view(_unsigned(values.dtype))
    sign = _sign(bits.dtype)
    return np.where(bits & sign, ~bits, bits | sign)


def key_value(key, dtype):
    """The float of this type that has this key."""
    bits = np.array(key, _unsigned(dtype))
    sign = _sign(bits.dtype)
    return np.where(bits & sign, bits ^ sign, ~bits).view(dtype)[()]


def first_keys(stream, conditions, dtype):
    """The smallest keys up to which there are enough numbers.

    All numbers are read once for every 16 bits of their type. Each time one
    more digit of the keys is found, by counting the numbers that share the
    digits before it. So a few counters find a key exactly, and the order in
    which the numbers come does not matter.

    Args:
        stream: Function that calls the function it is given with `(n,)`
            arrays of the numbers, in any order and from any thread.
        conditions: Functions from a key and how many of the numbers are not
            above it, both `(n,)` ascending integers, to `(n,)` bools:
            false up to some key, then true, at the largest in any case.
        dtype: Float type of the numbers.

    Returns:
        Tuple of a list with the smallest key of each condition that makes it
        true, and one with how many of the numbers are not above that key.
    """
    found, below = [0] * len(conditions), [0] * len(conditions)
    not_above = list(below)
    digits = np.arange(1 << _DIGIT, dtype="uint64")
    last = 8 * np.dtype(dtype).itemsize - _DIGIT
    for shift in range(last, -1, -_DIGIT):
        counts = _count_digits(stream, set(found), shift)
        for i, condition in enumerate(conditions):
            count = counts[found[i]]
            first = np.uint64(found[i] << (shift + _DIGIT))
            end = np.uint64((1 << shift) - 1)
            keys = first + (digits << np.uint64(shift)) + end
            up_to = below[i] + np.cumsum(count)
            digit = int(np.argmax(condition(keys, up_to)))
            found[i] = (found[i] << _DIGIT) + digit
            not_above[i] = int(up_to[digit])
            below[i] = int(up_to[digit] - count[digit])
    return found, not_above


def _count_digits(stream, prefixes, shift):
    """How often each digit follows each prefix, `(65536,)` integers each."""
    counts = {prefix: np.zeros(1 << _DIGIT, "int64") for prefix in prefixes}
    lock = Lock()

    def add(values):
        for start in range(0, len(values), _PIECE):
            keys = sort_keys(values[start : start + _PIECE])
            keys >>= keys.dtype.type(shift)
            before = keys >> keys.dtype.type(_DIGIT)
            digits = keys.astype("uint16")
            for prefix, count in counts.items():
                found = digits[before == prefix]
                with lock:
                    np.add.at(count, found, 1)

    stream(add)
    return counts


def _unsigned(dtype):
    return np.dtype(f"uint{8 * np.dtype(dtype).itemsize}")


def _sign(dtype):
    return dtype.type(1 << (8 * dtype.itemsize - 1))

"""Files that are not what they should be, made from ones that are."""

import io
import json
import pickle

import numpy as np
from PIL import Image


def image_bytes(kind, mode="RGB", size=(20, 33)):
    pixels = np.random.default_rng(3).integers(0, 256, (*size[::-1], 4))
    image = Image.fromarray(pixels.astype("uint8"), "RGBA").convert(mode)
    file = io.BytesIO()
    options = {"exif": exif()} if kind in ("JPEG", "PNG", "WEBP") else {}
    image.save(file, kind, **options)
    return file.getvalue()


def exif():
    notes = Image.Exif()
    notes[0x0112], notes[0x010E] = 6, "a camera"
    return notes.tobytes()


def npy_bytes(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


class Program:
    """What a pickle may be: a command."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        import os

        return os.system, (self.command,)


def program_files(marker):
    """Files that would leave a marker if they were executed."""
    program = Program(f"touch {marker}")
    return {
        "pickle": pickle.dumps(program),
        "object array": npy_bytes(np.array([program, 1], object)),
        "header": b"\x93NUMPY\x01\x00\x76\x00"
        + f"{{'descr': __import__('os').system('touch {marker}')}}".encode()
        + b" " * 99,
    }


def mutants(content, count, seed):
    """Cut, changed, doubled and mixed up, always the same ones.

    Args:
        content: Bytes of a good file.
        count: How many.
        seed: Of the changes.

    Returns:
        Iterator of bytes.
    """
    rng = np.random.default_rng(seed)
    for number in range(count):
        data = bytearray(content)
        place = int(rng.integers(len(data)))
        # The beginning says what follows: more often there.
        early = int(rng.integers(min(len(data), 64)))
        match number % 6:
            case 0:
                data = data[:place]
            case 1:
                for at in rng.integers(len(data), size=8):
                    data[at] = int(rng.integers(256))
            case 2:
                data[early] ^= 1 << int(rng.integers(8))
            case 3:
                data[early : early + 4] = b"\xff\xff\xff\x7f"
            case 4:
                data[place:place] = rng.bytes(int(rng.integers(1, 40)))
            case 5:
                length = int(rng.integers(1, 40))
                data[place : place + length] = bytes(length)
        yield bytes(data)


def changed_json(text, count, seed):
    """JSON files with one value replaced by something odd."""
    rng = np.random.default_rng(seed)
    odd = [None, -1, 2, 1e308, "", "x", [], {}, [[]], True, "ÿ" * 300]
    for _ in range(count):
        content = json.loads(text)
        inner, way = content, []
        while isinstance(inner, dict | list) and inner:
            keys = list(inner) if isinstance(inner, dict) else range(len(inner))
            way.append((inner, keys[int(rng.integers(len(keys)))]))
            inner = inner[way[-1][1]]
            if rng.random() < 0.4:
                break
        parent, key = way[-1]
        parent[key] = odd[int(rng.integers(len(odd)))]
        yield json.dumps(content).encode()

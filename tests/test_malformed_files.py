"""Whatever a file holds: it is read, or refused by its name; nothing else.

Nothing hangs, nothing crashes, nothing in a file is executed.
"""

import itertools
import signal

import numpy as np
import pytest

from keras_drop import Descriptors, Records
from keras_drop.data import read_image
from keras_drop.data.labels.label_files import (
    read_confidence_fields,
    read_part_ids,
)
from keras_drop.datasets import (
    check_splits,
    read_occluded_duke,
    read_table,
)
from keras_drop.evaluation import PairVerdict, ResultCard, evaluate
from keras_drop.files.npz_file import read_npy, read_npz
from tests import malformed
from tests.datasets.folders import make_occluded_duke, save_image
from tests.evaluation.verdicts.test_pair_verdict import hand_made

pytestmark = pytest.mark.backend_neutral
# Far more than any takes, on the busiest machine.
SECONDS = 120


class Hangs(BaseException):
    """A file is read for very long."""


@pytest.fixture(autouse=True)
def ends():
    """What hangs fails, by what no reader turns into an error of its own."""

    def end(*_):
        raise Hangs

    before = signal.signal(signal.SIGALRM, end)
    yield
    signal.signal(signal.SIGALRM, before)


def refused(read, path):
    """Whether a file is refused; if so, it is named."""
    signal.alarm(SECONDS)
    try:
        read(path)
    except (FileNotFoundError, ValueError) as error:
        assert path.name[:20] in str(error)
        return True
    finally:
        signal.alarm(0)
    return False


def refusals(read, contents, path):
    """How many of the files are refused, of how many."""
    found = []
    for content in contents:
        path.write_bytes(content)
        found.append(refused(read, path))
    return sum(found), len(found)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
        ("TIFF", "RGB"),
        ("BMP", "RGB"),
    ],
)
def test_images(kind, mode, tmp_path):
    content = malformed.image_bytes(kind, mode)
    contents = malformed.mutants(content, 36, seed=len(kind))
    num_refused, total = refusals(read_image, contents, tmp_path / "a.jpg")
    assert total == 36
    assert 4 < num_refused <= 36


def test_the_check_of_a_folder_of_broken_images(tmp_path):
    paths = []
    for number, content in enumerate(
        itertools.chain.from_iterable(
            malformed.mutants(malformed.image_bytes(kind), 12, seed=7)
            for kind in ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
        )
    ):
        paths.append(str(tmp_path / f"{number}.jpg"))
        (tmp_path / f"{number}.jpg").write_bytes(content)
    records = Records(paths, range(60), [0] * 60, paths)
    findings = {f.kind: f for f in check_splits({"train": records})}
    broken = set(findings["unreadable"].items)
    for path in paths:
        try:
            read_image(path)
        except ValueError:
            assert path in broken
        else:
            assert path not in broken


def test_labels(tmp_path):
    fields = malformed.npy_bytes(np.zeros((36, 5, 3), "float32"))
    contents = malformed.mutants(fields, 36, seed=1)
    found = refusals(read_confidence_fields, contents, tmp_path / "a.npy")
    assert 10 < found[0] <= found[1] == 36
    ids = malformed.image_bytes("PNG", "L")
    contents = malformed.mutants(ids, 36, seed=2)

    def read(path):
        read_part_ids(path, (33, 20), "custom")

    found = refusals(read, contents, tmp_path / "a.png")
    assert 10 < found[0] <= found[1] == 36


def test_arrays(tmp_path):
    np.savez(tmp_path / "good.npz", embeddings=np.ones((3, 2)), identities=[1])
    good = (tmp_path / "good.npz").read_bytes()
    contents = malformed.mutants(good, 36, seed=3)
    found = refusals(Descriptors.load, contents, tmp_path / "a.npz")
    assert 10 < found[0] <= found[1] == 36


def test_nothing_in_a_file_is_executed(tmp_path):
    marker = tmp_path / "executed"
    path = tmp_path / "a.npy"
    for content in malformed.program_files(marker).values():
        path.write_bytes(content)
        for read in (
            read_npy,
            lambda path: read_npz(path, lambda name: True),
            read_confidence_fields,
            read_image,
            PairVerdict.load,
        ):
            assert refused(read, path)
    assert not marker.exists()


def test_cards_and_verdicts(tmp_path):
    splits = {
        "query": Records(["a.jpg", "b.jpg"], [1, 2], [0, 0]),
        "gallery": Records(["c.jpg", "d.jpg"], [1, 2], [1, 1]),
    }
    images = Descriptors([[1.0, 0.0], [0.0, 1.0]])
    card = evaluate((images, images), splits, "market1501", model="mine")
    for saved, load in (
        (card, ResultCard.load),
        (hand_made(), PairVerdict.load),
    ):
        path = saved.save(tmp_path / "a.json")
        text = path.read_bytes()
        contents = itertools.chain(
            malformed.mutants(text, 24, seed=4),
            malformed.changed_json(text, 36, seed=5),
            [b"[" * 100_000, b'{"prior": 1' + b"0" * 10_000 + b"}"],
        )
        num_refused, total = refusals(load, contents, path)
        assert total == 62
        assert num_refused > 30


TABLE = "path,identity,camera,split\n" + "".join(
    f"{n}.jpg,{n // 2},{n % 3},{'query' if n % 2 else 'gallery'}\n"
    for n in range(12)
)


def test_tables(tmp_path):
    contents = itertools.chain(
        malformed.mutants(TABLE.encode(), 60, seed=6),
        # Of a header, of an end, and of a row that do not fit.
        (b"a\r,b\n1,2\n", b'path,"identity', b"\xff\xfe" * 40, b"\0" * 50),
    )
    found = refusals(read_table, contents, tmp_path / "a.csv")
    assert 30 < found[0] <= found[1] == 64


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    header, *rows = [line.split(",") for line in TABLE.splitlines()]
    columns = dict(zip(header, map(list, zip(*rows))))
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    assert not refused(read_table, tmp_path / "a.parquet")
    good = (tmp_path / "a.parquet").read_bytes()
    contents = [
        *malformed.mutants(good, 60, seed=7),
        good.replace(b"3.jpg", b"\xff.jpg"),
    ]
    found = refusals(read_table, contents, tmp_path / "a.parquet")
    assert 30 < found[0] <= found[1] == 61


NAMES = (
    "0002_c1_f0046182.jpg.jpg",
    "0002_c99999999999999999999_000451_03.jpg",
    "99999999999999999999999_c1_f0046182.jpg",
    "-1_c1_f0046182.jpg",
    "-2_c1_f0046182.jpg",
    "0002_c0_f0046182.jpg",
    "٠٠٠٢_c1_f0046182.jpg",
    "0002_c1_f0046182.jpg ",
    "0002_c1s1\n_000451_03.jpg",
    "_c1_f0046182.jpg",
    "c1s1.jpg",
    ".jpg",
    "0002_c1_f0046182",
    "0002_c-1_f0046182.jpg",
    "0002_c1_f0046182.JPG",
    "ÿ" * 80 + ".jpg",
    "0002_c1s1_" + "0" * 200 + ".jpg",
    "0x02_c1_f0046182.jpg",
    "1e3_c1_f0046182.jpg",
    "%s%n{0}_c1.jpg",
    "$(touch a)_c1.jpg",
    "Thumbs.db",
    ".DS_Store",
)


@pytest.mark.parametrize("name", NAMES)
def test_names(name, tmp_path):
    root = make_occluded_duke(tmp_path)
    file = root / "bounding_box_train" / name
    save_image(tmp_path / "good.png")
    file.write_bytes((tmp_path / "good.png").read_bytes())
    try:
        train = read_occluded_duke(root)["train"]
    except (FileNotFoundError, ValueError) as error:
        assert name.strip()[:10].splitlines()[0] in str(error)
    else:
        assert len(train) in (3, 4)
        assert (train.identities >= 0).all()
        assert (train.cameras >= 0).all()

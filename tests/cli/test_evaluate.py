import json
import subprocess
import sys

import numpy as np
import pytest

from keras_drop.__main__ import main
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    Distance,
    ModelDescription,
    Protocol,
    ResultCard,
    card_table,
    evaluate,
)
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral


def side(prefix, camera, noise, **columns):
    rng = np.random.default_rng(0)
    people = rng.normal(size=(10, 2, 4))
    rng = np.random.default_rng(camera + 1)
    return (
        Descriptors(
            people + noise * rng.normal(size=people.shape),
            rng.random((10, 2)) < 0.7,
            ("head", "torso"),
        ),
        Records(
            [f"{prefix}{k}.jpg" for k in range(10)],
            np.arange(10),
            [camera] * 10,
            **columns,
        ),
    )


@pytest.fixture
def files(tmp_path):
    """Embeddings of ten queries and ten gallery images."""
    occlusion = np.repeat([0.35, 0.62], 5)
    query = side("q", 0, 1.0, occlusion=occlusion)
    query[0].save(tmp_path / "q.npz", query[1])
    gallery = side("g", 1, 1.0)
    gallery[0].save(tmp_path / "g.npz", gallery[1])
    return tmp_path, query, gallery


def test_embeddings(files, capsys):
    folder, query, gallery = files
    code = main(
        [
            "evaluate",
            f"--query={folder / 'q.npz'}",
            f"--gallery={folder / 'g.npz'}",
            "--protocol=occluded_duke",
            "--name=mine",
            "--seed=3",
            "--metric=cosine",
            "--combine=visibility_max",
            "--visibility_weight=product",
            "--average_precision=trapezoid",
            "--ties=optimistic",
            *("--by=occlusion", "--by=camera_pair"),
            f"--card={folder / 'card.json'}",
        ]
    )
    printed, error = capsys.readouterr()
    assert code == 0 and not error
    protocol = Protocol(
        "occluded_duke", average_precision="trapezoid", ties="optimistic"
    )
    want = evaluate(
        (query[0], gallery[0]),
        {"query": query[1], "gallery": gallery[1]},
        protocol,
        model=ModelDescription("mine", seed=3),
        distance=Distance(
            metric="cosine",
            combine="visibility_max",
            visibility_weight="product",
        ),
    )
    assert 0 < want.metrics["rank-1"] < 1
    card = ResultCard.load(folder / "card.json")
    assert card.metrics == want.metrics
    assert card.protocol_checksum == want.protocol_checksum
    assert card.distance == want.distance
    assert printed.startswith(card_table([want]) + "\n")
    pairs = want.counts["not_comparable_pairs"]
    assert pairs > 0
    assert (
        "10 queries, 0 of them skipped for want of a match; 10 gallery "
        f"images; {pairs} pairs not comparable."
    ) in printed
    assert "| mine   | 30-40 %" in printed and "| 60-70 %" in printed
    assert "| camera 0 -> 1 |" in printed
    assert printed.endswith(f"The result card is {folder / 'card.json'}\n")


def test_writes_nothing_unless_asked(files, capsys, monkeypatch):
    monkeypatch.chdir(files[0])
    before = sorted(files[0].iterdir())
    options = ["--query=q.npz", "--gallery=g.npz", "--protocol=market1501"]
    assert main(["evaluate", *options]) == 0
    assert sorted(files[0].iterdir()) == before


def test_a_protocol_of_ones_own(files, capsys):
    folder, *_ = files
    options = [f"--query={folder / 'q.npz'}", f"--gallery={folder / 'g.npz'}"]
    card = folder / "card.json"
    for name, mode in (("my_shop", "none"), ("my_shop", "real")):
        options += [f"--protocol={name}", f"--camera_mode={mode}"]
        assert main(["evaluate", *options, f"--card={card}"]) == 0
        content = json.loads(card.read_text())
        assert content["protocol"]["camera_mode"] == mode
        assert content["model"]["name"] == "q"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "--model and --data"),
        (["--query=q", "--gallery=g"], "--protocol is missing"),
        (["--protocol=market1501"], "give --query and --gallery, or --model"),
        (
            [
                *("--protocol=market1501", "--know_cameras"),
                *("--query=q.npz", "--gallery=g.npz"),
            ],
            "--know_cameras is for --model",
        ),
        (
            ["--model=m.keras", "--data=test.csv", "--max_unreadable=1"],
            "test.csv has no gallery to evaluate, only train, query.",
        ),
        (["--model=m.keras", "--data=test.csv"], "has no gallery to evaluate"),
        (
            ["--model=m.keras", "--data=test.csv", "--other_counts"],
            "--other_counts is for --data of a known data set",
        ),
        (["--protocol=market1501", "--query=q.npz"], "give --query and"),
        (
            [
                *("--protocol=market1501", "--query=q.npz", "--gallery=g.npz"),
                *("--model=m.keras", "--data=d.csv"),
            ],
            "give --query and --gallery, or --model and --data",
        ),
        (["--protocol=duke", "--query=q.npz", "--gallery=g.npz"], "'duke'"),
        (
            ["--protocol=market1501", "--query=q.npz", "--gallery=none.npz"],
            "none.npz",
        ),
        (
            [
                *("--protocol=market1501", "--query=q.npz", "--gallery=g.npz"),
                "--metric=l1",
            ],
            "`metric` is one of 'euclidean'",
        ),
        (
            [
                *("--model=m.keras", "--data=market1501:d"),
                "--rerank=zhong",
            ],
            "`rerank` is one of 'off', 'zhong2017'",
        ),
        (["--protocol=market1501", "--by=weather"], "'camera_pair'"),
        (["--protocol=market1501", "--gallerie=g.npz"], "--gallerie=g.npz"),
        (["--model=m.keras", "--data=market1501:none"], "none"),
        (
            ["--model=m.keras", "--data=a.csv", "--protocol=market1501"],
            "'market1501' is that of another data set",
        ),
        (
            ["--protocol=a", "--query=q", "--gallery=g", "--columns=path:p"],
            "--columns is for --data",
        ),
    ],
)
def test_mistakes_are_one_line(files, capsys, monkeypatch, options, message):
    monkeypatch.chdir(files[0])
    rows = "path,identity,camera,split\na.jpg,1,0,train\nb.jpg,2,0,query\n"
    (files[0] / "test.csv").write_text(rows)
    assert main(["evaluate", *options]) == 2
    printed, error = capsys.readouterr()
    assert not printed
    assert error.startswith("error: ") and error.count("\n") == 1
    assert message in error


def test_help(capsys):
    with pytest.raises(SystemExit) as end:
        main(["evaluate", "--help"])
    assert end.value.code == 0
    printed = capsys.readouterr().out
    for word in ("--query", "--model", "identities", "visibility", "--card"):
        assert word in printed


@pytest.mark.slow
def test_a_model_and_a_folder(tmp_path, capsys):
    """The saved model, read back, on a small folder of drawn people."""
    import keras_drop as kd
    from keras_drop.datasets.embedded_pedestrians import (
        render_embedded_pedestrians,
    )

    root = render_embedded_pedestrians(tmp_path / "drawn", "mini", workers=1)
    model = kd.models.GlobalBaseline(kd.models.resnet18((32, 32)), 2)
    model.save(tmp_path / "model.keras")
    options = [
        "evaluate",
        f"--model={tmp_path / 'model.keras'}",
        f"--data=occluded_duke:{root}",
    ]
    assert main(options) == 2
    assert "is not the whole of occluded_duke" in capsys.readouterr().err
    card = tmp_path / "card.json"
    assert main([*options, "--other_counts", f"--card={card}"]) == 0
    assert "| GlobalBaseline (backbone=resnet18)" in capsys.readouterr().out
    want = evaluate(
        model,
        Protocol.named("occluded_duke").read(root, strict_counts=False),
        "occluded_duke",
    )
    card = ResultCard.load(card)
    assert card.model.image_size == (32, 32)
    assert card.counts == want.counts and card.counts["queries"] == 12
    for name, value in want.metrics.items():
        np.testing.assert_allclose(card.metrics[name], value, atol=1e-6)


@pytest.mark.slow
def test_a_model_that_knows_cameras(tmp_path):
    import keras_drop as kd
    from keras_drop.datasets.embedded_pedestrians import (
        render_embedded_pedestrians,
    )

    root = render_embedded_pedestrians(tmp_path / "drawn", "mini", workers=1)
    backbone = kd.models.vit_small((32, 32), num_cameras=8)
    table = backbone.get_layer("camera_embedding").table
    table.assign(np.random.default_rng(0).normal(size=table.shape))
    model = kd.models.TransReIDBaseline(backbone, 2)
    model.save(tmp_path / "model.keras")
    card, protocol = tmp_path / "card.json", Protocol.named("occluded_duke")
    splits = protocol.read(root, strict_counts=False)
    found = []
    for know_cameras in (True, False):
        options = [
            "evaluate",
            f"--model={tmp_path / 'model.keras'}",
            *(f"--data=occluded_duke:{root}", "--other_counts"),
            *(f"--card={card}", "--know_cameras"),
        ]
        assert main(options if know_cameras else options[:-1]) == 0
        found.append(ResultCard.load(card).metrics)
        want = evaluate(
            model,
            splits,
            protocol,
            know_cameras=know_cameras,
        )
        for name, value in want.metrics.items():
            np.testing.assert_allclose(found[-1][name], value, atol=1e-6)
    assert found[0] != found[1]


def test_the_whole_command(files):
    folder, *_ = files
    done = subprocess.run(
        [
            *(sys.executable, "-m", "keras_drop", "evaluate"),
            *("--query=q.npz", "--gallery=g.npz", "--protocol=none_such"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "'none_such'" in done.stderr.splitlines()[-1]

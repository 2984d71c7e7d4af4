import base64
import dataclasses
import json
import zlib

import numpy as np
import pytest

from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    Bootstrap,
    Distance,
    ModelDescription,
    evaluate_retrieval,
    metric_intervals,
    paired_differences,
)
from keras_drop.evaluation.cards.card_table import card_table
from keras_drop.evaluation.cards.compare_cards import compare_cards
from keras_drop.evaluation.cards.evaluate import evaluate
from keras_drop.evaluation.cards.result_card import ResultCard
from keras_drop.evaluation.cards.result_content import (
    array_to_text,
    text_to_array,
)
from keras_drop.evaluation.protocol import Protocol
from keras_drop.records import Records

pytestmark = pytest.mark.backend_neutral

NUM_QUERY, NUM_GALLERY = 30, 60
SPLITS = {
    "query": Records(
        [f"/data/q/{k:02}.jpg" for k in range(NUM_QUERY)],
        np.arange(NUM_QUERY) % 13,
        np.zeros(NUM_QUERY, int),
    ),
    "gallery": Records(
        [f"/data/g/{k:02}.jpg" for k in range(NUM_GALLERY)],
        np.arange(NUM_GALLERY) % 12,
        np.arange(NUM_GALLERY) // 12 % 2,
    ),
}
PROTOCOL = Protocol(
    "mine", average_precision="trapezoid", ties="optimistic", max_rank=20
)
DISTANCE = Distance("cosine", "visibility_max", "product", "max_plus_1")


def descriptors(seed=0, noise=0.8):
    """Images of one person look alike, but for the noise."""
    rng = np.random.default_rng(0)
    people = rng.normal(size=(13, 3, 4))
    rng = np.random.default_rng(seed + 1)
    return tuple(
        Descriptors(
            people[records.identities]
            + noise * rng.normal(size=(len(records), 3, 4)),
            rng.random((len(records), 3)) < 0.6,
        )
        for records in (SPLITS["query"], SPLITS["gallery"])
    )


def make_card(draw=0, protocol=PROTOCOL, splits=SPLITS, noise=0.8, **options):
    options = {"model": "DROP", "distance": DISTANCE, **options}
    return evaluate(descriptors(draw, noise), splits, protocol, **options)


def test_evaluates_as_the_protocol_says():
    card = make_card(draw=3)
    result = evaluate_retrieval(
        *descriptors(3),
        SPLITS["query"],
        SPLITS["gallery"],
        distance=DISTANCE,
        protocol=PROTOCOL,
    )
    assert card.metrics == result.metrics == card.result.metrics
    assert 0.2 < card.metrics["rank-1"] < 1
    assert card.result.hits.shape == (30, 20)
    assert card.intervals == metric_intervals(result)
    assert card.distance == DISTANCE
    assert card.protocol == PROTOCOL
    assert card.by_occlusion == {}
    assert card.protocol_checksum == PROTOCOL.checksum(
        SPLITS["query"], SPLITS["gallery"]
    )
    assert card.counts == {
        "queries": 30,
        "skipped": 2,
        "gallery": 60,
        "not_comparable_pairs": result.num_not_comparable_pairs,
        "not_comparable_queries": result.num_not_comparable_queries,
    }
    assert card.counts["not_comparable_pairs"] > 0
    assert {"keras_drop", "numpy"} <= set(card.versions)


@pytest.mark.parametrize("repeats", [7, "exact"])
def test_single_shot(repeats):
    protocol = Protocol(
        "drawn", gallery_shot="single", repeats=repeats, seed=5, max_rank=6
    )
    card = make_card(protocol=protocol, rerank="zhong2017")
    result = evaluate_retrieval(
        *descriptors(),
        SPLITS["query"],
        SPLITS["gallery"],
        distance=DISTANCE,
        protocol=protocol,
        rerank="zhong2017",
    )
    np.testing.assert_array_equal(card.result.hits, result.hits)
    assert set(card.metrics) == {"rank-1", "rank-5", "mAP", "mINP"}
    assert card.rerank == "zhong2017"
    assert "| - " in card.markdown_row()


def test_round_trip(tmp_path):
    splits = {**SPLITS, "query": with_occlusion(SPLITS["query"])}
    card = make_card(
        model=ModelDescription(
            "DROP",
            {"ppe": "none"},
            (64, 32),
            seed=4,
            run={"settings": {"epochs": 3}, "seconds": 1.5},
        ),
        splits=splits,
        bootstrap=Bootstrap(confidence=0.9, num_resamples=50),
    )
    path = card.save(tmp_path / "new" / "card.json")
    assert [file.name for file in path.parent.iterdir()] == ["card.json"]
    revived = ResultCard.load(path)
    for field in dataclasses.fields(ResultCard):
        got, want = getattr(revived, field.name), getattr(card, field.name)
        if field.name not in ("result", "query_order"):
            # NaN equals no other NaN, but has the same name.
            assert repr(got) == repr(want), field.name
    for field in dataclasses.fields(card.result):
        got = getattr(revived.result, field.name)
        want = getattr(card.result, field.name)
        np.testing.assert_array_equal(got, want)
        assert np.asarray(got).dtype == np.asarray(want).dtype
    assert revived.bootstrap.confidence == 0.9
    assert revived.markdown_row() == card.markdown_row()
    revived.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


def with_occlusion(records):
    """One level of no counted query: person 12 is not in the gallery."""
    return Records(
        records.paths,
        records.identities,
        records.cameras,
        occlusion=np.where(records.identities == 12, 0.95, 0.25),
    )


def test_tells_levels_of_occlusion(tmp_path):
    splits = {**SPLITS, "query": with_occlusion(SPLITS["query"])}
    card = make_card(splits=splits)
    assert list(card.by_occlusion) == ["20-30 %", "90-100 %"]
    assert card.by_occlusion["20-30 %"]["mAP"] == card.metrics["mAP"]
    assert np.isnan(card.by_occlusion["90-100 %"]["mAP"])
    assert card.by_occlusion["90-100 %"]["num_queries"] == 2
    content = json.loads(card.save(tmp_path / "card.json").read_text())
    assert content["by_occlusion"]["90-100 %"]["mAP"] is None


def test_queries_of_unknown_occlusion_are_of_no_level():
    told = with_occlusion(SPLITS["query"])
    shares = np.where(told.identities == 3, np.nan, told.occlusion)
    query = Records(told.paths, told.identities, told.cameras, occlusion=shares)
    card = make_card(splits={**SPLITS, "query": query})
    counts = {k: v["num_queries"] for k, v in card.by_occlusion.items()}
    assert counts == {"20-30 %": 25, "90-100 %": 2}
    assert card.metrics == make_card().metrics


def test_a_wrong_occlusion_is_told_before_images_are_embedded():
    query = SPLITS["query"]
    shares = np.full(len(query), 1.5)
    query = Records(
        query.paths, query.identities, query.cameras, occlusion=shares
    )
    with pytest.raises(ValueError, match=r"in \[0, 1\]; that of image 0"):
        evaluate(None, {**SPLITS, "query": query}, "market1501")


def test_reads_the_cards_of_before(tmp_path):
    """Format 1: no run, no levels of occlusion, the model laid flat."""
    card = make_card(model=ModelDescription("DROP", {"a": 1}, (64, 32), seed=4))
    path = card.save(tmp_path / "card.json")
    content = json.loads(path.read_text())
    model = content.pop("model")
    del content["by_occlusion"]
    content |= {"format": 1, "model": model["name"]}
    content |= {k: model[k] for k in ("switches", "image_size", "seed")}
    path.write_text(json.dumps(content))
    assert ResultCard.load(path).markdown_row() == card.markdown_row()


def test_readable_by_others(tmp_path):
    card = make_card()
    content = json.loads(card.save(tmp_path / "card.json").read_text())
    assert content["metrics"]["mAP"] == card.metrics["mAP"]
    assert content["counts"]["skipped"] == 2
    assert content["protocol"]["average_precision"] == "trapezoid"


@pytest.mark.parametrize("step", ["json.dump", "os.replace"])
def test_interrupted_save_leaves_the_old_card(tmp_path, monkeypatch, step):
    path = make_card().save(tmp_path / "card.json")
    before = path.read_bytes()

    def full(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(step, full)
    with pytest.raises(OSError, match="disk full"):
        make_card(draw=1).save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: {**c, "colour": 1}, "the unknown fields colour"),
        (lambda c: {k: v for k, v in c.items() if k != "rerank"}, "no rerank"),
        (lambda c: [c], "has a list where"),
        (lambda c: {**c, "format": 3}, "has the format 3, .* reads 2"),
        (lambda c: {**c, "distance": {"metric": "l1"}}, "damaged: `metric` is"),
        (
            lambda c: {**c, "bootstrap": {"confidense": 0.9}},
            "damaged: `bootstrap` does not have 'confidense'.*'confidence'",
        ),
        (lambda c: {**c, "protocol": 3}, "damaged: "),
        (lambda c: {**c, "format": 1}, "the format 1, .* reads 2"),
        (lambda c: {**c, "result": {"hits": 1}}, "no average_precision"),
        (
            lambda c: {**c, "metrics": {**c["metrics"], "mAP": 0.99}},
            "changed: mAP does not",
        ),
        (
            lambda c: {
                **c,
                "result": {
                    **c["result"],
                    "hits": {**c["result"]["hits"], "values": "AAAA"},
                },
            },
            "damaged: `hits` is no array",
        ),
    ],
)
def test_refuses_what_is_no_card(tmp_path, change, message):
    path = make_card().save(tmp_path / "card.json")
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    with pytest.raises(ValueError, match=message) as error:
        ResultCard.load(path)
    assert str(path) in str(error.value)


def text_of(array):
    return array_to_text(np.asarray(array))


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("num_gallery",), -1, "`num_gallery` is -1"),
        (("intervals", "mAP"), [0.5, float("nan")], "NaN is no number"),
        (("intervals", "mAP"), [0.9, 0.5], r"high end of mAP` is 0\.5"),
        (("intervals", "mAP"), [0.9], "damaged: not enough values"),
        (("query_order",), text_of([0, 0]), "`query_order` does not order"),
        (("query_order",), text_of(["a"]), "`query_order` is no array"),
        (("result", "counted"), text_of([1.0]), "has the shape"),
        (("result", "hits"), 3, "damaged: "),
        (("result", "hits", "shape"), [2**20, 2**20], "is no array"),
        (("result", "hits", "shape"), [-1, 4], "is no array"),
        (("result", "hits", "dtype"), "|O", "`hits` is no array"),
        (("result", "num_not_comparable_pairs"), "x", "_pairs` is 'x'"),
        (("metrics",), [], "damaged: .*a mapping"),
        (("by_occlusion",), 3, "damaged: "),
    ],
)
def test_refuses_values_that_no_evaluation_gives(
    tmp_path, place, value, message
):
    path = make_card().save(tmp_path / "card.json")
    content = json.loads(path.read_text())
    *way, last = place
    inner = content
    for step in way:
        inner = inner[step]
    inner[last] = value
    path.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=message) as error:
        ResultCard.load(path)
    assert str(error.value).startswith(str(path))


@pytest.mark.parametrize("name", ["hits", "average_precision"])
def test_refuses_shares_above_1(tmp_path, name):
    card = make_card()
    getattr(card.result, name)[card.result.counted] *= 3
    path = card.save(tmp_path / "card.json")
    with pytest.raises(ValueError, match=f"`{name}` are shares from 0 to 1"):
        ResultCard.load(path)


def test_an_array_that_fills_the_memory_is_not_unpacked():
    bomb = zlib.compress(bytes(10**8))
    text = {"dtype": "<f4", "shape": [2], "values": base64.b64encode(bomb)}
    with pytest.raises(ValueError, match="not the 8 bytes"):
        text_to_array("card.json", "hits", text)


def test_refuses_another_file(tmp_path):
    (tmp_path / "card.json").write_text("not JSON")
    with pytest.raises(ValueError, match=r"card\.json is not JSON"):
        ResultCard.load(tmp_path / "card.json")
    with pytest.raises(FileNotFoundError):
        ResultCard.load(tmp_path / "none.json")


@pytest.mark.parametrize("name", ["switches", "run"])
def test_what_a_card_says_of_the_model_is_plain(name):
    with pytest.raises(ValueError, match=f"`{name}` are plain values"):
        ModelDescription("mine", **{name: {"dtype": np.float32}})


def test_markdown():
    card = make_card(
        model=ModelDescription("DROP", {"ppe": "none"}, (64, 32), seed=4)
    )
    assert card.title == "DROP (ppe=none)"
    lines = [*card.markdown_header().split("\n"), card.markdown_row()]
    cells = [[c.strip() for c in line.split("|")[1:-1]] for line in lines]
    assert len({len(row) for row in cells}) == 1
    row = dict(zip(cells[0], cells[2]))
    assert row["model"] == "DROP (ppe=none)"
    assert row["size"] == "64x32" and row["seed"] == "4"
    assert row["distance"] == "cosine, visibility_max"
    low, high = card.intervals["mAP"]
    assert row["mAP"] == (
        f"{100 * card.metrics['mAP']:.1f} [{100 * low:.1f}, {100 * high:.1f}]"
    )
    assert row["queries"] == "28"
    table = card_table([card, make_card(model="other")]).split("\n")
    assert table[0].startswith("Protocol mine, checksum ")
    assert "95 % bootstrap" in table[0]
    assert len({len(line) for line in table[2:]}) == 1
    assert [cell.strip() for cell in table[4].split("|")[1:-1]] == cells[2]
    assert table[5].startswith("| other ")


def other_splits():
    gallery = SPLITS["gallery"]
    return {**SPLITS, "gallery": gallery[np.arange(len(gallery)) != 59]}


DIFFERENT = [
    ({"protocol": dataclasses.replace(PROTOCOL, ties="stable")}, "`ties` is"),
    (
        {"protocol": dataclasses.replace(PROTOCOL, name="theirs")},
        "`name` is 'mine' and 'theirs'",
    ),
    (
        {
            "protocol": dataclasses.replace(
                PROTOCOL, average_precision="standard", camera_mode="none"
            )
        },
        "`camera_mode` is 'real' and 'none'; `average_precision` is",
    ),
]


@pytest.mark.parametrize(("options", "message"), DIFFERENT)
def test_other_protocols(options, message):
    card, other = make_card(), make_card(model="other", **options)
    with pytest.raises(ValueError, match=f"cannot be compared: {message}"):
        compare_cards(card, other)
    with pytest.raises(ValueError, match=f"in one table: {message}"):
        card_table([card, other])


def test_other_files():
    query, gallery = descriptors()
    other = evaluate(
        (query, gallery[:59]), other_splits(), PROTOCOL, model="other"
    )
    message = "30 queries and 60 gallery images and on 30 queries and 59"
    with pytest.raises(ValueError, match=message):
        compare_cards(make_card(), other)


def test_other_rerank_presets():
    cards = [make_card(rerank=r) for r in ("off", "zhong2017", "torchreid")]
    with pytest.raises(ValueError, match="`rerank` is 'off' and 'zhong2017'"):
        compare_cards(*cards[:2])
    assert "zhong2017" in card_table(cards[:2])
    with pytest.raises(ValueError, match="by torchreid and by zhong2017"):
        card_table(cards)


def test_seed_of_draws_that_never_happen():
    card = make_card(protocol=dataclasses.replace(PROTOCOL, seed=9, repeats=3))
    assert compare_cards(make_card(), card).differences["mAP"] == (0, 0, 0)


def test_table_refuses_other_confidences():
    with pytest.raises(ValueError, match=r"`confidence` is 0\.95 and 0\.9"):
        card_table([make_card(), make_card(bootstrap=Bootstrap(0.9))])
    with pytest.raises(ValueError, match="at least one card"):
        card_table([])


def test_comparison(tmp_path):
    good, bad = make_card(noise=0.6), make_card(draw=1, noise=2.0, model="bad")
    # What is compared survives the file.
    good = ResultCard.load(good.save(tmp_path / "good.json"))
    comparison = compare_cards(
        good,
        bad,
        bootstrap=Bootstrap(num_resamples=200, seed=3),
    )
    assert comparison.differences == paired_differences(
        good.result,
        bad.result,
        bootstrap=Bootstrap(num_resamples=200, seed=3),
    )
    mean, low, high = comparison.differences["mAP"]
    assert 0 < low < mean < high
    lines = str(comparison).split("\n")
    assert lines[0] == (
        "DROP minus bad, in points, with 95 % paired bootstrap intervals over "
        "28 queries:"
    )
    assert f"mAP  {100 * mean:+6.1f}  [{100 * low:+.1f}, " in lines[4]
    assert not lines[4].endswith("not told apart")
    same = str(compare_cards(good, good)).split("\n")
    assert all(line.endswith("not told apart") for line in same[1:])


def test_pairs_queries_by_name_not_by_place():
    """Another machine lists the same files in another order."""
    rng = np.random.default_rng(0)
    order = rng.permutation(NUM_QUERY)
    query, gallery = descriptors(1)
    moved = SPLITS["query"][order]
    moved = Records(
        [f"/mnt/{k % 3}/{path[-6:]}" for k, path in enumerate(moved.paths)],
        moved.identities,
        moved.cameras,
    )
    shuffled = evaluate(
        (query[order], gallery),
        {**SPLITS, "query": moved},
        PROTOCOL,
        model="other",
        distance=DISTANCE,
    )
    got = compare_cards(make_card(), shuffled)
    want = compare_cards(make_card(), make_card(draw=1))
    assert got.differences == want.differences
    assert got.differences["mAP"][0] != 0

"""Which folder may import which, and where a backend may be named."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.backend_neutral

ROOT = Path(__file__).parents[1] / "keras_drop"
FLOORS = [
    {
        "registration",
        "checks",
        "densepose_parts",
        "flags",
        "files",
        "quietly",
        "missing_backend",
    },
    {
        "backend",
        "ops",
        "records",
        "descriptors",
        "image_sizes",
        "part_schemas",
    },
    {"layers", "losses", "datasets"},
    {"models", "data", "tfds"},
    {"evaluation", "visualization", "export"},
    {"training", "gallery", "tracking"},
    {"recipes", "embedding", "ui"},
    {"cli"},
    {"__main__"},
]
# Rooms of a folder, from the lowest; a room imports from itself and from below.
ROOMS = {
    "layers": [
        {"batch_normalization", "depthwise_convolution"},
        {"heads", "maps", "memories", "pooling", "tokens"},
        {"parsing"},
    ],
    "datasets": [
        {"data_set"},
        {"files"},
        {"labels"},
        {"readers", "checking", "embedded_pedestrians"},
        {"packed"},
        {"data_sets", "own_data", "join_records", "draw_split", "write_table"},
        {"data_kind"},
        {"data_source"},
        {"data_sources"},
    ],
    "datasets.embedded_pedestrians": [
        {"drawing"},
        {"person"},
        {"scene"},
        {"files", "walks"},
        {"__main__"},
    ],
    "data": [
        {"reading"},
        {"labels", "samplers", "transforms", "occlusions", "cropping"},
        {"batches"},
    ],
    "data.occlusions": [{"scene"}, {"occluders"}, {"stages"}],
    "models": [
        {"backbones", "inputs"},
        {"base"},
        {
            "baselines",
            "bpbreid",
            "drop",
            "pab_reid",
            "hpnet",
            "dpeformer",
            "segmentation",
        },
    ],
    "gallery": [
        {"storing"},
        {"embedding"},
        {"engines"},
        {"adding", "searching", "checking"},
        {"gallery"},
        {"browse"},
    ],
    "training": [
        {"optimizers", "checkpoints", "distillation"},
        {
            "callbacks",
            "replicas",
            "orbit_trainer",
            "adapt_batch_normalization",
            "unbiased_moving_variance",
        },
        {"settings", "resuming"},
        {"runs", "segmentation"},
    ],
    "evaluation": [
        {"distance", "file_names"},
        {"protocol", "comparison"},
        {"distances"},
        {"reranking"},
        {"ranking"},
        {"verification", "groups"},
        {"cards", "parts"},
        {"verdicts", "published"},
    ],
}
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
BACKENDS = {
    "tensorflow": {"backend", "export", "data", "datasets"},
    "jax": {"backend", "export"},
    "torch": {"backend", "export"},
}
# The converter reads PyTorch checkpoints, which only PyTorch can.
EXCEPTIONS = {("models/backbones/checkpoints/checkpoint_files.py", "torch")}
FILES = sorted(ROOT.rglob("*.py"))


def imports(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module
            if module in ("keras_drop", "keras", "keras_hub"):
                yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports_point_downward(file):
    path = file.relative_to(ROOT)
    here = path.with_suffix("").parts[0]
    for name in imports(file):
        package, _, rest = name.partition(".")
        private = name.startswith(("keras.src", "keras_hub.src"))
        assert not private, f"{name} is private to its library"
        if package in BACKENDS and (str(path), package) not in EXCEPTIONS:
            assert here in BACKENDS[package], f"{name} in {here}/"
        if package == "keras_drop" and rest and here != "__init__":
            there = rest.split(".")[0]
            assert there == here or FLOOR[there] < FLOOR[here], name


def room_files():
    for folder in ROOMS:
        for file in sorted((ROOT / folder.replace(".", "/")).rglob("*.py")):
            yield pytest.param(
                folder, file, id=f"{folder}:{file.relative_to(ROOT)}"
            )


@pytest.mark.parametrize("folder, file", room_files())
def test_rooms_point_downward(folder, file):
    """Rooms of one floor do not know each other, and none knows its folder."""
    depth = folder.count(".") + 1
    inside = file.relative_to(ROOT).with_suffix("").parts[depth:]
    if inside == ("__init__",):
        return  # The folder's public names.
    floors = {
        room: floor
        for floor, rooms in enumerate(ROOMS[folder])
        for room in rooms
    }
    here = inside[0]
    assert here in floors, f"{here} is no room of {folder}"
    for name in imports(file):
        there = name.split(".")
        if there[1 : depth + 1] != folder.split("."):
            continue
        assert len(there) > depth + 1, f"{name}: import from the file"
        room = there[depth + 1]
        assert room == here or floors[room] < floors[here], name


@pytest.mark.parametrize("folder", ROOMS)
def test_a_room_is_taken_in_at_a_glance(folder):
    for room in set().union(*ROOMS[folder]):
        files = list((ROOT / folder.replace(".", "/") / room).glob("*.py"))
        assert len(files) <= 1 + 15, room


PLAN = (ROOT.parent / "ARCHITECTURE.md").read_text()


def test_the_plan_has_every_floor():
    for floor, names in enumerate(FLOORS, start=1):
        for name in names:
            if (ROOT / name).is_dir():
                drawn = PLAN[: re.search(rf"\b{name}/( |$)", PLAN, re.M).end()]
                assert re.findall(r"^(\d)  ", drawn, re.M)[-1] == str(floor)


@pytest.mark.parametrize("folder", [name for name in ROOMS if "." not in name])
def test_the_plan_has_every_room(folder):
    (line,) = re.findall(rf"^[ \d]+ {folder}/ +(.*)$", PLAN, re.MULTILINE)
    drawn = [set(rooms.split()) for rooms in line.split("|")]
    floors = [
        {room for room in rooms if (ROOT / folder / room).is_dir()}
        for rooms in ROOMS[folder]
    ]
    assert drawn == [rooms for rooms in floors if rooms]

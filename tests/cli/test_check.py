import json
import os

import numpy as np
import pytest
from PIL import Image

from keras_drop.__main__ import main
from tests.datasets.folders import (
    make_labels,
    make_occluded_duke,
    save_image,
)
from tests.datasets.miniatures import MINIATURES

pytestmark = pytest.mark.backend_neutral


@pytest.fixture
def root(tmp_path):
    return make_occluded_duke(tmp_path / "images")


def check(*options):
    return main(["check", *map(str, options)])


def test_a_clean_set(root, capsys):
    options = (f"--data=occluded_duke:{root}",)
    assert check(*options, "--no-strict_counts", "--strict") == 0
    printed = capsys.readouterr().out
    assert "query: Records(2 images, 2 identities, 2 cameras)" in printed
    assert "note (query_in_gallery): 1 of 2 query files" in printed
    assert f"  {root}/query/0002_c1_f0000010.jpg\n" in printed
    assert printed.endswith("0 errors, 0 warnings\n")


def test_counts_of_a_named_set_are_errors(root, capsys):
    assert check(f"--data=occluded_duke:{root}") == 2
    printed = capsys.readouterr().out
    assert "error (counts): train has 2 identities (not 702)" in printed
    assert printed.endswith("3 errors, 0 warnings\n")


def test_embedded_pedestrians_have_any_counts_and_their_own_labels(
    root, tmp_path
):
    labels = make_labels(tmp_path / "labels", "densepose14")
    options = (
        f"--data=embedded_pedestrians:{root}",
        f"--parsing_dir={labels}",
    )
    assert check(*options) == 0
    wrong = labels / "bounding_box_train" / "0001_c2_f0046182.png"
    Image.fromarray(np.zeros((6, 12), "uint8")).save(wrong)
    assert check(*options) == 2


def test_labels_of_another_format_are_errors(root, tmp_path, capsys):
    labels = make_labels(tmp_path / "labels", "densepose14")
    ids = np.full((12, 6), 9, "uint8")
    name = "0001_c2_f0046182.png"
    Image.fromarray(ids).save(labels / "bounding_box_train" / name)
    options = (
        f"--data=embedded_pedestrians:{root}",
        f"--parsing_dir={labels}",
    )
    assert check(*options) == 0
    assert check(*options, "--label_format=png7") == 2
    assert "error (label_range): 1 parsing labels" in capsys.readouterr().out


def test_warnings_count_only_if_asked(root, tmp_path, capsys):
    labels = make_labels(tmp_path / "labels", "densepose14")
    (labels / "bounding_box_train" / "0001_c2_f0046182.png").unlink()
    options = (
        f"--data=embedded_pedestrians:{root}",
        f"--parsing_dir={labels}",
    )
    assert check(*options) == 0
    assert capsys.readouterr().out.endswith("0 errors, 1 warnings\n")
    assert check(*options, "--strict") == 1


def test_warnings_of_the_reader_count_too(tmp_path, capsys):
    root = MINIATURES["p_duke"].make(tmp_path)
    (root / "train/whole_body_images/0004/0004_c5_f0000007.jpg").unlink()
    options = (f"--data=p_duke:{root}", "--no-strict_counts")
    assert check(*options) == 0
    assert "warning (reading): 1 training identities" in capsys.readouterr().out
    assert check(*options, "--strict") == 1


def test_numbers_of_msmt17_are_not_shared(tmp_path, capsys):
    root = MINIATURES["msmt17_train"].make(tmp_path)
    options = (f"--data=msmt17_train:{root}",)
    assert check(*options, "--no-strict_counts", "--strict") == 0
    (missing,) = (root / "test/0009").iterdir()
    missing.unlink()
    assert check(*options, "--no-strict_counts") == 2
    printed = capsys.readouterr().out
    assert "error (unreadable): 1 images" in printed
    assert f"  {missing}" in printed


def test_long_lists_are_cut_unless_asked_for(root, capsys):
    for number in range(12):
        name = f"{100 + number:04}_c1_f00000{number:02}.jpg"
        save_image(root / "query" / name, seed=1000 + number)
    options = (f"--data=embedded_pedestrians:{root}",)
    assert check(*options) == 2
    printed = capsys.readouterr().out
    people = "12 identities (100, 101, 102, 103, 104, 105, 106, 107, 108, 109,"
    assert people in printed
    assert "  … and 2 more; --all lists them" in printed
    assert "0111_c1" not in printed
    assert check(*options, "--all") == 2
    assert f"{root}/query/0111_c1_f0000011.jpg" in capsys.readouterr().out


def test_own_images(root, tmp_path, capsys):
    own = (
        f"--data={root}",
        r"--pattern=(?P<identity>\d+)_c(?P<camera>\d).*",
    )
    folders = "--folders=bounding_box_train,query,bounding_box_test"
    assert check(*own, folders) == 0
    assert check(*own, folders, "--camera_mode=none", "--strict") == 1
    assert check(*own, "--folders=,query,bounding_box_test") == 0
    assert (
        "train: " not in capsys.readouterr().out.rpartition("query: ")[0][-99:]
    )
    file = tmp_path / "mine.csv"
    file.write_text(
        "path,identity,camera,split\n"
        "images/query/0002_c1_f0000010.jpg,2,0,query\n"
        "images/bounding_box_test/0002_c7_f0000011.jpg,2,6,gallery\n"
    )
    assert check(f"--data={file}") == 0
    file.write_text(file.read_text().replace("2,6", "5,6"))
    assert check(f"--data={file}") == 2
    assert "1 identities (2) have no gallery image" in capsys.readouterr().out


def test_images_that_are_listed_again(root, tmp_path, capsys):
    file = tmp_path / "mine.csv"
    row = "images/bounding_box_train/000{}.jpg,{},1,train"
    rows = [
        row.format("1_c2_f0046182", 1),
        row.format("1_c3_f0046190", 1),
        row.format("1_c2_f0046182", 7),
    ]
    file.write_text("path,identity,camera,split\n" + "\n".join(rows))
    assert check(f"--data={file}", "--strict") == 1
    printed = capsys.readouterr().out
    assert "warning (listed_again): 1 images of train are listed" in printed
    assert "0001_c2_f0046182.jpg" in printed
    file.write_text("path,identity,camera,split\n" + "\n".join(rows[:2]))
    assert check(f"--data={file}", "--strict") == 0


def test_people_are_called_as_in_the_table(root, tmp_path, capsys):
    file = tmp_path / "mine.csv"
    file.write_text(
        "path,identity,camera,split\n"
        "images/bounding_box_train/0001_c2_f0046182.jpg,zoë,1,train\n"
        "images/query/0002_c1_f0000010.jpg,anna,0,query\n"
        "images/query/0003_c5_f0000020.jpg,zoë,4,query\n"
        "images/bounding_box_test/0003_c6_f0000021.jpg,zoë,4,gallery\n"
    )
    assert check(f"--data={file}") == 2
    printed = capsys.readouterr().out
    assert "1 people are in training and in the test" in printed
    assert "\n  zoë\n" in printed
    assert (
        "1 identities (anna) have no gallery image; 1 identities (zoë) ha"
        in (printed)
    )


def test_names_of_files_that_are_no_text(tmp_path, capsys):
    for name in ("query/p_1_.jpg", "gallery/p_2_.jpg"):
        (tmp_path / name).parent.mkdir()
        save_image(tmp_path / name)
    path = os.fsencode(tmp_path / "gallery") + b"/zo\xeb_1_.jpg"
    try:
        with open(path, "wb") as file:
            file.write(b"no image")
    except OSError:
        pytest.skip("file names are UTF-8 here")
    page = tmp_path / "check.html"
    pattern = r"--pattern=(?P<identity>.+)_(?P<camera>\d)_.*"
    own = (f"--data={tmp_path}", pattern, "--folders=,query,gallery")
    assert check(*own, f"--html={page}") == 2
    assert "zo\\udceb_1_.jpg" in capsys.readouterr().out
    assert "zo\\udceb_1_.jpg" in page.read_text("utf-8")


def test_mistakes_are_one_line(root, tmp_path, capsys):
    assert check(f"--data=partial_reid:{root}") == 2
    assert (
        "error: 'partial_reid' is 'partial_reid_cro" in capsys.readouterr().err
    )
    assert check(f"--data=p_duke:{tmp_path / 'gone'}") == 2
    assert "error: There is no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--data=p_duke"],
        ["--data=."],
        ["--data=p_duke:.", "--columns=identity:pid"],
        ["--data=a.csv", "--pattern=(?P<identity>.)(?P<camera>.)"],
        ["--data=a.csv", "--parsing_dir=b"],
        ["--data=a.csv", "--strct"],
        ["--data=mini.csv", "--label_format=lipp"],
    ],
)
def test_options_that_do_not_fit(options, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mini.csv").write_text(
        "path,identity,camera,split\na.jpg,1,0,query\n"
    )
    assert check(*options) == 2
    printed, error = capsys.readouterr()
    assert not printed
    assert error.startswith("error: ")
    assert error.count("\n") == 1


def test_several_data_sets_are_checked_one_by_one(tmp_path, capsys):
    assert check("--data=market1501:a,b.csv") == 2
    assert "are several data sets" in capsys.readouterr().err
    # A comma in a name is none between names.
    assert check("--data=market1501:a,b") == 2
    assert "There is no folder a,b" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "flag"),
    [
        (["--data=a.csv", "--parsing_dir=a"], "parsing_dir"),
        (["--data=a.csv", "--no-strict_counts"], "strict_counts"),
        (["--data=a.csv", "--folders=a,b,c"], "folders"),
        (["--data=p_duke:.", "--camera_mode=none"], "camera_mode"),
        (["--data=p_duke:.", "--all", "--format=json"], "all"),
    ],
)
def test_flags_that_would_do_nothing(options, flag, capsys):
    assert check(*options) == 2
    error = capsys.readouterr().err
    assert flag in error and " does nothing " in error


def test_json_and_a_page(tmp_path, capsys):
    root = make_occluded_duke(tmp_path / "a <b>")
    odd = root / "query" / "0009_c1_f0000031.jpg"
    save_image(odd, seed=31)
    broken = root / "query" / "0003_c5_f0000020.jpg"
    broken.write_bytes(b"broken")
    page = tmp_path / "deep" / "check.html"
    options = (f"--data=embedded_pedestrians:{root}",)
    assert check(*options, "--format=json", f"--html={page}") == 2
    content = json.loads(capsys.readouterr().out)
    assert content["errors"] == 2
    assert content["warnings"] == 0
    assert content["notes"] == 1
    kinds = {f["kind"]: f for f in content["findings"]}
    assert set(kinds) == {"unreadable", "no_positive", "query_in_gallery"}
    assert kinds["unreadable"]["items"] == [str(broken)]
    assert kinds["no_positive"]["items"] == [str(odd)]
    assert all(finding["mend"] for finding in content["findings"])
    html = page.read_text("utf-8")
    assert html.count("<img") == 2  # the broken one cannot be shown
    assert "<b>" not in html
    assert "/a &lt;b&gt;/query/0009_c1_f0000031.jpg" in html
    assert f"query: {content['splits'][1].removeprefix('query: ')}" in html


def test_pairs_are_told_and_shown_together(tmp_path, capsys):
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 255, (8, 4, 3)).astype("uint8"))
    image = smooth.resize((48, 96), Image.Resampling.BICUBIC)
    for split, size in (("train", (48, 96)), ("query", (40, 80))):
        (tmp_path / split).mkdir()
        file = tmp_path / split / f"000{size[0] % 7}_c1.jpg"
        image.resize(size).save(file, quality=90)
    own = (
        f"--data={tmp_path}",
        r"--pattern=(?P<identity>\d+)_c(?P<camera>\d).*",
    )
    page = tmp_path / "check.html"
    assert check(*own, "--folders=train,query,", f"--html={page}") == 0
    printed = capsys.readouterr().out
    assert "warning (near_duplicate): 1 training images look" in printed
    line = f"  {tmp_path}/train/0006_c1.jpg = {tmp_path}/query/0005_c1.jpg\n"
    assert line in printed
    assert "  To do: Look at the pairs." in printed
    assert page.read_text("utf-8").count("<img") == 2

"""The page in a real browser: upload, box, search, look, remove."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_drop import Gallery
from keras_drop.gallery.embedding.photos import read_photo
from tests.gallery.test_explain import GREEN, RED, Halves, person

pytestmark = [pytest.mark.backend_neutral, pytest.mark.nightly]

CHROMIUM = Path("/usr/bin/chromium")
BLUE = 0, 0, 200


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}.")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield browser
        browser.close()


@pytest.fixture
def gallery(tmp_path):
    gallery = Gallery.create(tmp_path / "shop.gallery", Halves())
    pairs = [(a, b) for a in (RED, GREEN, BLUE) for b in (RED, GREEN, BLUE)]
    gallery.add(
        [person(*pair) for pair in pairs],
        [f"person {k}" for k in range(8)] + [8],
        cameras=range(9),
    )
    return gallery


@pytest.fixture
def address(gallery, monkeypatch):
    gradio = pytest.importorskip("gradio")
    from keras_drop.ui import serve

    monkeypatch.setenv("GRADIO_TEMP_DIR", "")
    yield serve(gallery, wait=False)
    gradio.close_all(verbose=False)


def street(tmp_path):
    """A photo of two people: blue over green, and red over blue."""
    pixels = np.full((120, 200, 3), 90, "uint8")
    for left, colours in ((30, (BLUE, GREEN)), (120, (RED, BLUE))):
        image = Image.fromarray(person(*colours)).resize((40, 80))
        pixels[20:100, left : left + 40] = np.asarray(image)
    Image.fromarray(pixels).save(tmp_path / "street.png")
    return tmp_path / "street.png"


def name_of_first(page):
    return page.locator("#found li .told b").first.inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_from_upload_to_removal(width, browser, gallery, address, tmp_path):
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    page.set_input_files("#photo input[type=file]", street(tmp_path))
    page.wait_for_selector("#photo img")

    # A box that is typed.
    box = page.locator("#box textarea, #box input").first
    box.fill("30, 20, 70, 100")
    page.wait_for_selector("#preview img")
    page.click("#go")
    page.wait_for_selector("#found li")
    assert name_of_first(page) == "person 7"
    assert page.locator("#found li").count() == 9

    # One that is clicked: its corners, as the picture is shown.
    shown = page.locator("#photo img").first
    shown.scroll_into_view_if_needed()
    where = shown.bounding_box()
    scale = min(where["width"] / 200, where["height"] / 120, 1)
    middle = [
        where[side] + where[length] / 2
        for side, length in (("x", "width"), ("y", "height"))
    ]
    box.fill("")
    for x, y, commas in ((160, 100, 1), (120, 20, 3)):
        page.mouse.click(
            middle[0] + (x - 100) * scale, middle[1] + (y - 60) * scale
        )
        page.wait_for_function(
            "count => document.querySelector('#box textarea, #box input')"
            ".value.split(',').length == count + 1",
            arg=commas,
        )
    left, top, right, bottom = map(int, box.input_value().split(", "))
    assert abs(left - 120) < 3 and abs(top - 20) < 3
    assert abs(right - 160) < 3 and abs(bottom - 100) < 3
    page.click("#go")
    page.wait_for_function(
        "document.querySelector('#found li .told b').innerText == 'person 2'"
    )

    # A hit: those who look like it.
    page.locator("#found [data-do=search]").nth(1).click()
    page.wait_for_selector("#found h2:has-text('Query: image')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    # A mistake is told.
    box.fill("1, 2")
    page.click("#go")
    page.wait_for_selector("text=A box is four numbers")

    # People, and one of them no longer.
    page.get_by_role("tab", name="People").click()
    page.wait_for_selector("#names .card")
    assert page.locator("#names .card").count() == 9
    page.locator("#name textarea, #name input").first.fill("8")
    page.wait_for_function(
        "document.querySelectorAll('#names .card').length == 1"
    )
    page.locator("#names .card").click()
    page.wait_for_selector("#images [data-do='remove identity']")
    page.locator("#images [data-do='remove identity']").click()
    page.click("#no")
    page.wait_for_selector("#yes", state="hidden")
    assert len(gallery) == 9
    page.locator("#images [data-do='remove identity']").click()
    page.click("#yes")
    page.wait_for_selector("text=1 image removed for good; 8 left.")
    assert len(gallery) == 8
    assert page.locator("#images .card").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    # Nothing from elsewhere; on the disk lies what was uploaded, and no hit.
    assert not wrong
    own = (address, "data:", "blob:", "about:")
    assert not [url for url in asked if not url.startswith(own)]
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    assert folder.stat().st_mode & 0o077 == 0
    kept = [f for f in folder.rglob("*") if f.is_file()]
    assert {read_photo(f).shape for f in kept} == {(120, 200, 3)}
    page.close()

import json

import numpy as np
import pytest

from keras_drop.data.occlusions import read_occluders
from keras_drop.data.occlusions.occluders.bank_folder import BankFolder

pytestmark = pytest.mark.backend_neutral
IMAGE = np.full((12, 8, 3), 9, "uint8")


def box(height, width):
    mask = np.zeros((12, 8), bool)
    mask[:height, :width] = True
    return mask


def test_all_occluders_of_an_image_or_none(tmp_path):
    bank = BankFolder(tmp_path / "bank", "images", {"area": 0.1})

    def masks():
        yield box(4, 4)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bank.write("images/a/b.png", IMAGE, masks())
    assert not bank.has("images/a/b.png") and bank.count() == 0
    again = BankFolder(tmp_path / "bank", "images", {"area": 0.1})
    again.write("images/a/b.png", IMAGE, [box(4, 4), box(12, 8)], max_side=6)
    assert again.has("images/a/b.png")
    assert (tmp_path / "bank/a__b.png/001.png").exists()
    assert not list((tmp_path / "bank").glob(".unfinished*"))
    sizes = {o.shape[:2] for o in read_occluders(tmp_path / "bank").occluders}
    assert sizes == {(4, 4), (6, 4)}
    again.finish(3, ["images/c.png"])
    assert json.loads((tmp_path / "bank/bank.json").read_text()) == {
        "images": 3,
        "occluders": 2,
        "broken": ["images/c.png"],
    }


def test_other_settings_need_another_folder(tmp_path):
    BankFolder(tmp_path, "images", {"area": 0.1, "sides": (1, 2)})
    BankFolder(tmp_path, "images", {"area": 0.1, "sides": (1, 2)})
    with pytest.raises(ValueError, match=r"`area` 0\.1, now it is 0\.2"):
        BankFolder(tmp_path, "images", {"area": 0.2, "sides": (1, 2)})

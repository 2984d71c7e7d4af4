import re

from keras_drop.ui.boxes import add_corner, framed, read_box
from keras_drop.ui.texts import HINT, SHOW_FOUND
from keras_drop.ui.told import cards_of, told


class SearchTab:
    """A photo, a box in it, what to compare, and what was found."""

    def __init__(self, gradio, actions):
        about = actions.gallery.about
        names = about["part_names"] or []
        with gradio.Row(equal_height=False):
            with gradio.Column(scale=1, min_width=280):
                photo = gradio.Image(
                    label="Photo",
                    type="numpy",
                    sources=["upload", "clipboard"],
                    buttons=[],
                    height=320,
                    elem_id="photo",
                )
                box = gradio.Textbox(
                    label="Box",
                    placeholder="left, top, right, bottom",
                    info=HINT,
                    elem_id="box",
                )
            with gradio.Column(scale=1, min_width=280):
                parts = gradio.CheckboxGroup(
                    names, value=names, label="Parts to compare"
                )
                k = gradio.Slider(1, 50, 10, step=1, label="How many")
                once = gradio.Checkbox(label="Each person once")
                cameras = gradio.Textbox(
                    label="Leave out cameras", placeholder="such as 3, 5"
                )
                button = gradio.Button(
                    "Search", variant="primary", elem_id="go"
                )
                preview = gradio.Image(
                    label="Searched for",
                    visible=False,
                    height=200,
                    interactive=False,
                    buttons=[],
                    elem_id="preview",
                )
        self.found = cards_of(gradio, "found")
        self.options = [k, parts, once, cameras]

        def clicked(words, event: gradio.SelectData):
            return add_corner(words, event.index)

        def boxed(photo, words):
            try:
                wanted = read_box(words)
            except ValueError:  # Somebody is still typing.
                wanted = None
            if photo is None or wanted is None:
                return gradio.update(visible=False)
            return gradio.update(value=framed(photo, wanted), visible=True)

        def searched(photo, words, *options):
            return told(
                gradio,
                actions.search_photo,
                photo,
                words,
                **options_of(*options),
            )

        private = {"api_visibility": "private"}
        photo.select(clicked, box, box, **private)
        photo.clear(lambda: "", None, box, **private)
        box.change(boxed, [photo, box], preview, **private)
        button.click(
            searched,
            [photo, box, *self.options],
            self.found,
            concurrency_id="gallery",
            **private,
        ).success(None, js=SHOW_FOUND, **private)


def options_of(k, parts, once, cameras):
    """Options of `Gallery.search`, from what the components hold."""
    words = [word.strip() for word in (cameras or "").split(",")]
    return {
        "k": int(k),
        "parts": tuple(parts) or None,
        "per_identity": once,
        # The camera 3 and the camera "3" are typed alike.
        "exclude_cameras": [
            camera
            for word in words
            if word
            for camera in [
                *([int(word)] if re.fullmatch(r"-?[0-9]+", word) else []),
                word,
            ]
        ],
    }

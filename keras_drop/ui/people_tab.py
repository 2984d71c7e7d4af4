from keras_drop.ui.told import cards_of, told


class PeopleTab:
    """Who is in the gallery, and the images of one."""

    def __init__(self, gradio, actions):
        self.text = gradio.Textbox(
            label="Name contains", elem_id="name", max_lines=1
        )
        self.images = cards_of(gradio, "images")
        self.names = cards_of(gradio, "names")
        self.text.change(
            lambda text: (told(gradio, actions.people, text), ""),
            self.text,
            [self.names, self.images],
            api_visibility="private",
        )

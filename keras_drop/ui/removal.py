from keras_drop.visualization.html_page import text


class Removal:
    """Asks once more before anything is deleted."""

    def __init__(self, gradio, actions):
        self._gradio = gradio
        self._actions = actions
        with gradio.Column(visible=False, elem_id="removal") as group:
            # Not Markdown, in which a name may ask for a picture.
            self._question = gradio.HTML()
            with gradio.Row():
                self.yes = gradio.Button(
                    "Remove for good", variant="stop", elem_id="yes"
                )
                no = gradio.Button("Keep", elem_id="no")
        self.pending = gradio.State(None)
        self.components = [group, self._question, self.pending]
        no.click(
            lambda: tuple(self.hidden()),
            None,
            self.components,
            api_visibility="private",
        )

    def asked(self, what, value):
        what = what.removeprefix("remove ")
        who = f"all images of <b>{text(value)}</b>"
        if what == "id":
            who = f"image number <b>{text(value)}</b>"
        question = f"Remove {who}? It cannot be undone."
        return self._gradio.update(visible=True), question, (what, value)

    def hidden(self):
        return self._gradio.update(visible=False), "", None

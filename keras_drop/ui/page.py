from keras_drop.ui.people_tab import PeopleTab
from keras_drop.ui.removal import Removal
from keras_drop.ui.search_tab import SearchTab, options_of
from keras_drop.ui.texts import RESPONSIBLE_USE
from keras_drop.ui.told import told


def build_page(gradio, actions, delete_cache):
    """The page, made of gradio's components.

    Args:
        gradio: The module.
        actions: `Actions`.
        delete_cache: Pair of how often what was uploaded is looked through,
            and from which age on it is deleted, in seconds.

    Returns:
        `gradio.Blocks`.
    """
    gallery = actions.gallery
    with gradio.Blocks(
        analytics_enabled=False,
        title=f"Gallery {gallery.path.name}",
        delete_cache=delete_cache,
    ) as page:
        gradio.Markdown(f"## {gallery.path.name}")
        with gradio.Tabs() as tabs:
            with gradio.Tab("Search", id="search"):
                search = SearchTab(gradio, actions)
            with gradio.Tab("People", id="people") as people_tab:
                people = PeopleTab(gradio, actions)
            with gradio.Tab("Responsible use", id="use"):
                use = gradio.Markdown(_use(gallery))
        removal = Removal(gradio, actions)

        def pressed(text, k, parts, once, cameras, event: gradio.EventData):
            """What a button of a card does."""
            what, value = event.what, event.value
            given = options_of(k, parts, once, cameras)
            skip = gradio.skip()
            if what == "search":
                found = told(gradio, actions.search_image, value, **given)
                chosen = gradio.Tabs(selected="search")
                return found, skip, skip, chosen, *removal.hidden()
            if what == "open":
                images = told(gradio, actions.images, value)
                return skip, skip, images, skip, *removal.hidden()
            if what == "turn":
                names = told(gradio, actions.people, text, value)
                return skip, names, skip, skip, *removal.hidden()
            return skip, skip, skip, skip, *removal.asked(what, value)

        seen = [search.found, people.names, people.images, tabs]
        for component in (search.found, people.names, people.images):
            component.click(
                pressed,
                [people.text, *search.options],
                [*seen, *removal.components],
                concurrency_id="gallery",
                api_visibility="private",
            )

        def removed(text, pending):
            said = told(gradio, actions.remove, *pending)
            gradio.Info(said)
            names = told(gradio, actions.people, text)
            return "", names, "", _use(gallery), *removal.hidden()

        removal.yes.click(
            removed,
            [people.text, removal.pending],
            [search.found, people.names, people.images, use]
            + removal.components,
            concurrency_id="gallery",
            api_visibility="private",
        )
        people_tab.select(
            lambda text: told(gradio, actions.people, text),
            people.text,
            people.names,
            api_visibility="private",
        )
    return page


def _use(gallery):
    return RESPONSIBLE_USE.format(path=gallery.path, images=len(gallery))

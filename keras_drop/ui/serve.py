import atexit
import os
import shutil
import tempfile
import warnings

from keras_drop.ui.actions import Actions
from keras_drop.ui.page import build_page
from keras_drop.ui.texts import CSS, EXPOSED, NO_GRADIO

_HOUR = 3600


def gallery_page(gallery, *, read_only=False):
    """The page of a gallery, as gradio's `Blocks`, to be put where you like.

    Args:
        gallery: `Gallery`.
        read_only: Whether nothing can be removed.

    Returns:
        `gradio.Blocks`.

    Raises:
        ImportError: gradio is not installed.

    Example:
    >>> from keras_drop.ui import gallery_page
    >>> gallery_page(gallery, read_only=True).launch()  # doctest: +SKIP
    """
    return build_page(_gradio(), Actions(gallery, read_only), (60, _HOUR))


def serve(
    gallery,
    *,
    host="127.0.0.1",
    port=None,
    read_only=False,
    open_browser=False,
    wait=True,
):
    """Shows a gallery in the browser: search, browse, remove.

    Only this machine reaches it, unless `host` says otherwise. The page asks
    no other machine for anything, and gradio tells nobody that it runs.

    Args:
        gallery: `Gallery`, with a model that embeds the photos.
        host: Address to listen at.
        port: Left out, the first free one from 7860 on.
        read_only: Whether nothing can be removed.
        open_browser: Whether the browser is opened.
        wait: Whether to wait until it is stopped; else it is there until
            the program ends, or `gradio.close_all()`.

    Returns:
        The address of the page, once it is there or is stopped.

    Raises:
        ImportError: gradio is not installed.
        OSError: The port is taken.

    Example:
    >>> from keras_drop import Gallery
    >>> from keras_drop.ui import serve
    >>> serve(Gallery.open("shop.gallery"))  # doctest: +SKIP
    """
    if host not in ("127.0.0.1", "localhost", "::1"):
        too = "" if read_only else " and remove from it"
        warnings.warn(EXPOSED.format(host=host, too=too), stacklevel=2)
    folder = _private_folder()
    os.environ["GRADIO_TEMP_DIR"] = folder
    gradio = _gradio()
    page = gallery_page(gallery, read_only=read_only)
    _, address, _ = page.launch(
        server_name=host,
        server_port=port,
        share=False,
        inbrowser=open_browser,
        quiet=True,
        prevent_thread_lock=True,
        ssr_mode=False,
        footer_links=[],
        css=CSS,
        theme=_theme(gradio),
        show_error=True,
        max_file_size="64mb",
        mcp_server=False,
        pwa=False,
    )
    print(f"The gallery is shown at {address}", flush=True)
    if wait:
        try:
            page.block_thread()
        finally:
            page.close(verbose=False)
            shutil.rmtree(folder, ignore_errors=True)
    return address


def _private_folder():
    """Where photos that are searched for lie, until the program ends."""
    folder = tempfile.mkdtemp(prefix="keras_drop.ui.")  # For its owner alone.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _theme(gradio):
    # Fonts of the machine: those of gradio's themes come from elsewhere.
    letters = ["system-ui", "sans-serif"]
    return gradio.themes.Default(
        primary_hue="blue",
        font=letters,
        font_mono=["ui-monospace", "monospace"],
    )


def _gradio():
    # Before the import, which reads them.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import gradio
    except ImportError:
        raise ImportError(NO_GRADIO) from None
    return gradio

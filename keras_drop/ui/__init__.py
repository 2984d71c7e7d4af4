"""A page in the browser: search a gallery, browse it, remove people."""

from keras_drop.ui.serve import gallery_page, serve

__all__ = ["gallery_page", "serve"]

"""My photo against my gallery: add, search by visible parts, remove."""

from keras_drop.gallery.checking.gallery_check import GalleryCheck
from keras_drop.gallery.gallery import Gallery
from keras_drop.gallery.searching.hits import Hit, Hits

__all__ = ["Gallery", "GalleryCheck", "Hit", "Hits"]

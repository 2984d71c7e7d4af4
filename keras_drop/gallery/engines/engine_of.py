"""An engine by its name."""

from keras_drop.gallery.engines.milvus import Milvus
from keras_drop.gallery.engines.scan import Scan

ENGINES = ("disk", "memory", "milvus")


def engine_of(name, uri, path, store):
    """`Scan` or `Milvus`.

    Args:
        name: `"disk"`, `"memory"` or `"milvus"`.
        uri: Of a Milvus server, or `None`.
        path: Folder of the gallery.
        store: Its `Store`.

    Raises:
        ValueError: A `uri` of another engine, or of a file.
    """
    if name == "milvus":
        if uri is not None and str(uri).endswith(".db"):
            raise ValueError(
                f"The `uri` {uri!r} is a file: Milvus Lite keeps its copy in "
                "the gallery's folder. Leave `uri` out, or give that of a "
                "server, such as 'http://localhost:19530'."
            )
        return Milvus(path, store, uri)
    if uri is not None:
        raise ValueError(
            f'A `uri` goes with `engine="milvus"`; the engine is {name!r}.'
        )
    return Scan(path, store, name == "disk")

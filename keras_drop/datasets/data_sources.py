import os

from keras_drop.datasets.data_kind import USED, data_kind, given_settings
from keras_drop.datasets.data_source import DataSource
from keras_drop.datasets.own_data import OwnData


def data_sources(data, own=OwnData()):
    """Several `DataSource`s, each with the settings that are of its kind.

    Args:
        data: Texts as of `DataSource`, separated by commas.
        own: `OwnData` of all that are tables or folders.

    Returns:
        Tuple of `DataSource`s.

    Raises:
        ValueError: A text that is none, two of the same name, or a setting
            that does nothing for any of them.

    Example:
    >>> from keras_drop.datasets import OwnData, data_sources
    >>> own = OwnData(columns=("identity:pid",))
    >>> [s.name for s in data_sources("market1501:market,shop.csv", own)]
    ['market1501', 'shop']
    """
    # A comma may be in the name of a file.
    texts = [data] if os.path.exists(data) else data.split(",")
    if len(texts) == 1:
        return (DataSource(data, own),)
    sources = []
    for text in texts:
        used = USED[data_kind(text, own.pattern)]
        settings = {name: getattr(own, name) for name in used}
        sources.append(DataSource(text, OwnData(**settings)))
    useful = set().union(*(USED[source.kind] for source in sources))
    useless = given_settings(own) - useful
    if useless:
        raise ValueError(f"`{min(useless)}` does nothing for {data}.")
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise ValueError(
            f"The data {data} has the names {', '.join(names)}, two of them "
            "alike. Name each file or folder in its own way."
        )
    return tuple(sources)

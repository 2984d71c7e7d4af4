"""Which embeddings of `Descriptors` are body parts, and which are seen."""

WHOLE = ("global", "foreground")


def body_parts(descriptors):
    """Names of the body parts, and `(images, parts)` of their visibility.

    Raises:
        ValueError: Descriptors of the whole person alone.
    """
    columns = [
        k for k, name in enumerate(descriptors.names) if name not in WHOLE
    ]
    if not columns:
        raise ValueError(
            "These descriptors have no body parts, only "
            f"{' and '.join(descriptors.names)}: their visibility tells "
            "nothing. Use those of a model with parts."
        )
    names = [descriptors.names[k] for k in columns]
    return names, descriptors.visibility[:, columns].astype("float32")

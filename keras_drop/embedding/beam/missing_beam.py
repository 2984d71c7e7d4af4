"""What to say where Apache Beam is not installed."""


def refuse_missing_beam():
    """Says how to install Apache Beam, if it is not there.

    Raises:
        ImportError: It is not.
    """
    try:
        import apache_beam  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "Apache Beam is not installed: pip install 'keras_drop[beam]', in "
            "an environment of its own, for it holds other packages at older "
            "versions."
        ) from error

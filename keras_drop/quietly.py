"""Start-up lines of TensorFlow, held back."""

import contextlib
import os
import sys
import tempfile


@contextlib.contextmanager
def quietly():
    """Holds back what is written to the error output; shows it on failure.

    For commands, around the first import of Keras: TensorFlow writes ten lines
    about itself to file descriptor 2 before its own log level counts. Whatever
    a command prints would stand below them.

    Example:
    >>> from keras_drop.quietly import quietly
    >>> with quietly():
    ...     import keras
    """
    # Later lines, such as those of XLA, obey this.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    try:
        shown = os.dup(2)
    except OSError:  # There is no error output at all.
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            sys.stderr.flush()
            held.seek(0)
            os.write(shown, held.read())
            raise
        finally:
            sys.stderr.flush()
            os.dup2(shown, 2)
            os.close(shown)

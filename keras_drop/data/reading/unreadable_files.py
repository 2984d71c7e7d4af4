"""Files that cannot be read, counted until they are too many."""

import threading
import warnings


class UnreadableFiles:
    """Remembers files that cannot be read, and stops at too many.

    Safe to use from several threads.

    Args:
        at_most: How many there may be; 0 stops at the first.

    The attribute `reasons` says of each, by its path, why.

    Example:
    >>> from keras_drop.data.reading.unreadable_files import UnreadableFiles
    >>> files = UnreadableFiles(at_most=1)
    >>> files.add("a.jpg", ValueError("a.jpg is cut off."))
    >>> files.reasons
    {'a.jpg': 'a.jpg is cut off.'}
    >>> files.add("b.jpg", ValueError("b.jpg is cut off."))
    Traceback (most recent call last):
    ValueError: 2 files cannot be read, `max_unreadable` is 1: a.jpg is cut \
off. b.jpg is cut off.
    """

    def __init__(self, at_most):
        self.at_most = at_most
        self.reasons = {}
        self._told = 0
        self._lock = threading.Lock()

    def add(self, path, error):
        """Counts a file.

        Args:
            path: Its path; the same one counts once.
            error: What reading it raised.

        Raises:
            OSError: `error`, if none may be unreadable.
            ValueError: The same, or there are too many by now.
        """
        if not self.at_most:
            raise error
        with self._lock:
            self.reasons[path] = str(error)
            number = len(self.reasons)
            reasons = [*self.reasons.values()]
        if number > self.at_most:
            raise ValueError(
                f"{number} files cannot be read, `max_unreadable` is "
                f"{self.at_most}: {_listed(reasons)}"
            ) from error

    def tell(self, what="others of the same people stood in for them"):
        """Warns of the files that came since it was last called.

        Args:
            what: What happens instead.
        """
        with self._lock:
            reasons = [*self.reasons.values()][self._told :]
            self._told += len(reasons)
        if reasons:
            warnings.warn(
                f"{len(reasons)} files could not be read, and {what}: "
                f"{_listed(reasons)}",
                stacklevel=3,
            )


def _listed(reasons, shown=3):
    rest = len(reasons) - shown
    more = f" … and {rest:,} more." if rest > 0 else ""
    return " ".join(reasons[:shown]) + more

from pathlib import Path

import cv2

from keras_drop.data.reading.images import read_image
from keras_drop.datasets.files.own_names import list_images


class Frames:
    """The frames of one sequence: a folder of images, or a video file.

    Frames of a video are numbered from `first`. Images of a folder have the
    number that their name is, as `000017.jpg`; if not all names are numbers,
    or two are the same, they are counted from `first` in the order of names.

    Args:
        path: The folder, or the video: what OpenCV reads.
        first: Number of the first frame.

    Raises:
        FileNotFoundError: There is nothing, or a folder without images.

    Example:
    >>> from keras_drop.data import Frames
    >>> import os, tempfile
    >>> from PIL import Image
    >>> folder = tempfile.mkdtemp()
    >>> Image.new("RGB", (8, 4)).save(os.path.join(folder, "000017.png"))
    >>> [(number, name, frame.shape) for number, name, frame in Frames(folder)]
    [(17, '000017.png', (4, 8, 3))]
    """

    def __init__(self, path, first=1):
        self.path, self.first = Path(path), first
        self.is_video = self.path.is_file()
        if not self.path.exists():
            raise FileNotFoundError(f"There are no frames {self.path}.")
        self._files = [] if self.is_video else self._list()

    def __iter__(self):
        """Number, file name and `(height, width, 3)` RGB frame, in order.

        Raises:
            ValueError: A video or an image that cannot be decoded.
        """
        yield from self.wanted(lambda number, name: True)

    @property
    def seconds(self):
        """Seconds from a frame to the next; of images nobody knows: `None`."""
        if not self.is_video:
            return None
        video = self._open()
        rate = video.get(cv2.CAP_PROP_FPS)
        video.release()
        return 1 / rate if rate > 0 else None

    def wanted(self, want):
        """As iteration; frames that nobody wants are not decoded.

        Args:
            want: Function of number and file name, empty for a video.
        """
        for number, file in self._files:
            name = file.relative_to(self.path).as_posix()
            if want(number, name):
                yield number, name, read_image(file)
        if not self.is_video:
            return
        video, number = self._open(), self.first
        try:
            while video.grab():
                if want(number, ""):
                    is_good, frame = video.retrieve()
                    if not is_good:
                        raise ValueError(
                            f"Frame {number} of {self.path} is broken."
                        )
                    yield number, "", cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
                number += 1
        finally:
            video.release()
        if number == self.first:
            raise ValueError(f"{self.path} is no video that OpenCV can read.")

    def _open(self):
        video = cv2.VideoCapture(str(self.path))
        if not video.isOpened():
            raise ValueError(
                f"{self.path} is no video that OpenCV can read. Convert it, "
                "for example with `ffmpeg -i FILE frames/%06d.jpg`, and give "
                "the folder."
            )
        return video

    def _list(self):
        files = sorted(list_images(self.path))
        if not files:
            raise FileNotFoundError(f"{self.path} holds no image.")
        if all(file.stem.isdecimal() for file in files):
            numbered = {int(file.stem): file for file in files}
            if len(numbered) == len(files):
                return sorted(numbered.items())
        return list(enumerate(files, self.first))

"""Drawn streets, their tracks by motion, and descriptors of their crops."""

import dataclasses

import numpy as np

from keras_drop import Descriptors, Records
from keras_drop.data import Boxes, Frames, read_boxes
from keras_drop.datasets.embedded_pedestrians import (
    DetectionNoise,
    walk_embedded_pedestrians,
)
from keras_drop.tracking import FrameEncoder, link_boxes
from keras_drop.tracking.evaluate_tracks import match_boxes
from keras_drop.tracking.frame_encoder import as_descriptors

PEOPLE, CAMERAS, FRAMES = 16, 3, 300
# Of the frames whose crops are looked at.
EVERY = 3


@dataclasses.dataclass
class Walk:
    """The streets of one seed.

    Args:
        folders: Of the cameras.
        boxes: What the detector found, `Boxes` of each camera.
        truth: True `Boxes` of those whom it could have found.
        tracks: Of each camera the track of each found box, by motion alone.
    """

    folders: list
    boxes: list
    truth: list
    tracks: list
    described: list | None = None

    def use(self, model, chosen):
        """Takes what a model makes of all crops: `embed_crops` was there."""
        self.described = [
            chosen(Descriptors.load(folder / f"{model}.npz"))
            for folder in self.folders
        ]

    def frames(self):
        """Time, camera, tracks, rows and descriptors, in order of time."""
        for time in filter(looked_at, range(1, FRAMES + 1)):
            for camera, boxes in enumerate(self.boxes):
                rows = boxes.rows_of(time)
                if len(rows):
                    described = self.described[camera][rows]
                    names = self.tracks[camera][rows].tolist()
                    yield time, camera, names, rows, described

    def found(self, tracks):
        """The found boxes with other tracks, `Boxes` of each camera."""
        return [
            Boxes(b.frames, b.boxes, t, scores=b.scores)
            for b, t in zip(self.boxes, tracks)
        ]

    @property
    def true_tracks(self):
        """Tracks by motion, joined where most of their boxes are of one."""
        joined = []
        for boxes, truth, tracks in zip(self.boxes, self.truth, self.tracks):
            rows = match_boxes(truth, boxes)
            people = np.where(rows >= 0, truth.tracks[rows], "")
            names = tracks.astype(object)
            for track in np.unique(tracks):
                here = tracks == track
                who, counts = np.unique(people[here], return_counts=True)
                if who[counts.argmax()]:
                    names[here] = who[counts.argmax()]
            joined.append(names.astype(str))
        return joined

    def labelled(self):
        """Descriptors and `Records` of the boxes that are somebody's."""
        sides, columns = [], []
        for camera, boxes in enumerate(self.boxes):
            rows = match_boxes(self.truth[camera], boxes)
            some = np.flatnonzero((rows >= 0) & looked_at(boxes.frames))
            truth = self.truth[camera]
            sides.append(self.described[camera][some])
            columns.append(
                (
                    truth.tracks[rows[some]].astype(int),
                    np.full(len(some), camera),
                    boxes.frames[some],
                    truth.visibility[rows[some]],
                )
            )
        people, cameras, times, visible = map(np.concatenate, zip(*columns))
        described = Descriptors(
            np.concatenate([s.embeddings for s in sides]),
            np.concatenate([s.visibility for s in sides]),
            sides[0].names,
        )
        paths = [""] * len(people)
        return described, Records(
            paths, people, cameras, time=times, visibility=visible
        )

    def distances(self, memory):
        """Distances of all pairs of tracks that can be compared."""
        for time, camera, names, rows, described in self.frames():
            boxes = self.boxes[camera].boxes[rows]
            memory.update(names, described, boxes, time)
        found = memory.cost_matrix(memory.track_ids, memory.track_ids)
        found = found[np.triu_indices(len(found), 1)]
        return found[~np.isnan(found)]


def embed_crops(walks, name, load):
    """Writes descriptors beside the frames of all walks, once.

    Args:
        walks: Iterable of `Walk`.
        name: Of the files.
        load: Function that returns what embeds crops.
    """
    sides = [
        (folder, boxes)
        for walk in walks
        for folder, boxes in zip(walk.folders, walk.boxes)
        if not (folder / f"{name}.npz").exists()
    ]
    if not sides:
        return
    embed = load()
    cutter = FrameEncoder(embed)
    crops, places = [], []
    for side, (folder, boxes) in enumerate(sides):
        frames = Frames(folder / "img1")
        for number, _, frame in frames.wanted(lambda n, _: looked_at(n)):
            rows = boxes.rows_of(number)
            crops += cutter.crops(frame, boxes.boxes[rows])
            places += [(side, row) for row in rows.tolist()]
    found, places = as_descriptors(embed(crops)), np.array(places)
    for side, (folder, boxes) in enumerate(sides):
        # Rows that are not looked at show nothing.
        shape = len(boxes), *found.embeddings.shape[1:]
        embeddings = np.zeros(shape, "float32")
        visibility = np.zeros(shape[:2], found.visibility.dtype)
        here = places[:, 0] == side
        embeddings[places[here, 1]] = found.embeddings[here]
        visibility[places[here, 1]] = found.visibility[here]
        Descriptors(embeddings, visibility, found.names).save(
            folder / f"{name}.npz"
        )


def looked_at(frame):
    """Whether the crops of a frame are."""
    return frame % EVERY == 1


def read_walk(root, number):
    """The `Walk` of a seed; drawn, if it was not yet."""
    folders = walk_embedded_pedestrians(
        root / str(number), PEOPLE, CAMERAS, FRAMES, number
    )
    boxes = [read_boxes(folder / "det" / "det.txt") for folder in folders]
    tracks = [
        np.array([f"{camera}/{track}" for track in link_boxes(one)])
        for camera, one in enumerate(boxes)
    ]
    truth = [_in_sight(read_boxes(f / "gt" / "gt.txt")) for f in folders]
    return Walk(folders, boxes, truth, tracks)


def _in_sight(boxes):
    rows = boxes.visibility >= DetectionNoise().least_visible
    return Boxes(
        boxes.frames[rows],
        boxes.boxes[rows],
        boxes.tracks[rows],
        boxes.visibility[rows],
    )

from pathlib import Path

import numpy as np

from keras_drop.checks import checked_choice, refuse_no_count
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation.distance import Distance, check_distance
from keras_drop.evaluation.verdicts.pair_verdict import PairVerdict
from keras_drop.gallery.adding.add_arrivals import add_arrivals, check_model
from keras_drop.gallery.adding.arrivals import arrivals
from keras_drop.gallery.checking.check_gallery import check_gallery
from keras_drop.gallery.embedding.model_of import ModelOf
from keras_drop.gallery.embedding.photos import read_photo
from keras_drop.gallery.engines.chosen import chosen_images, whole_numbers
from keras_drop.gallery.engines.engine_of import ENGINES, engine_of
from keras_drop.gallery.engines.milvus import refuse_what_needs_all
from keras_drop.gallery.searching.explained_hits import explained_hits
from keras_drop.gallery.searching.found import (
    is_known,
    make_hits,
    one_person,
    only_parts,
)
from keras_drop.gallery.searching.hits import Hits
from keras_drop.gallery.storing.compacting import compact_file
from keras_drop.gallery.storing.conditions import wanted_value
from keras_drop.gallery.storing.creating import new_gallery
from keras_drop.gallery.storing.described import PRECISIONS
from keras_drop.gallery.storing.lock import write_lock
from keras_drop.gallery.storing.store import Store
from keras_drop.gallery.storing.vectors import no_vectors_are_written
from keras_drop.visualization.save_explanations import save_explanations

_VERDICT = "verdict.json"


class Gallery:
    """Images of people on disk, searched by what both images show.

    A folder with one SQLite file, in which all is kept: descriptors, what was
    told of each image, and thumbnails unless they are not wanted. What else
    lies there is made from it and may be deleted. Nothing leaves the machine.
    Made by `create` or `open`.

    Args:
        path: The folder.
        model: As of `open`.
        engine: As of `open`.
        uri: As of `open`.

    Example:
    >>> import tempfile
    >>> from keras_drop import Descriptors, Gallery
    >>> gallery = Gallery.create(f"{tempfile.mkdtemp()}/shop.gallery")
    >>> people = Descriptors([[1.0, 0.0], [0.0, 1.0]])
    >>> gallery.add(people, identities=["anna", "ben"], cameras=1).tolist()
    [1, 2]
    >>> gallery.search(Descriptors([[0.2, 0.9]]), k=1)[0].identity
    'ben'
    >>> gallery.remove(identity="ben"), len(gallery)
    (1, 1)
    """

    def __init__(self, path, model=None, engine="disk", uri=None):
        checked_choice("engine", engine, ENGINES)
        self.path = Path(path)
        if not (self.path / "gallery.sqlite").is_file():
            raise FileNotFoundError(
                f"There is no gallery in {self.path}. `Gallery.create` makes "
                "one."
            )
        self.engine = engine
        self._store = Store(self.path)
        self._store.about()
        self._model = ModelOf(self._store, model)
        self._engine = engine_of(engine, uri, self.path, self._store)
        file = self.path / _VERDICT
        self._verdict = PairVerdict.load(file) if file.is_file() else None

    @classmethod
    def create(
        cls,
        path,
        model=None,
        *,
        distance=Distance(),
        verdict=None,
        keep_images=True,
        precision="float32",
        engine="disk",
        uri=None,
    ):
        """Makes a gallery in a new folder.

        Args:
            path: The folder; it must not be there.
            model: A model, a `.keras` file, the folder of a SavedModel or a
                preset; left out, `Descriptors` are added alone. Its class,
                the checksum of its weights and its parts are kept, and
                another model is refused.
            distance: `Distance` of all searches.
            verdict: `PairVerdict`, or its file, which says of every hit
                whether it is the same person.
            keep_images: Whether thumbnails of images are kept, 128 x 256
                pixels at most.
            precision: `"float32"`, or `"float16"` for embeddings of half the
                bytes; what is compared are the rounded ones.
            engine: As of `open`.
            uri: As of `open`.

        Returns:
            The `Gallery`.

        Raises:
            FileExistsError: There is something at the path.
            ValueError: Nothing that embeds, or a distance that the engine
                cannot take.
        """
        check_distance(distance)
        checked_choice("precision", precision, PRECISIONS)
        checked_choice("engine", engine, ENGINES)
        if engine == "milvus":
            refuse_what_needs_all(distance)
        with new_gallery(path, distance, keep_images, precision) as folder:
            gallery = cls(folder, model)
            if model is not None:
                model = gallery._model.embedder
                gallery._store.tell(gallery._model.told_to(gallery.about))
            if verdict is not None:
                gallery.use_verdict(verdict)
        return cls(path, model, engine, uri)

    @classmethod
    def open(cls, path, model=None, engine="disk", uri=None):
        """Opens a gallery.

        Args:
            path: Its folder.
            model: As of `create`; left out, the one it was made with is
                loaded when an image is to be embedded, if it came from a
                file.
            engine: `"disk"`: embeddings are mapped from a file, and need not
                fit in memory; `"memory"`: they are read, and no such file is
                written; `"milvus"`: a copy in Milvus says which of them are
                worth comparing.
            uri: Of a Milvus server, `http://user:password@host:19530`; left
                out, Milvus Lite keeps the copy in the gallery's folder.

        Returns:
            The `Gallery`.

        Raises:
            FileNotFoundError: There is no gallery.
            ValueError: Another version wrote it.
        """
        return cls(path, model, engine, uri)

    def __len__(self):
        return self._store.count()

    def __repr__(self):
        return f"Gallery({str(self.path)!r}, {len(self)} images)"

    @property
    def about(self):
        """Dictionary of what the gallery says of itself."""
        return {**self._store.about(), "images": len(self)}

    @property
    def distance(self):
        """`Distance` of all searches."""
        return Distance(**self._store.about()["distance"])

    def use_verdict(self, verdict):
        """Keeps a `PairVerdict`, or the one of a file, for all searches."""
        if not isinstance(verdict, PairVerdict):
            verdict = PairVerdict.load(verdict)
        names = self._store.about()["part_names"]
        if names is not None and tuple(names) != verdict.names:
            raise ValueError(
                f"The verdict was fitted on {', '.join(verdict.names)}, the "
                f"gallery has {', '.join(names)}. Fit one by this model."
            )
        verdict.save(self.path / _VERDICT)
        self._verdict = verdict

    def add(self, images, identities=None, cameras=None, times=None, **columns):
        """Adds images; those that are there are left as they are.

        An image is the same if its pixels are, and its camera, time and
        further columns, wherever its file lies; of `Descriptors` also the
        column `path` counts. Who it is may be told later, by adding it again
        with its identity. Some images at a time are written as a whole, so
        that what was interrupted goes on where it stopped.

        Args:
            images: `Descriptors`, or a list of images: paths, arrays
                `(height, width, 3)` of uint8 RGB values, or pairs of one of
                them and a box `(left, top, right, bottom)`.
            identities: Who they are, text or whole numbers, `None` where
                nobody knows: a list, or one for all.
            cameras: Likewise.
            times: Likewise: numbers, text or `datetime`.
            **columns: Likewise, under names of your own.

        Returns:
            `(num_images,)` numbers of the images in the gallery.

        Raises:
            BlockingIOError: Somebody else is adding or removing.
            ValueError: Another model, values that do not fit, no image, or
                an image that is there under another identity.
        """
        if isinstance(images, str | Path):
            images = [images]
        told = {
            "identity": identities,
            "camera": cameras,
            "time": times,
            **columns,
        }
        keep = self._store.about()["keep_images"]
        numbers = [np.zeros(0, "int64")]
        with write_lock(self.path):
            for some in arrivals(images, told, keep):
                about = self._store.about()
                if some.photos is not None:
                    about = self._model.told_to(about)
                numbers.append(
                    add_arrivals(self._store, about, some, self._model.embed)
                )
        return np.concatenate(numbers)

    def remove(self, *, identity=None, ids=None, where=None):
        """Deletes images: descriptors, columns, thumbnails, and all copies.

        Their bytes in the file are overwritten; `compact` makes it smaller.

        Args:
            identity: All images of this person.
            ids: Numbers of images.
            where: All images that `search` would look at, such as the old
                ones, `{"time": (None, "2026-01-31")}`.

        Returns:
            How many were deleted.

        Raises:
            BlockingIOError: Somebody else is adding or removing.
            ValueError: None of them, or several; a filter of nothing, or a
                range without an end, which all images are in.
        """
        given = (identity, ids, where or None)
        if sum(one is not None for one in given) != 1:
            raise ValueError(
                "Give `identity`, `ids` or `where`, one of them; a filter "
                "names a column."
            )
        for name, wanted in (where or {}).items():
            if isinstance(wanted, tuple) and set(wanted) == {None}:
                raise ValueError(
                    f"`{name}` is to be in {wanted!r}, which is every image. "
                    "Give one end at least, or delete the gallery."
                )
        if ids is not None:
            ids = whole_numbers("ids", ids)
        with write_lock(self.path), no_vectors_are_written(self.path):
            if ids is None:
                if where is None:
                    where = {"identity": wanted_value("identity", identity)}
                numbers = self._store.numbers(
                    *chosen_images(where, (), (), self._store.about())
                )
            else:
                there = self._store.numbers()
                numbers = there[np.isin(there, ids)]
            if len(numbers):
                self._engine.before_removal()
                self._store.remove(numbers.tolist())
                self._engine.after_removal(self._store.about(), self.distance)
        return len(numbers)

    def compact(self):
        """Writes the file anew, without the room of what was deleted.

        It needs as much free space as the new file takes. The copies of all
        embeddings are deleted, and made again by the next search.

        Raises:
            BlockingIOError: Somebody else is adding or removing.
            OSError: The disk has too little room; nothing was changed.
        """
        with write_lock(self.path), no_vectors_are_written(self.path):
            self._engine.forget()
            compact_file(self._store.path)

    def search(
        self,
        query,
        k=10,
        *,
        parts=None,
        where=None,
        exclude_cameras=(),
        exclude_ids=(),
        per_identity=False,
        unknown_above=None,
    ):
        """The `k` nearest images, compared with every one there is.

        Equal distances keep the order of the gallery; images that share no
        part with the query come last, as "not comparable".

        Args:
            query: An image, as of `add`; a list of several photos of one
                person; or `Descriptors` of one person, one row a photo.
            k: Number of images; fewer where there are fewer.
            parts: Names of the parts to compare, such as `("feet",)`. Not
                with a distance that is `"plain"`, which takes all parts.
            where: Dictionary from a column (`"identity"`, `"camera"`,
                `"time"`, `"path"`, `"id"` or your own) to a value, a list of
                values, or a pair `(from, to)`, both included. The number 7
                is not the text `"7"`.
            exclude_cameras: Cameras whose images are left out.
            exclude_ids: Numbers of images that are left out, such as that of
                the query itself.
            per_identity: Whether only the nearest image of each identity
                counts; images without one all count.
            unknown_above: Distance above which the nearest is nobody the
                gallery knows. Left out, the verdict on the nearest says so.

        Returns:
            `Hits`.

        Raises:
            ValueError: Another model, unknown parts or columns.
        """
        descriptors, photos = self._describe(query)
        people = one_person(descriptors)
        (hits,) = self._found(
            people,
            [photos],
            k,
            parts,
            chosen=(where, exclude_cameras, exclude_ids),
            per_identity=per_identity,
            unknown_above=unknown_above,
        )
        return hits

    def search_many(
        self,
        queries,
        k=10,
        *,
        parts=None,
        where=None,
        exclude_cameras=(),
        per_identity=False,
        unknown_above=None,
    ):
        """Searches for many people at once, faster than one after the other.

        Args:
            queries: List of images, one of each person, or `Descriptors`, one
                row a person.
            k: As of `search`.
            parts: Likewise.
            where: Likewise.
            exclude_cameras: Likewise.
            per_identity: Likewise.
            unknown_above: Likewise.

        Returns:
            List of `Hits`, one for each query.

        Raises:
            ValueError: As `search`.
        """
        people, photos = self._describe(queries)
        return self._found(
            people,
            [[photo] for photo in photos] or [[]] * len(people),
            k,
            parts,
            chosen=(where, exclude_cameras, ()),
            per_identity=per_identity,
            unknown_above=unknown_above,
        )

    def check(self, queries=20, k=50):
        """Looks for damage, and measures what the engine's answers are worth.

        All rows of the file are read and compared with their checksums, the
        copy of the engine with the file, and the nearest `k` images that the
        engine finds with those of a comparison with every image.

        Args:
            queries: `Descriptors`, one row a person; or how many images of
                the gallery are asked for, drawn at random.
            k: How many images a query asks for.

        Returns:
            `GalleryCheck`, which prints as one screen.

        Raises:
            ValueError: Descriptors of another model.
        """
        refuse_no_count(k=k)
        if isinstance(queries, Descriptors):
            check_model(self._store.about(), queries)
        return check_gallery(
            self._store, self._engine, self.distance, queries, k
        )

    def close(self):
        """Lets go of what is open: mapped files, connections to Milvus."""
        self._engine.close()

    def _found(self, people, photos, k, parts, *, chosen, **options):
        refuse_no_count(k=k)
        about = self._store.about()
        if about["embedding_size"] is None:  # Nothing was ever added.
            return [Hits([], False, people.names, some) for some in photos]
        check_model(about, people)
        unknown_above = options.pop("unknown_above")
        distance = Distance(**about["distance"])
        people = only_parts(people, parts, distance)
        nearest = self._engine.nearest(
            people,
            k,
            about,
            distance,
            chosen=chosen_images(*chosen, about),
            **options,
        )
        found = []
        for place, (near, some) in enumerate(zip(nearest, photos)):
            hits = make_hits(
                people[[place]],
                self._store.rows(near),
                near,
                about,
                self._verdict,
            )
            known = is_known(hits, unknown_above, self._verdict)
            names = parts or people.names
            found.append(Hits(hits, known, names, some, people[[place]]))
        return found

    def explain(self, hits, path):
        """Writes why hits were found, part by part, as one HTML file.

        The parts that the model sees are drawn where it is at hand: it was
        given, or the gallery knows its file.

        Args:
            hits: `Hits` of a search in this gallery.
            path: The `.html` file.

        Returns:
            Its path.

        Raises:
            ValueError: No hits, or none that are still there.
        """
        return save_explanations(path, [self.explained(hits)])

    def explained(self, hits):
        """`visualization.ExplainedQuery` of hits, as of `explain`."""
        return explained_hits(hits, self._store, self._model, self.distance)

    def _describe(self, query):
        """`Descriptors` of the photos of a query, and the photos."""
        if isinstance(query, Descriptors):
            return query, []
        queries = query if isinstance(query, list) else [query]
        photos = [read_photo(photo) for photo in queries]
        return self._model.embed(photos), photos

"""Evaluate saved embeddings, or a saved model on a folder of images."""

import dataclasses
from pathlib import Path
from typing import get_args

from keras_drop.cli import Parser
from keras_drop.datasets.files.own_names import list_images
from keras_drop.descriptors import Descriptors
from keras_drop.evaluation import (
    Distance,
    ModelDescription,
    Protocol,
    card_table,
    embed_splits,
    evaluate,
)
from keras_drop.evaluation.groups.group_table import GROUPS, group_table
from keras_drop.evaluation.reranking.rerank import PRESETS
from keras_drop.evaluation.reranking.retrieval_distances import check_rerank
from keras_drop.quietly import quietly
from keras_drop.records import Records

_EPILOG = """\
Arrays of the .npz files:
  embeddings   (images, embeddings, dim) or (images, dim)
  identities   (images,) whole numbers
  cameras      (images,) whole numbers
and, where there are such:
  visibility   (images, embeddings), bool or from 0 to 1
  names        (embeddings,) as foreground, head, torso
  paths        (images,) file names, for the checksum of the protocol
  occlusion    (images,) hidden share, for --by=occlusion, else estimated

examples:
  python -m keras_drop evaluate --query=q.npz --gallery=g.npz \\
      --protocol=market1501 --name=mine
  python -m keras_drop evaluate --model=model.keras --seed=1 \\
      --data=occluded_duke:Occluded_Duke --card=drop.json
  python -m keras_drop evaluate --model=model.keras --data=shop.csv
"""


def main(argv):
    """Prints the table of a result, and writes its card if asked to.

    Args:
        argv: Strings, the options.

    Returns:
        0, the exit code.

    Raises:
        ValueError: Options that do not go together, or what `evaluate`
            refuses.
        OSError: A file that is missing or cannot be written.
    """
    options = _parse(argv)
    protocol = _protocol(options)
    fields = dataclasses.fields(Distance)
    distance = Distance(*(getattr(options, field.name) for field in fields))
    check_rerank(options.rerank)
    if options.model is None:
        files = options.query, options.gallery
        sides = [Descriptors.load(file) for file in files]
        splits = dict(zip(("query", "gallery"), map(Records.load, files)))
        model = ModelDescription(
            options.name or options.query.stem, seed=options.seed
        )
    else:
        splits = _read(options)
        model, sides = _embed(options, splits)
    card = evaluate(
        sides,
        splits,
        protocol,
        model=model,
        distance=distance,
        rerank=options.rerank,
    )
    counts = card.counts
    print(card_table([card]))
    print(
        f"\n{counts['queries']} queries, {counts['skipped']} of them skipped "
        f"for want of a match; {counts['gallery']} gallery images; "
        f"{counts['not_comparable_pairs']} pairs not comparable."
    )
    for by in options.by:
        print("\n" + group_table(by, card, *sides, splits))
    if options.card:
        print(f"\nThe result card is {card.save(options.card)}")
    return 0


def _parse(argv):
    parser = Parser("evaluate", __doc__, _EPILOG)
    add = parser.add_argument
    add("--protocol", help="such as occluded_duke; that of --data if left out")
    add("--query", type=Path, help=".npz file of the queries")
    add("--gallery", type=Path, help=".npz file of the gallery")
    add("--model", type=Path, help=".keras file of a model")
    parser.add_data(required=False)
    add(
        "--other_counts",
        action="store_true",
        help="accept a data set that is not whole",
    )
    add(
        "--know_cameras",
        action="store_true",
        help="tell a model with camera embeddings the cameras: they have the "
        "numbers that they had in training",
    )
    add(
        "--by",
        action="append",
        choices=GROUPS,
        default=[],
        help=f"a table by {', '.join(GROUPS)}; may be given again",
    )
    add(
        "--adapt_to",
        type=Path,
        help="folder of images of the own cameras, of whomever: batch "
        "normalisations of --model take their statistics",
    )
    add(
        "--max_unreadable",
        type=int,
        default=0,
        help="broken or vanished images of --data that are left out, of "
        "queries and gallery together; with 0 the first one stops",
    )
    add("--card", type=Path, help="write the result card, a JSON file")
    add("--name", help="of the model; its class or the name of the file")
    add("--seed", type=int, help="of the training, for the card")
    add("--average_precision", help="standard, or trapezoid as of HPNet")
    add("--ties", help="pessimistic, optimistic or stable")
    for field in dataclasses.fields(Distance):
        known = ", ".join(get_args(field.type))
        add(f"--{field.name}", default=field.default, help=known)
    add("--rerank", default="off", help=", ".join(("off", *PRESETS)))
    options = parser.parse_args(argv)
    options.source = parser.data_source(options)
    files = options.query, options.gallery
    model = options.model, options.source
    if (None in files) == (None in model) or (None in files and any(files)):
        parser.error("give --query and --gallery, or --model and --data")
    if options.source is None and not options.protocol:
        parser.error("--protocol is missing: embeddings tell none")
    if options.adapt_to and options.model is None:
        parser.error("--adapt_to is for --model: embeddings are made")
    if options.max_unreadable and options.model is None:
        parser.error("--max_unreadable is for --model: embeddings are made")
    known = options.source is not None and options.source.known
    if options.other_counts and not known:
        parser.error(
            "--other_counts is for --data of a known data set: leave it out"
        )
    if options.know_cameras and options.model is None:
        parser.error("--know_cameras is for --model: embeddings are made")
    return options


def _protocol(options):
    name = options.protocol or ""
    if options.source is not None:
        protocol = Protocol.of_source(options.source, name)
    elif options.camera_mode:
        protocol = Protocol(name, camera_mode=options.camera_mode)
    else:
        protocol = Protocol.named(name)
    changes = {
        name: getattr(options, name)
        for name in ("average_precision", "ties")
        if getattr(options, name)
    }
    return dataclasses.replace(protocol, **changes)


def _read(options):
    """The splits, and nothing but what can be read if that is asked for."""
    splits = options.source.read(strict_counts=not options.other_counts)
    missing = {"query", "gallery"} - set(splits)
    if missing:
        raise ValueError(
            f"{options.data} has no {' and no '.join(sorted(missing))} to "
            f"evaluate, only {', '.join(splits)}. `keras-drop table` draws a "
            "split."
        )
    if options.max_unreadable:
        with quietly():  # Late, because Keras takes seconds to import.
            from keras_drop.data import readable_splits
        splits = {name: splits[name] for name in ("query", "gallery")}
        splits = readable_splits(splits, options.max_unreadable)
    return splits


def _embed(options, splits):
    """What the card says of the saved model, and its descriptors."""
    with quietly():  # Late, because Keras takes seconds to import.
        import keras_drop.models

    model = keras_drop.load_model(options.model, compile=False)
    known = {"name": options.name} if options.name else {}
    if options.adapt_to:
        from keras_drop.training import adapt_batch_normalization

        paths = sorted(list_images(options.adapt_to))
        adapt_batch_normalization(model, paths)
        told = {"adapted_to": str(options.adapt_to), "images": len(paths)}
        known["run"] = told
    return (
        ModelDescription.of(model, seed=options.seed, **known),
        embed_splits(model, splits, know_cameras=options.know_cameras),
    )

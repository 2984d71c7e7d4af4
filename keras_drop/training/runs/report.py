"""What a run leaves behind when its model is trained."""

import warnings

import numpy as np

from keras_drop import evaluation
from keras_drop.data import ImageBatches
from keras_drop.evaluation.groups.occlusion_levels import known_levels
from keras_drop.evaluation.parts.part_truth import labelled, part_truth
from keras_drop.export import check_saved_model, export_saved_model
from keras_drop.part_schemas import part_schema
from keras_drop.training.runs.explained_queries import explained_queries
from keras_drop.training.runs.further_tests import further_tests
from keras_drop.training.runs.run_facts import run_facts
from keras_drop.visualization import (
    save_explanations,
    save_part_maps,
    save_ranked_lists,
)

FILES = {
    "results.md": "the table above",
    "card.json": "the same for programs, to be compared with other results",
    "settings.flags": "the settings: train --flagfile=… does it again",
    "ranked_lists.png": "what was found for some queries",
    "explanations.html": "why they were found, part by part",
    "part_maps.png": "which parts the model saw in some queries",
    "thresholds.md": "from when on a part is visible",
    "history.csv": "losses and metrics of each epoch",
    "tensorboard": "the same, for tensorboard --logdir",
    "model.keras": "the model: keras_drop.load_model(...)",
    "saved_model": "the same for TensorFlow and TF Serving",
}


def report(run, model, splits, seconds, watch):
    """Evaluates, writes all files, the card last, and says where they are.

    Args:
        run: `Run`.
        model: Its trained model.
        splits: Dictionary of `Records`.
        seconds: How long it took so far.
        watch: `RunWatch`, which tells others of the card.
    """
    folder = run.run_dir
    quality = part_quality(run, model, splits)
    card, query, gallery = evaluate(
        run, model, splits, seconds, quality, watch.energy.joules()
    )
    table = results_table(type(model).__name__, card.result, splits["query"])
    if quality is not None:
        table += f"\n\nParts of the queries:\n\n{quality.table()}"
    table += further_tests(run, model, card.model)
    links = ""
    if "part_maps" in model.output:
        links = (
            "\nLook at the [ranked lists](ranked_lists.png), [why they are so]"
            "(explanations.html), and the [part maps](part_maps.png).\n"
        )
    (folder / "results.md").write_text(table + "\n" + links)
    save_pictures(run, model, splits, query, gallery)
    model.save(folder / "model.keras")
    if run.export:
        print("Exporting and checking saved_model/ …", flush=True)
        export_saved_model(
            folder / "model.keras", folder / "saved_model", overwrite=True
        )
        check_saved_model(folder / "saved_model", model)
    card.save(folder / "card.json")
    watch.tell(card)
    print(f"\n{table}\n\nIn {seconds / 60:.1f} minutes. It is in {folder}:")
    for name, text in FILES.items():
        if (folder / name).exists():
            print(f"  {name:<17} {text}")


def part_quality(run, model, splits):
    """`PartQuality` on the queries, `None` without parts or labels."""
    if "part_maps" not in model.output:
        return None
    labels = run.data.labels()
    if not len(labelled(splits["query"], labels)):
        return None
    return evaluation.evaluate_parts(model, splits["query"], labels)


def evaluate(run, model, splits, seconds=None, quality=None, joules=None):
    """The result card, and the descriptors of queries and gallery.

    Args:
        run: `Run`, whose settings the card tells.
        model: Its trained model.
        splits: Dictionary of `Records`.
        seconds: How long the run took so far, for the card.
        quality: `PartQuality` on the queries, for the card.
        joules: Energy since the run was last started, for the card.
    """
    told = run_facts(run, splits["train"])
    if seconds is not None:
        told["seconds"] = round(seconds, 1)
    if joules is not None:
        told["joules"] = joules
    if quality is not None:
        told["parts"] = quality.as_dictionary()
    query, gallery = evaluation.embed_splits(
        model,
        splits,
        image_size=run.batches.image_size,
        know_cameras=run.data.knows_cameras,
    )
    card = evaluation.evaluate(
        (query, gallery),
        splits,
        run.data.test_protocol,
        model=evaluation.ModelDescription.of(
            model, seed=run.fit.seed, run=told
        ),
    )
    return card, query, gallery


def results_table(name, result, queries):
    """Markdown of a result, by level of occlusion where it is known."""
    levels = None
    if "occlusion" in queries.column_names:
        # Without any, the table is the plain one.
        levels = known_levels(queries.occlusion) or None
    return evaluation.table({name: result}, levels)


def save_pictures(run, model, splits, query, gallery):
    """Ranked lists of some queries, and the parts seen in them."""
    with warnings.catch_warnings():
        # An empty place in the picture says it too.
        warnings.filterwarnings("ignore", ".*queries have fewer than")
        rows, distances = evaluation.nearest(
            query, gallery, splits["query"], splits["gallery"], k=8
        )
    save_ranked_lists(
        run.run_dir / "ranked_lists.png",
        splits["query"],
        splits["gallery"],
        rows,
        distances=distances,
        query=query,
        gallery=gallery,
    )
    if "part_maps" not in model.output:
        return
    save_explanations(
        run.run_dir / "explanations.html",
        explained_queries(
            model,
            (splits["query"], query),
            (splits["gallery"], gallery),
            rows,
            evaluation.Distance(),
        ),
    )
    records = splits["query"]
    shown = np.linspace(0, len(records) - 1, num=8).astype(int)
    images = ImageBatches(
        records.paths[shown], run.batches.image_size, len(shown)
    )[0]
    outputs = model.inference_model().predict(images, verbose=0)
    names = part_schema(run.data.part_schema).part_names
    labels, truth = run.data.labels(), None
    if len(labelled(records[shown], labels)) == len(shown):
        truth = part_truth(records[shown], labels, run.batches.image_size)
    save_part_maps(
        run.run_dir / "part_maps.png",
        images,
        outputs["part_maps"],
        outputs["visibility"][:, -len(names) :],
        names,
        truth=truth,
    )

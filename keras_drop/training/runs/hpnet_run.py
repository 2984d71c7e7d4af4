import dataclasses

from keras_drop import evaluation
from keras_drop.checks import checked_choice
from keras_drop.data import JointBatches, ParsingBatches
from keras_drop.data.occlusions import PartOcclusion
from keras_drop.flags import flag
from keras_drop.models.hpnet.hpnet import MEAN
from keras_drop.training.runs.people_to_parse import PeopleToParse
from keras_drop.training.runs.report import evaluate
from keras_drop.training.runs.run import Run


@dataclasses.dataclass(frozen=True)
class HPNetRun(Run):
    """Run of HPNet, which learns to parse from other people's labels too.

    It ends with the distance and the average precision of the authors' code,
    written to `distances.md`.

    Args:
        release: Whether the model and its batches are as in the authors'
            code, by which the published numbers were made.
        people: `PeopleToParse`.
        **kwargs: As of `Run`.

    Example:
    >>> from keras_drop.training import HPNetRun
    >>> HPNetRun("hpnet", release=True).people.num_crops
    32
    """

    model: str = flag("hpnet", "hpnet")
    release: bool = flag(False, "do all as the authors' code does")
    people: PeopleToParse = PeopleToParse()

    def __post_init__(self):
        super().__post_init__()
        checked_choice("model", self.model, ("hpnet",))

    def check(self):
        """Also refuses people to parse who are not there, or other labels."""
        super().check()
        self.people.check()
        if self.people.crops_dir or self.people.extra_data_dir:
            self.data.labels(self.people.crops_format)

    def make_batches(self, records):
        """Batches of people, and people to parse beside them if there are."""
        changes = {}
        if self.release:
            # The model sees 0 where a part is hidden; with a backbone that
            # has a mean of its own, nearly.
            hidden = PartOcclusion(fill=tuple(255 * mean for mean in MEAN))
            changes["transforms"] = (*self.batches.transforms, "enhance")
            changes["occlusions"] = (*self.batches.stages(), hidden)
        batches = self.batches.make(
            records, self.data.labels(), self.fit.seed, **changes
        )
        crops = self.people.read()
        if crops is None:
            return batches
        print(f"to parse: {len(crops)} images")
        return JointBatches(
            batches,
            ParsingBatches(
                crops,
                self.batches.image_size,
                self.data.labels(self.people.crops_format),
                len(batches),
                batch_size=self.people.num_crops,
                seed=self.fit.seed,
                max_unreadable=self.batches.max_unreadable,
                **{
                    "transforms": self.batches.transforms,
                    "occlusions": self.batches.stages(),
                    **changes,
                },
            ),
        )

    def given_switches(self):
        return {
            **super().given_switches(),
            "masks.label_reduction": self.data.label_reduction,
            "release": self.release,
        }

    def finish(self, model, splits):
        """Writes what the paper's and the released distance give."""
        paper, query, gallery = evaluate(self, model, splits)
        results = {"eq. (1)": paper.result}
        protocol = self.data.test_protocol
        if model.no_part_query == "global":
            name = "eq. (1), unmasked for queries without parts"
            results[name] = evaluation.evaluate(
                (query, evaluation.answer_partless(gallery)),
                splits,
                protocol,
                model=name,
            ).result
        results["as released"] = evaluation.evaluate(
            (query, gallery),
            splits,
            dataclasses.replace(protocol, average_precision="trapezoid"),
            model="as released",
            distance=evaluation.Distance("cosine", "hpnet_release"),
        ).result
        table = evaluation.table(results)
        (self.run_dir / "distances.md").write_text(table + "\n")
        print(f"\n{table}\n\n  distances.md      the table above")

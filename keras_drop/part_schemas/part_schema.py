import dataclasses

from keras_drop.registration import register


@register
@dataclasses.dataclass(frozen=True)
class PartSchema:
    """Names of the body parts, and the source labels that make each of them.

    Part `k` of a model is number `k + 1` in a parsing label; 0 is the
    background. A part that lies on one side of the person is named
    `left_...` and has a counterpart `right_...`: a horizontal flip swaps them.

    Args:
        name: Name of the schema.
        part_names: Names of the parts, in the order of their numbers.
        groups: For every label format it can be made from (`"pifpaf36"`,
            `"densepose14"`, …), one list of source labels per part. Where two
            parts share a hard source label, the first one gets it.
        halved: For label formats that do not tell two parts apart, such as
            the upper and the lower leg: the hard source labels that stand in
            the groups of both. Of the rows of an image from the first to the
            last that shows one of them, the upper half goes to the first of
            the two parts, the lower half to the second.

    Raises:
        ValueError: A format without one group per part, a `left_` part
            without its `right_` part, a halved label that does not stand in
            two groups.

    Example:
    >>> from keras_drop import PartSchema
    >>> schema = PartSchema("halves", ("upper", "lower"), {"densepose14":
    ...     ((1, 2, 3, 10, 11, 12, 13, 14), (4, 5, 6, 7, 8, 9))})
    >>> schema.num_parts, schema.swapped_parts
    (2, (0, 1))
    """

    name: str
    part_names: tuple
    groups: dict
    halved: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        groups = {
            label_format: tuple(tuple(group) for group in lists)
            for label_format, lists in self.groups.items()
        }
        halved = {
            label_format: tuple(labels)
            for label_format, labels in self.halved.items()
        }
        object.__setattr__(self, "part_names", tuple(self.part_names))
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "halved", halved)
        for label_format, lists in groups.items():
            if len(lists) != self.num_parts:
                raise ValueError(
                    f"Schema {self.name!r} has {self.num_parts} parts and "
                    f"{len(lists)} groups of {label_format!r} labels."
                )
        for label_format, labels in halved.items():
            for label in labels:
                lists = groups.get(label_format, ())
                if sum(label in group for group in lists) != 2:
                    raise ValueError(
                        f"Schema {self.name!r} halves the {label_format!r} "
                        f"label {label}, which has to stand in two groups."
                    )
        _ = self.swapped_parts

    @property
    def num_parts(self):
        """Number of body parts, without the background."""
        return len(self.part_names)

    @property
    def swapped_parts(self):
        """For every part, the index of the part it becomes when flipped."""
        swaps = {"left_": "right_", "right_": "left_"}
        indices = []
        for name in self.part_names:
            for side, other in swaps.items():
                if name.startswith(side):
                    name = other + name.removeprefix(side)
                    break
            if name not in self.part_names:
                raise ValueError(
                    f"Schema {self.name!r} names one side only: it needs "
                    f"a part {name!r}."
                )
            indices.append(self.part_names.index(name))
        return tuple(indices)

    def get_config(self):
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config):
        return cls(**config)

"""Show what others have published, and where a result of yours stands."""

from pathlib import Path

from keras_drop.cli import Parser
from keras_drop.evaluation import ResultCard, published_table
from keras_drop.evaluation.published.published_results import MARKS, VERIFIED

_EPILOG = """\
Nothing but the row "this result" was measured by keras_drop. Marks: P is
printed by the authors, R reported by others, U unverified.

examples:
  keras-drop published --protocol=occluded_duke
  keras-drop published --card=runs/occluded_duke/card.json
  keras-drop published --protocol=p_duke --include_unverified
"""


def main(argv):
    """Prints the table.

    Args:
        argv: Options as strings, without the name of the command.

    Returns:
        0, the exit code.

    Raises:
        ValueError: No protocol, or one of which nothing is published.
        OSError: A card that is not there.
    """
    options = _parse(argv)
    card = ResultCard.load(options.card) if options.card else None
    if card is None and options.protocol is None:
        raise ValueError(
            "Published by which protocol? Give --protocol=NAME, such as "
            "occluded_duke, or a card of yours, --card=card.json."
        )
    marks = tuple(MARKS) if options.include_unverified else options.marks
    print(
        published_table(
            options.protocol or card.protocol.name,
            card,
            marks,
            options.compare_protocol,
        )
    )
    return 0


def _parse(argv):
    parser = Parser("published", __doc__, _EPILOG)
    parser.add_argument("--protocol", help="as of evaluate; else the card's")
    parser.add_argument("--card", type=Path, help="a result of yours")
    parser.add_argument(
        "--marks",
        type=lambda text: tuple(text.split(",")),
        default=VERIFIED,
        help="which rows are shown, as P or P,R,U; left out, P,R",
    )
    parser.add_argument(
        "--include_unverified",
        action="store_true",
        help="values that nobody has checked, too: all marks",
    )
    parser.add_argument(
        "--compare_protocol",
        default="strict",
        choices=("strict", "warn"),
        help="whether a row that was counted otherwise has a difference",
    )
    return parser.parse_args(argv)

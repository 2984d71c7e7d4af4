"""`python -m keras_drop.datasets.embedded_pedestrians --root=DIR`."""

import argparse

from keras_drop.datasets.embedded_pedestrians.files.plan import (
    PRESETS,
    SEVERITIES,
)
from keras_drop.datasets.embedded_pedestrians.files.writer import (
    render_embedded_pedestrians,
)


def main(argv=None):
    """Draws the data set that the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m keras_drop.datasets.embedded_pedestrians",
        description="Draws the embedded pedestrians.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--root", required=True, help="folder to write to")
    parser.add_argument("--preset", default="small", choices=PRESETS)
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--occlusion", default="standard", choices=SEVERITIES)
    parser.add_argument(
        "--label_noise",
        default=0.0,
        type=float,
        help="0 to 1: mistakes in the training labels",
    )
    parser.add_argument(
        "--hidden_share",
        default=0.1,
        type=float,
        help="0 to 1: training images that are hidden",
    )
    parser.add_argument(
        "--hidden_parts",
        default=0.0,
        type=float,
        help="0 to 1: of the hidden images, those with legs or head wholly so",
    )
    parser.add_argument(
        "--workers", default=None, type=int, help="processes, None: one a core"
    )
    root = render_embedded_pedestrians(**vars(parser.parse_args(argv)))
    print(f"The data set is complete: {root}")


if __name__ == "__main__":
    main()

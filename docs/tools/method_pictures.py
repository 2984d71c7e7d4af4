"""The pictures of the method pages.

    python docs/tools/method_pictures.py

writes docs/images/methods. Boxes that show a layer name it, and a test finds
each of them in the model.
"""

from pathlib import Path

from drawing import Box, svg

FOLDER = Path(__file__).parents[1] / "images" / "methods"


def _identity(column, row, after):
    return Box(column, row, "identity loss", "BNNeck", "loss", "", (after,))


_IMAGE = Box(0, 1, "image", "", "image", "images")
_BACKBONE = Box(1, 1, "backbone", "F", "layer", "pyramid", (0,))
PICTURES = {
    "GlobalBaseline": (
        _IMAGE,
        _BACKBONE,
        Box(2, 1, "mean over the grid", "g", "layer", "global", (1,)),
        Box(3, 0.5, "triplet loss", "batch-hard", "loss", "", (2,)),
        Box(3, 1.5, "batch normalisation", "", "layer", "global_neck", (2,)),
        Box(4, 1, "identity loss", "", "loss", "", (4,)),
        Box(4, 2, "embedding", "normalised", "output", "", (4,)),
    ),
    "BPBReID": (
        _IMAGE,
        _BACKBONE,
        Box(2, 3, "pixel classifier", "A", "layer", "part_maps", (1,)),
        Box(3, 0, "mean", "", "layer", "global_pooling", (1,)),
        Box(3, 1, "mean of M_f F", "", "layer", "foreground_pooling", (1, 2)),
        Box(3, 2, "mean over each part", "", "layer", "part_pooling", (1, 2)),
        Box(4, 0, "reduction", "g, 512", "layer", "global_reduction", (3,)),
        Box(4, 1, "reduction", "f, 512", "layer", "foreground_reduction", (4,)),
        Box(4, 2, "reduction", "p_k, 512", "layer", "parts_reduction", (5,)),
        _identity(5, 0, 6),
        _identity(5, 1, 7),
        Box(5, 2, "identity, part triplet", "", "loss", "", (8,)),
        Box(4, 3, "visibility", "v_k", "output", "part_visibility", (2,)),
        Box(3, 4, "parsing loss", "", "loss", "", (2,)),
    ),
    "DROP": (
        _IMAGE,
        Box(1, 1, "backbone", "S_1 .. S_4", "layer", "pyramid", (0,)),
        Box(2, 3, "upsampling (DPU)", "F_p", "layer", "upsampling", (1,)),
        Box(3, 3, "position (PPE)", "F_p'", "layer", "position_encoder", (2,)),
        Box(4, 3, "pixel classifier", "A", "layer", "part_maps", (3,)),
        Box(5, 1, "pooling (WAMP)", "F_r by A_r", "layer", "pooling", (1, 4)),
        Box(6, 0, "reduction", "g", "layer", "global_reduction", (5,)),
        Box(6, 1, "reduction", "f", "layer", "foreground_reduction", (5,)),
        Box(6, 2, "reduction", "p_k", "layer", "parts_reduction", (5,)),
        _identity(7, 0, 6),
        _identity(7, 1, 7),
        Box(7, 2, "identity, PCT", "with the memory", "loss", "", (8,)),
        Box(5, 3, "visibility", "v_k", "output", "part_visibility", (4,)),
        Box(5, 4, "parsing loss", "smoothed", "loss", "", (4,)),
    ),
    "PABReID": (
        _IMAGE,
        _BACKBONE,
        Box(2, 3, "pixel classifier", "A", "layer", "part_maps", (1,)),
        Box(3, 2, "focuser (FGFF)", "Z", "layer", "focuser", (1, 2)),
        Box(4, 0, "mean", "", "layer", "global_pooling", (1,)),
        Box(4, 1, "mean of M_f F", "", "layer", "foreground_pooling", (1, 2)),
        Box(4, 2, "mean over each part", "", "layer", "part_pooling", (3, 2)),
        Box(5, 0, "reduction", "g", "layer", "global_reduction", (4,)),
        Box(5, 1, "reduction", "f", "layer", "foreground_reduction", (5,)),
        Box(5, 2, "reduction", "p_k", "layer", "parts_reduction", (6,)),
        _identity(6, 0, 7),
        _identity(6, 1, 8),
        Box(6, 2, "identity, part triplet", "", "loss", "", (9,)),
        Box(5, 3, "visibility", "A_k >= mu", "output", "part_visibility", (2,)),
        Box(4, 4, "parsing loss", "", "loss", "", (2,)),
    ),
    "HPNet": (
        _IMAGE,
        Box(1, 1, "backbone to layer 3", "shared", "layer", "pyramid", (0,)),
        Box(2, 1, "layer 4", "F^j", "layer", "upper_body_last_stage", (1,)),
        Box(3, 2, "parsing head", "G^j", "layer", "head_parsing_head", (2,)),
        Box(4, 1, "masked maximum", "h^j", "layer", "head_pooling", (2, 3)),
        Box(5, 1, "batch normalisation", "f^j", "layer", "head_neck", (4,)),
        Box(5, 0, "triplet loss", "over visible parts", "loss", "", (4,)),
        Box(6, 0.5, "identity loss", "of visible parts", "loss", "", (5,)),
        Box(6, 1.5, "embeddings", "f^1 .. f^4", "output", "", (5,)),
        Box(4, 2, "visibility", "v^j", "output", "", (3,)),
        Box(4, 3, "parsing loss", "focal", "loss", "", (3,)),
    ),
    "DPEFormer": (
        _IMAGE,
        Box(1, 1, "ViT", "tokens", "layer", "vit", (0,)),
        Box(2, 0, "identity loss", "of g", "loss", "global_classifier", (1,)),
        Box(
            2,
            1,
            "selection (DPSM)",
            "Q_1 .. Q_4",
            "layer",
            "patch_selection",
            (1,),
        ),
        Box(
            3,
            1,
            "blending (FBM)",
            "of each with g",
            "layer",
            "blending_1",
            (3,),
        ),
        Box(4, 1, "batch normalisation", "h", "layer", "parts_neck", (4,)),
        Box(5, 0.5, "identity losses", "joined and each", "loss", "", (5,)),
        Box(5, 1.5, "embedding", "h", "output", "", (5,)),
        Box(2, 2, "mean of 4 stripes", "", "layer", "stripes", (1,)),
        Box(3, 2, "batch normalisation", "f", "layer", "stripes_neck", (8,)),
        Box(4, 2.5, "identity, memory", "M_c", "loss", "", (9,)),
    ),
}


def picture(name):
    """The SVG text of a model's picture."""
    return svg(PICTURES[name], f"The graph of {name}")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PICTURES:
        (FOLDER / f"{name.lower()}.svg").write_text(picture(name))


if __name__ == "__main__":
    main()

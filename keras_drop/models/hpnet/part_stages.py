"""One last stage of the backbone for every body part."""

import keras


def part_stages(backbone, stages, part_names, share=False):
    """Feature maps of the parts, each from a last stage of its own.

    The first part has the backbone's own last stage. The others have copies,
    which start from its weights as they are now: load a checkpoint into the
    backbone before.

    Args:
        backbone: The backbone.
        stages: Its four maps, of `image_pyramid`.
        part_names: Names of the parts; the layers of a copy begin with that
            of its part.
        share: Whether all parts have the backbone's own last stage.

    Returns:
        List of maps `(batch, height, width, channels)`.

    Raises:
        ValueError: A backbone whose last stage does not keep the resolution,
            or reads more than the stage before.
    """
    last_stage = _last_stage(backbone, stages)
    if share:
        return [stages[-1]] * len(part_names)
    maps = [stages[-1]]
    for part in part_names[1:]:
        copy = keras.models.clone_model(
            last_stage, clone_function=lambda x, part=part: _renamed(x, part)
        )
        copy.name = f"{part}_last_stage"
        copy.set_weights(last_stage.get_weights())
        maps.append(copy(stages[-2]))
    return maps


def _renamed(layer, part):
    config = {**layer.get_config(), "name": f"{part}_{layer.name}"}
    return type(layer).from_config(config)


def _last_stage(backbone, stages):
    """The model from the map before the last to the last one."""
    before, after = (tuple(stage.shape[1:3]) for stage in stages[-2:])
    advice = (
        "Use a ResNet or EfficientNet whose last stage has stride 1, as "
        "`resnet50((384, 128))`, or `stackwise_num_strides=[1, 2, 2, 1]`."
    )
    if before != after:
        raise ValueError(
            f"The last stage of {backbone.name} turns a map of {before} into "
            f"one of {after}; parts need one that keeps the size. {advice}"
        )
    maps = backbone.pyramid_outputs
    try:
        return keras.Model(maps["P4"], maps["P5"], name="last_stage")
    except ValueError as error:
        raise ValueError(
            f"The last stage of {backbone.name} reads more than the stage "
            f"before it, so that it cannot be copied. {advice}"
        ) from error

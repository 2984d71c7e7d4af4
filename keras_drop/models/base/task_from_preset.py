import keras_hub


def task_from_preset(task_class, load, preset, load_weights, arguments):
    """A task from what `save_to_preset` wrote, or from a backbone's preset.

    Args:
        task_class: Subclass of `ReIDTask`.
        load: Its `from_preset`, as KerasHub has it.
        preset: As of `ReIDTask.from_preset`.
        load_weights: If false, the weights are drawn anew.
        arguments: Of the constructor, which replace the stored ones.

    Returns:
        The model.

    Raises:
        ValueError: A backbone alone, or beside a task of another class, and
            nothing says how many people there are.
    """
    if isinstance(preset, str):
        # KerasHub caches what follows `file://` and misses later saves.
        preset = preset.removeprefix("file://")
    stored = keras_hub.models.Backbone.from_preset(preset, load_weights=False)
    # KerasHub ties a task to one class of backbones; ours take any that
    # have a feature pyramid.
    declared, task_class.backbone_cls = task_class.backbone_cls, type(stored)
    people = arguments.get("num_identities")
    try:
        if load_weights and people is not None:
            try:
                known = load(preset, load_weights=False).num_identities
            except TypeError:  # A backbone alone: it has no people yet.
                known = people
            if known != people:
                arguments["num_identities"] = known
                return load(preset, **arguments).for_other_people(people)
        return load(preset, load_weights, **arguments)
    except TypeError as error:
        if people is not None or "required positional" not in str(error):
            raise
        name = task_class.__name__
        raise ValueError(
            f"{preset} holds no {name}, but a {type(stored).__name__} to start "
            f"one from. Give `num_identities`, as {name}.from_preset(preset, "
            "num_identities=751)."
        ) from error
    finally:
        task_class.backbone_cls = declared

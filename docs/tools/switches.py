"""Hook of MkDocs: tables of a model's switches, as its constructor has them.

`<!-- switches: DROP -->` in a page becomes the table of `DROP`.
"""

import re

from keras_drop import models, recipes

_PLACE = re.compile(r"<!-- switches: (\w+) -->")


def on_page_markdown(markdown, **_):
    return with_switches(markdown)


def with_switches(markdown):
    """A page with the tables of switches that it asks for."""
    return _PLACE.sub(lambda match: switch_table(match[1]), markdown)


def switch_table(name):
    """Markdown of the switches of a model and their defaults."""
    command = {cls.__name__: key for key, cls in models.MODELS.items()}[name]
    run = recipes.find(recipes.of_model(command))
    lines = [
        "In code these are arguments of the constructor, values such as "
        "`memory` being objects of their own; on the command line each is a "
        f"flag. `--model={command}` starts from the recipe "
        f"`{recipes.of_model(command)}`.",
        "",
        "| flag | default in code | of the recipe, where it differs |",
        "| --- | --- | --- |",
    ]
    switches = models.switch_names(models.MODELS[command])
    chosen = run.given_switches() | (
        run.switches if run.model == command else {}
    )
    for switch, default in switches.items():
        value = chosen.get(switch, default)
        other = "" if value == default else f"`{value}`"
        lines.append(f"| `--{flag_of(switch, run)}` | `{default}` | {other} |")
    return "\n".join(lines)


def flag_of(switch, run):
    """What follows from other settings, as the parts do, is their flag."""
    if switch in run.given_switches():
        return switch.rpartition(".")[2]
    return f"model.{switch}"

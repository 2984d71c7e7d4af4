"""Hook of MkDocs: tables of a model's switches, as its constructor has them.

`<!-- switches: DROP -->` in a page becomes the table of `DROP`.
"""

import re

from keras_drop import models

_PLACE = re.compile(r"<!-- switches: (\w+) -->")


def on_page_markdown(markdown, **_):
    return with_switches(markdown)


def with_switches(markdown):
    """A page with the tables of switches that it asks for."""
    return _PLACE.sub(lambda match: switch_table(match[1]), markdown)


def switch_table(name):
    """Markdown of the switches of a model and their defaults."""
    command = {cls.__name__: key for key, cls in models.MODELS.items()}[name]
    lines = [
        "In code these are arguments of the constructor, values such as "
        "`memory` being objects of their own; on the command line each is a "
        f"flag, with `--model={command}`.",
        "",
        "| flag | default |",
        "| --- | --- |",
    ]
    switches = models.switch_names(models.MODELS[command])
    lines += [
        f"| `--{flag_of(switch)}` | `{default}` |"
        for switch, default in switches.items()
    ]
    return "\n".join(lines)


def flag_of(switch):
    """Labels and model share the schema: it has a flag of its own."""
    return switch if switch == "part_schema" else f"model.{switch}"

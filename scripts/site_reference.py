"""The reference of the site: what it takes from docstrings, and the options of every command."""
from html import escape
from pathlib import Path
from typing import Any

import typer

import lava_opzo
from lava_opzo.cli.app import application

ROOT = Path(__file__).resolve().parent.parent
MODULES = {"data": ("Data", "Samples from files, arrays and events as payloads. The sets by name: [datasets.md](../datasets.md).",
                    "lava_opzo.data"),
           "errors": ("Errors", "What goes wrong in one line, and with which exit code: [reliability.md](../reliability.md).",
                      "lava_opzo.errors")}
"""Page -> title, first sentence, the module whose public names it shows."""

NO_HEADING = {"show_root_heading": False, "show_root_toc_entry": False}
"""Of a module under a heading of its own."""


def reference() -> dict[str, str]:
    """Page -> Markdown, for all pages of the reference."""
    return {"reference/python.md": python(), "reference/processes.md": processes(), "reference/commands.md": commands(),
            **{f"reference/{name}.md": f"# {title}\n\n{about}\n\n{shown(module, **NO_HEADING)}"
               for name, (title, about, module) in MODULES.items()}}


def python() -> str:
    """Every public name of `lava_opzo`, functions first, from the module that it lives in."""
    homes = {name: f"lava_opzo.{module}.{name}" for module, names in lava_opzo._HOMES.items() for name in names}
    functions = [name for name in lava_opzo.__all__ if name.islower()]
    others = [name for name in lava_opzo.__all__ if name not in functions]
    extra = ["lava_opzo.api.Result", "lava_opzo.api.Run", "lava_opzo.learner.Learned"]
    return ("# Python\n\nEverything here is `from lava_opzo import NAME`.\n\n## Functions\n\n"
            + "\n".join(shown(homes[name]) for name in functions) + "\n## Classes and constants\n\n"
            + "\n".join(shown(homes[name]) for name in others)
            + "\n## What they answer\n\nObjects of these classes are handed back, not made.\n\n" + "\n".join(map(shown, extra)))


def processes() -> str:
    """The Processes of Lava, each from the module that declares it."""
    modules = [f"process_models.{file.parent.name}.process" for file in sorted((ROOT / "process_models").glob("*/process.py"))]
    options = {**NO_HEADING, "docstring_style": "numpy",
               "docstring_options": "{warn_unknown_params: false}"}  # OpzoDense hands most of its own to the Processes inside
    return ("# Lava Processes\n\nEach can stand in any graph of Lava; `examples/own_graph.py` is one, and "
            "[tutorial 4](../tutorials/own_neuron.md) changes a neuron.\n\n"
            + "\n".join(f"## {module.split('.')[1]}\n\n{shown(module, **options)}" for module in modules)
            + "\n## The model of a hidden neuron\n\nA neuron of one's own derives from `FixedOpzoLIF`.\n\n"
            + shown("process_models.opzo_lif.models.AbstractOpzoLIFModel")
            + shown("process_models.opzo_lif.models.FixedOpzoLIF"))


def commands() -> str:
    """Every command with its arguments and options, as --help has them."""
    found: Any = typer.main.get_command(application())
    return ("# Commands\n\nThe same as `lava-opzo COMMAND --help`. Exit codes: [reliability.md](../reliability.md).\n\n"
            + "\n".join(command(name, one) for name, one in found.commands.items()))


def command(name: str, one: Any) -> str:
    """The section of one command."""
    rows = [f"| {cell(parameter)} | {plain(parameter.help or '')} |" for parameter in one.params if parameter.name != "help"]
    table = "\n".join(["| argument or option | what it is |", "|---|---|", *rows])
    return f"## lava-opzo {name}\n\n{plain(one.help or '')}\n\n{table}\n"


def cell(parameter: Any) -> str:
    """How an argument or option is written, and its default."""
    if parameter.param_type_name == "argument":
        return f"`{parameter.name.upper()}`" + ("" if parameter.required else " (may be left out)")
    words = ", ".join(f"`{word}`" for word in (*parameter.opts, *parameter.secondary_opts))
    silent = parameter.default is None or callable(parameter.default) or isinstance(parameter.default, bool)
    return words if silent else f"{words} (default `{parameter.default}`)"


def plain(text: str) -> str:
    """Help as Markdown shows it unchanged, in a cell of a table, too; what stands in backticks stays code."""
    return escape(text.strip(), quote=False).replace("|", "&#124;").replace("*", "&#42;")


def shown(name: str, **options: Any) -> str:
    """What mkdocstrings makes of a dotted name."""
    lines = [f"::: {name}", *(["    options:"] if options else []), *(f"      {key}: {str(value).lower()}" for key, value in
                                                                      options.items())]
    return "\n".join(lines) + "\n"

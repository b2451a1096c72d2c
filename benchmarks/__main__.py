"""`python -m benchmarks [lava_graph] [twin] [--json]`: run benchmarks and print their rows."""
import argparse
import importlib
import json
import sys

from rich.console import Console
from rich.table import Table

NAMES = ("lava_graph", "twin")


def table(name: str, rows: list[dict]) -> Table:
    view = Table(*rows[0], title=name)
    for row in rows:
        view.add_row(*(f"{value:.3g}" if isinstance(value, float) else str(value) for value in row.values()))
    return view


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of tables")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    results = {name: importlib.import_module(f"benchmarks.{name}").run(lambda text: print(text, file=sys.stderr, flush=True))
               for name in arguments.names or NAMES}
    if arguments.json:
        print(json.dumps(results))
        return
    for name, rows in results.items():
        Console(width=120).print(table(name, rows))


if __name__ == "__main__":
    main()

"""`python -m benchmarks [NAME ...] [--json] [--figure PATH]`: run benchmarks and print their rows."""
import argparse
import importlib
import json
import sys

from rich.console import Console
from rich.table import Table

NAMES = ("lava_graph", "local_weights", "twin", "patches", "against_stock", "scaling", "threads", "memory")


def table(name: str, rows: list[dict]) -> Table:
    view = Table(*rows[0], title=name)
    for row in rows:
        view.add_row(*(f"{value:.3g}" if isinstance(value, float) else str(value) for value in row.values()))
    return view


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; default: all")
    parser.add_argument("--json", action="store_true", help="print one line of JSON instead of tables")
    parser.add_argument("--figure", metavar="PATH", help="draw the rows of `scaling` as a PNG, besides")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}")
    names = arguments.names or NAMES
    if arguments.figure and "scaling" not in names:
        parser.error("--figure draws the benchmark scaling; name it, too")
    results = {name: importlib.import_module(f"benchmarks.{name}").run(lambda text: print(text, file=sys.stderr, flush=True))
               for name in names}
    if arguments.figure:
        importlib.import_module("benchmarks.scaling").draw(arguments.figure, results["scaling"])
    if arguments.json:
        print(json.dumps(results))
        return
    for name, rows in results.items():
        Console(width=120).print(table(name, rows))


if __name__ == "__main__":
    main()

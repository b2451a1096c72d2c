"""Pre-flight and mapping as text tables and as plain dictionaries for JSON."""

from dataclasses import asdict, replace

from lava_opzo.board.finding import Finding, count, summary
from lava_opzo.board.mapping import Mapping, largest_hidden_width
from lava_opzo.network.network import Config
from lava_opzo.silicon.boards import BOARDS

WIDTH_WITHOUT_TERMINAL = 200
DEPTHS = (1, 2, 3, 4)


def print_table(title: str, columns: tuple[str, ...], rows) -> None:
    """A table on standard output, as wide as it needs to be where there is no terminal."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left", box=SIMPLE)
    for row in rows:
        table.add_row(*map(str, row))
    terminal = Console(highlight=False)
    console = terminal if terminal.is_terminal else Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)
    console.print(table)


def finding_rows(findings: list[Finding]) -> list[tuple]:
    return [(f.level, f.rule, f.layer, f.used, f.limit, f.unit, "yes" if f.verified else "no", f.next_step) for f in findings]


def mapping_rows(mapping: Mapping) -> list[tuple]:
    """One row per layer and one per connection into it."""
    rows = []
    for place in mapping.placements:
        rows.append(
            (place.layer, place.n, place.cores, place.neurons, sum(place.bits), place.axons_in, place.axons_out, place.binding)
        )
        for connection, bits in zip(place.connections, place.bits):
            rows.append(
                (
                    f"  {connection.name} from {connection.n_pre}",
                    "",
                    place.cores,
                    "",
                    bits,
                    "",
                    "",
                    "learning" if connection.learning else "static",
                )
            )
    return rows


def largest_rows(config: Config, mode: str) -> list[tuple]:
    """(board, chips, largest width of every hidden layer for 1, 2, 3 and 4 hidden layers); input and classes as in `config`."""
    deep = [replace(config, hidden=(config.hidden[-1],) * depth) for depth in DEPTHS]
    return [
        (board.name, board.chips, *(largest_hidden_width(network, board, mode) for network in deep)) for board in BOARDS.values()
    ]


def print_preflight(findings: list[Finding], everything: bool) -> None:
    """Findings that ask for attention, or all of them."""
    shown = findings if everything else [f for f in findings if f.level != "ok"]
    print_table(
        "Pre-flight: " + summary(count(findings)),
        ("", "rule", "layer", "used", "limit", "unit", "verified", "next step"),
        finding_rows(shown),
    )


def print_mapping(mapping: Mapping, config: Config) -> None:
    print_table(
        f"Mapping on {mapping.board.name}, {mapping.mode}: {mapping.cores} cores, "
        f"{mapping.chips} chip(s) of {mapping.board.chips}",
        ("layer", "neurons", "cores", "neurons a core", "synapse bits a core", "axons in", "axons out", "decided by"),
        mapping_rows(mapping),
    )
    print_table(
        f"Largest width of every hidden layer, {mapping.mode}, by the number of hidden layers",
        ("board", "chips", *map(str, DEPTHS)),
        largest_rows(config, mapping.mode),
    )


def as_dict(findings: list[Finding], mapping: Mapping, config: Config) -> dict:
    """For JSON."""
    return {
        "findings": [asdict(f) for f in findings],
        "mapping": asdict(mapping),
        "cores": mapping.cores,
        "chips": mapping.chips,
        "fits": mapping.fits,
        "largest_hidden_width": {
            name: dict(zip(map(str, DEPTHS), widths)) for name, _, *widths in largest_rows(config, mapping.mode)
        },
    }

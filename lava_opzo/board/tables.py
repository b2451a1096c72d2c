"""Pre-flight and mapping as text tables and as plain dictionaries for JSON."""
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from lava_opzo.board.finding import Finding, count, summary
from lava_opzo.board.mapping import Mapping, largest_hidden_width
from lava_opzo.files import terminal
from lava_opzo.network.network import Network
from lava_opzo.silicon.boards import BOARDS

DEPTHS = 4
"""Depths that the table of largest widths shows at least."""


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on standard output, as wide as it needs where there is no terminal; on one, long words are broken, none is cut."""
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=SIMPLE)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    terminal.console().print(table)


def finding_rows(findings: list[Finding]) -> list[tuple]:
    """One row a finding."""
    return [(f.level, f.rule, f.part, f.used, f.limit, f.unit, "yes" if f.verified else "no", f.next_step) for f in findings]


def mapping_rows(mapping: Mapping) -> list[tuple]:
    """One row a population and one a connection into it."""
    rows: list[tuple] = []
    for place in mapping.placements:
        rows.append((place.population, place.n, place.cores, place.neurons, sum(place.bits), place.axons_in, place.axons_out,
                     place.binding))
        for connection, bits in zip(place.connections, place.bits, strict=True):
            rows.append((f"  {connection.name} from {connection.n_pre}", "", place.cores, "", bits, "", "",
                         "learning" if connection.learning else "static"))
    return rows


def depths(network: Network) -> range:
    """The numbers of hidden populations in the table of largest widths: 1..4, or up to the network's own."""
    return range(1, max(DEPTHS, network.depth) + 1)


def largest_rows(network: Network, mode: str) -> list[tuple]:
    """(board, chips, largest width of every hidden population for each of `depths`); input and classes as in the network."""
    return [(board.name, board.chips, *(largest_hidden_width(network, board, mode, depth) for depth in depths(network)))
            for board in BOARDS.values()]


def print_preflight(findings: list[Finding], everything: bool) -> None:
    """Findings that ask for attention, or all of them."""
    shown = findings if everything else [f for f in findings if f.level != "ok"]
    print_table("Pre-flight: " + summary(count(findings)),
                ("", "rule", "where", "used", "limit", "unit", "verified", "next step"), finding_rows(shown))


def print_mapping(mapping: Mapping, network: Network) -> None:
    """Where every population lies, and how wide they could be."""
    print_table(f"Mapping on {mapping.board.name}, {mapping.mode}: {mapping.cores} cores, "
                f"{mapping.chips} chip(s) of {mapping.board.chips}",
                ("population", "neurons", "cores", "neurons a core", "synapse bits a core", "axons in", "axons out",
                 "decided by"), mapping_rows(mapping))
    print_table(f"Largest width of every hidden layer, {mapping.mode}, by the number of hidden layers",
                ("board", "chips", *map(str, depths(network))), largest_rows(network, mapping.mode))


def as_dict(findings: list[Finding], mapping: Mapping, network: Network) -> dict[str, Any]:
    """For JSON."""
    widest = {name: dict(zip(map(str, depths(network)), widths, strict=True))
              for name, _, *widths in largest_rows(network, mapping.mode)}
    return {"findings": [asdict(f) for f in findings], "mapping": asdict(mapping), "cores": mapping.cores, "chips": mapping.chips,
            "fits": mapping.fits, "largest_hidden_width": widest}

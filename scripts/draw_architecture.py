"""Draws the house from its imports: docs/architecture.svg, and the table of folders in docs/architecture.md.

Run: `python -m scripts.draw_architecture [--check]`. Every folder stands one level above the highest one that it imports; an
arrow that others imply is left out of the picture, the table has them all. With --check nothing is written: exit status 1 when
picture or table are not what the imports say.
"""
import ast
import sys
from html import escape
from itertools import accumulate, pairwise
from pathlib import Path

from scripts.imports import ROOT, folder, folders, levels, modules

PICTURE, TEXT = ROOT / "docs" / "architecture.svg", ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- folders: written by scripts/draw_architecture.py -->\n", "<!-- end of folders -->\n"
WIDTH, BOX, HEIGHT, LEVEL, MARGIN = 1000, 176, 46, 92, 20


def reduced(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    """The graph without the arrows that follow from others."""
    def below(node: str) -> set[str]:
        return graph[node].union(*(below(one) for one in graph[node]))

    return {node: {one for one in ones if not any(one in below(other) for other in ones - {one})}
            for node, ones in graph.items()}


def ways(graph: dict[str, set[str]]) -> list[list[str]]:
    """Every arrow as what it passes: a folder, a gap in each row between, a folder. A gap has a `>` in its name."""
    level = levels(graph)
    return [[node, *(f"{node}>{one}>{row}" for row in range(level[node] - 1, level[one], -1)), one]
            for node, ones in sorted(reduced(graph).items()) for one in sorted(ones)]


def positions(graph: dict[str, set[str]]) -> dict[str, tuple[float, float]]:
    """Centre of every box and gap: a level a row, lowest at the bottom; in its row each lies near what its arrows lead to."""
    level = levels(graph) | {gap: int(gap.split(">")[2]) for way in ways(graph) for gap in way[1:-1]}
    rows = [sorted(node for node in level if level[node] == number) for number in range(1, max(level.values()) + 1)]
    pairs = [pair for way in ways(graph) for pair in pairwise(way)]
    near = {node: [b if a == node else a for a, b in pairs if node in (a, b)] for node in level}
    x = {node: place for row in rows for node, place in _spread(row).items()}
    for _ in range(20):
        for row in rows:
            row.sort(key=lambda node: (sum(x[one] for one in near[node]) / max(len(near[node]), 1), node))
            x |= _spread(row)
    return {node: (x[node], MARGIN + HEIGHT / 2 + (len(rows) - level[node]) * LEVEL) for node in level}


def picture(graph: dict[str, set[str]], parts: dict[str, list[str]]) -> str:
    """The house as SVG; parts: the folders inside a folder, its second line."""
    places = positions(graph)
    height = max(y for _, y in places.values()) + HEIGHT / 2 + MARGIN
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="sans-serif">',
             f'<rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>',
             '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
             '<path d="M0,0 L8,4 L0,8 z" fill="#7a8794"/></marker></defs>']
    for way in ways(graph):
        curve = f"M {places[way[0]][0]:.0f},{places[way[0]][1] + HEIGHT / 2:.0f}"
        for (x0, y0), (x1, y1) in pairwise(places[node] for node in way):
            top, bottom = y0 + HEIGHT / 2, y1 - HEIGHT / 2
            middle = (top + bottom) / 2
            curve += f" L{x0:.0f},{top:.0f} C{x0:.0f},{middle:.0f} {x1:.0f},{middle:.0f} {x1:.0f},{bottom:.0f}"
        lines.append(f'<path d="{curve}" fill="none" stroke="#7a8794" stroke-width="1.2" marker-end="url(#tip)"/>')
    for node, (x, y) in sorted((node, places[node]) for node in graph):
        inner = " · ".join(parts[node]) if len(parts[node]) <= 4 else f"{len(parts[node])} folders"
        lines.append(f'<rect x="{x - BOX / 2:.0f}" y="{y - HEIGHT / 2:.0f}" width="{BOX}" height="{HEIGHT}" rx="4" '
                     'fill="#eef3f8" stroke="#33506e"/>')
        for size, line, text in ((15, y - 3 if inner else y + 5, node), (10, y + 14, inner)):
            if text:
                lines.append(f'<text x="{x:.0f}" y="{line:.0f}" font-size="{size}" text-anchor="middle" fill="#14273a">'
                             f'{escape(text)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def table(graph: dict[str, set[str]]) -> str:
    """The folders as rows of Markdown, highest level first: what each is for, and all that it imports."""
    level = levels(graph)
    rows = [f"| `{node}` | {_purpose(node)} | {', '.join(sorted(graph[node])) or '-'} |"
            for node in sorted(graph, key=lambda node: (-level[node], node))]
    return "\n".join(["| folder | what it is | imports |", "|---|---|---|", *rows, ""])


def written() -> dict[Path, str]:
    """What the two files must hold according to the imports of now."""
    graph = folders()
    parts = {node: sorted(file.parent.name for name, file in modules().items()
                          if folder(name) == node and _depth(name, node) == 2 and file.name == "__init__.py") for node in graph}
    text = TEXT.read_text()
    before, rest = text.split(BEGIN)
    return {PICTURE: picture(graph, parts), TEXT: before + BEGIN + table(graph) + END + rest.split(END)[1]}


def stale() -> list[str]:
    """The files that are not what the imports say."""
    return [str(file.relative_to(ROOT)) for file, text in written().items() if not file.exists() or file.read_text() != text]


def _depth(name: str, node: str) -> int:
    return len(name.split(".")) - (0 if node in ("process_models", "deploy") else 1)


def _purpose(node: str) -> str:
    """The first sentence of the docstring of a folder or file, without what follows in parentheses."""
    names = [f"lava_opzo.{node}", node, f"{node}.to_loihi"]
    file = next(modules()[name] for name in names if name in modules())
    return (ast.get_docstring(ast.parse(file.read_text())) or "").split("\n")[0].split(" (docs/")[0].rstrip(".:") + "."


def _spread(row: list[str]) -> dict[str, float]:
    """Places in a row of boxes and gaps; a gap takes a quarter of the room of a box."""
    ends = list(accumulate((0.25 if ">" in node else 1.0 for node in row), initial=0.0))
    scale = (WIDTH - 2 * MARGIN) / ends[-1]
    return {node: MARGIN + scale * (a + b) / 2 for node, (a, b) in zip(row, pairwise(ends), strict=True)}


def main() -> int:
    """Write both files, or say which are stale."""
    if "--check" in sys.argv[1:]:
        found = stale()
        for name in found:
            print(f"{name} is not what the imports say; run python -m scripts.draw_architecture")
        return int(bool(found))
    for file, text in written().items():
        file.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

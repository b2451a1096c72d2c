"""Programs in cells, py:percent, as tutorials are."""
import re


def cells(text: str) -> list[tuple[bool, str]]:
    """(whether it is words, its text) of each cell of a program in cells (py:percent)."""
    parts = [cell.partition("\n") for cell in re.split(r"^# %%", text, flags=re.MULTILINE)[1:]]
    return [("[markdown]" in head, body) for head, _, body in parts]

"""Rail touches of a run: entries that an update left at a rail, by connection, or None for not counted (docs/arithmetic.md)."""

Touches = dict[str, int]
"""Connection -> its rail touches. None in its place: what ran does not count them, and nothing is known."""


def add(a: Touches | None, b: Touches | None) -> Touches | None:
    """The touches of two parts of a run; `a`, the earlier one, may lack connections. None where either part was not counted."""
    return None if a is None or b is None else {name: a.get(name, 0) + count for name, count in b.items()}


def total(touches: Touches | None) -> int | None:
    """The touches of all connections."""
    return None if touches is None else sum(touches.values())


def summary(touches: Touches | None) -> str:
    """The connections that touched a rail, for a report."""
    return text(None) if touches is None else str({name: n for name, n in touches.items() if n} or "none")


def text(number: int | None) -> str:
    """A total, for a table."""
    return "not counted" if number is None else str(number)

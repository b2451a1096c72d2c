"""Whether two statements can change places without a difference: neither writes what the other touches, every call is pure."""
import ast

PURE_ROOTS = ("np", "bool", "int", "len", "membrane", "noise", "round_count", "decay_rows", "dw", "hidden_credit",
              "readout_credit", "positive", "Dense", "topology", "numbers")
"""What the judged sources call only for its value: numpy, built-ins, arithmetic, rules, topologies and number systems under their
names there."""

NUMBERS = ("self", "numbers")
"""The functions of a number system, in a process model."""

PURE_METHODS = ("any", "sum", "astype", "copy", "get")


def independent(first: ast.stmt, second: ast.stmt) -> bool:
    """True only if it is sure; a write to `self.v` and a use of `self.v[i]` count as the same place."""
    if not (_is_pure(first) and _is_pure(second)):
        return False
    return not any(_overlap(written, used) for one, other in ((first, second), (second, first))
                   for written in _written(one) for used in _used(other))


def _is_pure(statement) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            name = _dotted(node.func)
            if name is None or not (name[0] in PURE_ROOTS or name[:2] == NUMBERS or name[-1] in PURE_METHODS):
                return False
    return True


def _written(statement) -> list[tuple[str, ...]]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    parts = [part for target in targets if target for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    return [_dotted(part.value if isinstance(part, ast.Subscript) else part) for part in parts]


def _used(statement) -> list[tuple[str, ...]]:
    chains = [_dotted(node) for node in ast.walk(statement) if isinstance(node, (ast.Name, ast.Attribute))]
    return [chain for chain in chains if chain and chain != ("self",)]


def _overlap(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    n = min(len(a), len(b))
    return a[:n] == b[:n]


def _dotted(node) -> tuple[str, ...] | None:
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else None

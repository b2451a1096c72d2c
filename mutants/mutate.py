"""All mutants of a Python source: one operator, comparison, constant or order of statements changed in each."""
import ast
import copy
from dataclasses import dataclass
from itertools import pairwise

from mutants.independent import independent

BINARY = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
          ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.FloorDiv: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult}
COMPARE = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
NAMES = {"maximum": "minimum", "minimum": "maximum", "positive": "negative", "negative": "positive"}
SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr)


@dataclass(frozen=True)
class Mutant:
    """line of the change, its text before and after, and the whole changed source."""

    line: int
    before: str
    after: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """The mutants of `source`, in the order of its lines. Docstrings, decorators, types and raised errors stay as they are.

    Neighbouring statements that cannot influence each other keep their order: changing it would change nothing.
    """
    tree = ast.parse(source)
    found = []
    for number, node in enumerate(_changeable(tree)):
        for part, change in _changes(node):
            changed = copy.deepcopy(tree)
            target = _changeable(changed)[number]
            before = _text(target, part)
            change(target)
            after = _text(target, part)
            if before != after:
                line = node.body[part.start].lineno if part else node.lineno
                found.append(Mutant(line, before, after, ast.unparse(changed)))
    return sorted(found, key=lambda mutant: mutant.line)


def function_at(source: str, line: int) -> str:
    """The name of the innermost function at this line of a source, "" outside all."""
    functions = [node for node in ast.walk(ast.parse(source))
                 if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line)]
    return max(functions, key=lambda node: node.lineno).name if functions else ""


def _text(node, part: slice | None) -> str:
    """The node in one line, or the statements of a function that changed places."""
    return " ; ".join(ast.unparse(one) for one in (node.body[part] if part else [node]))


def _changeable(tree: ast.AST) -> list[ast.AST]:
    """Nodes of module-level constants and of function bodies."""
    nodes = []

    def visit(node, inside):
        if isinstance(node, (ast.Raise, ast.Import, ast.ImportFrom, ast.AnnAssign, ast.Starred)):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if inside:
            nodes.append(node)
        if isinstance(node, ast.FunctionDef):
            children, inside = node.body, True
            if node not in nodes:
                nodes.append(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reshape":
            signed = [one for one in node.args if isinstance(one, ast.UnaryOp)]
            nodes.extend(signed)  # and not their numbers: numpy takes any negative length for the one that it is to work out
            children = [node.func, *(one for one in node.args if one not in signed)]
        elif isinstance(node, ast.Module):
            children = [child for child in node.body if not _is_list_of_names(child)]
        else:
            children = list(ast.iter_child_nodes(node))
        for child in children:
            visit(child, inside or (isinstance(node, ast.Module) and isinstance(child, ast.Assign)))

    visit(tree, False)
    return [node for node in nodes if hasattr(node, "lineno")]


def _is_list_of_names(node) -> bool:
    return isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "__all__" for target in node.targets)


def _changes(node) -> list:
    """(the statements that it moves or None, what makes the change) for each change of this node."""
    if isinstance(node, ast.FunctionDef):
        return [(slice(i, i + 2), _swap(i)) for i, pair in enumerate(pairwise(node.body))
                if all(isinstance(s, SIMPLE) and not isinstance(getattr(s, "value", None), ast.Constant) for s in pair)
                and not independent(*pair)]
    change = _change(node)
    return [(None, change)] if change else []


def _change(node):
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in BINARY:
        return lambda target: setattr(target, "op", BINARY[type(target.op)]())
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
        return lambda target: target.ops.__setitem__(0, COMPARE[type(target.ops[0])]())
    if isinstance(node, ast.BoolOp):
        return lambda target: setattr(target, "op", ast.Or() if isinstance(target.op, ast.And) else ast.And())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return lambda target: setattr(target, "op", ast.UAdd())
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return lambda target: setattr(target, "value", target.value + 1)
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        return lambda target: setattr(target, "attr", NAMES[target.attr])
    return None


def _swap(i):
    def change(function):
        function.body[i], function.body[i + 1] = function.body[i + 1], function.body[i]

    return change

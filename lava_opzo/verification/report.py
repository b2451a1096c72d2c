"""A verify report as lines for a person and as a dict for a program."""
from typing import Any

from lava_opzo.verification.difference import Comparison, Difference
from lava_opzo.verification.lockstep import Report
from lava_opzo.verification.readable import described


def value(number: int) -> str:
    """Decimal and 32-bit two's complement hexadecimal."""
    return f"{number} (0x{number & 0xFFFFFFFF:08x})"


def lines(report: Report, replay: str, ranges: bool = False) -> list[str]:
    """What was compared, and what differs; replay: the command that repeats the first difference. ranges: those, too."""
    text = [report.verdict] if report.verdict else []
    text += [f"{report.samples} samples, {report.compared} values compared, {report.differing} differ, {report.seconds:.1f} s"]
    text.append(f"  {'variable':<10} {'compared':>10}" + "".join(f"  {c.left} = {c.right}" for c in report.comparisons))
    tables = [comparison.by_variable() for comparison in report.comparisons]
    for name, (compared, _) in tables[0].items():
        text.append(f"  {name:<10} {compared:>10}" + "".join(
            f"  {_verdict(table[name][1]):>{len(c.left) + len(c.right) + 3}}"
            for table, c in zip(tables, report.comparisons, strict=True)))
    if report.read:
        text.append(f"read between runs, no more: {described(report.read)}")
    text += _ranges(report) if ranges else []
    text += [f"warning: {warning}" for warning in report.ranges.warnings()]
    text += [f"narrowed down: {note}" for note in report.notes]
    return text + (_difference(report, *report.first, replay) if report.first else [])


def _ranges(report: Report) -> list[str]:
    text = ["largest values seen against their ranges:"]
    for name, parts in report.ranges.by_variable().items():
        text.append(f"  {name:<10} " + ", ".join(f"{part} {low}..{high} of {lowest}..{highest}"
                                                for part, (low, high, lowest, highest) in parts.items()))
    return text


def _verdict(differing: int) -> str:
    return "equal" if differing == 0 else f"{differing} differ"


def _difference(report: Report, comparison: Comparison, first: Difference, replay: str) -> list[str]:
    operands = [f"    {name} = {value(operand) if isinstance(operand, int) else operand}"
                for name, operand in report.operation.operands.items()]
    held = values_of(report, comparison, first)
    return [f"first difference: {first.place}", *(f"  {name:<8} {value(number)}" for name, number in held.items()),
            "  operation:", *(f"    {formula}" for formula in report.operation.formulas),
            f"  operands in {trusted(report)}:", *operands, *([f"  replay: {replay}"] if replay else [])]


def trusted(report: Report) -> str:
    """The engine that the operands are of: the reference, or another one where the majority is against it."""
    return report.sides.trusted if report.sides else report.engines[0]


def values_of(report: Report, comparison: Comparison, first: Difference) -> dict[str, int]:
    """The value of each engine at the place of the first difference."""
    if report.sides is None:
        return {comparison.left: first.left, comparison.right: first.right}
    return {name: number for number, names in report.sides.groups.items() for name in names}


def as_dict(report: Report, replay: str) -> dict[str, Any]:
    """The same for --json."""
    result = {"engines": list(report.engines), "samples": report.samples, "compared": report.compared,
              "differing": report.differing, "seconds": round(report.seconds, 2),
              "warnings": report.ranges.warnings(), "ranges": report.ranges.by_variable(),
              "comparisons": [{"engines": [c.left, c.right], "variables": c.by_variable()} for c in report.comparisons]}
    if report.read:
        result["read"] = report.read
    if report.first:
        result["first_difference"] = _first(report, *report.first) | {
            "operation": list(report.operation.formulas), "operands": report.operation.operands,
            "operands_in": trusted(report), "replay": replay}
        if report.verdict:
            result["first_difference"]["verdict"] = report.verdict
        if report.notes:
            result["first_difference"]["narrowed_down"] = report.notes
    return result


def _first(report: Report, comparison: Comparison, first: Difference) -> dict[str, Any]:
    place, held = first.place, values_of(report, comparison, first)
    return {"sample": place.sample, "step": place.step, "part": place.part, "variable": place.variable,
            "index": list(place.index), **{name: value(number) for name, number in held.items()}}

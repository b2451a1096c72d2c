"""A verify report as lines for a person and as a dict for a program."""
from typing import Any

from lava_opzo.verification.difference import Comparison, Difference
from lava_opzo.verification.lockstep import Report


def value(number: int) -> str:
    """Decimal and 32-bit two's complement hexadecimal."""
    return f"{number} (0x{number & 0xFFFFFFFF:08x})"


def lines(report: Report, replay: str) -> list[str]:
    """What was compared, the ranges, and what differs; replay: the command that repeats the first difference."""
    text = [f"{report.samples} samples, {report.compared} values compared, {report.differing} differ, {report.seconds:.1f} s"]
    text.append(f"  {'variable':<10} {'compared':>10}" + "".join(f"  {c.left} = {c.right}" for c in report.comparisons))
    tables = [comparison.by_variable() for comparison in report.comparisons]
    for name, (compared, _) in tables[0].items():
        text.append(f"  {name:<10} {compared:>10}" + "".join(
            f"  {_verdict(table[name][1]):>{len(c.left) + len(c.right) + 3}}"
            for table, c in zip(tables, report.comparisons, strict=True)))
    text.append("largest values seen against their ranges:")
    for name, parts in report.ranges.by_variable().items():
        text.append(f"  {name:<10} " + ", ".join(f"{part} {low}..{high} of {lowest}..{highest}"
                                                for part, (low, high, lowest, highest) in parts.items()))
    text += [f"warning: {warning}" for warning in report.ranges.warnings()]
    return text + (_difference(report, *report.first, replay) if report.first else [])


def _verdict(differing: int) -> str:
    return "equal" if differing == 0 else f"{differing} differ"


def _difference(report: Report, comparison: Comparison, first: Difference, replay: str) -> list[str]:
    operands = [f"    {name} = {value(operand) if isinstance(operand, int) else operand}"
                for name, operand in report.operation.operands.items()]
    return [f"first difference: {first.place}", f"  {comparison.left:<7} {value(first.left)}",
            f"  {comparison.right:<7} {value(first.right)}", "  operation:",
            *(f"    {formula}" for formula in report.operation.formulas), f"  operands in {comparison.left}:", *operands,
            f"  replay: {replay}"]


def as_dict(report: Report, replay: str) -> dict[str, Any]:
    """The same for --json."""
    result = {"engines": list(report.engines), "samples": report.samples, "compared": report.compared,
              "differing": report.differing, "seconds": round(report.seconds, 2),
              "warnings": report.ranges.warnings(), "ranges": report.ranges.by_variable(),
              "comparisons": [{"engines": [c.left, c.right], "variables": c.by_variable()} for c in report.comparisons]}
    if report.first:
        result["first_difference"] = _first(*report.first) | {
            "operation": list(report.operation.formulas), "operands": report.operation.operands, "replay": replay}
    return result


def _first(comparison: Comparison, first: Difference) -> dict[str, Any]:
    place = first.place
    return {"sample": place.sample, "step": place.step, "part": place.part, "variable": place.variable,
            "index": list(place.index), comparison.left: value(first.left), comparison.right: value(first.right)}

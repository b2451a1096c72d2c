"""A verify report as lines for a person and as a dict for a program."""
from lava_opzo.verify.difference import Difference
from lava_opzo.verify.lockstep import Report


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
            f"  {_verdict(table[name][1]):>{len(c.left) + len(c.right) + 3}}" for table, c in zip(tables, report.comparisons)))
    text.append("largest values seen against their ranges:")
    for name, layers in report.ranges.by_variable().items():
        text.append(f"  {name:<10} " + ", ".join(f"{layer} {low}..{high} of {lowest}..{highest}"
                                                for layer, (low, high, lowest, highest) in layers.items()))
    text += [f"warning: {warning}" for warning in report.ranges.warnings()]
    return text + (_difference(report, replay) if report.first else [])


def _verdict(differing: int) -> str:
    return "equal" if differing == 0 else f"{differing} differ"


def _difference(report: Report, replay: str) -> list[str]:
    comparison, first = report.first
    operands = [f"    {name} = {value(operand) if isinstance(operand, int) else operand}"
                for name, operand in report.operands.items()]
    return [f"first difference: {first.place}", f"  {comparison.left:<7} {value(first.left)}",
            f"  {comparison.right:<7} {value(first.right)}", f"  operation: {report.formula}",
            f"  operands in {comparison.left}:", *operands, f"  replay: {replay}"]


def as_dict(report: Report, replay: str) -> dict:
    """The same for --json."""
    result = {"engines": list(report.engines), "samples": report.samples, "compared": report.compared,
              "differing": report.differing, "seconds": round(report.seconds, 2),
              "warnings": report.ranges.warnings(), "ranges": report.ranges.by_variable(),
              "comparisons": [{"engines": [c.left, c.right], "variables": c.by_variable()} for c in report.comparisons]}
    if report.first:
        comparison, first = report.first
        result["first_difference"] = _first(comparison, first) | {
            "operation": report.formula, "operands": report.operands, "replay": replay}
    return result


def _first(comparison, first: Difference) -> dict:
    place = first.place
    return {"sample": place.sample, "step": place.step, "layer": place.layer, "variable": place.variable,
            "index": list(place.index), comparison.left: value(first.left), comparison.right: value(first.right)}

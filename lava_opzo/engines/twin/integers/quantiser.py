"""`lava_opzo.arithmetic.fixed.error` and `quantiser` for one value; docs/arithmetic.md section 4."""
from lava_opzo.engines.twin.counts import Whole
from lava_opzo.engines.twin.part import part
from lava_opzo.silicon.profile import TRACE_MAX


@part
def output_error(o: Whole, target: Whole, shift: int) -> Whole:
    """e = clip(o >> shift, 0, 127) - 127*target."""
    return min(max(o >> shift, 0), TRACE_MAX) - TRACE_MAX * target


@part
def value_error(o: Whole, target: Whole, shift: int) -> Whole:
    """e = clip((o >> shift) - target, -127, 127)."""
    return min(max((o >> shift) - target, -TRACE_MAX), TRACE_MAX)


@part
def quantise(residual: Whole, h: Whole, shift: int, limit: int) -> tuple[Whole, Whole]:
    """r = residual + h; q = r >> shift; r = r - (q << shift); q = clip(q, -limit, limit). Returns (q, r)."""
    total = residual + h
    q = total >> shift
    return min(max(q, -limit), limit), total - (q << shift)

"""Random weights, traces and topologies for property tests; one topology that only tests have, whose edges share weights."""
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Edges
from lava_opzo.topology.local import Local
from lava_opzo.topology.pool import Pool

WEIGHT = st.sampled_from([-256, -255, -254, -253, -2, -1, 0, 1, 2, 252, 253, 254, 255]) | st.integers(-256, 255)
TRACE = st.sampled_from([0, 1, 2, 126, 127]) | st.integers(0, 127)


@dataclass(frozen=True)
class Sliding:
    """n_kernel weights that slide over n_pre neurons: post i reads pre i, i + 1, .. through weights 0, 1, .."""

    n_pre: int
    n_kernel: int

    @property
    def n_post(self) -> int:
        return self.n_pre - self.n_kernel + 1

    @property
    def weight_shape(self) -> tuple[int, ...]:
        return (self.n_kernel,)

    @property
    def shared(self) -> bool:
        return self.n_post > 1

    @property
    def fan_in(self) -> int:
        return self.n_kernel

    def edges(self) -> Edges:
        post, w = np.divmod(np.arange(self.n_post * self.n_kernel, dtype=np.int32), self.n_kernel)
        return Edges(post + w, post, w)


def triples(topology) -> list[tuple[int, int, int]]:
    """The edges as plain (pre, post, w)."""
    edges = topology.edges()
    return list(zip(edges.pre.tolist(), edges.post.tolist(), edges.w.tolist(), strict=True))


def rows(size: int, element) -> st.SearchStrategy[list[int]]:
    """Lists of exactly `size`; long ones repeat, since hypothesis takes its time for each element."""
    longest = min(size, 40)
    return st.lists(element, min_size=longest, max_size=longest).map(lambda values: (values * size)[:size])


@st.composite
def topologies(draw):
    """Dense, Sliding, Local or Conv, small."""
    if draw(st.booleans()):
        return draw(patches())
    n_pre, n = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    return Dense(n_pre, n) if draw(st.booleans()) else Sliding(n_pre, min(n, n_pre))


@st.composite
def patches(draw):
    """Local or Conv over an image of up to 4 x 4 x 2."""
    kind, pair = draw(st.sampled_from([Local, Conv])), st.tuples(st.integers(1, 3), st.integers(1, 3))
    kernel = draw(pair)
    shape = tuple(draw(st.integers(least, 4)) for least in kernel) + (draw(st.integers(1, 2)),)
    padding, lines = tuple(draw(st.integers(0, least - 1)) for least in kernel), draw(st.integers(0, 1))
    return kind(shape, draw(st.integers(1, 3)), kernel, draw(pair), padding, lines, bool(lines) and draw(st.booleans()))


@st.composite
def pools(draw):
    """Pooling of an image of up to 5 x 5 x 3, with and without a line after it."""
    kernel = tuple(draw(st.integers(1, 3)) for _ in range(2))
    shape = tuple(draw(st.integers(least, 5)) for least in kernel) + (draw(st.integers(1, 3)),)
    stride = draw(st.just((0, 0)) | st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return Pool(shape, shape[2], kernel, stride, tuple(draw(st.integers(0, least - 1)) for least in kernel),
                draw(st.integers(0, 1)))


@st.composite
def matrices(draw):
    """A matrix of weights of up to 6 x 8, as nested lists."""
    n_post, n_pre = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    return draw(rows(n_post, rows(n_pre, WEIGHT)))


@st.composite
def traces(draw, n_post: int):
    """(y1, y2), never both non-zero for a neuron."""
    y = draw(rows(n_post, st.builds(int.__mul__, st.sampled_from([-1, 1]), TRACE)))
    return [max(-one, 0) for one in y], [max(one, 0) for one in y]

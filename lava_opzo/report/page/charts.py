"""The interactive pictures of the page, as models of Bokeh; every function draws what it is given."""
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lava_opzo.learning.schedule import Schedule
from lava_opzo.report.axes import LAYER_COLOURS, phases
from lava_opzo.runs.curves import Curve

if TYPE_CHECKING:
    from bokeh.models import UIElement

HEIGHT, SQUARE = 320, 460
"""Pixels of a picture, and of one that is about as wide as high."""

TOOLS = "pan,box_zoom,wheel_zoom,reset,save"
MOST_POINTS = 6_000
"""Most spikes of a population that the page draws, so that it stays small; its legend says so."""

MOST_CLASSES = 64
"""Most classes whose confusion is drawn; of more, no number could be seen."""


def _figure(title: str, x: str, y: str, **options: Any):
    from bokeh.plotting import figure

    return figure(title=title, x_axis_label=x, y_axis_label=y, height=HEIGHT, sizing_mode="stretch_width", tools=TOOLS,
                  active_scroll=None, **options)


def _colour(number: int) -> str:
    return LAYER_COLOURS[number % len(LAYER_COLOURS)]


def plain(name: str) -> str:
    """A name that cannot end the script in which Bokeh carries it."""
    return name.replace("<", "‹")


def learning_curves(curves: Sequence[Curve], measure: str, title: str) -> "UIElement":
    """Mean of the runs of each curve over samples learned, and a band of one standard deviation. measure: as `Curve.points`."""
    from bokeh.models import HoverTool

    chart = _figure(title, "samples learned", "right (%)")
    for number, curve in enumerate(curves):
        n, mean, deviation, runs = curve.points[measure].T
        label, colour = plain(f"{curve.name} ({curve.runs} runs)"), _colour(number)
        chart.varea(x=n, y1=100 * (mean - deviation), y2=100 * (mean + deviation), fill_color=colour, fill_alpha=0.2,
                    legend_label=label)
        chart.line(n, 100 * mean, color=colour, line_width=2, legend_label=label)
        dots = chart.scatter(x="n", y="y", size=7, color=colour, legend_label=label, source=_source(
            n=n, y=100 * mean, spread=100 * deviation, runs=runs))
        chart.add_tools(HoverTool(renderers=[dots], tooltips=[("learned", "@n"), ("mean %", "@y{0.00}"),
                                                              ("std", "@spread{0.00}"), ("runs", "@runs")]))
    _legend(chart)
    return chart


def lines(title: str, y: str, names: Sequence[str], samples: Sequence[int], values: np.ndarray) -> "UIElement":
    """One line a layer over samples learned. Shapes: values (n, layers)."""
    from bokeh.models import HoverTool

    chart = _figure(title, "samples learned", y, x_axis_type="log")
    for number, (name, column) in enumerate(zip(names, np.reshape(values, (-1, len(names))).T, strict=True)):
        chart.line(samples, column, color=_colour(number), line_width=2, legend_label=name)
        dots = chart.scatter(samples, column, size=6, color=_colour(number), legend_label=name)
        chart.add_tools(HoverTool(renderers=[dots], tooltips=[("layer", name), ("learned", "@x"), (y, "@y{0.000}")]))
    _legend(chart)
    return chart


def histograms(title: str, weights: Mapping[str, np.ndarray]) -> "UIElement":
    """How many weights of each connection lie where, in weight units."""
    chart = _figure(title, "weight (units)", "share")
    for number, (name, values) in enumerate(weights.items()):
        counts, edges = np.histogram(np.ravel(values), bins=64)
        middle = (edges[1:] + edges[:-1]) / 2
        chart.step(middle, counts / max(1, counts.sum()), mode="center", color=_colour(number), line_width=2, legend_label=name)
    _legend(chart)
    return chart


def confusion(counts: Sequence[Sequence[int]]) -> "UIElement":
    """Which class was taken for which, darker for more; the numbers appear under the pointer."""
    from bokeh.models import HoverTool, LinearColorMapper
    from bokeh.palettes import Blues256

    n = len(counts)
    true, taken = (index.ravel() for index in np.indices((n, n)))
    found = np.asarray(counts).ravel()
    chart = _figure("Confusion: which class was taken for which", "predicted class", "true class", x_range=(-0.5, n - 0.5),
                    y_range=(n - 0.5, -0.5))
    chart.height = SQUARE
    mapper = LinearColorMapper(palette=Blues256[::-1], low=0, high=max(1, int(found.max(initial=0))))
    squares = chart.rect(x="taken", y="true", width=1, height=1, line_color="white", source=_source(
        true=true, taken=taken, count=found), fill_color={"field": "count", "transform": mapper})
    chart.add_tools(HoverTool(renderers=[squares], tooltips=[("true", "@true"), ("predicted", "@taken"), ("samples", "@count")]))
    return chart


def life(spikes: Mapping[str, np.ndarray], schedule: Schedule) -> "UIElement":
    """One training sample step by step: a raster, a slider that moves through it, and what is sent in that step."""
    from bokeh.layouts import column
    from bokeh.models import CustomJS, Div, Slider, Span

    chart, base = _figure("One training sample: what is sent in each step", "step of the sample", "neurons"), 0
    for number, (name, events) in enumerate(spikes.items()):
        steps, neurons = np.nonzero(events)
        stride = max(1, -(-len(steps) // MOST_POINTS))
        label = name if stride == 1 else f"{name} (1 of {stride} drawn)"
        chart.scatter(x="step", y="neuron", size=3, marker="square", color=_colour(number), legend_label=label, source=_source(
            step=steps[::stride], neuron=base + neurons[::stride]))
        base += events.shape[1] + 6
    place = Span(location=0, dimension="height", line_width=3, line_color="#222222", line_alpha=0.5)
    chart.add_layout(place)
    _legend(chart)
    texts = step_texts(spikes, schedule)
    said = Div(text=texts[0], sizing_mode="stretch_width")
    slider = Slider(start=0, end=len(texts) - 1, value=0, step=1, title="step", sizing_mode="stretch_width")
    slider.js_on_change("value", CustomJS(args={"place": place, "said": said, "texts": texts},
                                          code="place.location = cb_obj.value; said.text = texts[cb_obj.value];"))
    return column(slider, said, chart, sizing_mode="stretch_width")


def step_texts(spikes: Mapping[str, np.ndarray], schedule: Schedule) -> list[str]:
    """What happens in each step: the phase, and of each population how many neurons send something."""
    names = [""] * schedule.length
    for start, stop, label in phases(schedule):
        names[start:stop] = [label] * (stop - start)
    return [f"step {tau}, phase {names[tau]} (as the input sees it): " + "; ".join(
        f"{name}: {int(np.count_nonzero(events[tau]))} of {events.shape[1]} neurons send" for name, events in spikes.items())
        for tau in range(schedule.length)]


def _source(**columns: np.ndarray):
    from bokeh.models import ColumnDataSource

    return ColumnDataSource({name: np.asarray(values).tolist() for name, values in columns.items()})


def _legend(chart: Any) -> None:
    if chart.legend:
        chart.legend.click_policy = "hide"
        chart.add_layout(chart.legend[0], "below")
        chart.legend.orientation = "horizontal"

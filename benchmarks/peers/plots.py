"""Draw what the contestants were measured at, as a PNG. Loads matplotlib when it draws."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.peers.figures import HIT, MEASURES, Measure, Turn, median, names_in, texts_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHOWN: Final = ("index_cpu", "changed_cpu", "alone_cpu", "threads_cpu")
"""CPU, because bars of times on the clock say more of the machine's other work than of the contestants."""
_INCHES: Final = (12.0, 7.0)
_DPI: Final = 130


def save_plot(turns: Sequence[Turn], path: Path) -> None:
    """Draw one panel a measure, with a group of bars for each file of texts and a bar for each contestant."""
    from matplotlib.figure import Figure

    chosen = [*(measure for measure in MEASURES if measure.key in _SHOWN), HIT]
    figure = Figure(figsize=_INCHES, layout="constrained")
    panels = figure.subplots(2, 3).flatten()
    for axes, measure in zip(panels, chosen, strict=False):
        _draw(axes, turns, measure)
    handles, labels = panels[0].get_legend_handles_labels()
    panels[-1].axis("off")
    panels[-1].legend(handles, labels, loc="center", frameon=False, fontsize="large")
    figure.savefig(path, dpi=_DPI, format="png")


def _draw(axes: "Axes", turns: Sequence[Turn], measure: Measure) -> None:
    names, files = names_in(turns), texts_in(turns)
    width = 0.8 / len(names)
    for place, name in enumerate(names):
        heights = [median(turns, texts, name, measure.key) or 0.0 for texts in files]
        axes.bar([number + place * width for number in range(len(files))], heights, width, label=name)
    axes.set_xticks([number + 0.4 - width / 2 for number in range(len(files))], files)
    units = {"index": "seconds", "changed": "seconds", "alone": "milliseconds", "threads": "milliseconds"}
    unit = units.get(measure.key.partition("_")[0], "share of questions")
    axes.set(title=f"{measure.name} ({'less' if measure.less_is_better else 'more'} is better)", ylabel=unit)
    axes.grid(axis="y", alpha=0.3)
    axes.set_axisbelow(True)

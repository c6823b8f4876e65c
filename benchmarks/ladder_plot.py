"""Draw how the index grows, as a PNG: both axes of each panel grow by factors. Loads matplotlib when it draws."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_PANELS: Final = (
    ("Indexing, without the model", "seconds", 1.0, {"index_seconds": "clock", "index_cpu": "CPU"}),
    ("Searching, p50", "milliseconds", 1.0, {"alone_p50": "alone", "threads_p50": "8 threads"}),
    ("Peak memory", "MB", 1e6, {"index_memory": "indexing", "search_memory": "searching"}),
)
"""Title, unit, what a figure is divided by, and the figures with the names of their lines."""
_INCHES: Final = (12.0, 4.0)
_DPI: Final = 130


def save_plot(rungs: Sequence[Mapping[str, float]], path: Path) -> None:
    """Draw index time, search time and memory over passages, with a thin line for what grows as passages do."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, layout="constrained")
    passages = [rung["passages"] for rung in rungs]
    for axes, (title, unit, divisor, lines) in zip(figure.subplots(1, 3), _PANELS, strict=True):
        for key, name in lines.items():
            axes.loglog(passages, [rung[key] / divisor for rung in rungs], marker="o", label=name)
        first = max(rungs[0][key] / divisor for key in lines)
        axes.loglog(passages, [first * count / passages[0] for count in passages], "k:", lw=0.8, label="proportional")
        axes.set(title=title, xlabel="passages", ylabel=unit)
        axes.grid(which="both", alpha=0.2)
        axes.legend(frameon=False)
    figure.savefig(path, dpi=_DPI, format="png")

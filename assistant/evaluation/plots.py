"""Draw a report: recall against depth, and the abstention curve. The only module that imports matplotlib."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from assistant.errors import AssistantError
from assistant.evaluation.models import EvaluationReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INCHES: Final = (11.0, 4.5)
_DPI: Final = 150


def check_plot(path: Path) -> None:
    """Raise AssistantError when a plot could not be saved at `path`: better before a long run than after it."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise AssistantError(
            "Plots need a package that is missing. Run: pip install 'footnote-assistant[evaluate]'"
        ) from error
    if path.suffix.lower() != ".png":
        raise AssistantError(f"The plot is a PNG, and {path} does not end in .png. Name it {path.with_suffix('.png')}")
    if not path.parent.is_dir():
        raise AssistantError(f"The plot cannot be saved at {path}: {path.parent} is not a folder. Make it first.")


def save_plot(report: EvaluationReport, path: Path) -> None:
    """Draw a report into a PNG file with two panels. Raises AssistantError when it cannot be saved."""
    check_plot(path)
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, layout="constrained")
    recall, abstention = figure.subplots(1, 2)
    _draw_recall(recall, report)
    _draw_abstention(abstention, report)
    figure.suptitle(f"{report.dataset}: {report.questions:,} questions over {report.articles:,} articles")
    try:
        figure.savefig(path, dpi=_DPI, format="png")
    except OSError as error:
        raise AssistantError(
            f"The plot cannot be saved at {path}: {error.strerror or error}. Name another file."
        ) from error


def _draw_recall(axes: "Axes", report: EvaluationReport) -> None:
    from matplotlib.ticker import MaxNLocator

    for way in report.retrieval:
        own = way is report.retrieval[0]
        depths = range(1, len(way.recall) + 1)
        # Ways that agree lie on each other: the assistant's own is the broad line below.
        axes.plot(depths, way.recall, label=way.name, linewidth=3.5 if own else 1.3, marker="o" if own else None)
    axes.set(title="Gold article found", xlabel="articles looked at", ylabel="share of questions", ylim=(None, 1.005))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    _finish(axes, drawn=bool(report.retrieval))


def _draw_abstention(axes: "Axes", report: EvaluationReport) -> None:
    drawn = [kind for kind in report.abstention if kind.curve]
    for kind in drawn:
        [line] = axes.plot([percent / 100 for percent in range(101)], kind.curve, label=kind.kind, linewidth=2)
        if kind.false_refusals is not None:
            axes.plot(kind.false_refusals, kind.recall, "o", color=line.get_color(), label=f"at {kind.threshold:g}")
    axes.axvline(0.05, color="0.6", linestyle=":", linewidth=1)
    axes.set(
        title="Declining", xlabel="false refusals: share of answerable questions", xlim=(0, 1),
        ylabel="share declined of unanswerable questions", ylim=(0, 1.005),
    )  # fmt: skip
    _finish(axes, drawn=bool(drawn))


def _finish(axes: "Axes", *, drawn: bool) -> None:
    axes.grid(alpha=0.3)
    if drawn:
        axes.legend(loc="lower right", frameon=False)
    else:
        axes.text(0.5, 0.5, "nothing to draw", ha="center", va="center", transform=axes.transAxes)

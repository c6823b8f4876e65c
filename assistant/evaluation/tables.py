"""What an evaluation shows: a progress bar, tables for people, and one object for programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from index.counting import counted

if TYPE_CHECKING:
    from assistant.evaluation.models import EvaluationProgress, EvaluationReport, ProgressCallback

_SHOWN_SKIPPED = 5


@contextmanager
def progress() -> "Iterator[ProgressCallback | None]":
    """Give a callback that draws a bar with counts and time left; None where nobody sees it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        stage = ""

        def update(state: "EvaluationProgress") -> None:
            nonlocal stage
            if state.stage != stage:
                stage = state.stage
                bar.reset(task)
            bar.update(task, completed=state.done, total=state.total, description=state.stage)

        yield update


def report_object(report: "EvaluationReport") -> dict[str, Any]:
    """Return a report as the object that `evaluate --json` prints."""
    return asdict(report)


def print_report(report: "EvaluationReport") -> None:
    """Print a report as tables on standard output, and what was skipped on standard error."""
    console = Console(highlight=False)
    heading = (
        f"{report.dataset}: {counted(report.questions, 'question')} over {counted(report.articles, 'article')} in "
        f"{counted(report.passages, 'passage')}, embedded with {report.embedding_model}"
    )
    console.print(Text(heading, style="bold"), soft_wrap=True)
    for table in _tables(report):
        console.print()
        console.print(table)
    console.print()
    console.print(
        f"Search: median {report.latency.p50:.1f} ms, 95th percentile {report.latency.p95:.1f} ms. "
        f"The evaluation took {report.seconds:,.0f} s."
    )
    if report.skipped:
        errors = Console(stderr=True, highlight=False)
        for failure in report.skipped[:_SHOWN_SKIPPED]:
            errors.print(Text(f"Skipped: {failure.source}: {failure.reason}", style="red"), soft_wrap=True)
        if len(report.skipped) > _SHOWN_SKIPPED:
            errors.print(f"… and {len(report.skipped) - _SHOWN_SKIPPED:,} more.")


def _tables(report: "EvaluationReport") -> "Iterator[Table]":
    for title, rows in (("Ranking", report.retrieval), ("Language", report.by_language)):
        if rows:
            table = _table(title, "Questions", "hit@1", "hit@5", "hit@10", "MRR", "nDCG@10")
            for row in rows:
                measures = (row.hit_at_1, row.hit_at_5, row.hit_at_10, row.mrr, row.ndcg_at_10)
                table.add_row(row.name, f"{row.questions:,}", *map(_three, measures))
            yield table
    if report.quoting:
        table = _table("Answer in the quotes", "Questions", "first sentence", "first 3 sentences")
        quoting = report.quoting
        table.add_row("", f"{quoting.questions:,}", _three(quoting.first), _three(quoting.first_three))
        yield table
    if report.abstention:
        table = _table(
            "Declining", "Questions", "AUROC", f"precision at {report.abstention[0].threshold:g}", "recall",
            "false refusals", "recall at 5% false refusals",
        )  # fmt: skip
        for kind in report.abstention:
            table.add_row(
                kind.kind, f"{kind.answerable:,} + {kind.unanswerable:,}", _three(kind.auroc), _three(kind.precision),
                _three(kind.recall), _three(kind.false_refusals), _three(kind.declined_at_5_percent),
            )  # fmt: skip
        yield table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"

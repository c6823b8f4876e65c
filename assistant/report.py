"""What the command line prints: answers, articles and reports, for people and, on a pipe, for programs."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from assistant.local_servers import LocalModel
    from assistant.models import Answer, Citation
    from assistant.settings import Settings
    from index.models import Article, IndexStatus, Passage, ProgressCallback, SyncProgress, SyncReport

_SHOWN_FAILURES = 20
_NEAREST = 3


def address(source: str) -> str:
    """Return a path as the index knows it, absolute. A URL stays as it is."""
    return source if "://" in source else str(Path(source).expanduser().absolute())


@contextmanager
def progress(title: str) -> "Iterator[ProgressCallback | None]":
    """Give a callback that draws a bar with counts and time left; None where nobody sees it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn(f"{title} {{task.description}}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles, {task.fields[passages]:,} passages"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, passages=0)

        def update(state: "SyncProgress") -> None:
            bar.update(
                task,
                completed=state.done,
                total=state.total,
                passages=state.passages,
                description=_one_line(state.current)[:40],
            )

        yield update


def print_sync(result: "SyncReport") -> None:
    """Print what a sync did on standard output, and what failed on standard error."""
    counts = [
        f"{len(sources):,} {outcome}"
        for outcome in ("added", "updated", "unchanged", "removed")
        if (sources := getattr(result, outcome))
    ]
    if result.failed:
        counts.append(f"{len(result.failed):,} failed")
    console = Console(highlight=False)
    summary = ", ".join(counts) or "nothing to do"
    console.print(f"Articles: {summary}; {result.passages:,} new passages in {result.seconds:.1f} s.", soft_wrap=True)
    if result.ignored:
        kinds = ", ".join(f"{count:,} {ending}" for ending, count in result.ignored)
        console.print(Text(f"Ignored, no reader for their kind: {kinds}."), soft_wrap=True)
    errors = Console(stderr=True, highlight=False)
    for failure in result.failed[:_SHOWN_FAILURES]:
        errors.print(
            Text(f"Failed: {_one_line(failure.source)}: {_one_line(failure.reason)}", style="red"), soft_wrap=True
        )
    if len(result.failed) > _SHOWN_FAILURES:
        errors.print(f"… and {len(result.failed) - _SHOWN_FAILURES:,} more.")


def print_answer(answer: "Answer") -> None:
    """Print an answer, its footnotes, what to ask next, and the nearest passages where it declines."""
    console = Console(highlight=False)
    if answer.verdict:
        console.print(Text(f"Verdict: {answer.verdict}", style="bold"))
    console.print(Text(_visible(answer.text)))
    for warning in answer.warnings:
        console.print(Text(f"! {warning}", style="yellow"))
    if answer.citations:
        console.print()
    for citation in answer.citations:
        console.print(Text(f"[{citation.number}] {_place(citation)}", style="dim"), soft_wrap=True)
        if citation.translation:
            console.print(Text(f"    (machine translation) {_one_line(citation.translation)}", style="dim"))
    if answer.as_of:
        console.print(Text(f"As of {answer.as_of}, the newest article cited.", style="dim"))
    if answer.searched:
        console.print(Text(f"Searched: {'; '.join(map(_one_line, answer.searched))}", style="dim"), soft_wrap=True)
    if answer.suggestions:
        console.print()
    for suggestion in answer.suggestions:
        console.print(Text(f"Ask next: {_one_line(suggestion)}", style="dim"), soft_wrap=True)
    if answer.abstained:
        for passage in answer.passages[:_NEAREST]:
            _print_nearest(console, passage)


def _print_nearest(console: Console, passage: "Passage") -> None:
    console.print()
    place = f"{passage.article.title} ({passage.article.source})"
    console.print(Text(_one_line(place), style="dim"), soft_wrap=True)
    console.print(Padding(Text(_one_line(passage.text)), (0, 0, 0, 2)))


def _place(citation: "Citation") -> str:
    article = citation.article
    known = [article.title, article.language, str(article.published or ""), article.source]
    place = ", ".join(_one_line(part) for part in known if part)
    others = "".join(f"; also {_one_line(copy.publisher or copy.source)}" for copy in citation.copies)
    return f"{place}:{citation.start}-{citation.end} ({citation.status}){others}"


def answer_object(answer: "Answer") -> dict[str, Any]:
    """Return an answer as the object that `ask --json` prints."""
    return {
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "verdict": answer.verdict,
        "model": answer.model,
        "warnings": list(answer.warnings),
        "citations": [
            {
                "number": citation.number,
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
                "source": citation.article.source,
                "title": citation.article.title,
                "published": citation.article.published.isoformat() if citation.article.published else None,
                "language": citation.article.language,
                "status": citation.status,
                "translation": citation.translation,
            }
            for citation in answer.citations
        ],
        "statements": [
            {
                "text": answer.text[statement.start : statement.end],
                "citations": list(statement.citations),
                "status": statement.status,
                "faults": [{"kind": fault.kind, "words": fault.words} for fault in statement.faults],
            }
            for statement in answer.statements
        ],
        "partial": answer.partial,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "searched": list(answer.searched),
        "suggestions": list(answer.suggestions),
        "usage": asdict(answer.usage) if answer.usage else None,
    }


def print_articles(articles: "Iterable[Article]") -> None:
    """Print a table of articles; on a pipe, one line an article, with tabs."""
    rows = [
        (str(article.published or ""), article.language, _one_line(article.title), _one_line(article.source))
        for article in articles
    ]
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))  # noqa: T201 - this is the command line's output
        return
    table = Table("Published", "Language", "Title", "Source", box=None, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    console = Console()
    console.print(table if rows else "There are no articles yet. Add some with: assistant index PATH")


def print_article(article: "Article") -> None:
    """Print an article with what is known of it."""
    console = Console(highlight=False)
    console.print(Text(_one_line(article.title), style="bold"), soft_wrap=True)
    known = [article.publisher or "", str(article.published or ""), article.language, article.source]
    console.print(Text(_one_line(", ".join(part for part in known if part)), style="dim"), soft_wrap=True)
    console.print()
    console.print(Text(_visible(article.text)), soft_wrap=True)


def print_status(status: "IndexStatus", settings: "Settings") -> None:
    """Print the state of an index, and of what answers."""
    console = Console(highlight=False)
    rows = {
        "Home": status.home,
        "Articles": f"{status.articles:,} in {', '.join(status.languages) or 'no language yet'}",
        "Passages": f"{status.passages:,}",
        "Size": f"{status.size_bytes / 1_000_000:,.1f} MB",
        "Generation": status.generation or "none yet",
        "Embedding model": status.embedding_model,
        "Language model": settings.model
        or "none: answers are quotes. Set ASSISTANT_MODEL=provider:name to change that.",
        "Health": "sound" if not status.problems else "",
    }
    for name, value in rows.items():
        if value:
            console.print(Text(f"{name + ':':<17}{value}"), soft_wrap=True)
    for problem in status.problems:
        Console(stderr=True, highlight=False).print(Text(f"Problem: {problem}", style="red"), soft_wrap=True)


def print_local_models(models: "Iterable[LocalModel]") -> None:
    """Print the models of servers on this machine, each with the lines that set it."""
    console = Console(highlight=False)
    for model in models:
        console.print(Text(f"\nFound {_one_line(model.name)} on this machine ({model.server}). To answer with it:"))
        for line in model.settings:
            console.print(Text(f"  {_one_line(line)}"), soft_wrap=True)


def _one_line(text: str) -> str:
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    """Return `text` with control characters replaced: an article must not drive the terminal that shows it."""
    return "".join(character if character.isprintable() or character.isspace() else "\ufffd" for character in text)

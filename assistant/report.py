"""What the command line prints: answers, articles and reports, for people and, on a pipe, for programs."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from index.counting import counted

if TYPE_CHECKING:
    from assistant.feedback import FeedbackRead
    from assistant.local_servers import LocalModel
    from assistant.models import Answer, Citation
    from assistant.settings import Settings
    from index.health import Examination
    from index.history import Edit, Version
    from index.listing import Source
    from index.models import Article, Compaction, IndexStatus, Passage, ProgressCallback, SyncProgress, SyncReport

_SHOWN_FAILURES = 20
_NEAREST = 3


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
        TextColumn("files and pages, {task.fields[passages]:,} passages{task.fields[speed]}{task.fields[left]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, passages=0, speed="", left="")

        def update(state: "SyncProgress") -> None:
            bar.update(
                task,
                completed=state.done,
                total=state.total or None,
                passages=state.passages,
                speed=f", {state.speed:,.0f} a second" if state.passages else "",
                left="" if state.left is None else f", {_duration(state.left)} left",
                description=_one_line(state.current)[:40],
            )

        yield update


def print_sync(result: "SyncReport") -> None:
    """Print what a sync did on standard output, and what failed on standard error."""
    console = Console(highlight=False)
    speed = f", {result.speed:,.0f} a second" if result.passages else ""
    done = f"{counted(result.passages, 'new passage')} in {result.seconds:.1f} s{speed}."
    console.print(f"Articles: {_counts(result)}; {done}", soft_wrap=True)
    _print_trouble(result)


def print_plan(result: "SyncReport") -> None:
    """Print what a dry run would have done: one line an article that changes, and the counts."""
    _print_articles_of(result)
    console = Console(highlight=False)
    console.print(f"Articles, if it were done: {_counts(result)}. Nothing was changed.", soft_wrap=True)
    _print_trouble(result)


def print_news(result: "SyncReport") -> None:
    """Print what a sync changed while watching: one line an article, after the time of day."""
    _print_articles_of(result, f"{datetime.now().astimezone():%H:%M:%S} ")
    _print_trouble(result)


def _print_articles_of(result: "SyncReport", before: str = "") -> None:
    console = Console(highlight=False)
    for outcome in ("added", "updated", "removed"):
        for source in getattr(result, outcome):
            console.print(Text(f"{before}{outcome:<8} {_one_line(source)}"), soft_wrap=True)
    for move in result.moved:
        moved = f"{_one_line(move.before)} -> {_one_line(move.after)}"
        console.print(Text(f"{before}moved    {moved}"), soft_wrap=True)


def print_stopped(result: "SyncReport") -> None:
    """Print what a sync had done when it was stopped."""
    errors = Console(stderr=True, highlight=False)
    done = f"{_counts(result)}; {counted(result.passages, 'new passage')}"
    errors.print(f"Stopped. Indexed until then: {done}. Run it again to go on from there.", soft_wrap=True)


def print_sources(sources: "Iterable[Source]") -> None:
    """Print the sources that are read again, with what was wrong with them; on a pipe, one line each, with tabs."""
    rows = [
        (
            str(source.kind),
            f"{source.articles:,}",
            f"{source.read.astimezone():%Y-%m-%d %H:%M}" if source.read else "never",
            _one_line(source.address),
            _one_line("; ".join(filter(None, [source.failure, *(f"without {name}" for name in source.ignore)]))),
        )
        for source in sources
    ]
    heads = ("Kind", "Articles", "Last read", "Source", "Remarks")
    _print_table(heads, rows, "There are no sources yet. Add one with: assistant index PATH_OR_URL")


def print_removal(result: "SyncReport", forgotten: Sequence[str], sources: "Iterable[Source]") -> None:
    """Print which articles were removed and which sources forgotten, and which others would bring them back."""
    console = Console(highlight=False)
    count = f"{len(result.removed):,}" if result.removed else "none"
    console.print(f"Articles: {count} removed. Files stay where they are.", soft_wrap=True)
    for address in forgotten:
        console.print(Text(f"No longer a source: {_one_line(address)}"), soft_wrap=True)
    for source in sources:
        base = source.address.rstrip("/")
        if source.kind == "folder" and any(address.startswith(f"{base}/") for address in result.removed):
            advice = (
                f"What came from {_one_line(base)} comes back when it is read again. To leave it out: --ignore NAME"
            )
            console.print(Text(advice), soft_wrap=True)


def _counts(result: "SyncReport") -> str:
    outcomes = ("added", "updated", "unchanged", "moved", "removed", "failed")
    counts = [f"{len(of_outcome):,} {outcome}" for outcome in outcomes if (of_outcome := getattr(result, outcome))]
    return ", ".join(counts) or "nothing to do"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min" if whole < 6000 else f"{whole // 3600} h"


def _print_trouble(result: "SyncReport") -> None:
    console = Console(highlight=False)
    if result.ignored:
        kinds = ", ".join(f"{count:,} {ending}" for ending, count in result.ignored)
        console.print(Text(f"Left out, without a reader or above a limit: {kinds}."), soft_wrap=True)
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
    place = f"{passage.article.title} ({_from_here(passage.article.source)})"
    console.print(Text(_one_line(place), style="dim"), soft_wrap=True)
    console.print(Padding(Text(_one_line(passage.text)), (0, 0, 0, 2)))


def _place(citation: "Citation") -> str:
    article = citation.article
    page = article.page(citation.start)
    known = [article.title, article.language, str(article.published or ""), f"page {page}" if page else ""]
    place = ", ".join(_one_line(part) for part in (*known, _from_here(article.source)) if part)
    others = "".join(f"; also {_one_line(copy.publisher or _from_here(copy.source))}" for copy in citation.copies)
    return f"{place}:{citation.start}-{citation.end} ({citation.status}){others}"


def _from_here(source: str) -> str:
    """Return the path of a file below the current folder as it is typed here. Other addresses stay as they are."""
    try:
        here = str(Path.cwd()).rstrip(os.sep)
    except OSError:  # the folder is gone
        return source
    return source.removeprefix(here + os.sep)


def print_articles(articles: "Iterable[Article]") -> None:
    """Print a table of articles; on a pipe, one line an article, with tabs."""
    rows = [
        (str(article.published or ""), article.language, _one_line(article.title), _one_line(article.source))
        for article in articles
    ]
    heads = ("Published", "Language", "Title", "Source")
    _print_table(heads, rows, "There are no articles yet. Add some with: assistant index PATH")


def print_feedback(read: "FeedbackRead") -> None:
    """Print what readers thought of answers, the newest last; on a pipe, one line each, with tabs."""
    rows = [
        (f"{one.given:%Y-%m-%d %H:%M}", str(one.kind), _one_line(one.question), _one_line(one.words))
        for one in read.feedback
    ]
    if read.skipped:
        skipped = counted(read.skipped, "line cannot be read, and is", "lines cannot be read, and are")
        Console(stderr=True).print(f"In the feedback file {skipped} left out.")
    _print_table(("Given (UTC)", "Kind", "Question", "Words"), rows, "There is no feedback yet.")


def print_export(path: Path, count: int, given: int) -> None:
    """Print how many cases were written to a dataset, of how many answers that readers judged."""
    console = Console(highlight=False)
    console.print(Text(f"{count:,} of {counted(given, 'judged answer')} written as cases to {path}."), soft_wrap=True)
    if count:
        console.print(Text(f"Measure with: assistant evaluate {path}"), soft_wrap=True)


def print_article(article: "Article") -> None:
    """Print an article with what is known of it."""
    console = Console(highlight=False)
    console.print(Text(_one_line(article.title), style="bold"), soft_wrap=True)
    known = [article.publisher, article.author, str(article.published or ""), article.language]
    places = [article.source, article.address]
    console.print(Text(_one_line(", ".join(filter(None, (*known, *places)))), style="dim"), soft_wrap=True)
    console.print()
    console.print(Text(_visible(article.text)), soft_wrap=True)


def print_versions(versions: "Iterable[Version]") -> None:
    """Print the versions of an article, the newest first; on a pipe, one line a version, with tabs."""
    rows = [
        (
            str(version.number),
            version.added.astimezone().strftime("%Y-%m-%d %H:%M"),
            version.digest[:12],
            "current" if version.current else "",
            _one_line(version.title),
        )
        for version in reversed(list(versions))
    ]
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))  # noqa: T201 - this is the command line's output
        return
    table = Table("Version", "Indexed", "Digest", "", "Title", box=None, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    Console().print(table)


def print_changes(before: "Article", after: "Article", edits: "Sequence[Edit]") -> None:
    """Print what changed from one version of an article to another, what went with "-" and what came with "+"."""
    console = Console(highlight=False)
    console.print(Text(f"From version {before.version} to version {after.version}:", style="bold"))
    for edit in edits:
        console.print()
        label = "" if edit.part == "text" else f"{edit.part}: "
        for mark, words, style in (("-", edit.before, "red"), ("+", edit.after, "green")):
            if words:
                console.print(Text(f"{mark} {label}{_one_line(words)}", style=style), soft_wrap=True)
    if not edits:
        console.print("No words changed.")


def print_examination(examination: "Examination") -> None:
    """Print what looking at everything in a home found, and what takes how much room."""
    console = Console(highlight=False)
    room = examination.room
    parts = {
        "catalog": room.catalog,
        "search engines": room.engines,
        "older engines": room.older,
        "other": room.other,
    }
    sizes = ", ".join(f"{name} {size / 1_000_000:,.1f} MB" for name, size in parts.items() if size)
    console.print(Text(f"{'Room:':<17}{sizes}"), soft_wrap=True)
    console.print(Text(f"{'Versions:':<17}{counted(examination.versions, 'former one')} kept"), soft_wrap=True)
    console.print(Text(f"{'Health:':<17}{'sound' if not examination.problems else 'not sound'}"))
    for note in examination.notes:
        console.print(Text(f"{'Note:':<17}{note}"), soft_wrap=True)
    for problem in examination.problems:
        Console(stderr=True, highlight=False).print(Text(f"Problem: {problem}", style="red"), soft_wrap=True)


def print_compaction(done: "Compaction") -> None:
    given_back = max(0, done.before - done.after) / 1_000_000
    console = Console(highlight=False)
    console.print(
        Text(
            f"Compacted: {given_back:,.1f} MB given back, {done.after / 1_000_000:,.1f} MB left; "
            f"{counted(done.forgotten, 'version')} of removed articles forgotten."
        ),
        soft_wrap=True,
    )


def print_status(status: "IndexStatus", settings: "Settings") -> None:
    """Print the state of an index, and of what answers."""
    console = Console(highlight=False)
    rows = {
        "Home": status.home,
        "Catalog": status.catalog,
        "Vectors": status.store,
        "Articles": f"{status.articles:,} in {', '.join(status.languages) or 'no language yet'}",
        "Passages": f"{status.passages:,}",
        "Size": f"{status.size_bytes / 1_000_000:,.1f} MB",
        "Generation": status.generation or "none yet",
        "Embedding model": status.embedding_model,
        "Language model": settings.model
        or "none: answers are quotes. Set ASSISTANT_MODEL=provider:name to change that.",
    }
    for name, value in rows.items():
        if value:
            console.print(Text(f"{name + ':':<17}{value}"), soft_wrap=True)


def print_local_models(models: "Iterable[LocalModel]") -> None:
    """Print the models of servers on this machine, each with the lines that set it."""
    console = Console(highlight=False)
    for model in models:
        console.print(Text(f"\nFound {_one_line(model.name)} on this machine ({model.server}). To answer with it:"))
        for line in model.settings:
            console.print(Text(f"  {_one_line(line)}"), soft_wrap=True)


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> None:
    """Print rows as a table, or what is said where there are none; on a pipe, one line a row, with tabs."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))  # noqa: T201 - this is the command line's output
        return
    table = Table(*heads, box=None, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    Console().print(table if rows else empty)


def _one_line(text: str) -> str:
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    """Return `text` with control characters replaced: an article must not drive the terminal that shows it."""
    return "".join(character if character.isprintable() or character.isspace() else "\ufffd" for character in text)

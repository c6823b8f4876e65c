"""The command line: what the Python API does, in a terminal. Heavy libraries load only for commands that need them."""

import gc
import importlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

import assistant
from assistant import evaluation, report
from assistant.errors import AssistantError
from index.errors import IndexingError, SyncStopped
from index.listing import Engine, Kind, normal_address

if TYPE_CHECKING:
    from index.history import Version
    from index.models import Article

app = typer.Typer(
    help="Ask your own articles. Every answer carries footnotes that are exact quotes.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

FAILED = 1
"""Exit status: something did not work, and a line on standard error says what."""
DECLINED = 3
"""Exit status of `ask`: the articles do not answer the question."""

_YOUNG_OBJECTS = 20_000
"""Objects that are made before Python looks which are garbage: 700 are its own default."""

STOPPED = 130
"""Exit status: it was stopped by Ctrl-C, as shells have it."""

_Question = Annotated[str, typer.Argument(help="The question, in any language.")]
_Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A day of publication, as 2026-02-01.")]
_Source = Annotated[list[str] | None, typer.Option("--source", help="Ask only this article or folder. Repeatable.")]
_Languages = Annotated[
    list[str] | None, typer.Option("--language", help="Ask only articles in this language, as fr. Repeatable.")
]
_Home = Annotated[
    Path | None, typer.Option("--home", envvar="ASSISTANT_HOME", help="The folder with the index.", show_default=False)
]
# Behind the command it reads no variable, which would win over an option before the command.
_HomeToo = Annotated[Path | None, typer.Option("--home", help="The folder with the index.", show_default=False)]


def main() -> None:
    """Run the command line. What goes wrong on purpose is one line on standard error, and exit status 1."""
    # Imports make hundreds of thousands of objects that stay. To look at them less often saves a tenth of a start.
    gc.set_threshold(_YOUNG_OBJECTS)
    for stream in (sys.stdout, sys.stderr):
        # A title may hold any character, and a terminal may be set to ASCII.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except (AssistantError, IndexingError) as error:
        Console(stderr=True).print(f"assistant: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    except BrokenPipeError:
        # The reader has seen enough, as in: assistant articles | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    home: _Home = None,
    version: Annotated[bool, typer.Option("--version", help="Say the version, and stop.")] = False,
) -> None:
    if version:
        typer.echo(f"footnote-assistant {assistant.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit
    context.obj = home


@app.command()
def index(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH_OR_URL", help="Files, folders, pages, feeds, sites. Without any: all known."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", help="Leave out files of folders, as in .gitignore. Remembered. Repeatable."),
    ] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="What a new web address is.", show_default=False)] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Where files are read and encoded: here, or on a Ray cluster.")
    ] = Engine.LOCAL,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Then wait, and index what changes. Ctrl-C ends it.")] = False,
    every: Annotated[
        float, typer.Option("--every", min=1, metavar="MINUTES", help="With --watch: how often the web is read again.")
    ] = 15,
    home: _HomeToo = None,
) -> None:
    """Index files, folders and web addresses, or bring up to date what was indexed before.

    Ctrl-C stops it; what it has done is kept, and the next run goes on from there.
    """
    with _opened(context, home, made=True) as opened:
        if not sources and not opened.index.sources():
            raise AssistantError("There is nothing to index yet. Name a file or folder, as in: assistant index seeds/")
        with report.progress("Reading" if dry_run else "Indexing") as progress, _stoppable():
            result = opened.reindex(sources or None, progress, ignore=ignore, kind=kind, dry_run=dry_run, engine=engine)
        (report.print_plan if dry_run else report.print_sync)(result)
        if watch and not dry_run:
            Console(stderr=True).print("Watching for changes. Ctrl-C ends it.")
            watching: Any = importlib.import_module("index.watching")
            with _stoppable():
                watching.watch(opened.index, report.print_news, sources, every=60 * every)
        if result.failed:
            raise typer.Exit(FAILED)


@app.command()
def sources(context: typer.Context, home: _HomeToo = None) -> None:
    """List the sources that are read again by `assistant index`: kind, articles, when last read, what was wrong."""
    with _opened(context, home) as opened:
        report.print_sources(opened.index.sources())


@app.command()
def ask(
    context: typer.Context,
    question: _Question,
    since: _Day = None,
    until: _Day = None,
    source: _Source = None,
    language: _Languages = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    home: _HomeToo = None,
) -> None:
    """Answer a question from the articles, with citations. Exit status 3 when they do not answer it."""
    from assistant.objects import answer_object

    with _opened(context, home) as opened:
        answer = opened.ask(
            question, since=_day(since), until=_day(until), sources=source or [], languages=language or []
        )
        if as_json:
            typer.echo(json.dumps(answer_object(answer), ensure_ascii=False, indent=2))
        else:
            report.print_answer(answer)
        if answer.abstained:
            raise typer.Exit(DECLINED)


@app.command()
def chat(context: typer.Context, home: _HomeToo = None) -> None:
    """Ask one question after the other. A question may lean on the one before. An empty line ends it."""
    with _opened(context, home) as opened:
        turns: list[assistant.Turn] = []
        while question := _next_question():
            try:
                answer = opened.ask(question, history=turns)
            except AssistantError as error:
                Console(stderr=True).print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
                continue
            report.print_answer(answer)
            typer.echo()
            turns.append(assistant.Turn(question, answer.text))


@app.command()
def articles(context: typer.Context, home: _HomeToo = None) -> None:
    """List the articles, newest first."""
    with _opened(context, home) as opened:
        report.print_articles(opened.index.articles())


@app.command()
def show(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="The address of an article.")],
    version: Annotated[int | None, typer.Option("--version", help="Show this version, from 1.")] = None,
    versions: Annotated[bool, typer.Option("--versions", help="List the versions that are kept.")] = False,
    changes: Annotated[bool, typer.Option("--changes", help="Show what changed from the version before.")] = False,
    former: Annotated[int | None, typer.Option("--from", help="With --changes: from this version on.")] = None,
    home: _HomeToo = None,
) -> None:
    """Show an article as it is indexed, the text that citations point into; also as it was, and what changed."""
    with _opened(context, home) as opened:
        address = _indexed_address(opened, source)
        kept = opened.index.versions(address)
        if not kept:
            raise AssistantError(f"No article at {source!r}. List them with: assistant articles")
        if versions:
            report.print_versions(kept)
            return
        article = _version(opened, source, kept[-1].number if version is None else version)
        if changes or former is not None:
            numbers = [one.number for one in kept if one.number < (article.version or 0)]
            if former is None and not numbers:
                raise AssistantError(
                    f"No version of {source!r} before {article.version} is kept to compare it with: kept are "
                    f"{_numbers(kept)}. List them with: assistant show {source} --versions"
                )
            before = _version(opened, source, max(numbers) if former is None else former)
            history: Any = importlib.import_module("index.history")
            report.print_changes(before, article, history.compare_articles(before, article))
        else:
            report.print_article(article)


@app.command()
def remove(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="An article, or a folder.")],
    home: _HomeToo = None,
) -> None:
    """Take an article, or all that came from a folder, out of the index. The files stay."""
    with _opened(context, home) as opened:
        before = opened.index.sources()
        result = opened.index.remove(_indexed_address(opened, source))
        left = opened.index.sources()
        forgotten = {one.address for one in before} - {one.address for one in left}
        if not result.removed and not forgotten:
            raise AssistantError(
                f"Nothing is indexed at {source!r}. List what is with: assistant articles, or assistant sources"
            )
        report.print_removal(result, sorted(forgotten), left)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", show_default="7860")] = None,
    mcp: Annotated[bool, typer.Option("--mcp", help="Serve other programs too, by MCP, at /mcp.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Read sources again when they change.")] = False,
    every: Annotated[
        float, typer.Option("--every", min=1, metavar="MINUTES", help="With --watch: how often the web is read again.")
    ] = 15,
    home: _HomeToo = None,
) -> None:
    """Serve the app: on this machine, or beyond it to users who sign in."""
    with _opened(context, home, made=True) as opened:
        ui: Any = importlib.import_module("assistant.ui")
        service = importlib.import_module("assistant.mcp_server").http_service(opened) if mcp else None
        host, port = host or opened.settings.host, opened.settings.port if port is None else port
        ui.serve(opened, host=host, port=port, service=service, watch_every=60 * every if watch else None)


@app.command(name="mcp")
def mcp_stdio(context: typer.Context, home: _HomeToo = None) -> None:
    """Let a program on this machine ask, search and read, by MCP over its standard input and output."""
    with _opened(context, home) as opened:
        server: Any = importlib.import_module("assistant.mcp_server")
        server.run_stdio(opened)


@app.command()
def password(name: Annotated[str, typer.Argument(help="The name of the user.")]) -> None:
    """Make the line of a user for ASSISTANT_AUTH. It holds a hash of the password, not the password."""
    accounts: Any = importlib.import_module("assistant.accounts")
    with _one_line_on_ctrl_c("No password was taken."):
        if sys.stdin.isatty():
            # The line may go into a file, so what is asked stands on standard error.
            secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        else:
            secret = sys.stdin.readline().rstrip("\n")
    typer.echo(accounts.hash_password(name, secret))


@app.command()
def evaluate(
    context: typer.Context,
    dataset: Annotated[Path, typer.Argument(help="Questions: a SQuAD file, or .jsonl with one a line.")],
    articles: Annotated[
        Path | None, typer.Option("--articles", help="Ask over the paragraphs of this SQuAD file.")
    ] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Run dense, lexical and reciprocal ranks beside it.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    plot: Annotated[Path | None, typer.Option("--plot", help="Save a plot as this PNG file. Needs matplotlib.")] = None,
    every: Annotated[int, typer.Option("--every", help="Ask every nth question.")] = 1,
    offset: Annotated[int, typer.Option("--offset", help="Begin with this question, from 0.")] = 0,
    questions: Annotated[int | None, typer.Option("--questions", help="Ask this many, evenly spread.")] = None,
    keep: Annotated[Path | None, typer.Option("--keep", help="Keep the dataset's index here for the next run.")] = None,
    home: _HomeToo = None,
) -> None:
    """Measure how well questions with known answers are found, quoted and declined."""
    if plot is not None:
        evaluation.check_plot(plot)  # before a long run, not after it
    with _one_line_on_ctrl_c("Nothing was measured."):
        whole = evaluation.load_dataset(dataset, articles)
        asked = evaluation.sample(whole, every=every, offset=offset, limit=questions)
        with evaluation.progress() as progress:
            settings = assistant.load_settings(home=home or context.obj)
            if not asked.articles:
                _check_home(settings)
            found = evaluation.evaluate(asked, settings, home=keep, compare=compare, progress=progress)
    if plot is not None:
        evaluation.save_plot(found, plot)
    if as_json:
        typer.echo(json.dumps(evaluation.report_object(found), ensure_ascii=False, indent=2))
    else:
        evaluation.print_report(found)


@app.command()
def feedback(
    context: typer.Context,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the good answers to this .jsonl file, for evaluate.")
    ] = None,
    home: _HomeToo = None,
) -> None:
    """List what readers thought of answers, or make a dataset of the good ones."""
    given: Any = importlib.import_module("assistant.feedback")
    with _opened(context, home) as opened:
        read = given.read_feedback(opened.settings.home)
        if export is None:
            report.print_feedback(read)
        else:
            count = given.export_cases(read.feedback, export, lambda source: opened.index.article(source) is not None)
            report.print_export(export, count, len(read.feedback))


@app.command()
def doctor(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Cut and embed every article again.")] = False,
    compact: Annotated[
        bool, typer.Option("--compact", help="Give space back, and leave nothing of removed articles.")
    ] = False,
    home: _HomeToo = None,
) -> None:
    """Look at everything in the index, say what state it is in, and mend what can be made again."""
    with _opened(context, home) as opened:
        if rebuild:
            with report.progress("Rebuilding") as progress:
                report.print_sync(opened.index.rebuild(progress))
        if compact:
            report.print_compaction(opened.index.compact())
        examination = opened.index.examine()
        report.print_status(opened.index.status(), opened.settings)
        report.print_examination(examination)
        if opened.settings.model is None:
            servers: Any = importlib.import_module("assistant.local_servers")
            report.print_local_models(servers.find_local_models())
        if examination.problems:
            raise typer.Exit(FAILED)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a request to end, as by Ctrl-C or from the system, keep what a sync has done, and say so."""
    former = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except SyncStopped as stopped:
        report.print_stopped(stopped.report)
        raise typer.Exit(STOPPED) from stopped
    finally:
        signal.signal(signal.SIGTERM, former)


def _numbers(versions: "Sequence[Version]") -> str:
    """Return the numbers of versions, to be read."""
    return ", ".join(str(version.number) for version in versions)


def _indexed_address(opened: "assistant.Assistant", source: str) -> str:
    """Return the address that is meant by `source`: that of an article as it is, else a path from here."""
    return source if opened.index.versions(source) else normal_address(source)


def _version(opened: "assistant.Assistant", source: str, number: int) -> "Article":
    """Return a version of an article that is indexed."""
    address = _indexed_address(opened, source)
    article = opened.index.article(address, version=number)
    if article is None:
        raise AssistantError(
            f"There is no version {number} of {source!r}: kept are {_numbers(opened.index.versions(address))}. "
            f"List them with: assistant show {source} --versions"
        )
    return article


def _next_question() -> str:
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


@contextmanager
def _opened(context: typer.Context, home: Path | None, *, made: bool = False) -> Iterator["assistant.Assistant"]:
    """Give the assistant of a home. Ctrl-C ends the command with a line, where it says nothing more itself.

    Commands that fill a home let it be `made`. For the others one that is not there has a wrong name.
    """
    settings = assistant.load_settings(home=home or context.obj)
    if not made:
        _check_home(settings)
    with _one_line_on_ctrl_c("What was indexed before is unchanged."), assistant.Assistant(settings) as opened:
        yield opened


def _check_home(settings: "assistant.Settings") -> None:
    """Refuse a home that is named and not there. With a catalog elsewhere, a home is made of nothing."""
    named = "home" in settings.model_fields_set and settings.catalog_url is None
    if named and not settings.home.is_dir():
        raise AssistantError(
            f"There is no library at {settings.home}. Check the spelling of --home or ASSISTANT_HOME, or make one "
            "there with: assistant index PATH"
        )


@contextmanager
def _one_line_on_ctrl_c(words: str) -> Iterator[None]:
    """End the command with one line when it is interrupted. A prompt gives an interruption as `Abort`."""
    try:
        yield
    except (KeyboardInterrupt, typer.Abort) as interruption:
        Console(stderr=True).print(f"assistant: stopped. {words}", soft_wrap=True)
        raise typer.Exit(STOPPED) from interruption


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


if __name__ == "__main__":
    main()

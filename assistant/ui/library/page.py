"""The page Library: what is indexed, how more is added, and what is read again."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import gradio as gr

from assistant import Assistant
from assistant.names import PATHS, Names, names_for, tell, uploads_name
from assistant.ui.days import build_day, read_day
from assistant.ui.languages import name_language
from assistant.ui.library.adding import QUICK, Opened, build_adding, build_board
from assistant.ui.library.charts import render_languages, render_periods
from assistant.ui.library.jobs import Task, Workbench
from assistant.ui.library.shelf import Entry, Order, Selection, count_languages, count_periods, select
from assistant.ui.library.summary import read_entries
from assistant.ui.library.uploads import is_upload
from assistant.ui.library.view import render_shelf, render_sources, short_name
from assistant.ui.texts import Speaker, speaker_for
from assistant.ui.theme import label
from index import IndexingError, ProgressCallback, SyncReport
from index.listing import Source

_ON_ACT: Final = "footnote.act(element, trigger, watch);"
_HEADING: Final = '<h2 class="fn-section">{}</h2>'


def build_library(assistant: Assistant, opened: Opened, workbench: Workbench) -> None:
    """Build the page. `opened` is the event of its being opened."""
    selection = gr.State(Selection())
    uploads = uploads_name(assistant)
    with gr.Row(elem_id="fn-library-areas", elem_classes="fn-plain"):
        with gr.Column(elem_id="fn-library-adding"):
            _heading("add_articles")
            board = build_board(assistant, workbench)
            build_adding(assistant, board)
        with gr.Column(elem_id="fn-library-articles"):
            _heading("articles")
            words = gr.Textbox(label=label("search_articles"), max_lines=1, max_length=200, elem_id="fn-search")
            with gr.Row(elem_classes="fn-choices"):
                source = gr.Dropdown([("", "")], label=label("source"), value="")
                language = gr.Dropdown([("", "")], label=label("language"), value="")
                since, until = build_day("since"), build_day("until")
            shelf = gr.HTML("", elem_id="fn-shelf", js_on_load=_ON_ACT, apply_default_css=False)
        with gr.Column(elem_id="fn-library-sources"):
            _heading("sources")
            sources = gr.HTML("", elem_id="fn-sources", js_on_load=_ON_ACT, apply_default_css=False)
            read_all = gr.Button(label("read_all"), elem_id="fn-read-all", elem_classes="fn-button", visible=False)
            charts = gr.HTML("", elem_id="fn-charts", apply_default_css=False)

    def listed(wanted: Selection, say: Speaker) -> str:
        entries = _named(read_entries(assistant.index), names_for(assistant))
        return render_shelf(select(entries, wanted), wanted, say, uploads=uploads)

    def show(wanted: Selection, request: gr.Request) -> list[Any]:
        say = speaker_for(request.headers)
        try:
            names = names_for(assistant)
            entries = _named(read_entries(assistant.index), names)
            known = tuple(_shown(source, names) for source in assistant.index.sources())
        except IndexingError as error:
            return [*board.refuse(tell(error, assistant)), *(gr.skip() for _ in range(6))]
        return [
            *board.look(say),
            render_shelf(select(entries, wanted), wanted, say, uploads=uploads),
            render_sources(known, say, uploads=uploads),
            render_periods(count_periods(entries), say) + render_languages(count_languages(entries), say),
            gr.Dropdown(_source_choices(known, say, uploads), value=wanted.source),
            gr.Dropdown(_language_choices(entries, say), value=wanted.language),
            gr.update(visible=bool(known)),
        ]

    def choose(typed: str, chosen: str | None, spoken: str | None, wanted: Selection, request: gr.Request) -> Any:
        wanted = replace(wanted, words=typed, source=chosen or "", language=spoken or "", page=1)
        return listed(wanted, speaker_for(request.headers)), wanted

    def begin(wanted: Selection, event: gr.EventData, request: gr.Request) -> Any:
        wanted = replace(wanted, since=read_day(event), page=1)
        return listed(wanted, speaker_for(request.headers)), wanted

    def end(wanted: Selection, event: gr.EventData, request: gr.Request) -> Any:
        wanted = replace(wanted, until=read_day(event), page=1)
        return listed(wanted, speaker_for(request.headers)), wanted

    def act(wanted: Selection, event: gr.EventData, request: gr.Request) -> Any:
        """Do what a button of the list says: sort, turn the page, or remove an article."""
        say, value = speaker_for(request.headers), str(event._data.get("value", ""))
        if event._data.get("act") == "remove":
            _, shown = board.begin(Task.REMOVE, partial(remove, assistant, names_for(assistant).address(value)), say)
            return gr.skip(), gr.skip(), *shown
        wanted = turned(wanted, str(event._data.get("act")), value)
        return listed(wanted, say), wanted, *(gr.skip() for _ in board.shown)

    def act_on_source(event: gr.EventData, request: gr.Request) -> Any:
        say, name = speaker_for(request.headers), str(event._data.get("value", ""))
        value = names_for(assistant).address(name)
        if value not in {known.address for known in assistant.index.sources()}:
            return board.refuse(say("not_indexed", source=short_name(name)))
        if event._data.get("act") == "remove":
            return board.begin(Task.REMOVE, lambda _: assistant.index.remove(value), say)[1]
        return board.begin(Task.READ, lambda tell: assistant.reindex([value], tell), say)[1]

    def read_again(request: gr.Request) -> Any:
        return board.begin(Task.READ, lambda tell: assistant.reindex(None, tell), speaker_for(request.headers))[1]

    everything = [*board.shown, shelf, sources, charts, source, language, read_all]
    opened(show, selection, everything, **QUICK)
    board.finished.change(show, selection, everything, **QUICK)
    gr.on(
        [words.change, source.input, language.input],
        choose,
        [words, source, language, selection],
        [shelf, selection],
        trigger_mode="always_last",
        **QUICK,
    )
    since.select(begin, selection, [shelf, selection], **QUICK)
    until.select(end, selection, [shelf, selection], **QUICK)
    shelf.select(act, selection, [shelf, selection, *board.shown], **QUICK)
    sources.select(act_on_source, None, list(board.shown), **QUICK)
    read_all.click(read_again, None, list(board.shown), **QUICK)


def turned(wanted: Selection, act: str, value: str) -> Selection:
    """Return a selection after a button of the list was used. What no button says changes nothing."""
    if act == "page" and value.isascii() and value.isdigit():
        return replace(wanted, page=int(value[:9]))
    if act == "sort" and value in list(Order):
        descending = not wanted.descending if value == wanted.order else value == Order.PUBLISHED
        return replace(wanted, order=Order(value), descending=descending, page=1)
    return wanted


def remove(assistant: Assistant, source: str, _: ProgressCallback) -> SyncReport:
    """Take an article out of the index, and delete its file where it was uploaded."""
    if assistant.index.article(source) is not None and is_upload(source, assistant.settings.home):
        Path(source).unlink(missing_ok=True)
    return assistant.index.remove(source)


def _named(entries: tuple[Entry, ...], names: Names) -> tuple[Entry, ...]:
    if names is PATHS:
        return entries
    return tuple(replace(entry, source=names.name(entry.source)) for entry in entries)


def _shown(source: Source, names: Names) -> Source:
    return replace(source, address=names.name(source.address), failure=source.failure and names.tell(source.failure))


def _source_choices(sources: tuple[Source, ...], say: Speaker, uploads: str) -> list[tuple[str, str]]:
    named = [
        (say("uploads") if source.address == uploads else short_name(source.address), source.address)
        for source in sources
    ]
    return [(say("any_source"), ""), *named]


def _language_choices(entries: tuple[Entry, ...], say: Speaker) -> list[tuple[str, str]]:
    codes = [code for code in count_languages(entries) if code]
    return [(say("any_language"), ""), *((name_language(code, say.language), code) for code in codes)]


def _heading(name: str) -> gr.HTML:
    return gr.HTML(_HEADING.format(label(name)), apply_default_css=False)

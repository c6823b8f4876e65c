"""What the reader limits answers to: sources, dates and languages."""

from dataclasses import replace
from typing import Any, Final

import gradio as gr
from markupsafe import Markup

from assistant import Assistant
from assistant.names import names_for, uploads_name
from assistant.ui.days import build_day, read_day
from assistant.ui.languages import name_language
from assistant.ui.library.adding import QUICK
from assistant.ui.library.view import sendable, short_name
from assistant.ui.texts import Speaker, speaker_for
from assistant.ui.theme import label
from index import IndexingError, SearchFilter

_ON_CLEAR: Final = "footnote.act(element, trigger, watch);"
_LIMITS: Final = Markup(
    '<p class="fn-filtering" role="status"><span>{words}</span>'
    '<button type="button" class="fn-quiet" data-act="clear" data-clears="#fn-filters">{clear}</button></p>'
)


def build_filters(assistant: Assistant) -> gr.State:
    """Build the filters where they stand in the page, and return the state that holds the SearchFilter they choose."""
    scope = gr.State(SearchFilter())
    limits = gr.HTML("", elem_id="fn-limits", js_on_load=_ON_CLEAR, apply_default_css=False)
    panel = gr.Accordion(label("filters"), open=False, elem_id="fn-filters", elem_classes="fn-plain")
    with panel, gr.Row(elem_classes="fn-choices"):
        sources = gr.Dropdown([], label=label("filter_sources"), multiselect=True, value=[])
        languages = gr.Dropdown([], label=label("filter_languages"), multiselect=True, value=[])
        since, until = build_day("since"), build_day("until")
    uploads = uploads_name(assistant)

    def offer(wanted: SearchFilter, request: gr.Request) -> tuple[Any, ...]:
        """Offer what the index holds now. What was chosen and is gone stays chosen, so that nothing opens up unseen."""
        say = speaker_for(request.headers)
        try:
            names = names_for(assistant)
            known = [names.name(source.address) for source in assistant.index.sources()]
            spoken = assistant.index.languages()
        except IndexingError:
            return gr.skip(), gr.skip()
        return (
            _choices([*known, *wanted.sources], wanted.sources, lambda address: name_source(address, uploads, say)),
            _choices(
                [*filter(None, spoken), *wanted.languages],
                wanted.languages,
                lambda code: name_language(code, say.language),
            ),
        )

    def choose(addresses: list[str], codes: list[str], wanted: SearchFilter, request: gr.Request) -> tuple[Any, ...]:
        wanted = replace(wanted, sources=tuple(addresses), languages=tuple(codes))
        return wanted, render_limits(wanted, speaker_for(request.headers), uploads=uploads)

    def begin(wanted: SearchFilter, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        wanted = replace(wanted, since=read_day(event))
        return wanted, render_limits(wanted, speaker_for(request.headers), uploads=uploads)

    def end(wanted: SearchFilter, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        wanted = replace(wanted, until=read_day(event))
        return wanted, render_limits(wanted, speaker_for(request.headers), uploads=uploads)

    shown = [scope, limits]
    panel.expand(offer, scope, [sources, languages], **QUICK)
    gr.on([sources.input, languages.input], choose, [sources, languages, scope], shown, **QUICK)
    since.select(begin, scope, shown, **QUICK)
    until.select(end, scope, shown, **QUICK)
    limits.select(lambda: (SearchFilter(), "", [], []), None, [*shown, sources, languages], **QUICK)
    return scope


def render_limits(wanted: SearchFilter, say: Speaker, *, uploads: str) -> str:
    """Render what answers are limited to, so that nobody forgets; nothing where they are not."""
    if wanted == SearchFilter():
        return ""
    if wanted.since and wanted.until and wanted.since > wanted.until:
        words = say("nothing_between", since=say.day(wanted.since), until=say.day(wanted.until))
        return sendable(_LIMITS.format(words=words, clear=say("clear_filters")))
    limits = [
        *(name_source(address, uploads, say) for address in wanted.sources),
        *(name_language(code, say.language) for code in wanted.languages),
    ]
    if wanted.since:
        limits.append(say("since_day", day=say.day(wanted.since)))
    if wanted.until:
        limits.append(say("until_day", day=say.day(wanted.until)))
    words = say.html("filtering", limits=Markup(", ").join(map(Markup("<bdi>{}</bdi>").format, limits)))
    return sendable(_LIMITS.format(words=words, clear=say("clear_filters")))


def name_source(address: str, uploads: str, say: Speaker) -> str:
    """Name a source as the page does: the folder of uploads by what it is, another by its last part."""
    return say("uploads") if address == uploads else short_name(address)


def _choices(values: list[str], chosen: tuple[str, ...], name: Any) -> gr.Dropdown:
    return gr.Dropdown([(name(value), value) for value in dict.fromkeys(values)], value=list(chosen))

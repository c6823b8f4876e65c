"""How an answer was found: what was searched, what that found, and how long it took. Pure."""

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from assistant.models import Answer, Timings
from assistant.ui.texts import Speaker

_TRACE: Final = Markup('<details class="fn-more fn-trace"><summary>{label}</summary><dl>{rows}</dl></details>')
_ROW: Final = Markup("<div><dt>{name}</dt>{values}</div>")
_VALUE: Final = Markup('<dd dir="auto">{}</dd>')
_SHORTEST: Final = 0.0005
"""Seconds below which a part is not worth a word."""


def render_trace(answer: Answer, say: Speaker) -> Markup:
    """Render what led to an answer, closed. Nothing where it is not known, as for a conversation of another day."""
    if not answer.complete or answer.timings is None:
        return Markup("")
    rows = (
        (say("trace_searched"), answer.searched or (answer.question,)),
        (say("trace_found"), (_found(answer, say),) if answer.passages else ()),
        (say("trace_time"), (", ".join(_times(answer.timings, say)),)),
    )
    return _TRACE.format(
        label=say("trace"),
        rows=Markup("").join(
            _ROW.format(name=name, values=Markup("").join(map(_VALUE.format, values)))
            for name, values in rows
            if values
        ),
    )


def _found(answer: Answer, say: Speaker) -> str:
    sources = {passage.article.source for passage in answer.passages}
    return say.count("trace_passages", len(answer.passages), articles=say.count("article_count", len(sources)))


def _times(timings: Timings, say: Speaker) -> Iterator[str]:
    for name in ("understanding", "search", "answer", "suggestions"):
        seconds = getattr(timings, name)
        if seconds >= _SHORTEST:
            yield say(f"time_{name}", time=_time(seconds, say))


def _time(seconds: float, say: Speaker) -> str:
    if seconds < 1:
        return say("milliseconds", count=max(1, round(seconds * 1_000)))
    return say("whole_seconds", count=say.decimal(seconds))

"""The settings as HTML, to be read: what answers, what is indexed, and how to connect a language model. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from markupsafe import Markup

from assistant.local_servers import LocalModel
from assistant.settings import Settings
from assistant.ui.languages import name_language
from assistant.ui.library.view import sendable
from assistant.ui.texts import Speaker
from index import IndexStatus

SHOWN_MODELS: Final = 8
PROVIDERS: Final = (
    ("export ASSISTANT_MODEL=openai:gpt-4o-mini", "export OPENAI_API_KEY=…"),
    ("export ASSISTANT_MODEL=anthropic:claude-haiku-4-5", "export ANTHROPIC_API_KEY=…"),
)
"""Lines that set a provider's model; docs/models.md has more."""

_MEGABYTE: Final = 1_000_000
_SECTION: Final = Markup('<section><h2 class="fn-section">{heading}</h2>{body}</section>')
_FACTS: Final = Markup('<dl class="fn-facts-list">{}</dl>')
_FACT: Final = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
_WORDS: Final = Markup('<p class="fn-words">{}</p>')
_LINES: Final = Markup('<pre tabindex="0"><code>{}</code></pre>')
_MODEL: Final = Markup("<li><p><bdi>{name}</bdi> ({server})</p>{lines}</li>")
_PROBLEM: Final = Markup('<p class="fn-note">{}</p>')


def render_answering(settings: Settings, say: Speaker) -> str:
    """Render what makes the answers. Keys and passwords are no part of it."""
    facts = {
        "language_model": settings.model or say("no_model"),
        "model_server": _host(settings.base_url) if settings.model and settings.base_url else None,
        "embedding_model": settings.embedding_model,
        "reranker": settings.reranker,
        "declines_below": say.decimal(settings.confidence, 2),
    }
    return sendable(
        _SECTION.format(heading=say("how_answers"), body=_facts(facts, say) + _WORDS.format(say("set_where")))
    )


def render_index(status: IndexStatus, say: Speaker, *, home: bool) -> str:
    """Render the state of the index. `home` says whether the reader may know where it lies."""
    facts = {
        "health": say("sound") if not status.problems else None,
        "articles": say.number(status.articles),
        "passages": say.number(status.passages),
        "languages": ", ".join(name_language(code, say.language) for code in status.languages if code) or None,
        "size": say("megabytes", size=say.decimal(status.size_bytes / _MEGABYTE)),
        "embedding_model": status.embedding_model,
        "generation": status.generation or say("none_yet"),
        "home": status.home if home else None,
    }
    problems = Markup("").join(map(_PROBLEM.format, status.problems))
    return sendable(_SECTION.format(heading=say("the_index"), body=problems + _facts(facts, say)))


def render_index_problem(problem: str, say: Speaker) -> str:
    """Render why nothing can be said of the index."""
    return sendable(_SECTION.format(heading=say("the_index"), body=_PROBLEM.format(problem)))


def render_versions(versions: Mapping[str, str], say: Speaker) -> str:
    """Render the versions of the program and of what it is made with, by their names."""
    rows = Markup("").join(_FACT.format(name, version) for name, version in versions.items())
    return sendable(_SECTION.format(heading=say("versions"), body=_FACTS.format(rows)))


def render_connecting(models: Sequence[LocalModel], say: Speaker) -> str:
    """Render how to connect a language model: those that run on this machine first, each with the lines that set it."""
    shown = [
        _MODEL.format(name=model.name, server=model.server, lines=_LINES.format("\n".join(model.settings)))
        for model in models[:SHOWN_MODELS]
    ]
    here = _WORDS.format(say("connect_here" if shown else "connect_none_here"))
    if shown:
        here += Markup('<ul class="fn-list fn-models">{}</ul>').format(Markup("").join(shown))
    if len(models) > SHOWN_MODELS:
        here += _WORDS.format(say("and_more", count=say.number(len(models) - SHOWN_MODELS)))
    provider = _WORDS.format(say("connect_provider")) + Markup("").join(
        _LINES.format("\n".join(lines)) for lines in PROVIDERS
    )
    body = _WORDS.format(say("connect_why")) + here + provider
    return sendable(_SECTION.format(heading=say("connect_model"), body=body))


def _facts(facts: Mapping[str, str | None], say: Speaker) -> Markup:
    rows = (_FACT.format(say(name), Markup("<bdi>{}</bdi>").format(value)) for name, value in facts.items() if value)
    return _FACTS.format(Markup("").join(rows))


def _host(address: str) -> str:
    """Return the host of an address: a user or a key in it is nobody's business."""
    try:
        parts = urlsplit(address)
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
    except ValueError:
        return ""

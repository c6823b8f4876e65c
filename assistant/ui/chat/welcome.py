"""What the page says before the first question. Pure, and escapes all it is given."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from assistant.local_servers import LocalModel
from assistant.ui.chat.evidence import lang_attribute, name_article
from assistant.ui.chat.examples import Example
from assistant.ui.languages import name_language
from assistant.ui.library.summary import Library
from assistant.ui.texts import Speaker

_SHOWN_LANGUAGES: Final = 3
_SHOWN_MODELS: Final = 5

_WELCOME = Markup('<div class="fn-welcome"><h2>{title}</h2><p>{words}</p>{held}{problems}</div>')
_EXAMPLES = Markup(
    '<div class="fn-examples" role="group" aria-label="{label}"><p class="fn-eyebrow" aria-hidden="true">{label}</p>'
    "{questions}</div>"
)
_EXAMPLE = Markup(
    '<button type="button" class="fn-ask" dir="auto"{lang}><span class="fn-brief">{question}</span></button>'
)
_TITLES = Markup('<p class="fn-eyebrow">{label}</p><ul class="fn-titles">{titles}</ul>')
_TITLE = Markup('<li dir="auto"{lang}><span class="fn-brief">{title}</span></li>')
_PROBLEMS = Markup('<ul class="fn-warnings" aria-label="{label}">{problems}</ul>')
_PROBLEM = Markup("<li>{}</li>")
_HELD = Markup('<p class="fn-held">{}</p>')
_CONNECT = Markup('<aside class="fn-connect" aria-label="{label}"><p>{words}</p>{models}</aside>')
_CODE = Markup("<code>{}</code>")
_MODELS = Markup("<p>{label}</p><ul>{models}</ul>{rest}")
_MODEL = Markup('<li><span><bdi>{name}</bdi> ({server})</span><pre tabindex="0"><code>{lines}</code></pre></li>')


def render_welcome(library: Library, say: Speaker) -> str:
    """Render the invitation to ask, or to add articles where there are none."""
    problems = Markup("").join(map(_PROBLEM.format, library.problems))
    empty = not library.articles
    html = _WELCOME.format(
        title=say("empty") if empty else say("welcome"),
        words=say("empty_invitation") if empty else say("promise"),
        held="" if empty else _HELD.format(summarise(library, say)),
        problems=_PROBLEMS.format(label=say("warnings"), problems=problems) if problems else "",
    )
    return _sendable(html)


def render_examples(examples: Sequence[Example], library: Library, say: Speaker) -> str:
    """Render questions to start with; titles of articles where there are none."""
    if examples:
        questions = (
            _EXAMPLE.format(lang=lang_attribute(example.language), question=example.question) for example in examples
        )
        return _sendable(_EXAMPLES.format(label=say("try_asking"), questions=Markup("").join(questions)))
    titles = Markup("").join(
        _TITLE.format(lang=lang_attribute(article.language), title=name_article(article)) for article in library.newest
    )
    return _sendable(_TITLES.format(label=say("newest_articles"), titles=titles)) if titles else ""


def render_connection(models: Sequence[LocalModel], say: Speaker) -> str:
    """Render how to connect a language model, with the lines that choose each of those that run on this machine."""
    items = (
        _MODEL.format(name=model.name, server=model.server, lines="\n".join(model.settings))
        for model in models[:_SHOWN_MODELS]
    )
    more = len(models) - _SHOWN_MODELS
    rest = Markup("<p>{}</p>").format(say.count("more_models", more)) if more > 0 else ""
    words = say.html(
        "connect",
        variable=_CODE.format("ASSISTANT_MODEL"),
        line=_CODE.format("export ASSISTANT_MODEL=openai:gpt-4o-mini"),
    )
    listed = _MODELS.format(label=say("models_here"), models=Markup("").join(items), rest=rest) if models else ""
    return _sendable(_CONNECT.format(label=say("language_model"), words=words, models=listed))


def summarise(library: Library, say: Speaker) -> str:
    """Say in a line what the library holds: how many articles, in which languages."""
    if not library.articles:
        return say("no_articles")
    count = say.count("article_count", library.articles)
    names = sorted({_in_sentence(code, say) for code in library.languages if code})
    return say("held", articles=count, languages=_join(names, say)) if names else count


def _in_sentence(code: str, say: Speaker) -> str:
    """Name a language as it stands inside a sentence: French writes it small there."""
    name = name_language(code, say.language)
    return name.lower() if say.language == "fr" and not name.isupper() else name


def _join(names: Sequence[str], say: Speaker) -> str:
    if len(names) > _SHOWN_LANGUAGES:
        return say.count("language_count", len(names))
    *first, last = names
    return say("and", list=", ".join(first), last=last) if first else last


def _sendable(html: Markup) -> str:
    """Return HTML without halves of surrogate pairs, which have no UTF-8 and would break the whole reply."""
    return escape(html).encode("utf-8", "replace").decode("utf-8")

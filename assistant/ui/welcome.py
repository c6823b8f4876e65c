"""What the page says before the first question. Pure, and escapes all it is given."""

from collections.abc import Sequence

from markupsafe import Markup

from assistant.local_servers import LocalModel
from assistant.ui.languages import name_language
from assistant.ui.library import Library

_SHOWN_LANGUAGES = 3
_SHOWN_MODELS = 5

_WELCOME = Markup(
    '<div class="fn-welcome"><h2>Ask your articles.</h2>'
    "<p>Every answer leads to the exact words it rests on. When your articles do not say, you are told so.</p>"
    "{problems}{titles}</div>"
)
_EMPTY = Markup(
    '<div class="fn-welcome"><h2>Your library is empty.</h2>{problems}'
    "<p>Add a file or a folder of articles in a terminal, then reload this page:</p>"
    '<pre tabindex="0"><code>assistant index PATH</code></pre>'
    "<p>Markdown, plain text and HTML are read, in any language.</p></div>"
)
_TITLES = Markup('<p class="fn-eyebrow">Your newest articles</p><ul class="fn-titles">{}</ul>')
_TITLE = Markup('<li dir="auto"{lang}>{title}</li>')
_PROBLEMS = Markup('<ul class="fn-warnings" aria-label="Warnings">{}</ul>')
_PROBLEM = Markup("<li>{}</li>")
_CONNECT = Markup(
    '<aside class="fn-connect" aria-label="Language model"><p>Answers are quotes. To have a language model write them, '
    "set <code>ASSISTANT_MODEL</code>, as in <code>export ASSISTANT_MODEL=openai:gpt-4o-mini</code>, "
    "and start Footnote again.</p>{models}</aside>"
)
_MODELS = Markup("<p>These run on this machine:</p><ul>{models}</ul>{rest}")
_MODEL = Markup('<li><span><bdi>{name}</bdi> ({server})</span><pre tabindex="0"><code>{lines}</code></pre></li>')
_SUMMARY = Markup('<p class="fn-library">{}</p>')


def render_welcome(library: Library) -> str:
    """Render the invitation to ask, or to add articles where there are none. Titles stand in for absent examples."""
    problems = Markup("").join(_PROBLEM.format(problem) for problem in library.problems)
    titles = Markup("").join(
        _TITLE.format(
            lang=Markup(' lang="{}"').format(article.language) if article.language else "", title=article.title
        )
        for article in library.newest
    )
    html = (_WELCOME if library.articles else _EMPTY).format(
        problems=_PROBLEMS.format(problems) if problems else "",
        titles=_TITLES.format(titles) if titles and not any(library.offered) else "",
    )
    return html.encode("utf-8", "replace").decode("utf-8")


def render_connection(models: Sequence[LocalModel]) -> str:
    """Render how to connect a language model, with the lines that choose each of those that run on this machine."""
    items = (
        _MODEL.format(name=model.name, server=model.server, lines="\n".join(model.settings))
        for model in models[:_SHOWN_MODELS]
    )
    rest = Markup("<p>And {} more.</p>").format(len(models) - _SHOWN_MODELS) if len(models) > _SHOWN_MODELS else ""
    html = _CONNECT.format(models=_MODELS.format(models=Markup("").join(items), rest=rest) if models else "")
    return html.encode("utf-8", "replace").decode("utf-8")


def render_summary(library: Library) -> str:
    """Render what the library holds in a line: how many articles, in which languages."""
    if not library.articles:
        return str(_SUMMARY.format("No articles yet"))
    count = f"{library.articles:,} {'article' if library.articles == 1 else 'articles'}"
    names = sorted({name_language(code) for code in library.languages if code})
    return str(_SUMMARY.format(f"{count} in {_join(names)}" if names else count))


def _join(names: Sequence[str]) -> str:
    if len(names) > _SHOWN_LANGUAGES:
        return f"{len(names)} languages"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

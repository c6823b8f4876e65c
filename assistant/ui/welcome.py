"""What the page says before the first question. Pure, and escapes all it is given."""

from collections.abc import Sequence

from markupsafe import Markup

from assistant.ui.languages import name_language
from index import Article

_SHOWN_TITLES = 6
_SHOWN_LANGUAGES = 3

_WELCOME = Markup(
    '<div class="fn-welcome"><h2>Ask your articles.</h2>'
    "<p>Every answer leads to the exact words it rests on. When your articles do not say, you are told so.</p>"
    "{titles}</div>"
)
_TITLES = Markup('<p class="fn-eyebrow">You can ask about</p><ul class="fn-titles">{}</ul>')
_EMPTY = Markup(
    '<div class="fn-welcome is-empty"><h2>Your library is empty.</h2>'
    "<p>Add a file or a folder of articles in a terminal, then reload this page:</p>"
    '<pre tabindex="0"><code>assistant index PATH</code></pre>'
    "<p>Markdown, plain text and HTML are read, in any language.</p></div>"
)
_LIBRARY = Markup('<p class="fn-library">{}</p>')


def render_welcome(articles: Sequence[Article], *, with_titles: bool) -> str:
    """Render the invitation to ask, or to add articles where there are none. `with_titles` lists some of them."""
    if not articles:
        return str(_EMPTY)
    titles = Markup("").join(
        Markup('<li dir="auto"{}>{}</li>').format(
            Markup(' lang="{}"').format(article.language) if article.language else "", article.title
        )
        for article in articles[:_SHOWN_TITLES]
    )
    html = _WELCOME.format(titles=_TITLES.format(titles) if with_titles else "")
    return html.encode("utf-8", "replace").decode("utf-8")


def render_library(articles: Sequence[Article]) -> str:
    """Render what the library holds in a line: how many articles, in which languages."""
    if not articles:
        return str(_LIBRARY.format("No articles yet"))
    languages = sorted({name_language(article.language) for article in articles if article.language})
    count = f"{len(articles):,} {'article' if len(articles) == 1 else 'articles'}"
    return str(_LIBRARY.format(f"{count} in {_join(languages)}" if languages else count))


def _join(names: Sequence[str]) -> str:
    if len(names) > _SHOWN_LANGUAGES:
        return f"{len(names)} languages"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

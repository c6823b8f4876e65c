"""A whole article to read, with the sentences that an answer cites marked in it. Pure, and escapes all it is given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from assistant.models import Answer
from assistant.ui.evidence import (
    highlight,
    lang_attribute,
    name_article,
    overlap,
    render_date,
    render_facts,
    split_paragraphs,
    web_address,
)
from assistant.ui.languages import name_language
from assistant.ui.texts import Speaker
from index import Article, Span

_AROUND: Final = 200_000
"""Characters before and behind what is cited that are shown of a very long article."""

_DIALOG: Final = Markup(
    '<dialog class="fn-reader" aria-labelledby="fn-reader-title">'
    '<header><div><h2 id="fn-reader-title" dir="auto"{lang}>{title}</h2><p class="fn-meta"><span class="fn-facts">'
    '{facts}</span></p></div><div class="fn-reader-ways">{versions}{ways}'
    '<button type="button" class="fn-quiet" data-close>{close}</button></div></header>'
    '<div class="fn-reader-text" dir="auto"{lang} tabindex="0" role="region" aria-label="{label}">{notes}{text}</div>'
    "</dialog>"
)
_NEXT: Final = Markup('<button type="button" class="fn-quiet" data-next-mark>{}</button>')
_ORIGINAL: Final = Markup(
    '<a class="fn-quiet" href="{address}" target="_blank" rel="noopener noreferrer" aria-label="{label}">{text}</a>'
)
_NOTE: Final = Markup('<p class="fn-reader-note">{}</p>')
_PAGE: Final = Markup('<p class="fn-page">{}</p>')


@dataclass(frozen=True, slots=True)
class Reading:
    """An article to read: the spans that are cited, in order, and the one to begin at."""

    article: Article
    cited: tuple[Span, ...] = ()
    here: Span | None = None


def cited_reading(answer: Answer, number: int) -> Reading | None:
    """Return the article of a footnote as it was when it was cited, with all that the answer cites of it."""
    chosen = next((citation for citation in answer.citations if citation.number == number), None)
    if chosen is None:
        return None
    spans = {
        Span(citation.start, citation.end)
        for citation in answer.citations
        if citation.article.source == chosen.article.source and citation.article.text == chosen.article.text
    }
    return Reading(chosen.article, tuple(sorted(spans)), Span(chosen.start, chosen.end))


def asked_span(article: Article, request: Mapping[str, Any]) -> Span | None:
    """Return the place in an article that a page asks for; None where there is no such place."""
    try:
        start, end = int(request.get("start", "")), int(request.get("end", ""))
    except (TypeError, ValueError):
        return None
    return Span(start, end) if 0 <= start < end <= len(article.text) else None


def render_reading(reading: Reading, say: Speaker) -> str:
    """Render the dialog in which an article is read. The script of the page opens it at what is cited."""
    article = reading.article
    window = _window(reading)
    notes = []
    if reading.cited:
        notes.append(_NOTE.format(say.count("cited_sentences", len(reading.cited))))
    if window != Span(0, len(article.text)):
        notes.append(_NOTE.format(say("text_goes_on")))
    title = name_article(article)
    html = _DIALOG.format(
        lang=lang_attribute(article.language),
        title=title,
        facts=_facts(article, say),
        versions="",
        ways=_ways(reading, title, say),
        close=say("close"),
        label=say("article"),
        notes=Markup("").join(notes),
        text=Markup("").join(_paragraphs(reading, window, say)),
    )
    return html.encode("utf-8", "replace").decode("utf-8")


def _window(reading: Reading) -> Span:
    """Return what is shown of a text: all of it, or of a very long one what stands around the place to begin at."""
    middle, length = (reading.here or Span(0, 0)).start, len(reading.article.text)
    if length <= 2 * _AROUND:
        return Span(0, length)
    return Span(max(0, middle - _AROUND), min(length, middle + _AROUND))


def _paragraphs(reading: Reading, window: Span, say: Speaker) -> Iterator[Markup]:
    article, page = reading.article, None
    for paragraph in split_paragraphs(article.text, window):
        if article.pages and article.page(paragraph.start) != page:
            page = article.page(paragraph.start)
            yield _PAGE.format(say("page_begins", number=page))
        cited = [span for span in reading.cited if overlap(span, paragraph)]
        yield Markup("<p>{}</p>").format(highlight(article.text, paragraph, cited, here=reading.here))


def _facts(article: Article, say: Speaker) -> Markup:
    language = name_language(article.language, say.language) if article.language else None
    return render_facts((article.publisher, article.author, language, render_date(article.published, say)))


def _ways(reading: Reading, title: str, say: Speaker) -> Markup:
    address = web_address(reading.article)
    ways: Sequence[Markup] = (
        _NEXT.format(say("next_citation")) if len(reading.cited) > 1 else Markup(""),
        _ORIGINAL.format(address=address, label=say("original_of", title=title), text=say("original"))
        if address
        else Markup(""),
    )
    return Markup("").join(ways)

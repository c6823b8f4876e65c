"""A whole article to read, with the sentences that an answer cites marked in it. Escapes all it is given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from markupsafe import Markup

from assistant.models import Answer
from assistant.ui.chat.evidence import (
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
from index import Article, ArticleIndex, Span
from index.history import Version

_AROUND: Final = 200_000
"""Characters before and behind what is cited that are shown of a very long article."""

_DIALOG: Final = Markup(
    '<dialog class="fn-reader" aria-labelledby="fn-reader-title">'
    '<header><div><h2 id="fn-reader-title" dir="auto"{lang}>{title}</h2><p class="fn-meta"><span class="fn-facts">'
    '{facts}</span></p></div><div class="fn-reader-ways">{versions}{ways}'
    '<button type="button" class="fn-quiet" data-close>{close}</button></div></header>'
    '<div class="fn-reader-text" tabindex="0" role="region" aria-label="{label}">{notes}{text}</div>'
    "</dialog>"
)
_VERSIONS: Final = Markup('<select class="fn-quiet" data-versions aria-label="{label}">{options}</select>')
_OPTION: Final = Markup('<option value="{number}"{chosen}>{text}</option>')
_MOST: Final = 1_000_000
_NEXT: Final = Markup('<button type="button" class="fn-quiet" data-next-mark>{}</button>')
_ORIGINAL: Final = Markup(
    '<a class="fn-quiet" href="{address}" target="_blank" rel="noopener noreferrer" aria-label="{label}">{text}</a>'
)
_NOTE: Final = Markup('<p class="fn-reader-note">{}</p>')
_PARAGRAPH: Final = Markup('<p dir="auto"{lang}>{text}</p>')
_PAGE: Final = Markup('<p class="fn-page">{}</p>')


@dataclass(frozen=True, slots=True)
class Reading:
    """An article to read: the spans that are cited, in order, and the one to begin at.

    `versions` are all that are kept of it, the current one last, and `shown` is the number of this one. `lost` says
    that the one to begin at does not stand in it.
    """

    article: Article
    cited: tuple[Span, ...] = ()
    here: Span | None = None
    versions: tuple[Version, ...] = ()
    shown: int | None = None
    lost: bool = False


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


def with_versions(reading: Reading, index: ArticleIndex, number: int | None = None) -> Reading:
    """Return a reading that knows the versions of its article, at version `number` of them if that is given.

    What is cited is marked in another version where the same words stand at the same place, or once elsewhere.
    """
    versions = index.versions(reading.article.source)
    chosen = index.article(reading.article.source, version=number) if number is not None else None
    if chosen is None:
        return replace(reading, versions=versions, shown=_number_of(reading.article, versions, index))
    cited = tuple(sorted(filter(None, (_find(reading.article, span, chosen.text) for span in reading.cited))))
    here = _find(reading.article, reading.here, chosen.text) if reading.here else None
    return Reading(chosen, cited, here, versions, number, lost=reading.here is not None and here is None)


def _find(article: Article, span: Span, text: str) -> Span | None:
    """Return where in another text the words of an article stand; None where they do not, or more than once."""
    words = article.text[slice(*span)]
    if text[slice(*span)] == words:
        return span
    start = text.find(words)
    return Span(start, start + len(words)) if start >= 0 and text.find(words, start + 1) < 0 else None


def asked_number(request: Mapping[str, Any], name: str) -> int | None:
    """Return a number that a page asks for, None where it asks for none."""
    value = request.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST else None


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
    if reading.lost:
        notes.append(_NOTE.format(say("not_in_version")))
    if reading.cited:
        notes.append(_NOTE.format(say.count("cited_sentences", len(reading.cited))))
    if window != Span(0, len(article.text)):
        notes.append(_NOTE.format(say("text_goes_on")))
    title = name_article(article)
    html = _DIALOG.format(
        lang=lang_attribute(article.language),
        title=title,
        facts=_facts(article, say),
        versions=_versions(reading, say),
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
        text = highlight(article.text, paragraph, cited, here=reading.here)
        yield _PARAGRAPH.format(lang=lang_attribute(article.language), text=text)


def _versions(reading: Reading, say: Speaker) -> Markup:
    """Render the choice of a version, newest first, where there are several."""
    if len(reading.versions) < 2:
        return Markup("")
    options = (
        _OPTION.format(
            number=version.number,
            chosen=Markup(" selected") if version.number == reading.shown else "",
            text=say("version", number=version.number, day=say.day(version.added.date())),
        )
        for version in reversed(reading.versions)
    )
    return _VERSIONS.format(label=say("versions"), options=Markup("").join(options))


def _current(versions: Sequence[Version]) -> int | None:
    return next((version.number for version in versions if version.current), None)


def _number_of(article: Article, versions: Sequence[Version], index: ArticleIndex) -> int | None:
    """Return the number of the newest version with the words of an article; None where no such one is kept."""
    for version in reversed(versions if len(versions) > 1 else ()):
        kept = index.article(article.source, version=version.number)
        if kept is not None and kept.text == article.text:
            return version.number
    return _current(versions)


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

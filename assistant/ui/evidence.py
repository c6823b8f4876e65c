"""Evidence as HTML: the quote inside its paragraph, and where it was published. Pure, and escapes all it is given."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import PurePath
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from assistant.models import Citation, CitationStatus
from assistant.phrases import phrases
from assistant.ui.languages import name_language
from index import Article, Passage, Span

_BLANK_LINES = re.compile(r"\n\s*\n")
_LINK_SCHEMES = frozenset({"http", "https"})

_STATUS_NOTES = {
    CitationStatus.QUOTED: "",
    CitationStatus.SUPPORTED: "",
    CitationStatus.UNSUPPORTED: "Not borne out: a statement that cites this sentence says something else or more.",
}

_CARD = Markup(
    '<li class="fn-source{kind}" id="{anchor}" tabindex="-1">'
    '<div class="fn-source-head">{number}<div class="fn-source-names">'
    '<h4 class="fn-title" dir="auto"{lang}>{title}</h4>'
    '<p class="fn-meta"><span class="fn-facts">{meta}</span></p>{copies}</div></div>{note}{body}</li>'
)
_COPIES = Markup('<p class="fn-copies">Also printed by: {}</p>')
_BACK_LINK = Markup(
    '<a class="fn-number" href="#{mark_id}" data-goto="{mark_id}" '
    'aria-label="Footnote {number}. Back to the answer." title="Back to the answer">{number}</a>'
)
_NUMBER = Markup('<span class="fn-number"><span class="fn-status">Footnote </span>{number}</span>')
_QUOTE = Markup('<blockquote class="fn-excerpt" dir="auto"{lang}>{paragraphs}</blockquote>')
_TRANSLATION = Markup(
    '<div class="fn-translation"><p class="fn-label">Machine translation</p><p dir="auto"{lang}>{text}</p></div>'
)
_WHOLE_PASSAGE = Markup(
    '<details class="fn-more"><summary>Whole passage</summary>'
    '<blockquote dir="auto"{lang}>{paragraphs}</blockquote></details>'
)
_LINK = Markup('<a href="{address}" target="_blank" rel="noopener noreferrer">{text}</a>')


def render_citation(citation: Citation, *, anchor: str, mark_id: str | None, language: str = "") -> Markup:
    """Render a footnote. `anchor` is its id on the page, `mark_id` that of the mark in the answer to go back to.

    `language` is that of the answer, which a translation of the quote is in.
    """
    article = citation.article
    quote = Span(citation.start, citation.end)
    context = Span(min(citation.context.start, quote.start), max(citation.context.end, quote.end))
    passage = tuple(split_paragraphs(article.text, context))
    excerpt = tuple(paragraph for paragraph in passage if _overlap(paragraph, quote))
    lang = _lang(article.language)
    body = _QUOTE.format(lang=lang, paragraphs=_render_paragraphs(article.text, excerpt, quote))
    if citation.translation:
        body += _TRANSLATION.format(lang=_lang(language), text=citation.translation)
    if len(passage) > len(excerpt):
        body += _WHOLE_PASSAGE.format(lang=lang, paragraphs=_render_paragraphs(article.text, passage, quote))
    note = _STATUS_NOTES[citation.status]
    return _CARD.format(
        kind=" is-unsupported" if note else "",
        anchor=anchor,
        number=(_BACK_LINK if mark_id else _NUMBER).format(number=citation.number, mark_id=mark_id),
        lang=lang,
        title=_title(article),
        meta=_meta(article),
        copies=_copies(citation.copies),
        note=Markup('<p class="fn-note">{}</p>').format(note) if note else "",
        body=body,
    )


def render_passage(passage: Passage, *, anchor: str) -> Markup:
    """Render a passage that was found but does not answer: no number, and nothing highlighted."""
    article = passage.article
    lang = _lang(article.language)
    paragraphs = split_paragraphs(article.text, Span(passage.start, passage.end))
    return _CARD.format(
        kind=" is-near",
        anchor=anchor,
        number="",
        lang=lang,
        title=_title(article),
        meta=_meta(article),
        copies="",
        note="",
        body=_QUOTE.format(lang=lang, paragraphs=_render_paragraphs(article.text, paragraphs, Span(0, 0))),
    )


def split_paragraphs(text: str, span: Span) -> Iterator[Span]:
    """Give the paragraphs of `text[span.start:span.end]` in order, without the blank lines and spaces around them."""
    start = span.start
    for end, next_start in [
        *((blank.start(), blank.end()) for blank in _BLANK_LINES.finditer(text, span.start, span.end)),
        (span.end, span.end),
    ]:
        paragraph = text[start:end]
        if paragraph.strip():
            lead = len(paragraph) - len(paragraph.lstrip())
            yield Span(start + lead, start + len(paragraph.rstrip()))
        start = next_start


def is_web_address(source: str) -> bool:
    """Say whether a source may become a link: an absolute http(s) address with a host, and no spaces or controls."""
    if any(character.isspace() or not character.isprintable() for character in source):
        return False
    try:
        parts = urlsplit(source)
        return parts.scheme in _LINK_SCHEMES and bool(parts.hostname)
    except ValueError:
        return False


def _render_paragraphs(text: str, paragraphs: Iterable[Span], quote: Span) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(_highlight(text, paragraph, quote)) for paragraph in paragraphs)


def _highlight(text: str, paragraph: Span, quote: Span) -> Markup:
    if not _overlap(paragraph, quote):
        return escape(text[paragraph.start : paragraph.end])
    start, end = max(paragraph.start, quote.start), min(paragraph.end, quote.end)
    return Markup("{}<mark>{}</mark>{}").format(
        text[paragraph.start : start], text[start:end], text[end : paragraph.end]
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _title(article: Article) -> Markup:
    return _linked(article.title.strip() or _short_source(article.source), article.source)


def _copies(articles: Iterable[Article]) -> Markup:
    """Name the other articles that print the same story. One house may print it twice under one name."""
    names = dict.fromkeys(_linked(_house(article), article.source) for article in articles)
    return _COPIES.format(Markup(", ").join(names)) if names else Markup("")


def _house(article: Article) -> str:
    return (article.publisher or "").strip() or article.title.strip() or _short_source(article.source)


def _linked(name: str, source: str) -> Markup:
    text = Markup("<bdi>{}</bdi>").format(name)
    return _LINK.format(address=source, text=text) if is_web_address(source) else text


def _meta(article: Article) -> Markup:
    facts = (
        article.publisher,
        name_language(article.language) if article.language else None,
        render_date(article.published),
        _short_source(article.source),
    )
    return Markup("").join(Markup("<span><bdi>{}</bdi></span>").format(fact) for fact in facts if fact)


def render_date(published: date | None) -> Markup:
    """Render a day of publication, or say that there is none."""
    if published is None:
        return Markup("undated")
    return Markup('<time datetime="{}">{}</time>').format(published.isoformat(), phrases("en").day(published))


def _short_source(source: str) -> str:
    """Name a source in a few words: the host of an address, the file name of a path."""
    if is_web_address(source):
        return urlsplit(source).hostname or source
    return PurePath(source).name or source


def _lang(code: str) -> Markup:
    return Markup(' lang="{}"').format(code) if code else Markup("")

"""Evidence as HTML: the quote inside its paragraph, and where it was published. Pure, and escapes all it is given."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePath
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from assistant.models import Citation, CitationStatus
from assistant.ui.languages import name_language
from assistant.ui.texts import Speaker
from index import Article, Passage, Span

_BLANK_LINES = re.compile(r"\n\s*\n")
_MARKED = Markup("<mark>{}</mark>")
_HERE = Markup('<mark class="is-here" tabindex="-1">{}</mark>')
_LINK_SCHEMES = frozenset({"http", "https"})

_CARD = Markup(
    '<li class="fn-source{kind}" id="{anchor}" tabindex="-1">'
    '<div class="fn-source-head">{number}<div class="fn-source-names">'
    '<h4 class="fn-title" dir="auto"{lang}>{title}</h4>'
    '<p class="fn-meta"><span class="fn-facts">{meta}</span></p>{copies}</div></div>{note}{body}{ways}</li>'
)
_COPIES = Markup('<p class="fn-copies">{}</p>')
_BACK_LINK = Markup(
    '<a class="fn-number" href="#{mark_id}" data-goto="{mark_id}" aria-label="{label}" title="{back}">{number}</a>'
)
_NUMBER = Markup('<span class="fn-number"><span class="fn-unseen">{label}</span>{number}</span>')
_QUOTE = Markup('<blockquote class="fn-excerpt" dir="auto"{lang}>{paragraphs}</blockquote>')
_TRANSLATION = Markup('<div class="fn-translation"><p class="fn-label">{label}</p><p dir="auto"{lang}>{text}</p></div>')
_WHOLE_PASSAGE = Markup(
    '<details class="fn-more"><summary>{label}</summary>'
    '<blockquote dir="auto"{lang}>{paragraphs}</blockquote></details>'
)
_LINK = Markup('<a href="{address}" target="_blank" rel="noopener noreferrer"{label}>{text}</a>')
_WAYS = Markup(
    '<p class="fn-ways"><button type="button" class="fn-link"{place} aria-label="{label}">{read}</button>{link}</p>'
)
_IN_TURN = Markup(' data-read="{turn}" data-number="{number}"')
_IN_SOURCE = Markup(' data-read="" data-source="{source}" data-start="{start}" data-end="{end}"')


def render_citation(citation: Citation, say: Speaker, *, turn: int, mark_id: str | None, language: str = "") -> Markup:
    """Render a footnote of an exchange. `mark_id` is the id of the mark in the answer to go back to.

    `language` is that of the answer, which a translation of the quote is in.
    """
    article = citation.article
    quote = Span(citation.start, citation.end)
    context = Span(min(citation.context.start, quote.start), max(citation.context.end, quote.end))
    passage = tuple(split_paragraphs(article.text, context))
    excerpt = tuple(paragraph for paragraph in passage if overlap(paragraph, quote))
    lang = lang_attribute(article.language)
    body = _QUOTE.format(lang=lang, paragraphs=_render_paragraphs(article.text, excerpt, quote))
    if citation.translation:
        label = say("machine_translation")
        body += _TRANSLATION.format(label=label, lang=lang_attribute(language), text=citation.translation)
    if len(passage) > len(excerpt):
        paragraphs = _render_paragraphs(article.text, passage, quote)
        body += _WHOLE_PASSAGE.format(label=say("whole_passage"), lang=lang, paragraphs=paragraphs)
    unsupported = citation.status is CitationStatus.UNSUPPORTED
    return _CARD.format(
        kind=" is-unsupported" if unsupported else "",
        anchor=f"t{turn}-f{citation.number}",
        number=_number(citation.number, mark_id, say),
        lang=lang,
        title=_title(article),
        meta=_meta(article, citation.start, say),
        copies=_copies(citation.copies, say),
        note=Markup('<p class="fn-note">{}</p>').format(say("note_unsupported")) if unsupported else "",
        body=body,
        ways=_ways(article, _IN_TURN.format(turn=turn, number=citation.number), say),
    )


def render_passage(passage: Passage, say: Speaker, *, anchor: str) -> Markup:
    """Render a passage that was found but does not answer: no number, and nothing highlighted."""
    article = passage.article
    lang = lang_attribute(article.language)
    paragraphs = split_paragraphs(article.text, Span(passage.start, passage.end))
    return _CARD.format(
        kind=" is-near",
        anchor=anchor,
        number="",
        lang=lang,
        title=_title(article),
        meta=_meta(article, passage.start, say),
        copies="",
        note="",
        body=_QUOTE.format(lang=lang, paragraphs=_render_paragraphs(article.text, paragraphs, Span(0, 0))),
        ways=_ways(article, _IN_SOURCE.format(source=article.source, start=passage.start, end=passage.end), say),
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


def web_address(article: Article) -> str | None:
    """Return the address at which the original of an article can be read, None where it has none."""
    return next((one for one in (article.address, article.source) if one and is_web_address(one)), None)


def highlight(text: str, paragraph: Span, quotes: Sequence[Span], *, here: Span | None = None) -> Markup:
    """Render a paragraph, `text[paragraph.start:paragraph.end]`, with what is quoted in it marked.

    The quotes come in order. Where two overlap, what they share is marked once. `here` is the one to look at.
    """
    place, pieces = paragraph.start, []
    for quote in quotes:
        start, end = max(place, quote.start), min(paragraph.end, quote.end)
        if start < end:
            pieces += [escape(text[place:start]), (_HERE if quote == here else _MARKED).format(text[start:end])]
            place = end
    return Markup("").join([*pieces, escape(text[place : paragraph.end])])


def overlap(one: Span, other: Span) -> bool:
    """Say whether two ranges share a character."""
    return one.start < other.end and other.start < one.end


def lang_attribute(code: str) -> Markup:
    """Render the attribute that says in which language an element is; nothing where that is not known."""
    return Markup(' lang="{}"').format(code) if code else Markup("")


def render_date(published: date | None, say: Speaker) -> Markup:
    """Render a day of publication, or say that there is none."""
    if published is None:
        return escape(say("undated"))
    return Markup('<time datetime="{}">{}</time>').format(published.isoformat(), say.day(published))


def render_facts(facts: Iterable[str | Markup | None]) -> Markup:
    """Render what is known of an article in a row, without what is not."""
    return Markup("").join(Markup("<span><bdi>{}</bdi></span>").format(fact) for fact in facts if fact)


def name_article(article: Article) -> str:
    """Return the title of an article, or its address in short where it has none."""
    return article.title.strip() or _short_source(article.source)


def _render_paragraphs(text: str, paragraphs: Iterable[Span], quote: Span) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(highlight(text, paragraph, [quote])) for paragraph in paragraphs)


def _number(number: int, mark_id: str | None, say: Speaker) -> Markup:
    if mark_id is None:
        return _NUMBER.format(label=say("footnote_alone"), number=number)
    label = say("footnote_back", number=number)
    return _BACK_LINK.format(mark_id=mark_id, label=label, back=say("back"), number=number)


def _title(article: Article) -> Markup:
    return Markup("<bdi>{}</bdi>").format(name_article(article))


def _copies(articles: Iterable[Article], say: Speaker) -> Markup:
    """Name the other articles that print the same story. One house may print it twice under one name."""
    names = dict.fromkeys(_linked(_house(article), article) for article in articles)
    return _COPIES.format(say.html("also_printed", names=Markup(", ").join(names))) if names else Markup("")


def _house(article: Article) -> str:
    return (article.publisher or "").strip() or name_article(article)


def _linked(name: str, article: Article) -> Markup:
    text, address = Markup("<bdi>{}</bdi>").format(name), web_address(article)
    return _LINK.format(address=address, text=text, label="") if address else text


def _ways(article: Article, place: Markup, say: Speaker) -> Markup:
    """Render the ways on from a quote: to the article here, and to the original where it has an address."""
    title, address, link = name_article(article), web_address(article), Markup("")
    if address:
        label = Markup(' class="fn-link" aria-label="{}"').format(say("original_of", title=title))
        link = _LINK.format(address=address, text=say("original"), label=label)
    return _WAYS.format(place=place, label=say("read_article_of", title=title), read=say("read_article"), link=link)


def _meta(article: Article, start: int, say: Speaker) -> Markup:
    page = article.page(start)
    return render_facts(
        (
            article.publisher,
            article.author,
            name_language(article.language, say.language) if article.language else None,
            render_date(article.published, say),
            say("page", number=page) if page else None,
            _short_source(article.source),
        )
    )


def _short_source(source: str) -> str:
    """Name a source in a few words: the host of an address, the file name of a path."""
    if is_web_address(source):
        return urlsplit(source).hostname or source
    return PurePath(source).name or source

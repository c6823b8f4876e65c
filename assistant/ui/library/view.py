"""The library as HTML: its articles and its sources. Pure, and escapes all it is given."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Final

from markupsafe import Markup

from assistant.ui.chat.evidence import is_web_address
from assistant.ui.languages import name_language
from assistant.ui.library.shelf import Entry, Order, Selection, Shelf
from assistant.ui.texts import Speaker
from index.listing import Kind, Source

_COLUMNS: Final[Mapping[Order, str]] = {
    Order.PUBLISHED: "published",
    Order.TITLE: "title",
    Order.PUBLISHER: "publisher",
    Order.LANGUAGE: "language",
}
_KINDS: Final[Mapping[Kind, str]] = {
    Kind.FILE: "kind_file",
    Kind.FOLDER: "kind_folder",
    Kind.PAGE: "kind_page",
    Kind.FEED: "kind_feed",
    Kind.SITE: "kind_site",
}
_SHELF: Final = Markup(
    '<p class="fn-count" role="status">{count}</p>'
    '<table class="fn-table"><caption class="fn-unseen">{caption}</caption><thead><tr>{heads}'
    '<th scope="col"><span class="fn-unseen">{actions}</span></th></tr></thead><tbody>{rows}</tbody></table>{pages}'
)
_HEAD: Final = Markup(
    '<th scope="col" class="is-{order}" aria-sort="{sorted}">'
    '<button type="button" data-act="sort" data-value="{order}">{name}<span aria-hidden="true">{arrow}</span>'
    "</button></th>"
)
_ROW: Final = Markup(
    '<tr><td class="is-published">{published}</td>'
    '<td class="is-title"><p class="fn-name fn-brief" dir="auto"{lang}>{title}</p>'
    '<p class="fn-where"><bdi>{place}</bdi></p></td><td class="is-publisher"><bdi>{publisher}</bdi></td>'
    '<td class="is-language">{language}</td><td class="is-action">{remove}</td></tr>'
)
_REMOVE: Final = Markup(
    '<button type="button" class="fn-quiet" data-act="remove" data-value="{source}" data-ask="{ask}" data-yes="{yes}" '
    'data-no="{no}" aria-label="{name}">{text}</button>'
)
_LINK: Final = Markup('<a href="{address}" target="_blank" rel="noopener noreferrer">{text}</a>')
_PAGES: Final = Markup(
    '<nav class="fn-pages" aria-label="{label}">'
    '<button type="button" class="fn-quiet" data-act="page" data-key="previous" data-value="{before}"{first}>{previous}'
    "</button><span>{here}</span>"
    '<button type="button" class="fn-quiet" data-act="page" data-key="next" data-value="{after}"{last}>{next}</button>'
    "</nav>"
)
_SOURCES: Final = Markup('<ul class="fn-list">{}</ul>')
_SOURCE: Final = Markup(
    '<li><div class="fn-list-text"><p class="fn-name"><bdi>{name}</bdi></p><p class="fn-where"><bdi>{address}</bdi></p>'
    '<p class="fn-where">{facts}</p>{failure}</div><div class="fn-list-actions">'
    '<button type="button" class="fn-quiet" data-act="read" data-value="{address}" aria-label="{read_label}">{read}'
    "</button>{remove}</div></li>"
)
_FAILURE: Final = Markup('<p class="fn-note" dir="auto">{}</p>')
_VOID: Final = Markup('<p class="fn-count is-void" role="status">{}</p>')
_EMPTY: Final = Markup('<p class="fn-count" role="status">{}</p>')


def render_shelf(shelf: Shelf, selection: Selection, say: Speaker, *, uploads: str) -> str:
    """Render a page of articles as a table. `uploads` is the folder whose files are deleted with their articles."""
    if not shelf.total:
        asked = selection.words or selection.source or selection.language or selection.since or selection.until
        return str(_EMPTY.format(say("no_match")) if asked else _VOID.format(say("library_empty")))
    last = shelf.first + len(shelf.entries) - 1
    count = say.count("articles_count", shelf.total)
    html = _SHELF.format(
        count=count,
        caption=say("articles_shown", first=say.number(shelf.first), last=say.number(last), count=count),
        heads=Markup("").join(_head(order, selection, say) for order in Order),
        actions=say("actions"),
        rows=Markup("").join(_row(entry, say, uploads) for entry in shelf.entries),
        pages=_pages(shelf, say) if shelf.pages > 1 else "",
    )
    return sendable(html)


def render_sources(sources: Sequence[Source], say: Speaker, *, uploads: str) -> str:
    """Render the sources with what is known of them, and what was wrong when they were last read."""
    if not sources:
        return str(_EMPTY.format(say("no_sources")))
    return sendable(_SOURCES.format(Markup("").join(_source(source, say, uploads) for source in sources)))


def short_name(address: str) -> str:
    """Name a source in a few words: a web address without its scheme, a path by its last part."""
    if "://" in address:
        return address.split("://", 1)[1].rstrip("/")
    return PurePath(address).name or address


def _head(order: Order, selection: Selection, say: Speaker) -> Markup:
    directions = {True: ("descending", " ↓"), False: ("ascending", " ↑")}
    is_sorted, arrow = directions[selection.descending] if order is selection.order else ("none", "")
    return _HEAD.format(order=order, sorted=is_sorted, name=say(_COLUMNS[order]), arrow=arrow)


def _row(entry: Entry, say: Speaker, uploads: str) -> Markup:
    title = entry.title.strip() or short_name(entry.source)
    address = next((one for one in (entry.address, entry.source) if one and is_web_address(one)), None)
    deleted = PurePath(entry.source).parent == PurePath(uploads)
    return _ROW.format(
        published=Markup('<time datetime="{}">{}</time>').format(entry.published.isoformat(), say.day(entry.published))
        if entry.published
        else say("undated"),
        lang=Markup(' lang="{}"').format(entry.language) if entry.language else "",
        title=_LINK.format(address=address, text=title) if address else title,
        place=short_name(entry.source),
        publisher=entry.publisher or "",
        language=name_language(entry.language, say.language) if entry.language else "",
        remove=_removal(entry.source, title, say("remove_upload_ask" if deleted else "remove_ask", title=title), say),
    )


def _removal(source: str, name: str, ask: str, say: Speaker) -> Markup:
    return _REMOVE.format(
        source=source,
        ask=ask,
        yes=say("remove"),
        no=say("keep"),
        name=say("remove_name", what=name),
        text=say("remove"),
    )


def _pages(shelf: Shelf, say: Speaker) -> Markup:
    disabled = Markup(' aria-disabled="true"')
    return _PAGES.format(
        label=say("pages"),
        before=max(shelf.page - 1, 1),
        after=min(shelf.page + 1, shelf.pages),
        first=disabled if shelf.page == 1 else "",
        last=disabled if shelf.page == shelf.pages else "",
        previous=say("previous"),
        next=say("next"),
        here=say("page_of", page=say.number(shelf.page), pages=say.number(shelf.pages)),
    )


def _source(source: Source, say: Speaker, uploads: str) -> Markup:
    is_uploads = source.address == uploads
    name = say("uploads") if is_uploads else short_name(source.address)
    facts = [
        say(_KINDS[source.kind]),
        say.count("articles_count", source.articles),
        say("read_on", when=_moment(source.read, say)) if source.read else say("never_read"),
    ]
    ask = say("remove_source_ask", what=name, count=say.count("articles_count", source.articles))
    return _SOURCE.format(
        name=name,
        address=source.address,
        facts=" · ".join(facts),
        failure=_FAILURE.format(source.failure) if source.failure else "",
        read=say("read_again"),
        read_label=say("read_name", what=name),
        remove="" if is_uploads else _removal(source.address, name, ask, say),
    )


def _moment(moment: datetime, say: Speaker) -> str:
    return say("day_and_time", day=say.day(moment.date()), time=f"{moment:%H:%M}")


def sendable(html: Markup) -> str:
    """Return HTML that has a UTF-8 form: half of a surrogate pair has none, and would break the whole reply."""
    return html.encode("utf-8", "replace").decode("utf-8")

"""What stands at a web address: a page, a feed or a site.

How a sync uses it:

    with Fetcher(private_hosts=…) as fetcher:                    # one a run
        listing = list_address(url, kind, fetcher, stamp, parse=parse, pages=500)

`kind` is None for an address that is new; `listing.kind` is then what was found there, and is given the next time.
`stamp` is that of the last listing of this source. Give "" where an item of it failed, so that a feed that did not
change is listed again. `listing.address` is the address in its normal form, which `normal_url` also returns.

`parse(data, ending, source)` turns fetched bytes into what they hold, as `index.loading.load_bytes` and
`FileReaders.parse` do; ".html" is such an ending. It raises UnreadableArticle.

Where an item has a stamp of its own (an entry's hash, a page's lastmod), its reading has the same stamp, so an item
whose stamp is the one remembered need not be read. `item.read(stamp)` fetches, and may wait for seconds.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from index.errors import UnreadableArticle
from index.fetching import Fetched, Fetcher, normal_url, same_site
from index.listing import Item, Kind, Listing, Reading
from index.loading.feeds import Entry, Feed, read_feed
from index.loading.roots import kind_of
from index.loading.sitemaps import read_site
from index.loading.web_pages import Parse, ending_of, page_item, read_page
from index.models import Article, Failure

PAGES: Final = 500
"""Pages of a site, and entries of a feed, that are looked at."""

_KEPT: Final = 1024 * 1024
"""Bytes of a new page that are kept until it is read. A larger one is fetched again: a thousand may be listed first."""


def list_address(
    address: str, kind: Kind | None, fetcher: Fetcher, stamp: str = "", *, parse: Parse, pages: int = PAGES
) -> Listing:
    """Return what stands at a web address. What cannot be fetched is among the listing's failures; raises nothing.

    Without a kind, a document whose root element is that of a feed or of a sitemap is one; anything else is a page.
    Of a feed, the first `pages` entries are items; of a site, the pages that changed last.
    """
    try:
        url = normal_url(address)
        first = None if kind else fetcher.fetch(url)
        kind = kind or (kind_of(first.data) if first else Kind.PAGE)
        return _LISTERS[kind](url, fetcher, stamp, parse, pages, first)
    except UnreadableArticle as error:
        failed = Failure(error.source, error.reason)
        return Listing(address, kind or Kind.PAGE, failures=(failed,), complete=False)


def _list_page(url: str, fetcher: Fetcher, stamp: str, parse: Parse, pages: int, first: Fetched | None) -> Listing:
    if first is not None:
        # What no reader knows is no page, and not a source.
        ending_of(first, url)
    kept = first if first and len(first.data) <= _KEPT else None
    return Listing(url, Kind.PAGE, (page_item(url, fetcher, parse, kept),))


def _list_feed(url: str, fetcher: Fetcher, stamp: str, parse: Parse, pages: int, first: Fetched | None) -> Listing:
    fetched = first or fetcher.fetch(url, stamp)
    if fetched is None:
        return Listing(url, Kind.FEED, complete=False, stamp=stamp, unchanged=True)
    feed = read_feed(fetched, url)
    items = tuple(_entry_item(entry, feed, url, fetcher, parse) for entry in feed.entries[:pages])
    left_out = _left_out("entries", len(feed.entries), pages)
    return Listing(url, Kind.FEED, items, ignored=left_out, complete=False, stamp=fetched.stamp)


def _list_site(url: str, fetcher: Fetcher, stamp: str, parse: Parse, pages: int, first: Fetched | None) -> Listing:
    site = read_site(url, fetcher, first)
    items = tuple(_dated_item(page, changed, fetcher, parse) for page, changed in site.newest(pages))
    left_out = _left_out("pages", len(site.pages), pages)
    return Listing(url, Kind.SITE, items, tuple(site.failures), left_out, complete=site.whole and not left_out)


_LISTERS: Final[Mapping[Kind, Callable[[str, Fetcher, str, Parse, int, Fetched | None], Listing]]] = {
    Kind.PAGE: _list_page,
    Kind.FEED: _list_feed,
    Kind.SITE: _list_site,
}


def _left_out(what: str, count: int, limit: int) -> tuple[tuple[str, int], ...]:
    return ((f"{what} above ASSISTANT_SITE_PAGES", count - limit),) if count > limit else ()


def _dated_item(url: str, changed: str, fetcher: Fetcher, parse: Parse) -> Item:
    """Return the item of a page that is fetched when the day that its sitemap gives is another than before."""
    if not changed:
        return page_item(url, fetcher, parse)
    mark = f"lastmod {changed}"

    def read(stamp: str) -> Reading | None:
        if stamp == mark:
            return None
        page = fetcher.fetch(url)
        return replace(read_page(page, url, parse), stamp=mark) if page else None

    return Item(url, read, mark)


def _entry_item(entry: Entry, feed: Feed, url: str, fetcher: Fetcher, parse: Parse) -> Item:
    def read(stamp: str) -> Reading | None:
        if stamp == entry.stamp:
            return None
        articles = _entry_articles(entry, fetcher, parse)
        publisher = feed.title if entry.page is None or same_site(entry.page, url) else ""
        return Reading(tuple(_told_by(entry, publisher, article) for article in articles), entry.stamp)

    return Item(entry.address, read, entry.stamp)


def _entry_articles(entry: Entry, fetcher: Fetcher, parse: Parse) -> tuple[Article, ...]:
    """Return the articles of an entry's page, or the text in the feed where the page cannot be had."""
    try:
        page = fetcher.fetch(entry.page) if entry.page else None
        if page is not None:
            return read_page(page, entry.address, parse).articles
    except UnreadableArticle:
        if not entry.html:
            raise
    document = f"<!doctype html><meta charset=utf-8><body><article>{entry.html}</article></body>"
    return parse(document.encode("utf-8", "replace"), ".html", entry.address).articles


def _told_by(entry: Entry, publisher: str, article: Article) -> Article:
    """Return an article with what its page does not say filled in from the feed."""
    return replace(
        article,
        title=article.title or entry.title,
        published=article.published or entry.published,
        author=article.author or entry.author or None,
        publisher=article.publisher or publisher or None,
    )

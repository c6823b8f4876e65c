"""What stands at a web address, from a real server through the real readers."""

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest

from index.errors import UnreadableArticle
from index.fetching import Fetcher
from index.listing import Item, Kind, Listing, Reading
from index.loading import load_bytes
from index.loading.addresses import list_address
from index.models import Article
from tests.index.web_server import Reply, WebServer, article_page, gzipped, redirect, running_web_server


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_web_server() as server:
        yield server


@pytest.fixture
def other() -> Iterator[WebServer]:
    with running_web_server() as server:
        yield server


@pytest.fixture
def fetcher(web: WebServer, other: WebServer) -> Iterator[Fetcher]:
    hosts = [web.host, other.host, "other.example"]
    with Fetcher(private_hosts=hosts, pause=0.0, resolve=lambda host, port: ["127.0.0.1"]) as fetcher:
        yield fetcher


def listed(fetcher: Fetcher, address: str, kind: Kind | None = None, stamp: str = "", pages: int = 500) -> Listing:
    return list_address(address, kind, fetcher, stamp, parse=load_bytes, pages=pages)


def read(item: Item, stamp: str = "") -> Reading:
    reading = item.read(stamp)
    assert reading is not None
    return reading


def article(fetcher: Fetcher, address: str) -> Article:
    listing = listed(fetcher, address)
    assert not listing.failures
    [item] = listing.items
    [found] = read(item).articles
    return found


def failure(fetcher: Fetcher, address: str) -> str:
    [item] = listed(fetcher, address, Kind.PAGE).items
    with pytest.raises(UnreadableArticle) as caught:
        item.read("")
    assert caught.value.source == address
    return caught.value.reason


def rss(*items: str, title: str = "The feed") -> Reply:
    inside = "".join(f"<item>{item}</item>" for item in items)
    namespace = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return Reply(
        f"<rss version='2.0' {namespace}><channel><title>{title}</title>{inside}</channel></rss>",
        media_type="application/rss+xml",
    )


def sitemap(*pages: tuple[str, str]) -> str:
    inside = "".join(f"<url><loc>{loc}</loc><lastmod>{changed}</lastmod></url>" for loc, changed in pages)
    return f"<urlset>{inside}</urlset>"


# Pages


def test_a_page_becomes_an_article_known_by_the_address_that_was_asked_for(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/news/deal?utm_source=x"] = article_page("The deal")
    listing = listed(fetcher, f"HTTP://{web.host}/news/deal?utm_source=x#comments")
    address = web.url("/news/deal?utm_source=x")
    assert (listing.address, listing.kind, listing.complete) == (address, Kind.PAGE, True)
    [item] = listing.items
    [found] = read(item).articles
    assert item.address == found.source == address
    assert (found.title, found.language, found.address) == ("The deal", "en", None)
    # Finding out what it is was the same request.
    assert len(web.paths) == 1


def test_a_page_that_is_known_to_be_one_is_fetched_when_it_is_read(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/a"] = Reply(article_page("A"), headers={"ETag": '"1"'})
    [item] = listed(fetcher, web.url("/a"), Kind.PAGE).items
    assert not web.visits
    stamp = read(item).stamp
    assert item.read(stamp) is None
    web.pages["/a"] = Reply(article_page("B"), headers={"ETag": '"2"'})
    assert read(item, stamp).articles[0].title == "B"


def test_a_large_page_is_not_kept_in_memory_until_it_is_read(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/a.txt"] = Reply("word " * 300_000, media_type="text/plain")
    assert article(fetcher, web.url("/a.txt")).text.startswith("word word")
    assert len(web.paths) == 2


def test_the_canonical_address_is_told_only_where_it_is_of_the_same_site(
    web: WebServer, other: WebServer, fetcher: Fetcher
) -> None:
    web.pages["/a"] = article_page("A", head='<link rel="canonical" href="http://127.0.0.1:9/canonical">')
    web.pages["/b"] = article_page("B", head='<link rel="canonical" href="https://famous.example/story">')
    web.pages["/c"] = article_page("C", head='<link rel="canonical" href="javascript:alert(1)">')
    web.pages["/d"] = article_page("D", head=f'<link rel="canonical" href="{web.url("/d")}">')
    addresses = [article(fetcher, web.url(path)).address for path in ("/a", "/b", "/c", "/d")]
    assert addresses == ["http://127.0.0.1:9/canonical", None, None, None]


def test_where_redirects_end_is_told_as_the_address(web: WebServer, other: WebServer, fetcher: Fetcher) -> None:
    web.pages["/short"] = redirect(other.url("/long"))
    other.pages["/long"] = article_page("A")
    found = article(fetcher, web.url("/short"))
    assert (found.source, found.address) == (web.url("/short"), other.url("/long"))


CAFE = "Le café est fermé à Orléans. "


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (Reply("Plain words.", media_type="text/plain"), "Plain words."),
        (Reply("# Title\n\nSome *words*.", media_type="text/markdown"), "Some words."),
        (Reply("Plain words.", media_type="application/octet-stream"), "Plain words."),
        (Reply("Plain words.", media_type=None), "Plain words."),
        (Reply(CAFE.encode("latin-1"), media_type="text/plain; charset=ISO-8859-1"), CAFE.strip()),
        (Reply("Košice, žena".encode("cp1250"), media_type="text/plain; charset=windows-1250"), "Košice, žena"),
        (Reply(CAFE.encode("utf-8-sig"), media_type="text/plain; charset=iso-8859-1"), CAFE.strip()),
        (Reply(CAFE.encode(), media_type="text/plain; charset=unicode_escape"), CAFE.strip()),
    ],
)
def test_other_kinds_and_charsets_are_read(web: WebServer, fetcher: Fetcher, reply: Reply, text: str) -> None:
    web.pages["/page.txt"] = reply
    assert text in article(fetcher, web.url("/page.txt")).text


@pytest.mark.parametrize("said", ["header", "page", "both"])
def test_a_page_in_an_old_charset_is_read_by_what_the_server_or_the_page_says(
    web: WebServer, fetcher: Fetcher, said: str
) -> None:
    text = "Žena přišla domů pozdě večer a řekla, že už nikdy nepůjde. " * 5
    named = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'
    # Where both speak, the server is right, as the HTML standard says.
    told = {"header": "", "page": named, "both": named.replace("windows-1250", "utf-8")}[said]
    page = article_page("Žena", text).replace('<meta charset="utf-8">', told)
    web.pages["/a"] = Reply(
        page.encode("cp1250"), media_type="text/html" if said == "page" else "text/html; charset=windows-1250"
    )
    found = article(fetcher, web.url("/a"))
    assert found.title == "Žena"
    assert "řekla, že už nikdy" in found.text


def test_a_document_is_read_by_its_media_type(web: WebServer, fetcher: Fetcher) -> None:
    from docx import Document

    document, data = Document(), BytesIO()
    document.add_paragraph("Words in an office document.")
    document.save(data)
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    web.pages["/download?id=1"] = Reply(data.getvalue(), media_type=word)
    assert "Words in an office document." in article(fetcher, web.url("/download?id=1")).text


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b"\x89PNG", media_type="image/png"), "no reader for 'image/png'. Give the address of a page, a feed"),
        (Reply("<a/>", media_type="application/xml"), "no reader for 'application/xml'"),
        (Reply("x", media_type=None), "no reader for 'no media type'"),
        (Reply("<html><body></body></html>"), "no article text"),
        (Reply(b"", media_type="text/plain"), "no text"),
        (Reply(b"caf\xe9", media_type="text/plain"), "not UTF-8"),
        (Reply(b"PK\x03\x04", media_type="application/epub+zip"), ""),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(web: WebServer, fetcher: Fetcher, reply: Reply, said: str) -> None:
    web.pages["/a"] = reply
    reason = failure(fetcher, web.url("/a"))
    assert said in reason
    assert "\n" not in reason


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.FEED, Kind.SITE, None])
@pytest.mark.parametrize("address", ["ftp://example.com/", "http://127.0.0.1:1/", "nonsense", "http://a:b@c/"])
def test_an_address_that_cannot_be_fetched_is_a_failure_and_no_error(
    fetcher: Fetcher, address: str, kind: Kind | None
) -> None:
    listing = listed(fetcher, address, kind)
    if listing.failures:
        assert not listing.items
        assert not listing.complete
    else:
        with pytest.raises(UnreadableArticle):
            listing.items[0].read("")


def test_a_page_that_is_gone_is_a_failure_and_not_an_empty_listing(web: WebServer, fetcher: Fetcher) -> None:
    assert "no such page (404)" in failure_of_known_page(web, fetcher)


def failure_of_known_page(web: WebServer, fetcher: Fetcher) -> str:
    [item] = listed(fetcher, web.url("/gone"), Kind.PAGE).items
    with pytest.raises(UnreadableArticle) as caught:
        item.read("")
    return caught.value.reason


# What stands there


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<rss version='2.0'><channel/></rss>", Kind.FEED),
        ("\n <?xml version='1.0'?><!-- x --><feed xmlns='http://www.w3.org/2005/Atom'/>", Kind.FEED),
        ("<rdf:RDF xmlns:rdf='x'><channel/></rdf:RDF>", Kind.FEED),
        (json.dumps({"version": "https://jsonfeed.org/version/1", "items": []}), Kind.FEED),
        ("<urlset/>", Kind.SITE),
        ("<sm:sitemapindex xmlns:sm='x'/>", Kind.SITE),
        (article_page("A", head='<link rel="alternate" type="application/rss+xml" href="/feed">'), Kind.PAGE),
        ("<html><body><rss></rss></body></html>", Kind.PAGE),
        ("hello", Kind.PAGE),
        ("", Kind.PAGE),
        ("<?xml version='1.0' encoding='nonsense'?><rss/>", Kind.PAGE),
    ],
)
def test_the_root_element_tells_what_an_address_is(web: WebServer, fetcher: Fetcher, body: str, kind: Kind) -> None:
    web.pages["/a"] = Reply(body, media_type="text/html")
    assert listed(fetcher, web.url("/a")).kind == kind


def test_a_feed_in_utf_16_is_one(web: WebServer, fetcher: Fetcher) -> None:
    feed = f"<rss><channel><item><link>{web.url('/a')}</link></item></channel></rss>"
    body = f"<?xml version='1.0' encoding='utf-16'?>{feed}"
    web.pages["/feed"] = Reply(body.encode("utf-16"), media_type="application/xml")
    assert [item.address for item in listed(fetcher, web.url("/feed")).items] == [web.url("/a")]


# Feeds


def test_the_pages_of_a_feed_are_fetched_and_what_they_lack_comes_from_the_feed(
    web: WebServer, other: WebServer, fetcher: Fetcher
) -> None:
    elsewhere = f"http://other.example:{other.server_port}/b"
    web.pages["/feed"] = rss(
        f"<title>In the feed</title><link>{web.url('/a')}</link><author>Ada</author>"
        "<pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate>",
        f"<title>Elsewhere</title><link>{elsewhere}</link>",
    )
    web.pages["/a"] = article_page("").replace("<h1></h1>", "").replace("<title></title>", "")
    meta = '<meta property="article:published_time" content="2025-12-31"><meta name="author" content="Bo Bell">'
    other.pages["/b"] = article_page("On the page", head=meta)
    listing = listed(fetcher, web.url("/feed"))
    assert (listing.kind, listing.complete, listing.unchanged) == (Kind.FEED, False, False)
    [one], [two] = (read(item).articles for item in listing.items)
    assert (one.source, one.title, one.published) == (web.url("/a"), "In the feed", date(2026, 1, 5))
    assert (one.author, one.publisher) == ("Ada", "The feed")
    assert (two.source, two.title, two.published) == (elsewhere, "On the page", date(2025, 12, 31))
    # A feed that links to another house is not its publisher.
    assert (two.author, two.publisher) == ("Bo Bell", None)


def test_a_feed_that_did_not_change_lists_nothing(web: WebServer, fetcher: Fetcher) -> None:
    feed = rss(f"<link>{web.url('/a')}</link>")
    web.pages["/feed"] = Reply(feed.body, media_type=feed.media_type, headers={"ETag": '"1"'})
    first = listed(fetcher, web.url("/feed"))
    again = listed(fetcher, web.url("/feed"), Kind.FEED, first.stamp)
    assert again == Listing(web.url("/feed"), Kind.FEED, complete=False, stamp=first.stamp, unchanged=True)
    assert listed(fetcher, web.url("/feed"), Kind.FEED).items


def test_an_entry_is_read_again_only_when_it_changed_in_the_feed(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/feed"] = rss(f"<title>A</title><link>{web.url('/a')}</link>")
    web.pages["/a"] = article_page("A")
    [item] = listed(fetcher, web.url("/feed")).items
    reading = read(item)
    assert reading.stamp == item.stamp != ""
    assert item.read(item.stamp) is None
    web.pages["/feed"] = rss(f"<title>A, corrected</title><link>{web.url('/a')}</link>")
    [changed] = listed(fetcher, web.url("/feed")).items
    assert changed.address == item.address
    assert read(changed, reading.stamp).articles
    assert web.paths.count("/a") == 2


STORY = "<p>The whole story is here, told at some length so that it counts.</p>"
FULL = f"<content:encoded><![CDATA[{STORY}]]></content:encoded>"


def test_an_entry_whose_page_cannot_be_read_uses_the_text_in_the_feed(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/robots.txt"] = "User-agent: *\nDisallow: /closed"
    web.pages["/feed"] = rss(
        f"<title>Gone</title><link>{web.url('/gone')}</link>{FULL}",
        f"<title>Closed</title><link>{web.url('/closed')}</link>{FULL}",
        f"<title>No page</title><guid isPermaLink='false'>7</guid>{FULL}",
        f"<title>Only a link</title><link>{web.url('/gone2')}</link>",
    )
    items = listed(fetcher, web.url("/feed")).items
    for item, title in zip(items, ("Gone", "Closed", "No page"), strict=False):
        [found] = read(item).articles
        assert (found.title, found.source, found.publisher) == (title, item.address, "The feed")
        assert "The whole story is here" in found.text
        assert "<p>" not in found.text
    assert items[2].address == web.url("/feed#7")
    with pytest.raises(UnreadableArticle, match="404"):
        items[3].read("")


def test_of_a_long_feed_the_first_entries_are_listed(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/feed"] = rss(*(f"<link>{web.url(f'/{number}')}</link>" for number in range(30)))
    listing = listed(fetcher, web.url("/feed"), pages=7)
    items = listing.items
    assert [item.address for item in items] == [web.url(f"/{number}") for number in range(7)]
    assert listing.ignored == (("entries above ASSISTANT_SITE_PAGES", 23),)


def test_an_entry_at_an_address_that_is_not_public_is_refused(web: WebServer) -> None:
    web.pages["/feed"] = rss("<link>http://169.254.169.254/latest/meta-data/</link>")
    with Fetcher(private_hosts=[web.host], pause=0.0) as fetcher:
        [item] = listed(fetcher, web.url("/feed")).items
        with pytest.raises(UnreadableArticle, match="the link-local address"):
            item.read("")


def test_a_feed_that_became_a_page_is_a_failure_that_loses_nothing(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/feed"] = article_page("Moved")
    listing = listed(fetcher, web.url("/feed"), Kind.FEED)
    assert (listing.items, listing.complete, listing.stamp) == ((), False, "")
    assert "no feed at this address any more" in listing.failures[0].reason


# Sites


def test_the_pages_of_a_sitemap_are_listed_with_their_last_change(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/map"] = sitemap((web.url("/a"), "2026-01-01"), (web.url("/b"), ""))
    web.pages["/a"], web.pages["/b"] = article_page("A"), Reply(article_page("B"), headers={"ETag": '"1"'})
    listing = listed(fetcher, web.url("/map"))
    assert (listing.kind, listing.complete) == (Kind.SITE, True)
    dated, undated = listing.items
    assert (dated.stamp, undated.stamp) == ("lastmod 2026-01-01", "")
    assert read(dated).stamp == dated.stamp
    assert dated.read(dated.stamp) is None
    assert read(dated, "lastmod 2025-01-01").articles[0].title == "A"
    assert undated.read(read(undated).stamp) is None
    assert web.paths == ["/map", "/a", "/a", "/b", "/b"]


def test_a_packed_sitemap_and_a_folder_are_sites_when_they_are_called_so(web: WebServer, fetcher: Fetcher) -> None:
    packed = Reply(gzipped(sitemap((web.url("/a"), "")).encode()), media_type="application/x-gzip")
    web.pages["/sitemap.xml"] = web.pages["/map.xml.gz"] = packed
    for address in ("/map.xml.gz", "/"):
        listing = listed(fetcher, web.url(address), Kind.SITE)
        assert [item.address for item in listing.items] == [web.url("/a")]
        assert listing.complete


def test_above_the_bound_the_newest_pages_are_listed_and_nothing_has_vanished(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/map"] = sitemap(*((web.url(f"/{day:02}"), f"2026-01-{day:02}") for day in range(1, 31)))
    listing = listed(fetcher, web.url("/map"), pages=3)
    assert [item.address for item in listing.items] == [web.url("/30"), web.url("/29"), web.url("/28")]
    assert not listing.complete
    assert listing.ignored == (("pages above ASSISTANT_SITE_PAGES", 27),)
    assert listed(fetcher, web.url("/map"), pages=30).complete


def test_a_site_of_which_a_part_failed_is_not_complete(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/map"] = f"<sitemapindex><sitemap><loc>{web.url('/gone')}</loc></sitemap></sitemapindex>"
    listing = listed(fetcher, web.url("/map"))
    assert not listing.complete
    assert listing.failures[0].source == web.url("/gone")


def test_a_site_called_by_the_address_of_a_page_is_a_failure_that_says_what_to_give(
    web: WebServer, fetcher: Fetcher
) -> None:
    web.pages["/about"] = article_page("About")
    [failed] = listed(fetcher, web.url("/about"), Kind.SITE).failures
    assert 'a folder with "/" at its end' in failed.reason


def test_a_new_address_that_no_reader_knows_is_a_failure_of_the_listing(web: WebServer, fetcher: Fetcher) -> None:
    web.pages["/a"] = Reply(b"\x89PNG", media_type="image/png")
    listing = listed(fetcher, web.url("/a"))
    assert (listing.items, listing.complete) == ((), False)
    [failed] = listing.failures
    assert (failed.source, failed.reason.split(".")[0]) == (web.url("/a"), "no reader for 'image/png'")


def test_a_zip_of_a_page_is_no_page(web: WebServer, fetcher: Fetcher) -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("page.html", article_page("A"))
    web.pages["/a"] = Reply(data.getvalue(), media_type="application/zip")
    assert "no reader for 'application/zip'" in failure(fetcher, web.url("/a"))

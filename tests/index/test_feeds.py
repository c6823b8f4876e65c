"""Feeds as they come: well made, badly made, and made to do harm."""

import json
from datetime import date

import pytest

from index.errors import UnreadableArticle
from index.fetching import Fetched
from index.listing import Kind
from index.loading.feeds import Entry, Feed, read_feed
from index.loading.roots import kind_of

ADDRESS = "https://news.example/feed.xml"


def feed_of(data: bytes | str, media_type: str = "application/xml", charset: str = "") -> Feed:
    encoded = data.encode() if isinstance(data, str) else data
    return read_feed(Fetched(ADDRESS, encoded, media_type, charset, ""), ADDRESS)


NAMESPACES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def rss(*items: str) -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {NAMESPACES}><channel><title>News</title>{inside}</channel></rss>'


def only(feed: Feed) -> Entry:
    [entry] = feed.entries
    return entry


def test_an_rss_entry_has_title_author_day_and_full_text() -> None:
    feed = feed_of(
        rss(
            "<title>Deal &amp;amp; denial</title><link>https://news.example/a</link><guid>7</guid>"
            "<dc:creator>Ada Byron</dc:creator><pubDate>Sun, 01 Feb 2026 00:30:00 +0100</pubDate>"
            "<description>Short.</description><content:encoded><![CDATA[<p>All of <b>it</b>.</p>]]></content:encoded>"
        )
    )
    entry = only(feed)
    assert feed.title == "News"
    assert entry.address == entry.page == "https://news.example/a"
    assert (entry.title, entry.author) == ("Deal & denial", "Ada Byron")
    # The day of the newsroom, not of Greenwich.
    assert entry.published == date(2026, 2, 1)
    assert entry.html == "<p>All of <b>it</b>.</p>"


def test_an_atom_entry_has_title_author_day_and_full_text() -> None:
    entry = only(
        feed_of(
            '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>tag:1</id>'
            '<title type="html">&lt;i&gt;Deal&lt;/i&gt; &amp;amp; denial</title><author><name>Ada</name></author>'
            '<link href="/a"/><updated>2026-02-01T23:59:00-05:00</updated>'
            '<content type="html">&lt;p&gt;All.&lt;/p&gt;</content></entry></feed>'
        )
    )
    assert entry.address == "https://news.example/a"
    assert (entry.title, entry.author, entry.published) == ("Deal & denial", "Ada", date(2026, 2, 1))
    assert entry.html == "<p>All.</p>"


def test_an_rss_1_feed_is_read() -> None:
    feed = feed_of(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel><title>Old</title></channel><item rdf:about="x"><title>A</title><link>/a</link></item></rdf:RDF>'
    )
    assert only(feed).address == "https://news.example/a"


def test_a_json_feed_is_read() -> None:
    item = {
        "id": 7,
        "url": "/a",
        "title": "Deal",
        "content_text": "One & two.\n\nThree.",
        "date_published": "2026-02-01T08:00:00+01:00",
        "authors": [{"name": "Ada"}, "nobody", {"name": "Bo"}],
    }
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [item, "no item", {}]}
    data = json.dumps(told)
    entry = only(feed_of(data, "application/feed+json"))
    assert kind_of(data.encode()) is Kind.FEED
    assert entry.address == "https://news.example/a"
    assert (entry.title, entry.author, entry.published) == ("Deal", "Ada, Bo", date(2026, 2, 1))
    assert entry.html == "<p>One &amp; two.</p><p>Three.</p>"


def test_a_json_feed_of_the_wrong_shape_is_refused_and_items_of_the_wrong_shape_left_out() -> None:
    version = "https://jsonfeed.org/version/1.1"
    shapes: list[dict[str, object]] = [{"items": {}}, {"items": None}, {}]
    for told in shapes:
        with pytest.raises(UnreadableArticle, match="no list of items"):
            feed_of(json.dumps({"version": version, **told}))
    items: list[object] = [None, 7, [], {"url": ["x"]}, {"url": None, "content_text": 8}]
    assert feed_of(json.dumps({"version": version, "items": items})).entries == ()


@pytest.mark.parametrize(
    "data", ["<html></html>", "", "{}", "hello", "<rs", '{"version": "https://jsonfeed.org/version/1']
)
def test_what_is_no_feed_is_refused(data: str) -> None:
    with pytest.raises(UnreadableArticle):
        feed_of(data)


def test_a_json_feed_nested_too_deep_is_refused() -> None:
    with pytest.raises(UnreadableArticle, match="not JSON"):
        feed_of('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 200_000)


def test_a_plain_title_keeps_what_looks_like_a_mark() -> None:
    title = '<title type="text">The &lt;b&gt; element</title>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{title}<link href="/a"/></entry></feed>'
    assert only(feed_of(atom)).title == "The <b> element"
    assert only(feed_of(rss("<title>2 &lt; 3</title><link>/a</link>"))).title == "2 < 3"


def test_a_broken_feed_gives_what_can_be_read() -> None:
    broken = rss("<title>A & B&nbsp;C</title><link>/a?x=1&y=2</link>", "<title>D <br> E</title><link>/d</link>")
    cut_off = broken[: broken.index("</channel>")] + "<item><title>F</title><link>/f</li"
    feed = feed_of(cut_off)
    assert [entry.title for entry in feed.entries][:2] == ["A & B C", "D E"]
    assert [entry.address.removeprefix("https://news.example") for entry in feed.entries][:2] == ["/a?x=1&y=2", "/d"]


def test_an_entry_without_title_date_and_author_stays_without() -> None:
    entry = only(feed_of(rss("<link>/a</link>")))
    assert (entry.title, entry.published, entry.author, entry.html) == ("", None, "", "")


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01T00:00:00Z", "1970-01-01", "32 Foo 2026", "9" * 5000, ""])
def test_a_day_that_is_none_is_not_guessed(day: str) -> None:
    assert only(feed_of(rss(f"<link>/a</link><pubDate>{day}</pubDate>"))).published is None


def test_each_address_is_listed_once_the_first_time() -> None:
    feed = feed_of(
        rss(
            "<title>New</title><link>/a#top</link><guid>1</guid>",
            "<title>Old</title><link>/a</link><guid>1</guid>",
            "<title>Other</title><link>/b</link><guid>1</guid>",
        )
    )
    assert [(entry.address, entry.title) for entry in feed.entries] == [
        ("https://news.example/a", "New"),
        ("https://news.example/b", "Other"),
    ]


def test_an_entry_without_a_page_is_known_by_its_id_and_needs_text() -> None:
    text = "<content:encoded>&lt;p&gt;All.&lt;/p&gt;</content:encoded>"
    feed = feed_of(
        rss(
            f'<title>A</title><guid isPermaLink="false">id 1/é</guid>{text}',
            "<title>B</title><description>Only a summary.</description>",
            f"<title>C</title><link>javascript:alert(1)</link>{text}",
            f"<title>D</title><link>file:///etc/passwd</link>{text}",
        )
    )
    assert [entry.page for entry in feed.entries] == [None, None, None]
    assert feed.entries[0].address == f"{ADDRESS}#id%201/%C3%A9"
    assert len({entry.address for entry in feed.entries}) == 3
    assert [entry.title for entry in feed.entries] == ["A", "C", "D"]


def test_titles_are_plain_and_short_and_on_one_line() -> None:
    title = "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;Bold&lt;/b&gt;\n news " + "x" * 5_000
    entry = only(feed_of(rss(f"<title>{title}</title><link>/a</link>")))
    assert entry.title.startswith("alert(1) Bold news xxx")
    assert len(entry.title) == 1_000


def test_the_stamp_of_an_entry_changes_with_the_entry_and_only_then() -> None:
    first = only(feed_of(rss("<title>A</title><link>/a</link>"))).stamp
    again = only(feed_of("\n\n" + rss("<title>A</title><link>/a</link>"))).stamp
    changed = only(feed_of(rss("<title>A, corrected</title><link>/a</link>"))).stamp
    assert first == again != changed


def test_the_charset_of_the_server_counts() -> None:
    data = '<rss version="2.0"><channel><item><title>Été</title><link>/a</link></item></channel></rss>'.encode(
        "latin-1"
    )
    assert only(feed_of(data, "application/rss+xml", "iso-8859-1")).title == "Été"


def test_ten_thousand_entries_are_read() -> None:
    feed = feed_of(rss(*(f"<title>{number}</title><link>/{number}</link>" for number in range(10_000))))
    assert len(feed.entries) == 10_000
    assert feed.entries[-1].address == "https://news.example/9999"


def test_a_feed_that_is_too_large_is_refused() -> None:
    for filling in (" " * (8 * 1024 * 1024), "<a/>" * 200_000):
        with pytest.raises(UnreadableArticle, match="more than 8 MiB or 200,000 tags"):
            feed_of(rss("<title>A</title>" + filling))


LAUGHS = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize(
    "data",
    [
        f"<?xml version='1.0'?>{LAUGHS}]><rss><channel><item><link>/a</link><title>&j;</title></item></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><link>/a</link><title>&x;</title>"
        "</item></channel></rss>",
        "<rss><channel>" + "<item><title>" * 5_000,
        "<rss>" + "<a " * 20_000,
        "<rss>" + "<![CDATA[" * 20_000,
        "<rss><!--" + "<!--" * 20_000,
    ],
    ids=["laughs", "external entity", "nested", "open tags", "sections", "comments"],
)
def test_a_hostile_feed_ends_soon_and_tells_nothing_of_this_machine(data: str) -> None:
    try:
        feed = feed_of(data)
    except UnreadableArticle:
        return
    assert "root:" not in repr(feed)
    assert len(repr(feed)) < 1_000_000

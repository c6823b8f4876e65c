"""Pages, feeds and sites in an index, through everything that there is between the web and a search."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import ArticleIndex
from index.listing import Kind
from tests.index.crashing import WordEmbedder
from tests.index.web_server import Reply, WebServer, article_page, running_web_server


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_web_server() as server:
        yield server


@pytest.fixture
def index(tmp_path: Path, web: WebServer) -> Iterator[ArticleIndex]:
    with ArticleIndex(tmp_path / "home", WordEmbedder(), private_hosts=[web.host], site_pages=2) as index:
        yield index


def titles(index: ArticleIndex) -> list[str]:
    return sorted(article.title for article in index.articles())


def feed(web: WebServer, *paths: str) -> Reply:
    items = "".join(f"<item><link>{web.url(path)}</link></item>" for path in paths)
    return Reply(f"<rss><channel>{items}</channel></rss>", media_type="application/rss+xml")


def sitemap(web: WebServer, **changed: str) -> Reply:
    pages = "".join(f"<url><loc>{web.url(f'/{p}')}</loc><lastmod>{day}</lastmod></url>" for p, day in changed.items())
    return Reply(f"<urlset>{pages}</urlset>", media_type="application/xml")


def test_a_feed_keeps_what_scrolled_off_and_fetches_only_what_is_new(web: WebServer, index: ArticleIndex) -> None:
    web.pages.update({"/a": article_page("Apples"), "/b": article_page("Bread"), "/feed": feed(web, "/a")})
    assert index.sync([web.url("/feed")]).added == (web.url("/a"),)
    web.pages["/feed"] = feed(web, "/b")
    web.visits.clear()
    report = index.sync()
    assert (report.added, report.removed, report.failed) == ((web.url("/b"),), (), ())
    assert web.paths == ["/feed", "/b"]
    assert titles(index) == ["Apples", "Bread"]
    [source] = index.sources()
    assert (source.address, source.kind) == (web.url("/feed"), Kind.FEED)


def test_a_page_that_is_gone_is_reported_and_stays_as_it_was(web: WebServer, index: ArticleIndex) -> None:
    web.pages["/a"] = article_page("Apples")
    index.sync([web.url("/a#part")])
    web.pages["/a"] = Reply(status=404)
    report = index.sync()
    assert [failure.source for failure in report.failed] == [web.url("/a")]
    assert not report.removed
    assert titles(index) == ["Apples"]
    [passage] = index.search("apples", limit=1)
    assert passage.article.source == web.url("/a")


def test_a_page_that_left_the_sitemap_leaves_the_index_if_all_was_read(web: WebServer, index: ArticleIndex) -> None:
    web.pages.update({"/a": article_page("Apples"), "/b": article_page("Bread")})
    web.pages["/map.xml"] = sitemap(web, a="2026-01-01", b="2026-01-02")
    index.sync([web.url("/map.xml")])
    web.visits.clear()
    web.pages["/map.xml"] = sitemap(web, b="2026-01-02")
    assert index.sync().removed == (web.url("/a"),)
    assert web.paths == ["/map.xml"]
    assert titles(index) == ["Bread"]


def test_an_address_that_is_not_public_is_a_failure_of_the_run(index: ArticleIndex) -> None:
    report = index.sync(["http://169.254.169.254/latest/meta-data/", "file:///etc/passwd"])
    assert len(report.failed) == 2
    assert all("not fetched" in failure.reason for failure in report.failed)
    assert index.sources() == ()

"""Sitemaps: which pages of a site there are."""

from collections.abc import Iterator

import pytest

from index.fetching import Fetcher
from index.loading.sitemaps import Site, read_site
from tests.index.web_server import Reply, WebServer, gzipped, running_web_server


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_web_server() as server:
        yield server


def site_of(web: WebServer, path: str = "/sitemap.xml") -> Site:
    with Fetcher(private_hosts=[web.host], pause=0.0) as fetcher:
        return read_site(web.url(path), fetcher)


def sitemap(*pages: tuple[str, str]) -> Reply:
    inside = "".join(f"<url><loc>{loc}</loc><lastmod>{changed}</lastmod></url>" for loc, changed in pages)
    return Reply(
        f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</urlset>',
        media_type="application/xml",
    )


def sitemap_index(*sitemaps: tuple[str, str]) -> Reply:
    inside = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{changed}</lastmod></sitemap>" for loc, changed in sitemaps)
    return Reply(f"<sitemapindex>{inside}</sitemapindex>", media_type="text/xml")


def test_a_sitemap_names_pages_with_their_last_change(web: WebServer) -> None:
    web.pages["/sitemap.xml"] = sitemap((web.url("/a"), "2026-01-02"), (f" {web.url('/b?x=1&amp;y=2')}\n", ""))
    site = site_of(web)
    assert site.pages == {web.url("/a"): "2026-01-02", web.url("/b?x=1&y=2"): ""}
    assert site.whole


def test_only_pages_of_the_same_host_are_taken(web: WebServer) -> None:
    foreign = ["https://other.example/x", "http://127.0.0.2/x", "javascript:alert(1)", "file:///etc/passwd", ""]
    web.pages["/sitemap.xml"] = sitemap((web.url("/a"), ""), *((link, "") for link in foreign))
    assert list(site_of(web).pages) == [web.url("/a")]


def test_images_and_news_in_a_sitemap_are_no_pages(web: WebServer) -> None:
    web.pages["/sitemap.xml"] = (
        f"<urlset><url><image:image><image:loc>{web.url('/i.png')}</image:loc></image:image>"
        f"<loc>{web.url('/a')}</loc><news:news><news:title>A</news:title></news:news></url></urlset>"
    )
    assert list(site_of(web).pages) == [web.url("/a")]


def test_an_index_leads_to_packed_sitemaps(web: WebServer) -> None:
    web.pages["/sitemap.xml"] = sitemap_index((web.url("/one.xml.gz"), ""), (web.url("/two.xml"), ""))
    web.pages["/one.xml.gz"] = Reply(gzipped(sitemap((web.url("/a"), "")).data), media_type="application/gzip")
    web.pages["/two.xml"] = sitemap((web.url("/b"), ""))
    site = site_of(web)
    assert set(site.pages) == {web.url("/a"), web.url("/b")}
    assert site.whole


def test_a_folder_finds_its_sitemaps_through_robots_txt(web: WebServer) -> None:
    web.pages["/robots.txt"] = f"Sitemap: {web.url('/maps/news.xml')}\nsitemap: /maps/blog.xml\nSitemap: ftp://x/\n"
    web.pages["/maps/news.xml"] = sitemap((web.url("/news/a"), ""))
    web.pages["/maps/blog.xml"] = sitemap((web.url("/blog/a"), ""))
    assert set(site_of(web, "/").pages) == {web.url("/news/a"), web.url("/blog/a")}
    assert set(site_of(web, "/blog/").pages) == {web.url("/blog/a")}


def test_a_folder_without_robots_txt_finds_the_usual_sitemap(web: WebServer) -> None:
    web.pages["/sitemap.xml"] = sitemap((web.url("/a"), ""))
    assert list(site_of(web, "/").pages) == [web.url("/a")]


def test_a_site_without_a_sitemap_is_a_failure(web: WebServer) -> None:
    site = site_of(web, "/")
    assert "404" in site.failures[0].reason
    assert not site.whole


def test_a_host_with_and_without_www_is_one_site(web: WebServer) -> None:
    port = web.server_port
    web.pages["/sitemap.xml"] = sitemap(
        (f"http://www.news.example:{port}/a", ""), (f"http://blog.news.example:{port}/b", ""), ("/c", "")
    )
    with Fetcher(private_hosts=["news.example"], pause=0.0, resolve=lambda host, port: ["127.0.0.1"]) as fetcher:
        site = read_site(f"http://news.example:{port}/", fetcher)
    assert list(site.pages) == [f"http://www.news.example:{port}/a", f"http://news.example:{port}/c"]


def test_a_sitemap_without_a_page_of_its_host_is_a_failure(web: WebServer) -> None:
    for empty in (sitemap(), sitemap(("https://other.example/a", "")), sitemap_index()):
        web.pages["/sitemap.xml"] = empty
        site = site_of(web)
        assert "no page of this host" in site.failures[0].reason
        assert not site.whole


def test_a_site_that_cannot_be_asked_is_a_failure(web: WebServer) -> None:
    web.pages["/robots.txt"] = Reply(status=500)
    site = site_of(web, "/")
    assert "robots.txt answers 500" in site.failures[0].reason
    assert not site.whole


def test_one_sitemap_that_fails_does_not_stop_the_others(web: WebServer) -> None:
    web.pages["/sitemap.xml"] = sitemap_index((web.url("/gone.xml"), ""), (web.url("/two.xml"), ""))
    web.pages["/two.xml"] = sitemap((web.url("/b"), ""))
    site = site_of(web)
    assert list(site.pages) == [web.url("/b")]
    assert [failure.source for failure in site.failures] == [web.url("/gone.xml")]
    assert not site.whole


def test_a_broken_sitemap_gives_what_stands_before_the_break(web: WebServer) -> None:
    data = sitemap((web.url("/a"), ""), (web.url("/b"), "")).data
    web.pages["/sitemap.xml"] = Reply(data[: data.index(b"/b<")])
    site = site_of(web)
    assert list(site.pages) == [web.url("/a")]
    assert "is broken" in site.failures[0].reason
    assert not site.whole


@pytest.mark.parametrize(
    "reply",
    [
        Reply("<html><body>Not here</body></html>"),
        Reply("hello", media_type="text/plain"),
        Reply(b"\x1f\x8bnot gzip"),
        Reply(gzipped(b"<urlset>")[:-6]),
        Reply(b""),
    ],
    ids=["page", "text", "no gzip", "half", "nothing"],
)
def test_what_is_no_sitemap_is_a_failure(web: WebServer, reply: Reply) -> None:
    web.pages["/sitemap.xml"] = reply
    site = site_of(web)
    assert len(site.failures) == 1
    assert not site.whole


def test_a_plain_list_of_addresses_is_a_sitemap(web: WebServer) -> None:
    web.pages["/sitemap.txt"] = Reply(f"{web.url('/a')}\n\nno address\n{web.url('/b')}\n", media_type="text/plain")
    assert list(site_of(web, "/sitemap.txt").pages) == [web.url("/a"), web.url("/b")]


def test_sitemaps_that_name_each_other_are_read_once(web: WebServer) -> None:
    web.pages["/sitemap.xml"] = sitemap_index((web.url("/sitemap.xml"), ""), (web.url("/two.xml"), ""))
    web.pages["/two.xml"] = sitemap_index((web.url("/sitemap.xml"), ""), (web.url("/two.xml"), ""))
    site_of(web)
    assert web.paths == ["/sitemap.xml", "/two.xml"]


def test_of_very_many_sitemaps_the_newest_are_read(web: WebServer) -> None:
    sitemaps = [(web.url(f"/{number}.xml"), f"2026-01-{number:02}") for number in range(1, 32)]
    older = [(web.url(f"/old{number}.xml"), "2020-01-01") for number in range(30)]
    web.pages["/sitemap.xml"] = sitemap_index(*older, *sitemaps)
    for link, _ in (*sitemaps, *older):
        web.pages[link.removeprefix(web.url(""))] = sitemap((f"{link}/page", ""))
    site = site_of(web)
    assert len(web.paths) == 50
    assert web.paths[1] == "/31.xml"
    assert not site.whole


def test_the_newest_pages_come_first() -> None:
    site = Site({"a": "", "b": "2026-01-01", "c": "2026-02-01T10:00:00Z", "d": ""})
    assert [page for page, _ in site.newest(3)] == ["c", "b", "a"]


LAUGHS = "<!DOCTYPE urlset [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def test_a_sitemap_that_defines_entities_is_left_at_the_first(web: WebServer) -> None:
    page = f"<urlset><url><loc>{web.url('/')}&a;</loc></url></urlset>"
    web.pages["/sitemap.xml"] = f"<!DOCTYPE urlset [<!ENTITY a 'secret'>]>{page}"
    site = site_of(web)
    assert "it defines entities" in site.failures[0].reason
    assert not site.pages


@pytest.mark.parametrize(
    "data",
    [
        f"{LAUGHS}]><urlset><url><loc>&j;</loc></url></urlset>",
        "<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&x;</loc></url></urlset>",
        "<urlset>" + "<url>" * 100_000,
        f"<urlset><url><loc>http://127.0.0.1/{'x' * 1_000_000}</loc></url></urlset>",
        gzipped(b"<urlset>" + b" " * 60_000_000),
        gzipped(b"<urlset><url><loc>http://127.0.0.1/</loc></url>" + b"<a/>" * 2_000_000),
    ],
    ids=["laughs", "external entity", "deep", "long address", "bomb", "tags"],
)
def test_a_hostile_sitemap_gives_no_page(web: WebServer, data: str | bytes) -> None:
    web.pages["/sitemap.xml"] = Reply(data, media_type="application/xml")
    site = site_of(web)
    assert not site.pages
    assert site.failures

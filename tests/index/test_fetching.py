"""Fetching: what is asked, of whom, how often, and within which limits."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableArticle
from index.fetching import Fetcher, Limits, is_web_address, join_url, normal_url, origin_of
from index.fetching.gate import special_range
from tests.index.web_server import Reply, WebServer, gzipped, redirect, running_web_server

QUICK = Limits(connect=2.0, seconds=0.4, size=100_000)

FORBIDDEN_ADDRESSES = [
    # loopback, as numbers in every notation that a system may understand
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://127.255.255.254:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/",
    "http://017700000001:{port}/",
    "http://0x7f.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    # encoded
    "http://127%2e0%2e0%2e1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://%6c%6f%63%61%6c%68%6f%73%74:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://ⓛocalhost:{port}/",
    "http://127.0.0.1%00.example.com:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://user:password@127.0.0.1:{port}/",
    "http://example.com\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@example.com/",
    # unspecified
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://0x0:{port}/",
    "http://[::]:{port}/",
    # IPv6, and IPv4 inside it
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    # private, link-local, shared and other ranges
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://3232235777/",
    "http://0xc0a80101/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9.0xfe.0xa9.0xfe/",
    "http://0251.0376.0251.0376/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://192.0.0.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250:1900/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    # not the web
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "FILE:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1/",
    "unix:///var/run/docker.sock",
    "data:text/html,<p>hello",
    "javascript:alert(1)",
    "jar:http://127.0.0.1!/",
    "ws://127.0.0.1:{port}/",
    "view-source:http://127.0.0.1:{port}/",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "/etc/passwd",
    "http://",
    "http:///",
    "http://:{port}/",
    "http://127.0.0.1:99999/",
]

REFUSALS = (
    "is not fetched",
    "are not fetched",
    "not a web address",
    "no host that can be asked",
    "stands before the @",
)

WITHOUT_HOST = {"/etc/passwd", "http://", "http:///"}
"""As the target of a redirect, these lead to a page of the server that redirects."""

FORBIDDEN_ANSWERS = [
    ["127.0.0.1"],
    ["10.1.2.3"],
    ["172.20.0.1"],
    ["192.168.0.10"],
    ["169.254.169.254"],
    ["100.64.1.1"],
    ["0.0.0.0"],
    ["224.0.0.5"],
    ["255.255.255.255"],
    ["::1"],
    ["fe80::1%2"],
    ["fd00::1"],
    ["::ffff:10.0.0.1"],
    ["64:ff9b::10.0.0.1"],
    ["2002:a00:1::1"],
    ["93.184.216.34", "127.0.0.1"],
    ["2606:2800:220:1::1", "::1"],
]


@pytest.fixture
def web() -> Iterator[WebServer]:
    with running_web_server() as server:
        yield server


@pytest.fixture
def other() -> Iterator[WebServer]:
    with running_web_server() as server:
        yield server


def polite(web: WebServer, pause: float = 0.0, limits: Limits | None = None) -> Fetcher:
    return Fetcher(private_hosts=[web.host], pause=pause, limits=limits)


def reason(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(UnreadableArticle) as caught:
        fetcher.fetch(url)
    return caught.value.reason


def test_the_table_has_at_least_sixty_addresses() -> None:
    assert len(set(FORBIDDEN_ADDRESSES)) >= 60


@pytest.mark.parametrize("address", FORBIDDEN_ADDRESSES)
def test_an_address_that_is_not_public_is_refused(web: WebServer, address: str) -> None:
    with Fetcher(pause=0.0) as fetcher:
        said = reason(fetcher, address.format(port=web.server_port))
    assert any(refusal in said for refusal in REFUSALS) or "no port" in said
    assert not web.visits


@pytest.mark.parametrize("address", [each for each in FORBIDDEN_ADDRESSES if each not in WITHOUT_HOST])
def test_a_redirect_to_an_address_that_is_not_public_is_refused(web: WebServer, other: WebServer, address: str) -> None:
    target = address.format(port=other.server_port)
    # A header holds bytes: a server sends an address with other letters as UTF-8.
    web.pages["/start"] = redirect(target.replace("\t", "%09").encode().decode("latin-1"))
    with polite(web) as fetcher:
        said = reason(fetcher, web.url("/start"))
    assert "not fetched" in said
    assert not other.visits
    assert web.paths == ["/start"]


@pytest.mark.parametrize("answer", FORBIDDEN_ANSWERS)
def test_a_name_that_means_an_address_that_is_not_public_is_refused(web: WebServer, answer: list[str]) -> None:
    with Fetcher(pause=0.0, resolve=lambda host, port: answer) as fetcher:
        assert "which is not fetched" in reason(fetcher, f"http://news.example:{web.server_port}/")
    assert not web.visits


def test_a_redirect_to_a_name_that_means_another_machine_of_the_network_is_refused(
    web: WebServer, other: WebServer
) -> None:
    web.pages["/start"] = redirect(f"http://news.example:{other.server_port}/")
    with Fetcher(private_hosts=[web.host], pause=0.0, resolve=lambda host, port: ["127.0.0.1"]) as fetcher:
        assert "the loopback address 127.0.0.1" in reason(fetcher, web.url("/start"))
    assert not other.visits


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "172.32.0.1", "100.128.0.1"])
def test_a_public_address_is_let_through(address: str) -> None:
    assert special_range(address) is None


def test_the_connection_is_made_to_the_address_that_was_checked_and_to_no_name(web: WebServer) -> None:
    asked = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    web.pages["/"] = "hello"
    with Fetcher(private_hosts=["Intranet.Example"], pause=0.0, resolve=resolve) as fetcher:
        fetched = fetcher.fetch(f"http://intranet.example:{web.server_port}/")
    # No system knows this name, so only an address can have been connected to; one look-up for each connection.
    assert fetched is not None
    assert fetched.data == b"hello"
    assert asked == [("intranet.example", web.server_port)] * 2
    assert [visit.path for visit in web.visits] == ["/robots.txt", "/"]
    assert {visit.headers["host"] for visit in web.visits} == {f"intranet.example:{web.server_port}"}


def test_a_private_host_may_be_named_with_its_port_and_then_only_that_is_open(web: WebServer, other: WebServer) -> None:
    web.pages["/"] = other.pages["/"] = "hello"
    with polite(web) as fetcher:
        assert fetcher.fetch(web.url()) is not None
        assert f"add {other.host} to ASSISTANT_PRIVATE_HOSTS" in reason(fetcher, other.url())
    with Fetcher(private_hosts=["127.0.0.1"], pause=0.0) as fetcher:
        assert fetcher.fetch(other.url()) is not None


def test_a_host_that_could_be_opened_is_named_as_the_setting_wants_it() -> None:
    with Fetcher(pause=0.0) as fetcher:
        assert "add [::1]:8080 to ASSISTANT_PRIVATE_HOSTS" in reason(fetcher, "http://[::1]:8080/")
        assert "ASSISTANT_PRIVATE_HOSTS" not in reason(fetcher, "http://224.0.0.1/")
    with Fetcher(private_hosts=["[::1]:8080"], pause=0.0) as fetcher:
        assert "which is not fetched" not in reason(fetcher, "http://[::1]:8080/")


def test_a_private_host_opens_no_range_that_no_host_has() -> None:
    with Fetcher(private_hosts=["group.example"], pause=0.0, resolve=lambda host, port: ["224.0.0.1"]) as fetcher:
        assert "the multicast address" in reason(fetcher, "http://group.example/")


def test_proxies_of_the_environment_are_not_used(
    web: WebServer, other: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other.url())
    web.pages["/"] = "hello"
    with polite(web) as fetcher:
        assert fetcher.fetch(web.url()) is not None
    assert not other.visits


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[WebServer]:
    """A server for https://secure.example with a certificate of its own making, in server.pem."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path, "secure.example"))
    with running_web_server() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.pages["/"] = "hello"
        yield server


@pytest.mark.parametrize(
    ("host", "said"), [("secure.example", None), ("other.example", "Hostname mismatch"), ("127.0.0.1", "mismatch")]
)
def test_a_certificate_is_checked_against_the_name_that_was_asked_for(
    secure: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, said: str | None
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    with Fetcher(private_hosts=[host], pause=0.0, resolve=lambda host, port: ["127.0.0.1"]) as fetcher:
        url = f"https://{host}:{secure.server_port}/"
        if said is None:
            assert fetcher.fetch(url) is not None
        else:
            assert said in reason(fetcher, url)


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: WebServer) -> None:
    with Fetcher(private_hosts=["secure.example"], pause=0.0, resolve=lambda host, port: ["127.0.0.1"]) as fetcher:
        said = reason(fetcher, f"https://secure.example:{secure.server_port}/")
    assert "CERTIFICATE_VERIFY_FAILED" in said
    assert not secure.visits


def _certificate(folder: Path, name: str) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now, hour = datetime.now(UTC), timedelta(hours=1)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), now - hour, now + hour)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    place = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return place


# Requests


def test_a_request_says_who_asks_and_nothing_else(web: WebServer) -> None:
    web.pages["/"] = Reply("hello", headers={"Set-Cookie": "a=b"})
    with polite(web) as fetcher:
        fetcher.fetch(web.url())
        fetcher.fetch(web.url())
    for visit in web.visits:
        assert visit.headers["user-agent"].startswith("footnote-assistant/")
        assert set(visit.headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_what_an_address_holds_comes_with_its_type(web: WebServer) -> None:
    web.pages["/a"] = redirect("/b?x=1&y=é#part".encode().decode("latin-1"))
    web.pages["/b?x=1&y=%C3%A9"] = Reply(b"caf\xe9", media_type='Text/HTML; Charset="ISO-8859-1"')
    with polite(web) as fetcher:
        fetched = fetcher.fetch(web.url("/a"))
    assert fetched is not None
    assert fetched.url == web.url("/b?x=1&y=%C3%A9")
    assert (fetched.data, fetched.media_type, fetched.charset) == (b"caf\xe9", "text/html", "iso-8859-1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_five_redirects_are_followed_and_no_sixth(web: WebServer, status: int) -> None:
    for number in range(6):
        web.pages[f"/{number}"] = redirect(f"/{number + 1}", status)
    web.pages["/6"] = "there"
    with polite(web) as fetcher:
        assert fetcher.fetch(web.url("/1")) is not None
        assert "more than 5 times" in reason(fetcher, web.url("/0"))


def test_a_redirect_without_a_target_is_a_failure(web: WebServer) -> None:
    web.pages["/"] = Reply(status=302)
    with polite(web) as fetcher:
        assert "it redirects to ''" in reason(fetcher, web.url())


@pytest.mark.parametrize(
    ("status", "said"), [(404, "no such page"), (410, "taken away"), (403, "refuses"), (500, "answers 500")]
)
def test_a_page_that_is_not_sent_says_why(web: WebServer, status: int, said: str) -> None:
    web.pages["/"] = Reply("sorry", status=status)
    with polite(web) as fetcher:
        assert said in reason(fetcher, web.url())


# Limits


def test_a_large_answer_is_cut_off_where_it_announces_its_size_and_where_it_does_not(web: WebServer) -> None:
    web.pages["/announced"] = Reply(b"x" * 100_001)
    web.pages["/silent"] = Reply(raw=b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 100_001)
    web.pages["/fits"] = Reply(b"x" * 100_000)
    with polite(web, limits=QUICK) as fetcher:
        assert "more than" in reason(fetcher, web.url("/announced"))
        assert "more than" in reason(fetcher, web.url("/silent"))
        assert fetcher.fetch(web.url("/fits")) is not None


def test_a_gzip_bomb_ends_at_the_limit(web: WebServer) -> None:
    bomb = gzipped(gzipped(b"\0" * 50_000_000) + b"\0" * 50_000_000)
    web.pages["/bomb"] = Reply(bomb, headers={"Content-Encoding": "gzip"})
    web.pages["/fits"] = Reply(gzipped(b"a" * 100_000), headers={"Content-Encoding": "gzip"})
    with polite(web, limits=QUICK) as fetcher:
        assert "more than" in reason(fetcher, web.url("/bomb"))
        fetched = fetcher.fetch(web.url("/fits"))
    assert fetched is not None
    assert fetched.data == b"a" * 100_000


@pytest.mark.parametrize("slow", [Reply(b"x" * 1000, drip=0.05), Reply(raw=b"HTTP/1.1 200 OK\r\n" * 100, drip=0.05)])
def test_a_server_that_drips_is_left_at_the_time_limit(web: WebServer, slow: Reply) -> None:
    web.pages["/"] = slow
    with polite(web, limits=QUICK) as fetcher:
        assert "did not answer within 0.4 s" in reason(fetcher, web.url())


def test_a_server_that_says_nothing_is_left_at_the_time_limit() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        with Fetcher(private_hosts=[host], pause=0.0, limits=QUICK) as fetcher:
            assert "did not answer" in reason(fetcher, f"http://{host}/")
            assert "did not answer" in reason(fetcher, f"https://{host}/")


BROKEN = {
    "not HTTP": Reply(raw=b"220 mail.example ESMTP\r\n"),
    "nothing": Reply(raw=b""),
    "a status that is none": Reply(raw=b"HTTP/1.1 999999 Odd\r\n\r\n"),
    "endless headers": Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100_000),
    "half a body": Reply(b"half", announced=100),
    "gzip that is none": Reply(b"plain", headers={"Content-Encoding": "gzip"}),
    "half of a gzip": Reply(gzipped(b"whole" * 1000)[:-9], headers={"Content-Encoding": "gzip"}),
    "an encoding that was not asked for": Reply(b"x", headers={"Content-Encoding": "br"}),
    "chunks that are none": Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n"),
    "304 without a question": Reply(status=304),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_answer_is_a_failure_of_one_line(web: WebServer, reply: Reply) -> None:
    web.pages["/"] = reply
    with polite(web) as fetcher:
        said = reason(fetcher, web.url())
    assert said
    assert "\n" not in said


# What did not change


def test_a_page_that_did_not_change_is_asked_for_with_its_etag_and_date(web: WebServer) -> None:
    state = {"ETag": '"v1"', "Last-Modified": "Mon, 06 Sep 2021 00:01:00 GMT"}
    web.pages["/"] = Reply("one", headers=state)
    with polite(web) as fetcher:
        first = fetcher.fetch(web.url())
        assert first is not None
        assert fetcher.fetch(web.url(), first.stamp) is None
        web.pages["/"] = Reply("two", headers={"ETag": '"v2"'})
        second = fetcher.fetch(web.url(), first.stamp)
    assert second is not None
    assert second.data == b"two"
    assert web.visits[-1].headers["if-none-match"] == '"v1"'
    assert web.visits[-1].headers["if-modified-since"] == state["Last-Modified"]


def test_a_page_with_the_same_bytes_did_not_change_whatever_its_headers_say(web: WebServer) -> None:
    web.pages["/"] = [Reply("one", headers={"ETag": '"a"'}), Reply("one", headers={"ETag": '"b"'}), Reply("two")]
    with polite(web) as fetcher:
        first = fetcher.fetch(web.url())
        assert first is not None
        assert fetcher.fetch(web.url(), first.stamp) is None
        assert fetcher.fetch(web.url(), first.stamp) is not None


@pytest.mark.parametrize("stamp", ["", "entry 12", "[1]", '{"etag": 3}', "{" * 10_000, '{"etag": "a\\nb: c"}'])
def test_a_stamp_that_is_not_of_a_fetch_is_as_good_as_none(web: WebServer, stamp: str) -> None:
    web.pages["/"] = "one"
    with polite(web) as fetcher:
        assert fetcher.fetch(web.url(), stamp) is not None
    assert "if-none-match" not in web.visits[-1].headers


def test_a_state_is_told_only_to_the_address_that_named_it(web: WebServer) -> None:
    web.pages["/old"] = redirect("/new")
    web.pages["/new"] = Reply("one", headers={"ETag": '"v1"'})
    with polite(web) as fetcher:
        first = fetcher.fetch(web.url("/old"))
        assert first is not None
        assert fetcher.fetch(web.url("/old"), first.stamp) is None
    assert "if-none-match" not in web.visits[-2].headers
    assert web.visits[-1].headers["if-none-match"] == '"v1"'


# Politeness


def test_robots_txt_is_minded_and_fetched_once(web: WebServer) -> None:
    web.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /private\n", media_type="text/plain")
    web.pages["/private/a"] = web.pages["/public"] = "hello"
    web.pages["/lure"] = redirect("/private/a")
    with polite(web) as fetcher:
        assert "robots.txt asks programs not to" in reason(fetcher, web.url("/private/a"))
        assert "robots.txt asks programs not to" in reason(fetcher, web.url("/lure"))
        assert fetcher.fetch(web.url("/public")) is not None
    assert [visit.path for visit in web.visits] == ["/robots.txt", "/lure", "/public"]


def test_robots_txt_can_speak_of_us_by_name(web: WebServer) -> None:
    web.pages["/robots.txt"] = (
        "User-agent: *\nDisallow: /\n\nUser-agent: footnote-assistant\nAllow: /\nCrawl-delay: 0\n"
    )
    web.pages["/"] = "hello"
    with polite(web) as fetcher:
        assert fetcher.fetch(web.url()) is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_without_a_robots_txt_all_may_be_fetched(web: WebServer, status: int) -> None:
    web.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /", status=status)
    web.pages["/"] = "hello"
    with polite(web) as fetcher:
        assert fetcher.fetch(web.url()) is not None


def test_a_host_whose_robots_txt_fails_is_left_alone(web: WebServer) -> None:
    web.pages["/robots.txt"] = Reply(status=500)
    web.pages["/"] = "hello"
    with polite(web) as fetcher:
        assert "robots.txt answers 500" in reason(fetcher, web.url())
        assert "robots.txt answers 500" in reason(fetcher, web.url("/other"))
    assert [visit.path for visit in web.visits] == ["/robots.txt"]


def test_requests_to_one_host_come_one_at_a_time_with_a_pause_between(web: WebServer) -> None:
    pause = 0.05
    for number in range(4):
        web.pages[f"/{number}"] = redirect("/end")
    web.pages["/end"] = "hello"
    with polite(web, pause) as fetcher:
        threads = [threading.Thread(target=fetcher.fetch, args=[web.url(f"/{number}")]) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    came = sorted(visit.came for visit in web.visits)
    assert len(came) == 9
    assert all(later - earlier >= pause for earlier, later in pairwise(came))


def test_a_delay_that_robots_txt_asks_for_is_kept(web: WebServer) -> None:
    web.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 0.2\n"
    web.pages["/"] = "hello"
    with polite(web) as fetcher:
        fetcher.fetch(web.url())
        fetcher.fetch(web.url())
    came = [visit.came for visit in web.visits[1:]]
    assert came[1] - came[0] >= 0.2


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["0", "1", "date"])
def test_a_busy_host_is_asked_again_when_it_says(web: WebServer, status: int, after: str) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    web.pages["/"] = [
        Reply(status=status, headers={"Retry-After": moment if after == "date" else after}),
        Reply("hello"),
    ]
    with polite(web) as fetcher:
        assert fetcher.fetch(web.url()) is not None
    if after == "1":
        assert web.visits[2].came - web.visits[1].came >= 1


@pytest.mark.parametrize(
    "busy",
    [
        Reply(status=429, headers={"Retry-After": "3600"}),
        Reply(status=503, headers={"Retry-After": "Fri, 31 Dec 2199 23:59:59 GMT"}),
        Reply(status=429),
        Reply(status=429, headers={"Retry-After": "soon"}),
        Reply(status=429, headers={"Retry-After": "0"}),
    ],
)
def test_a_host_that_has_had_enough_is_left_alone(web: WebServer, busy: Reply) -> None:
    web.pages["/"] = busy
    with polite(web) as fetcher:
        assert "has had enough requests" in reason(fetcher, web.url())
        asked = len(web.visits)
        assert "has had enough requests" in reason(fetcher, web.url("/other"))
    assert len(web.visits) == asked


def test_a_site_that_does_not_answer_three_times_in_a_row_is_left_alone(web: WebServer) -> None:
    web.pages["/fine"] = "hello"
    for number in range(5):
        web.pages[f"/{number}"] = Reply(raw=b"")
    with polite(web) as fetcher:
        for path in ("/0", "/1"):
            assert "no proper answer" in reason(fetcher, web.url(path))
        assert fetcher.fetch(web.url("/fine")) is not None
        for path in ("/2", "/3", "/4", "/fine"):
            reason(fetcher, web.url(path))
        assert "3 times in a row" in reason(fetcher, web.url("/fine"))
    assert web.paths == ["/0", "/1", "/fine", "/2", "/3", "/4"]


def test_closing_ends_what_waits_for_its_turn(web: WebServer) -> None:
    web.pages["/"] = "hello"
    said: list[str] = []
    fetcher = polite(web, pause=100.0)
    waiting = threading.Thread(target=lambda: said.append(reason(fetcher, web.url())))
    waiting.start()
    while not web.visits:
        waiting.join(0.01)
    fetcher.close()
    waiting.join()
    assert "the run has ended" in said[0]
    assert web.paths == []


# Addresses


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("HTTP://Example.COM:80/a/../b?utm_source=x&q=1#part", "http://example.com/b?utm_source=x&q=1"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com.:443/", "https://example.com/"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("http://[2606:4700::1111]:8080/x", "http://[2606:4700::1111]:8080/x"),
        ("  https://example.com/x\n", "https://example.com/x"),
    ],
)
def test_an_address_has_one_form(address: str, normal: str) -> None:
    assert normal_url(address) == normal
    assert normal_url(normal) == normal


@given(
    st.one_of(
        st.text(),
        st.builds("{}://{}{}".format, st.sampled_from(["http", "https", "HTTP"]), st.text(max_size=30), st.text()),
    )
)
def test_any_text_is_an_address_in_its_one_form_or_is_refused(text: str) -> None:
    try:
        normal = normal_url(text)
    except UnreadableArticle:
        return
    assert normal_url(normal) == normal
    assert normal.isascii()
    assert "@" not in origin_of(normal).host
    assert join_url("https://example.com/a", normal) == normal


@given(st.text())
def test_any_link_leads_to_an_address_or_nowhere(link: str) -> None:
    target = join_url("https://example.com/a/b?c", link)
    assert target is None or normal_url(target) == target


def test_a_path_is_no_web_address() -> None:
    assert is_web_address("HTTPS://example.com")
    assert not is_web_address("/home/http://")
    assert not is_web_address("https:/example.com")

"""Only a name that is ours, a page that is ours and a path that we use are answered."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from assistant.ui.serving.guard import Guard, Names, served_names
from tests.app_server import call

LOCAL = served_names("127.0.0.1")
PROXIED = served_names("127.0.0.1", ["news.example.org", "inner.example.org:8443"])
EVERYWHERE = served_names("0.0.0.0")


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the headers that came through."""
    await JSONResponse(dict(Request(scope).headers))(scope, receive, send)


def status(path: str, method: str = "GET", names: Names = LOCAL, **headers: Any) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(Guard(inner, names), method, path, headers=given).status_code


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:7860", "127.0.0.1:80", "[::1]:7860", "LOCALHOST", "localhost."]
)
def test_this_machine_goes_by_its_loopback_names(host: str) -> None:
    assert status("/", host=host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.2:7860", "", "localhost:99999",
     "user@localhost", "localhost/evil", "local host", "[::1", "localhost:80:80", "\u0131localhost"],
)  # fmt: skip
def test_a_rebound_or_malformed_name_is_refused(host: str) -> None:
    answer = call(Guard(inner, LOCAL), "GET", "/", headers={"host": host.encode()})
    assert answer.status_code == 421
    assert "ASSISTANT_HOSTS" in answer.text


def test_two_names_in_one_request_are_refused() -> None:
    answer = call(Guard(inner, LOCAL), "GET", "/", headers=[("host", "localhost"), ("host", "evil.example")])
    assert answer.status_code == 421


def test_a_server_for_all_addresses_takes_addresses_and_no_other_names() -> None:
    assert status("/", names=EVERYWHERE, host="192.168.1.2:7860") == 200
    assert status("/", names=EVERYWHERE, host="[fd00::2]:7860") == 200
    assert status("/", names=EVERYWHERE, host="rebound.example:7860") == 421
    assert status("/", names=served_names("192.168.1.2"), host="192.168.1.2") == 200
    assert status("/", names=served_names("192.168.1.2"), host="192.168.1.3") == 421


def test_further_names_are_served_with_their_port_where_one_is_set() -> None:
    assert status("/", names=PROXIED, host="news.example.org:1234") == 200
    assert status("/", names=PROXIED, host="inner.example.org:8443") == 200
    assert status("/", names=PROXIED, host="inner.example.org") == 421


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "trusted"),
    [
        ("http://localhost:7860", "localhost:7860", "http", True),
        ("http://localhost", "localhost", "http", True),
        ("https://localhost", "localhost:443", "https", True),
        ("http://localhost:3000", "localhost:7860", "http", False),
        ("http://127.0.0.1:7860", "localhost:7860", "http", False),
        ("http://evil.example", "localhost:7860", "http", False),
        ("http://evil.example", "evil.example", "http", False),
        ("null", "localhost:7860", "http", False),
        ("file://", "localhost", "http", False),
        ("ftp://localhost", "localhost", "ftp", False),
        ("https://news.example.org", "localhost:7860", "http", True),
        ("https://news.example.org:444", "localhost:7860", "http", False),
        ("https://inner.example.org:8443", "localhost:7860", "http", True),
        ("https://inner.example.org", "localhost:7860", "http", False),
        ("https://sub.news.example.org", "localhost:7860", "http", False),
        ("http://[::1", "localhost", "http", False),
    ],
)
def test_an_origin_is_trusted_only_if_it_is_the_servers_own(origin: str, host: str, scheme: str, trusted: bool) -> None:
    assert PROXIED.trust(origin, host, scheme) is trusted


JOIN = "/gradio_api/queue/join"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"origin": "http://localhost"}, 200),
        ({"origin": "http://localhost", "sec_fetch_site": "same-origin"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:3000"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "http://localhost", "sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}, 403),
    ],
)
def test_a_page_of_another_site_cannot_ask(headers: dict[str, Any], expected: int) -> None:
    assert status(JOIN, "POST", **headers) == expected


@pytest.mark.parametrize("path", ["/gradio_api/queue/data", "/config", "/assets/index.js", "/gradio_api/file=/tmp/x"])
def test_a_page_of_another_site_cannot_read_either(path: str) -> None:
    assert status(path, origin="http://evil.example") == 403
    assert status(path, sec_fetch_site="cross-site", sec_fetch_mode="no-cors", sec_fetch_dest="image") == 403
    assert status(path, sec_fetch_site="same-origin") == 200


def test_a_link_on_another_site_may_lead_here_but_not_into_a_frame() -> None:
    link: dict[str, Any] = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}
    assert status("/", **link, sec_fetch_dest="document") == 200
    assert status("/login", **link, sec_fetch_dest="document") == 200
    assert status("/", **link, sec_fetch_dest="iframe") == 403
    assert status("/login", "POST", **link, sec_fetch_dest="document") == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"), ("HEAD", "/"), ("GET", "/config"), ("GET", "/theme.css"), ("GET", "/static/js/x.js"),
        ("GET", "/gradio_api/info"), ("GET", "/gradio_api/heartbeat/abc123"), ("GET", "/gradio_api/queue/data"),
        ("POST", "/gradio_api/queue/join"), ("POST", "/gradio_api/upload"), ("POST", "/gradio_api/run/predict"),
        ("POST", "/gradio_api/call/ask"), ("GET", "/gradio_api/call/ask/abc123"), ("POST", "/login"), ("POST", "/mcp"),
    ],
)  # fmt: skip
def test_what_the_app_uses_is_open(method: str, path: str) -> None:
    assert status(path, method) == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/proxy=https://evil.hf.space/x"), ("GET", "/gradio_api/file=http://169.254.169.254/"),
        ("GET", "/gradio_api/file=//evil.example/x"), ("GET", "/gradio_api/file/etc/passwd"),
        ("GET", "/gradio_api/deep_link"), ("GET", "/gradio_api/token"), ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/run-history/buckets"), ("POST", "/gradio_api/vibe-edit"), ("GET", "/monitoring"),
        ("GET", "/gradio_api/dev/reload"), ("GET", "/gradio_api/custom_component/x/client/y/z"),
        ("POST", "/gradio_api/stream/x"), ("POST", "/gradio_api/process_recording"), ("GET", "/logout"),
        ("POST", "/"), ("PUT", "/gradio_api/upload"), ("OPTIONS", "/gradio_api/queue/join"), ("GET", "/docs"),
    ],
)  # fmt: skip
def test_what_the_app_does_not_use_is_closed(method: str, path: str) -> None:
    assert status(path, method) == 404


def test_what_a_proxy_would_say_of_the_host_is_not_believed() -> None:
    headers = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-gradio-server": "http://evil.example",
    }
    seen = call(Guard(inner, LOCAL), "GET", "/", headers=headers).json()
    assert not set(headers) & set(seen)
    assert seen["host"] == "localhost"


def test_a_websocket_is_closed() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Guard(inner, LOCAL)({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]

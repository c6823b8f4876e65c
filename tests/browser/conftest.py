"""A real server over the seeds, in a process of its own, and a real Chromium in front of it."""

import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from assistant import Assistant, Settings
from index import Article
from tests.browser.servers import Servers
from tests.chat_server import ChatServer, running_server

ROOT = Path(__file__).parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 30_000
"""Milliseconds that a page may take to become what it should be, however busy the machine."""
expect.set_options(timeout=PATIENCE)

# An article that tries everything, and is found by its unusual words.
ATTACK = """![x](http://evil.example/x.png) <img src="http://evil.example/y.png" onerror="document.title='pwned'">"""
HOSTILE = Article(
    source="https://news.example/\"><script>document.title='pwned'</script>",
    title=f"The zorblax comet {ATTACK} <script>document.title='pwned'</script>",
    text=f"The zorblax comet passed over Taipei on Friday {ATTACK} and nobody saw it.\n\nA link was left behind: "
    "[link](javascript:document.title='pwned') ${document.title='pwned'} {{constructor.constructor('alert(1)')()}}.",
    published=date(2026, 1, 15),
    language="en",
    publisher=f"Gazette {ATTACK}",
)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium on PATH (looked for {', '.join(CHROMIUM_NAMES)})")
    with socket.create_server(("127.0.0.1", 0)) as server:
        try:
            socket.create_connection(server.getsockname(), timeout=5).close()
        except OSError:
            pytest.skip("the loopback network interface is down")
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the seeds and one hostile article."""
    home = tmp_path_factory.mktemp("site")
    with Assistant(Settings(home=home)) as assistant:
        assert assistant.reindex([ROOT / "seeds"]).failed == ()
        assert assistant.index.add([HOSTILE]).failed == ()
    return home


@pytest.fixture(scope="session")
def lasting_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers that all modules share."""
    servers = Servers(tmp_path_factory.mktemp("server"))
    yield servers
    servers.stop()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Start a server over a home, with settings and models, and give its address. It ends with the module."""
    servers = Servers(tmp_path_factory.mktemp("server"))
    yield servers
    servers.stop()


@pytest.fixture(scope="session")
def site(site_home: Path, lasting_servers: Servers) -> str:
    return lasting_servers(site_home, models=["llama3", "qwen3:8b"])


@pytest.fixture(scope="session")
def chat_server() -> Iterator[ChatServer]:
    """The server of the language model that writes on `writing_site`. A test gives it a script."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def writing_site(site_home: Path, lasting_servers: Servers, chat_server: ChatServer) -> str:
    """The address of a page whose answers a language model writes."""
    return lasting_servers(site_home, model="openai:gpt-test", base_url=chat_server.base_url, api_key="sk-test")


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open pages, and hold at the end that no request of theirs went to another machine and no script failed."""
    requested: list[str] = []
    errors: list[str] = []
    contexts = []

    def note(request: Request) -> None:
        requested.append(request.url)

    def open_page(
        address: str | None = None,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        motion: bool = False,
        locale: str = "en-GB",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            reduced_motion="no-preference" if motion else "reduce",
        )
        contexts.append(context)
        context.on("request", note)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        page = context.new_page()
        page.goto(address or site)
        page.wait_for_selector("#fn-question textarea")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert requested
    outside = [url for url in requested if urlsplit(url).scheme not in {"data", "blob"}]
    assert {urlsplit(url).hostname for url in outside} == {"127.0.0.1"}
    assert errors == []

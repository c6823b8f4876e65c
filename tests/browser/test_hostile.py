"""Sixty hostile strings, everywhere that a stranger can put one: no script runs, and nothing leaves the machine.

The log of the browser's network is read by `open_page`. What the content security policy had to stop counts as a
failure too: it is the second wall, and what is shown must not reach it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from assistant import Assistant, Settings
from index import Article
from tests.chat_server import ChatServer, Script, running_server
from tests.hostile_strings import HOSTILE_STRINGS

OpenPage = Callable[..., Page]

# Ten strings together, so that sixty are seen in six exchanges.
GROUPS = [HOSTILE_STRINGS[start : start + 10] for start in range(0, len(HOSTILE_STRINGS), 10)]
PLACES = ["Taipei", "Lisbon", "Nairobi", "Oslo", "Quito", "Hanoi"]
WAIT = 30_000
# What runs or loads something, or would if it were clicked.
DANGEROUS = """() => {
  const loads = ["src", "srcset", "poster", "data", "action", "formaction", "background", "srcdoc", "style", "href",
    "xlink:href"];
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    for (const { name, value } of element.attributes) {
      const handler = name.startsWith("on");
      const load = loads.includes(name) && /evil\\.example|pwned|javascript:|data:text/i.test(value);
      if (handler || (load && !value.startsWith("#"))) bad.push(`${element.tagName} ${name}=${value}`);
    }
    if (["SCRIPT", "STYLE"].includes(element.tagName) && /evil\\.example|window\\.pwned/.test(element.textContent)
      && !element.textContent.includes("gradio_config")) bad.push(element.outerHTML.slice(0, 200));
  }
  return bad;
}"""


def article(number: int, place: str, strings: tuple[str, ...]) -> Article:
    """An article with a hostile string in every sentence, in its title, its publisher and its author."""
    sentences = (
        f"The zorblax comet passed over {place} on day {day} {printable(text)} and was seen."
        for day, text in enumerate(strings)
    )
    together = printable(" ".join(strings))
    return Article(
        source=f"https://news.example/{number}?{together}",
        title=f"The zorblax comet over {place} {together}",
        text=" ".join(sentences),
        published=date(2026, 1, number + 1),
        language="en",
        publisher=f"{place} Gazette {together}",
        author=together,
        address=f"javascript:window.pwned=1//{together}",
    )


def printable(text: str) -> str:
    """A hostile string without the NUL for which a file or an article is refused."""
    return text.replace("\0", "")


def file_name(text: str) -> str:
    """A hostile string as the name of a file: without what no file system takes."""
    return f"zorblax {text}".translate({ord("/"): "\u2215", 0: None}).encode()[:180].decode("utf-8", "ignore") + ".txt"


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with hostile articles, and with files of hostile names."""
    home, folder = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("files")
    for text in HOSTILE_STRINGS:
        (folder / file_name(text)).write_text(f"A file about the zorblax comet in Bern: {printable(text)}.", "utf-8")
    with Assistant(Settings(home=home)) as assistant:
        articles = [article(number, *pair) for number, pair in enumerate(zip(PLACES, GROUPS, strict=True))]
        assert assistant.index.add(articles).failed == ()
        report = assistant.reindex([folder])
        assert report.failed == ()
    return home


@pytest.fixture(scope="module")
def model() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def watched(open_page: OpenPage) -> Callable[[str], Page]:
    """Open a page that tells of what the content security policy stops, and of every dialog."""

    def watch(address: str) -> Page:
        page = open_page(address)
        watch_policy(page)
        page.on("dialog", lambda dialog: page.evaluate("window.pwned = 1"))
        return page

    return watch


def watch_policy(page: Page) -> None:
    page.evaluate(
        """() => { window.stopped = [];
          document.addEventListener("securitypolicyviolation",
            (event) => window.stopped.push(`${event.violatedDirective} ${event.blockedURI}`)); }"""
    )


def check(page: Page) -> None:
    """Hold that nothing ran, nothing was stopped by the second wall only, and nothing waits to be clicked."""
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("window.stopped") == []
    assert page.evaluate(DANGEROUS) == []
    assert page.title() == "Footnote"


def ask(page: Page, question: str) -> None:
    box = page.locator("#fn-question textarea")
    box.fill(question)
    box.press("Enter")
    turn = page.locator("#fn-current .fn-turn")
    expect(turn).to_contain_text("zorblax", timeout=WAIT)
    expect(turn).to_have_attribute("aria-busy", "false", timeout=WAIT)
    expect(page.locator("#fn-send")).to_be_visible()


def read_article(page: Page, words: str) -> None:
    """Open the whole article of the source that says these words, and hold that it is only text."""
    source = page.locator("#fn-current .fn-source").filter(has_text=words).first
    source.get_by_role("button", name=re.compile("Read the article")).click()
    reader = page.locator("dialog.fn-reader")
    expect(reader).to_be_visible(timeout=WAIT)
    expect(reader.locator(".fn-reader-text")).to_contain_text(words)
    expect(reader.locator("mark").first).to_be_visible()
    assert reader.locator("header a").count() == 0, "its address is no web address"
    check(page)
    page.keyboard.press("Escape")
    expect(reader).to_be_hidden()


def test_quotes_titles_publishers_and_questions_are_only_text(
    hostile_home: Path, start_server: Callable[..., str], watched: Callable[[str], Page]
) -> None:
    page = watched(start_server(hostile_home))
    for place, strings in zip(PLACES, GROUPS, strict=True):
        ask(page, f"When did the zorblax comet pass over {place}? {printable(' '.join(strings))}"[:1_900])
        check(page)
        expect(page.locator("#fn-current")).to_contain_text(f"{place} Gazette")
        read_article(page, f"The zorblax comet passed over {place}")
    # Each place where a string can stand is on the page now, for what was escaped is what is read.
    seen = page.locator("#fn-conversation").inner_text()
    assert sum(text.split()[0] in seen for text in HOSTILE_STRINGS) > len(HOSTILE_STRINGS) * 0.8
    ask(page, "Which file is about the zorblax comet in Bern?")
    check(page)
    page.goto(page.url.partition("#")[0] + "#library")
    expect(page.locator("#fn-shelf tbody tr").first).to_be_visible(timeout=WAIT)
    check(page)
    page.locator("#fn-search input, #fn-search textarea").fill("<script>")
    page.wait_for_timeout(500)
    check(page)


def test_what_a_model_writes_is_only_text(
    hostile_home: Path, start_server: Callable[..., str], model: ChatServer, watched: Callable[[str], Page]
) -> None:
    page = watched(start_server(hostile_home, model="openai:gpt-test", base_url=model.base_url, api_key="sk-test"))
    for place, strings in zip(PLACES, GROUPS, strict=True):
        written = " ".join(f"The zorblax comet was seen {text} [1.1]." for text in strings)
        model.script = Script(reply=lambda prompt, written=written: written)  # type: ignore[misc]
        ask(page, f"When did the zorblax comet pass over {place}?")
        expect(page.locator("#fn-current")).to_contain_text("was seen")
        check(page)


def test_the_names_of_uploads_are_only_text(
    tmp_path: Path, start_server: Callable[..., str], watched: Callable[[str], Page]
) -> None:
    page = watched(start_server(tmp_path / "home"))
    page.goto(page.url.partition("#")[0] + "#library")
    files = [
        FilePayload(
            name=file_name(text), mimeType="text/plain", buffer=f"The zorblax comet {printable(text)}.".encode()
        )
        for text in HOSTILE_STRINGS[::3]
    ]
    page.locator("#fn-library-adding input[type=file]").set_input_files(files)
    expect(page.locator("#fn-library-adding > .fn-board")).to_contain_text("20 added", timeout=WAIT)
    check(page)
    page.reload()
    watch_policy(page)
    expect(page.locator("#fn-shelf tbody tr").first).to_be_visible(timeout=WAIT)
    check(page)
    uploads = tmp_path / "home" / "uploads"
    assert len(list(uploads.iterdir())) == len(files)
    assert not [path for path in tmp_path.iterdir() if path.name != "home"]

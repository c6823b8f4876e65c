"""The library in Chromium: add, find, read again and remove articles, while the chat knows of them at once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from assistant import Assistant, Settings
from tests.index.web_server import Reply, WebServer, article_page, running_web_server

ROOT = Path(__file__).parents[2]
SECONDS = 30_000
HOSTILE = "<img src=x onerror=document.title='pwned'>"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles, two of them dated."""
    folder = tmp_path_factory.mktemp("news")
    for name, title, day, language, text in (
        ("bridge.md", "The bridge", "2026-01-10", "en", "The bridge over the Vistula was opened on Monday."),
        ("harbour.md", "The harbour", "2026-02-10", "en", "The harbour of Tallvik was sold to a bank."),
        ("pont.md", "Le pont", "", "fr", "Le pont sur la Vistule a été ouvert lundi."),
        ("hostile.md", HOSTILE, "2026-01-20", "en", "The zorblax comet passed over Taipei."),
    ):
        dated = f"date: {day}\n" if day else ""
        (folder / name).write_text(f'---\ntitle: "{title}"\n{dated}lang: {language}\n---\n\n{text}\n')
    return folder


@pytest.fixture(scope="module")
def library_site(folder: Path, tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., str]) -> str:
    """The address of a server over that folder, whose library these tests change."""
    home = tmp_path_factory.mktemp("library")
    with Assistant(Settings(home=home)) as assistant:
        assert len(assistant.reindex([folder]).added) == 4
    return start_server(home)


@pytest.fixture
def library(open_page: OpenPage, library_site: str) -> Page:
    """The page of the library, ready."""
    page = open_page(library_site)
    return show_library(page)


def show_library(page: Page) -> Page:
    page.get_by_role("link", name="Library").click()
    expect(rows(page).first).to_be_visible()
    return page


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    """A site of this machine that articles are added from."""
    with running_web_server() as server:
        yield server


@pytest.fixture(scope="module")
def web_site(web: WebServer, tmp_path_factory: pytest.TempPathFactory, start_server: Callable[..., str]) -> str:
    """The address of a server with an empty library, which may fetch from that site."""
    return start_server(tmp_path_factory.mktemp("web"), private_hosts=web.host)


def show_adding(page: Page) -> Page:
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("button", name="Add", exact=True)).to_be_visible()
    return page


def add_address(page: Page, address: str) -> None:
    box = page.locator("#fn-library-adding").get_by_label("Address of a page, a feed or a site")
    box.fill(address)
    box.press("Enter")


def rows(page: Page) -> Locator:
    return page.locator("#fn-shelf tbody tr")


def titles(page: Page) -> list[str]:
    return page.locator("#fn-shelf tbody .is-title .fn-name").all_text_contents()


def upload(page: Page, name: str, text: str) -> None:
    page.locator("#fn-library-adding input[type=file]").set_input_files(
        FilePayload(name=name, mimeType="text/markdown", buffer=text.encode())
    )


def job(page: Page) -> Locator:
    return page.locator("#fn-library-adding .fn-job-name")


def ask(page: Page, question: str) -> Locator:
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    turn = page.locator("#fn-current .fn-turn")
    expect(turn.locator(".fn-question")).to_have_text(question, timeout=SECONDS)
    expect(turn).to_have_attribute("aria-busy", "false", timeout=SECONDS)
    return turn


def test_articles_are_listed_newest_first_and_sorted_by_the_keyboard(library: Page) -> None:
    assert titles(library)[0] == "The harbour"
    assert titles(library)[-1] == "Le pont"
    by_title = library.get_by_role("button", name=re.compile("^Title"))
    by_title.focus()
    library.keyboard.press("Enter")
    expect(library.locator("th.is-title")).to_have_attribute("aria-sort", "ascending")
    assert titles(library)[1:] == ["Le pont", "The bridge", "The harbour"]
    expect(library.get_by_role("button", name=re.compile("^Title"))).to_be_focused()


def test_the_list_is_searched_and_limited(library: Page) -> None:
    search = library.get_by_label("Search titles, publishers and addresses")
    search.fill("PONT")
    expect(rows(library)).to_have_count(1)
    search.fill("nowhere to be found")
    expect(library.locator("#fn-shelf")).to_contain_text("No article fits")
    search.fill("")
    expect(rows(library)).not_to_have_count(0)
    library.locator("#fn-library-articles").get_by_label("Published since").fill("2026-02-01")
    expect(rows(library)).to_have_count(1)
    assert titles(library) == ["The harbour"]


def test_an_article_with_a_hostile_title_runs_nothing(library: Page) -> None:
    assert HOSTILE in titles(library)
    expect(library.locator("#fn-shelf img")).to_have_count(0)
    assert library.title() != "pwned"


def test_an_uploaded_file_is_asked_about_without_a_reload_and_removed_again(library: Page) -> None:
    upload(library, "Tide & <b>moon</b>.md", "# The tide\n\nThe tide at Skagen came in at noon on Sunday.\n")
    expect(job(library)).to_have_text("1 added", timeout=SECONDS)
    expect(rows(library).filter(has_text="The tide")).to_have_count(1)
    library.get_by_role("link", name="Chat").click()
    turn = ask(library, "When did the tide come in at Skagen?")
    expect(turn.locator(".fn-source").first).to_contain_text("The tide at Skagen came in at noon")

    show_library(library)
    row = rows(library).filter(has_text="The tide")
    row.get_by_role("button", name="Remove").click()
    dialog = library.get_by_role("dialog")
    expect(dialog).to_contain_text("Its uploaded file is deleted, too.")
    library.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(row.get_by_role("button", name="Remove")).to_be_focused()
    row.get_by_role("button", name="Remove").click()
    library.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0, timeout=SECONDS)
    expect(job(library)).to_have_text("1 removed")
    library.get_by_role("link", name="Chat").click()
    turn = ask(library, "When did the tide come in at Skagen?")
    expect(turn.locator(".fn-proof")).not_to_contain_text("Skagen")


def test_a_file_that_is_dropped_on_the_chat_is_added_to_the_library(open_page: OpenPage, library_site: str) -> None:
    page = open_page(library_site)
    note = page.locator("#fn-dropping")
    expect(note).to_be_hidden()
    dropped = page.evaluate_handle(
        """() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(["The ferry of Oskarby sails again."], "ferry.txt", { type: "text/plain" }));
          return dropped;
        }"""
    )
    page.dispatch_event("#fn-question textarea", "dragover", {"dataTransfer": dropped})
    expect(note).to_have_text("Drop your files to add them to the library")
    page.dispatch_event("#fn-question textarea", "drop", {"dataTransfer": dropped})
    expect(note).to_be_hidden()
    expect(job(page)).to_have_text("1 added", timeout=SECONDS)
    assert page.evaluate("location.hash") == "#library"


def test_text_that_is_dragged_is_not_for_the_library(library: Page) -> None:
    dragged = library.evaluate_handle("new DataTransfer()")
    dragged.evaluate("dragged => dragged.setData('text/plain', 'words')")
    library.dispatch_event("#fn-view-library", "dragover", {"dataTransfer": dragged})
    expect(library.locator("#fn-dropping")).to_be_hidden()


def test_a_file_that_cannot_be_read_is_told_with_a_reason_and_the_others_are_added(library: Page) -> None:
    library.locator("#fn-library-adding input[type=file]").set_input_files(
        [
            FilePayload(name="tool.exe", mimeType="application/octet-stream", buffer=b"MZ"),
            FilePayload(name="empty.md", mimeType="text/markdown", buffer=b"  \n"),
            FilePayload(name="storm.md", mimeType="text/markdown", buffer=b"# A storm\n\nA storm closed Kirkwall.\n"),
        ]
    )
    expect(job(library)).to_contain_text("1 added, ", timeout=SECONDS)
    failures = library.locator("#fn-library-adding .fn-failures li")
    expect(failures.filter(has_text="tool.exe")).to_contain_text("no reader for .exe")
    expect(failures.filter(has_text="empty.md")).to_contain_text("no text")


def test_sources_are_read_again_and_what_changed_is_reported(library: Page, folder: Path) -> None:
    (folder / "lighthouse.md").write_text("# The lighthouse\n\nThe lighthouse of Anholt was lit again.\n")
    library.get_by_role("button", name="Read all sources again").click()
    expect(job(library)).to_contain_text("1 added", timeout=SECONDS)
    expect(rows(library).filter(has_text="The lighthouse")).to_have_count(1)
    source = library.locator("#fn-sources li").filter(has_text=folder.name)
    expect(source).to_contain_text("Folder · 5 articles · read on")
    (folder / "lighthouse.md").unlink()
    # The work is shown far above the button, and comes into view.
    library.set_viewport_size({"width": 390, "height": 500})
    source.get_by_role("button", name=re.compile("^Read again")).click()
    expect(job(library)).to_contain_text("1 removed", timeout=SECONDS)
    expect(job(library)).to_be_in_viewport()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "There is no address."),
        ("/etc", "does not add folders of the server"),
        ("http://127.0.0.1:9/secret", "127.0.0.1"),
        ("ftp://news.example/", "is not a web address"),
    ],
)
def test_an_address_that_cannot_be_added_is_refused_with_a_line(library: Page, typed: str, answer: str) -> None:
    library.get_by_label("Address of a page, a feed or a site").fill(typed)
    library.get_by_label("Address of a page, a feed or a site").press("Enter")
    said = library.locator("#fn-library-adding :is(.fn-refusal, .fn-failures)").filter(has_text=answer)
    expect(said).to_be_visible(timeout=SECONDS)
    if not typed:
        with library.expect_response(lambda reply: "run/predict" in reply.url, timeout=SECONDS):
            pass  # The library is looked at every few seconds; what was said stays.
        expect(said).to_be_visible()


def test_a_page_of_a_site_is_added_by_its_address_and_answers(
    open_page: OpenPage, web: WebServer, web_site: str
) -> None:
    web.pages["/tide"] = article_page("The tide at Skagen", "The tide at Skagen came in at noon on Sunday. " * 4)
    page = show_adding(open_page(web_site))
    expect(page.get_by_text("There are no articles yet.")).to_be_visible()
    read_all = page.get_by_role("button", name="Read all sources again")
    expect(read_all).to_have_count(0)
    add_address(page, web.url("/tide"))
    expect(job(page)).to_have_text("1 added", timeout=SECONDS)
    expect(read_all).to_be_visible()
    expect(rows(page)).to_have_count(1)
    expect(rows(page).get_by_role("link", name="The tide at Skagen")).to_have_attribute("href", web.url("/tide"))
    expect(page.locator("#fn-sources li")).to_contain_text(web.host)
    page.get_by_role("link", name="Chat").click()
    turn = ask(page, "When did the tide come in at Skagen?")
    expect(turn.locator(".fn-source").first).to_contain_text("came in at noon on Sunday")
    show_library(page)
    add_address(page, web.url("/gone"))
    expect(page.locator("#fn-library-adding .fn-failures")).to_contain_text("404", timeout=SECONDS)


def test_work_that_is_stopped_keeps_what_it_did(open_page: OpenPage, web: WebServer, web_site: str) -> None:
    items = ""
    for number in range(40):
        web.pages[f"/story/{number}"] = article_page(f"Story {number}")
        items += f"<item><title>Story {number}</title><link>{web.url(f'/story/{number}')}</link></item>"
    feed = f'<rss version="2.0"><channel><title>Stories</title>{items}</channel></rss>'
    web.pages["/feed.xml"] = Reply(feed, media_type="application/rss+xml")
    page = show_adding(open_page(web_site))
    add_address(page, web.url("/feed.xml"))
    board = page.locator("#fn-library-adding")
    expect(board.locator(".fn-job")).to_contain_text(re.compile(r"[1-9]\d? of 40 read"), timeout=2 * SECONDS)
    stop = board.get_by_role("button", name="Stop this work")
    stop.click()
    expect(job(page)).to_contain_text("Stopped: ", timeout=SECONDS)
    expect(board.locator(".fn-job")).to_contain_text("What was done is kept")
    expect(stop).to_be_hidden()
    assert len(web.paths) < 41, "not every page was fetched"
    told = re.search(r"(\d+) added", job(page).inner_text())
    expect(rows(page).filter(has_text="Story")).to_have_count(int(told[1]) if told else 0)


def test_a_server_that_watches_shows_what_it_read_by_itself(
    open_page: OpenPage, tmp_path: Path, start_server: Callable[..., str]
) -> None:
    news, home = tmp_path / "news", tmp_path / "home"
    news.mkdir()
    (news / "bridge.md").write_text("# The bridge\n\nThe bridge over the Vistula was opened on Monday.\n")
    with Assistant(Settings(home=home)) as assistant:
        assistant.reindex([news])
    page = show_library(open_page(start_server(home, watch_every=3600.0)))
    (news / "tide.md").write_text("# The tide\n\nThe tide at Skagen came in at noon on Sunday.\n")
    expect(job(page)).to_have_text("Read by itself: 1 added, 1 unchanged", timeout=SECONDS)
    expect(rows(page)).to_have_count(2)
    (news / "bridge.md").unlink()
    expect(rows(page)).to_have_count(1, timeout=SECONDS)


def test_the_charts_say_their_numbers(library: Page) -> None:
    expect(library.get_by_role("table", name="Articles over time")).to_contain_text("January 2026")
    expect(library.get_by_role("table", name="Articles by language")).to_contain_text("French")


def test_two_visitors_see_the_same_job_and_the_second_is_told_to_wait(
    open_page: OpenPage, library_site: str, folder: Path
) -> None:
    for number in range(400):
        text = f"The town hall of place {number} was painted {number} times. " * 8
        (folder / f"painted-{number}.md").write_text(f"# Town hall {number}\n\n{text}\n")
    first, second = show_library(open_page(library_site)), show_library(open_page(library_site))
    try:
        first.get_by_role("button", name="Read all sources again").click()
        expect(first.locator("#fn-library-adding progress")).to_be_visible()
        second.get_by_role("button", name="Read all sources again").click()
        expect(second.locator("#fn-library-adding .fn-refusal")).to_contain_text("busy")
        first.close()
        expect(job(second)).to_contain_text("400 added", timeout=120_000)
        expect(second.locator("#fn-shelf .fn-count")).to_contain_text("40")
        next_page = second.get_by_role("button", name="Next")
        next_page.click()
        expect(second.locator(".fn-pages")).to_contain_text("Page 2 of ")
    finally:
        for path in folder.glob("painted-*"):
            path.unlink()


def test_the_library_fits_a_phone_in_french(open_page: OpenPage, library_site: str) -> None:
    page = open_page(library_site, width=390, height=844, locale="fr-FR")
    page.goto(f"{library_site}/#library")
    page.reload()
    expect(page.get_by_role("heading", name="Ajouter des articles")).to_be_visible(timeout=SECONDS)
    expect(rows(page).first).to_be_visible()
    width = page.locator("#fn-view-library").evaluate("element => element.scrollWidth - element.clientWidth")
    assert width <= 0
    page.goto(f"{library_site}/#settings")
    expect(page.get_by_role("heading", name="L'index")).to_be_visible()


def test_the_settings_say_how_to_connect_a_model(open_page: OpenPage, site: str) -> None:
    page = open_page(site)
    page.get_by_role("link", name="Settings").click()
    settings = page.locator("#fn-view-settings")
    expect(settings).to_contain_text("None: answers are quotes")
    expect(settings).to_contain_text("export ASSISTANT_MODEL=ollama:llama3")
    expect(settings).to_contain_text("Sound")

"""Conversations in Chromium: kept by the browser, opened again, limited, judged and saved."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant import Assistant, Settings
from assistant.feedback import FeedbackKind, read_feedback
from tests.browser.servers import Servers

ROOT = Path(__file__).parents[2]
SECONDS = 30_000
KEPT = """
(question) => Object.entries(localStorage).some(
  ([key, text]) => key.startsWith("footnote.conversations") && text.includes(question)
)
"""
NEWEST = """
Math.max(...Object.keys(localStorage).filter((key) => key.startsWith("footnote.conversations")).flatMap(
  (key) => JSON.parse(localStorage.getItem(key)).map((conversation) => conversation.when)
))
"""
QUESTION = "Did Nvidia abandon the deal?"
OTHER = "What is a non-binding letter of intent?"

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own over the seeds, because feedback is written to it."""
    home = tmp_path_factory.mktemp("history")
    with Assistant(Settings(home=home)) as assistant:
        assert assistant.reindex([ROOT / "seeds"]).failed == ()
    return home


@pytest.fixture(scope="module")
def address(home: Path, start_server: Callable[..., str]) -> str:
    return start_server(home)


def ask(page: Page, question: str) -> Locator:
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    turn = page.locator("#fn-current .fn-turn")
    expect(turn.locator(".fn-question")).to_have_text(question, timeout=SECONDS)
    expect(turn).to_have_attribute("aria-busy", "false", timeout=SECONDS)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    # The answer is told to be whole before the page has kept it.
    page.wait_for_function(KEPT, arg=question)
    return turn


def open_list(page: Page) -> Locator:
    page.get_by_role("button", name="Conversations").click()
    dialog = page.get_by_role("dialog", name="Conversations")
    expect(dialog).to_be_visible()
    return dialog


def start_again(start_server: Servers, home: Path, address: str) -> None:
    """End the server at an address, and start another one there."""
    start_server.stop(address)
    start_server(home, port=urlsplit(address).port or 0)


def names(dialog: Locator) -> Locator:
    return dialog.locator(".fn-open")


def test_a_conversation_is_opened_again_after_a_reload_and_goes_on(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    quotes = ask(page, QUESTION).locator("mark").all_text_contents()
    page.reload()
    expect(page.locator(".fn-turn .fn-question")).to_have_text([QUESTION])
    assert page.locator(".fn-turn mark").all_text_contents() == quotes
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".fn-turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()
    names(open_list(page)).click()
    expect(page.locator(".fn-turn .fn-question")).to_have_text([QUESTION])
    assert page.locator(".fn-turn mark").all_text_contents() == quotes
    ask(page, OTHER)
    expect(names(open_list(page))).to_have_text([QUESTION])


def test_a_conversation_that_was_left_is_not_opened_by_a_reload(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".fn-turn")).to_have_count(0)
    page.reload()
    expect(page.locator(".fn-examples")).to_be_visible()
    expect(page.locator(".fn-turn")).to_have_count(0)


def test_a_first_question_that_is_asked_again_or_changed_makes_no_second_conversation(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address)
    turn = ask(page, QUESTION)
    kept = page.evaluate(NEWEST)
    turn.get_by_role("button", name="Ask again").click()
    page.wait_for_function(f"kept => {NEWEST} > kept", arg=kept)
    # What is entered before the answer is over stays in the box, and so does what the server brings back to it.
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    turn.get_by_role("button", name="Change the question").click()
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    ask(page, OTHER)
    expect(names(open_list(page))).to_have_text([QUESTION])


def test_a_page_that_the_server_let_go_of_comes_back_with_what_was_written(
    open_page: OpenPage, home: Path, start_server: Servers
) -> None:
    address = start_server(home)
    page = open_page(address)
    ask(page, QUESTION)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Until").fill("2026-01-15")
    limits = page.locator("#fn-limits")
    expect(limits).to_contain_text("until 15 January 2026")
    start_again(start_server, home, address)
    # What this view asks for is the first that the new server hears of the page.
    page.get_by_role("link", name="Library").click()
    expect(page.locator("#fn-shelf tbody tr").first).to_be_visible()
    page.get_by_role("link", name="Chat").click()
    page.get_by_label("Your question").fill(OTHER)
    page.get_by_label("Your question").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("choose the filters again")
    dialog.get_by_role("button", name="Close").click()
    expect(page.locator(".fn-turn .fn-question")).to_have_text([QUESTION])
    expect(limits).to_have_text("")
    expect(page.get_by_label("Your question")).to_have_value(OTHER)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator(".fn-turn .fn-question")).to_have_text([QUESTION, OTHER])
    expect(page.locator("#fn-current .fn-turn")).to_have_attribute("aria-busy", "false", timeout=SECONDS)
    page.wait_for_function(KEPT, arg=OTHER)
    expect(names(open_list(page))).to_have_text([QUESTION])


def test_what_was_written_comes_back_though_the_conversation_cannot(
    open_page: OpenPage, home: Path, start_server: Servers
) -> None:
    address = start_server(home)
    page = open_page(address)
    ask(page, QUESTION)
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((key) => key.startsWith("footnote.conversations"));
          const kept = JSON.parse(localStorage.getItem(key));
          kept[0].record = { exchanges: "broken" };
          localStorage.setItem(key, JSON.stringify(kept));
        }"""
    )
    start_again(start_server, home, address)
    page.get_by_label("Your question").fill(OTHER)
    page.get_by_label("Your question").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_label("Your question")).to_have_value(OTHER)
    expect(page.locator(".fn-turn")).to_have_count(0)


def test_conversations_are_renamed_and_deleted(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".fn-turn")).to_have_count(0)
    ask(page, OTHER)
    dialog = open_list(page)
    expect(names(dialog)).to_have_text([OTHER, QUESTION])
    dialog.get_by_role("button", name=f"Rename: {QUESTION}").click()
    page.get_by_label("Rename", exact=True).fill("<b>The deal</b>")
    page.keyboard.press("Enter")
    expect(names(dialog)).to_have_text([OTHER, "<b>The deal</b>"])
    dialog.get_by_role("button", name=f"Delete: {OTHER}").click()
    page.get_by_role("dialog").last.get_by_role("button", name="Delete", exact=True).click()
    expect(names(dialog)).to_have_text(["<b>The deal</b>"])
    dialog.get_by_role("button", name="Delete all").click()
    page.get_by_role("dialog").last.get_by_role("button", name="Delete", exact=True).click()
    expect(names(dialog)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Conversations")).to_be_focused()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('footnote.conversations'))") == []


def test_two_visitors_have_histories_of_their_own(open_page: OpenPage, address: str) -> None:
    first, second = open_page(address), open_page(address)
    ask(first, QUESTION)
    expect(open_list(second).locator(".fn-list")).to_have_text("No earlier conversation.")
    expect(names(open_list(first))).to_have_text([QUESTION])


def test_what_a_browser_kept_and_somebody_changed_runs_nothing(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTION)
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((name) => name.startsWith("footnote.conversations"));
          const [kept] = JSON.parse(localStorage.getItem(key));
          const attack = `<img src="http://evil.example/x.png" onerror="document.title='pwned'">`;
          kept.name = attack;
          Object.assign(kept.record.exchanges[0], { question: attack, text: `${attack} [1]`, warnings: [attack] });
          const broken = { ...kept, id: "2", record: { exchanges: [{ question: 1 }] } };
          localStorage.setItem(key, JSON.stringify([kept, broken, null, 7, "x"]));
        }"""
    )
    page.reload()
    dialog = open_list(page)
    expect(names(dialog)).to_have_count(2)
    names(dialog).first.click()
    expect(page.locator(".fn-turn")).to_have_count(1)
    expect(page.locator(".fn-turn img")).to_have_count(0)
    names(open_list(page)).last.click()
    expect(page.get_by_role("alert")).to_have_text("This conversation cannot be read any more. Delete it.")
    assert page.title() != "pwned"
    # The one that cannot be read takes nothing with it, and a reload tries it again without a word.
    expect(page.locator(".fn-turn")).to_have_count(1)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_the_menu_of_exports_closes_by_escape_and_by_a_click_elsewhere(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    ask(page, QUESTION)
    menu = page.get_by_text("Export", exact=True)
    choice = page.get_by_role("button", name="As JSON")
    menu.click()
    expect(choice).to_be_visible()
    page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    page.locator(".fn-turn .fn-question").click()
    expect(choice).to_be_hidden()


def test_a_conversation_is_saved_as_markdown_and_json(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    expect(page.locator(".fn-menu")).to_be_hidden()
    ask(page, QUESTION)
    saved = {}
    for name in ("As Markdown", "As JSON"):
        page.get_by_text("Export", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        saved[name] = Path(download.value.path()).read_text(encoding="utf-8")
    assert f"## {QUESTION}" in saved["As Markdown"]
    assert "[^1-1]: “" in saved["As Markdown"]
    [answer] = json.loads(saved["As JSON"])
    assert answer["question"] == QUESTION
    assert answer["citations"][0]["quote"] in page.locator(".fn-proof").inner_text()


def test_answers_are_limited_to_a_language_and_days_until_the_filters_are_cleared(
    open_page: OpenPage, address: str
) -> None:
    page = open_page(address)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Only these languages").click()
    page.get_by_role("option", name="French").click()
    limits = page.locator("#fn-limits")
    expect(limits).to_contain_text("Answers come only from: French")
    turn = ask(page, QUESTION)
    assert set(turn.locator("blockquote").evaluate_all("quotes => quotes.map(quote => quote.lang)")) == {"fr"}
    page.locator("#fn-filters").get_by_label("Published until").fill("2020-01-01")
    expect(limits).to_contain_text("until 1 January 2020")
    expect(ask(page, QUESTION)).to_contain_text("No answer in your articles")
    limits.get_by_role("button", name="Clear the filters").click()
    expect(limits).to_have_text("")
    expect(page.locator("#fn-filters").get_by_label("Published until")).to_have_value("")
    turn = ask(page, QUESTION)
    expect(turn.locator("blockquote[lang=en]").first).to_be_visible()


def test_feedback_is_stored_with_its_words_and_answer(open_page: OpenPage, address: str, home: Path) -> None:
    page = open_page(address)
    before = len(read_feedback(home).feedback)
    turn = ask(page, QUESTION)
    rating = turn.get_by_role("group", name="Was this answer right?")
    rating.get_by_role("button", name="Yes").click()
    expect(rating.get_by_role("status")).to_have_text("Noted. It stays on this machine.")
    rating.get_by_role("button", name="Wrong footnote").click()
    words = rating.get_by_label("What is wrong? (optional)")
    expect(words).to_be_focused()
    words.fill("It was said in Taipei.")
    rating.get_by_role("button", name="Send").click()
    expect(words).to_be_hidden()
    expect(rating.get_by_role("button", name="Wrong footnote")).to_have_attribute("aria-pressed", "true")
    good, wrong = read_feedback(home).feedback[before:]
    assert (good.kind, good.words) == (FeedbackKind.GOOD, "")
    assert (wrong.kind, wrong.words) == (FeedbackKind.WRONG_CITATION, "It was said in Taipei.")
    assert wrong.question == QUESTION
    assert {citation.quote for citation in wrong.citations}

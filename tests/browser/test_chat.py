"""The chat in Chromium, over the real assistant: ask, stream, follow a footnote to its proof."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.chat_server import ChatServer, Script

QUESTION = "Did Nvidia abandon the deal?"
HOSTILE_SOURCE = "https://news.example/\"><script>document.title='pwned'</script>"
FRENCH_TITLE = "Jensen Huang dément que Nvidia renonce à son accord avec OpenAI"
ANSWER_MILLISECONDS = 30_000
# Notes every state that the answer passes through, for a stream is over before one can look twice.
RECORD_STREAM = """() => {
  window.states = [];
  new MutationObserver(() => {
    const turn = document.querySelector("#fn-current .fn-turn");
    if (turn) window.states.push([turn.getAttribute("aria-busy"), turn.textContent.length]);
  }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}"""
# A page is told of its being scrolled before the next picture.
# A new question is still being scrolled to for a while.
SCROLL = """
async (place) => {
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  for (let last; last !== scrollY; await pause(300)) last = scrollY;
  scrollTo(0, place);
  await new Promise(requestAnimationFrame);
  await pause(0);
}
"""
# The browser tells how far it moved what it had drawn, as a share of the window.
RECORD_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""
# An outline around the field or the box that looks like one, that no ancestor cuts off.
FOCUS_SHOWN = """(field) => {
  const outlined = (element) => parseFloat(getComputedStyle(element).outlineWidth) >= 2 &&
    getComputedStyle(element).outlineStyle === "solid";
  let shown = field;
  while (shown && !outlined(shown)) shown = shown.parentElement;
  if (!shown) return false;
  const style = getComputedStyle(shown);
  if (parseFloat(style.outlineOffset) < 0) return true;
  const room = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
  const box = shown.getBoundingClientRect();
  for (let around = shown.parentElement; around && around !== document.body; around = around.parentElement) {
    const frame = around.getBoundingClientRect();
    const cuts = getComputedStyle(around).overflowX !== "visible";
    if (cuts && (frame.left > box.left - room || frame.top > box.top - room)) return false;
  }
  return true;
}"""

DOUBTFUL = "No, Huang said in Taipei that this was nonsense {mark}. Huang said it in Berlin {mark}. He was very glad."

OpenPage = Callable[..., Page]


def ask(page: Page, question: str) -> Locator:
    """Ask, wait for the end of the answer, and give the turn that holds it."""
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    return wait_for_answer(page, question)


def wait_for_answer(page: Page, question: str) -> Locator:
    turn = page.locator("#fn-current .fn-turn")
    expect(turn.locator(".fn-question")).to_have_text(question, timeout=ANSWER_MILLISECONDS)
    expect(turn).to_have_attribute("aria-busy", "false", timeout=ANSWER_MILLISECONDS)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    return turn


def find_source(turn: Locator, title: str) -> Locator:
    return turn.locator(".fn-source").filter(has_text=title).first


def test_an_answer_shows_the_highlighted_sentence_and_where_it_was_published(open_page: OpenPage) -> None:
    turn = ask(open_page(), QUESTION)
    source = find_source(turn, FRENCH_TITLE)
    for fact in ("Footnote Samples", "French", "1 February 2026"):
        expect(source).to_contain_text(fact)
    quote = source.locator("blockquote.fn-excerpt")
    expect(quote).to_have_attribute("lang", "fr")
    marks = turn.locator(".fn-source").filter(has_text=FRENCH_TITLE).locator(".fn-excerpt mark").all_text_contents()
    assert any("non-sens" in mark or "investi" in mark for mark in marks)
    seed = (Path(__file__).parents[2] / "seeds" / "nvidia-openai-accord.fr.md").read_text(encoding="utf-8")
    assert all(" ".join(mark.split()) in " ".join(seed.split()) for mark in marks)


def test_the_french_question_is_answered_from_the_same_articles(open_page: OpenPage) -> None:
    turn = ask(open_page(), "Nvidia a-t-il abandonné l'accord ?")
    expect(find_source(turn, FRENCH_TITLE)).to_be_visible()


def test_an_answer_streams(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(RECORD_STREAM)
    ask(page, QUESTION)
    states = page.evaluate("window.states")
    assert states[0][0] == "true"
    assert states[-1][0] == "false"
    assert len({length for busy, length in states if busy == "true"}) > 1


def test_clicking_a_footnote_mark_leads_to_its_source_and_back(open_page: OpenPage) -> None:
    page = open_page(height=700)
    turn = ask(page, QUESTION)
    mark = turn.locator(".fn-text a.fn-mark").last
    number = mark.inner_text()
    mark.click()
    source = page.locator(".fn-source:focus")
    expect(source.locator(".fn-number")).to_have_text(number)
    expect(source.locator(".fn-excerpt mark").first).to_be_in_viewport()
    source.locator("a.fn-number").click()
    expect(page.locator("a.fn-mark:focus")).to_have_text(number)


def test_pointing_at_a_mark_lights_up_its_source_and_brings_it_into_view(open_page: OpenPage) -> None:
    page = open_page(height=700)
    turn = ask(page, QUESTION)
    for mark in (turn.locator(".fn-text a.fn-mark").first, turn.locator(".fn-text a.fn-mark").last):
        mark.hover()
        expect(page.locator(".fn-source.is-lit")).to_have_count(1)
        expect(page.locator(".fn-source.is-lit .fn-number")).to_have_text(mark.inner_text())
        expect(page.locator(".fn-source.is-lit mark").first).to_be_in_viewport()


def test_the_proof_stays_in_view_beside_a_long_answer(open_page: OpenPage) -> None:
    page = open_page(width=1600, height=700)
    turn = ask(page, QUESTION)
    turn.locator(".fn-next").scroll_into_view_if_needed()
    expect(turn.locator(".fn-proof .fn-heading")).to_be_in_viewport()
    box, composer = turn.locator(".fn-proof").bounding_box(), page.locator("#fn-composer").bounding_box()
    assert box is not None
    assert composer is not None
    assert box["y"] + box["height"] <= composer["y"]


def test_a_question_that_the_articles_do_not_answer_is_declined(open_page: OpenPage) -> None:
    turn = ask(open_page(), "Who won the 1998 World Cup?")
    expect(turn).to_contain_text("No answer in your articles")
    expect(turn.locator("mark")).to_have_count(0)
    expect(turn.locator("a.fn-mark")).to_have_count(0)


def test_an_example_is_asked_with_one_click(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name=QUESTION).click()
    turn = wait_for_answer(page, QUESTION)
    expect(turn.locator("a.fn-mark").first).to_be_visible()
    expect(page.locator("#fn-start")).to_be_hidden()
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_long_question_is_cut_in_a_list_and_whole_for_who_comes_to_it(open_page: OpenPage) -> None:
    page = open_page(width=390)
    question = page.locator(".fn-examples .fn-brief").first
    question.evaluate("question => { question.textContent = 'And did Huang say so? '.repeat(20); }")
    assert question.evaluate("question => question.scrollHeight > question.clientHeight")
    page.locator(".fn-examples .fn-ask").first.focus()
    assert question.evaluate("question => question.scrollHeight === question.clientHeight")


def test_a_follow_up_keeps_the_first_answer_and_comes_into_view(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    turn = ask(page, "What is a non-binding letter of intent?")
    expect(page.locator("#fn-past .fn-question")).to_have_text([QUESTION])
    expect(turn.locator(".fn-question")).to_be_in_viewport()
    ids = page.evaluate("[...document.querySelectorAll('.fn-turn, .fn-turn [id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))


def test_a_new_conversation_brings_the_examples_back(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("button", name=QUESTION)).to_be_visible()
    expect(page.locator(".fn-turn")).to_have_count(0)


def test_an_empty_question_is_answered_with_a_message(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("Your question").press("Enter")
    alert = page.locator("#fn-current [role=alert]")
    expect(alert).to_contain_text("question")
    expect(alert).not_to_contain_text("Traceback")


def test_a_hostile_article_runs_nothing_and_loads_nothing(open_page: OpenPage) -> None:
    page = open_page()
    turn = ask(page, "When did the zorblax comet pass over Taipei?")
    source = find_source(turn, "The zorblax comet")
    expect(source.locator(".fn-title")).to_contain_text("<script>document.title='pwned'</script>")
    expect(source.locator("mark").first).to_contain_text("![x](http://evil.example/x.png) <img src=")
    expect(source.locator("img, script")).to_have_count(0)
    assert source.locator("a[target]").get_attribute("href") == HOSTILE_SOURCE
    assert page.title() == "Footnote"


def test_a_hostile_question_runs_nothing_and_loads_nothing(open_page: OpenPage) -> None:
    page = open_page()
    turn = ask(page, "Is it? ![q](http://evil.example/q.png)<img src=x onerror=\"document.title='pwned'\">")
    ask(page, "${document.title='pwned'} {{constructor.constructor(\"document.title='pwned'\")()}}")
    expect(turn.locator("img")).to_have_count(0)
    assert page.title() == "Footnote"


def test_a_phone_shows_everything_without_scrolling_sideways(open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    turn = ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    answer, proof = turn.locator(".fn-answer").bounding_box(), turn.locator(".fn-proof").bounding_box()
    assert answer is not None
    assert proof is not None
    assert answer["y"] + answer["height"] <= proof["y"], "the proof stands below the answer"


def test_a_wide_page_shows_the_proof_beside_the_answer(open_page: OpenPage) -> None:
    turn = ask(open_page(width=1600, height=1000), QUESTION)
    answer, proof = turn.locator(".fn-answer").bounding_box(), turn.locator(".fn-proof").bounding_box()
    assert answer is not None
    assert proof is not None
    assert answer["x"] + answer["width"] <= proof["x"]


def test_the_page_is_dark_where_the_system_is(open_page: OpenPage) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    assert open_page(dark=True).evaluate(paper) == "rgb(20, 23, 26)"
    assert open_page().evaluate(paper) == "rgb(250, 248, 244)"


def test_an_empty_library_is_filled_in_place(
    open_page: OpenPage, start_server: Callable[..., str], tmp_path: Path
) -> None:
    page = open_page(start_server(tmp_path / "empty"))
    expect(page.get_by_text("Your library is empty.")).to_be_visible()
    expect(page.locator("#fn-start .fn-ask")).to_have_count(0)
    expect(page.locator(".fn-connect")).to_have_count(0)
    page.locator("#fn-first-articles input[type=file]").set_input_files(
        {
            "name": "tide.md",
            "mimeType": "text/markdown",
            "buffer": b"# The tide\n\nThe tide came in at Tallvik at noon.",
        }
    )
    expect(page.get_by_text("Ask your articles.")).to_be_visible(timeout=ANSWER_MILLISECONDS)
    turn = ask(page, "When did the tide come in at Tallvik?")
    expect(turn.locator("mark").last).to_have_text("The tide came in at Tallvik at noon.")


def test_what_failed_of_the_first_upload_is_told_where_it_was_dropped(
    open_page: OpenPage, start_server: Callable[..., str], tmp_path: Path
) -> None:
    page = open_page(start_server(tmp_path / "empty"))
    expect(page.locator("#fn-first-articles").get_by_role("textbox")).to_be_visible()
    assert violations(page) == [], "an empty library"
    told: FilePayload = {"name": "tide.md", "mimeType": "text/markdown", "buffer": b"# The tide\n\nIt came in at noon."}
    blank: FilePayload = {"name": "blank.md", "mimeType": "text/markdown", "buffer": b""}
    page.locator("#fn-first-articles input[type=file]").set_input_files([told, blank])
    expect(page.get_by_text("Ask your articles.")).to_be_visible(timeout=ANSWER_MILLISECONDS)
    expect(page.locator("#fn-start .fn-job-name")).to_have_text("1 added, 1 failed")
    expect(page.locator("#fn-start .fn-failures")).to_contain_text("blank.md")
    page.reload()
    expect(page.get_by_text("Ask your articles.")).to_be_visible(timeout=ANSWER_MILLISECONDS)
    expect(page.locator("#fn-start .fn-job-name")).to_have_count(0)


def test_the_start_page_offers_the_models_of_this_machine(open_page: OpenPage) -> None:
    models = open_page().get_by_role("complementary", name="Language model")
    expect(models).to_contain_text("export ASSISTANT_MODEL=ollama:llama3")
    expect(models.locator("li")).to_have_count(2)


def test_a_suggested_question_is_asked_with_one_click_and_its_list_goes_away(open_page: OpenPage) -> None:
    page = open_page()
    turn = ask(page, QUESTION)
    suggested = turn.get_by_role("group", name="Ask next").get_by_role("button")
    question = suggested.first.inner_text()
    suggested.first.click()
    wait_for_answer(page, question)
    expect(page.locator("#fn-past .fn-question")).to_have_text([QUESTION])
    for button in (".fn-ask", "[data-do]"):
        expect(page.locator(f"#fn-past {button}").first).to_be_hidden()
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_suggested_question_is_asked_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    button = ask(page, QUESTION).get_by_role("group", name="Ask next").get_by_role("button").last
    question = button.inner_text()
    button.press("Enter")
    wait_for_answer(page, question)


# Read on, ask again, change


def test_a_footnote_opens_its_article_at_the_cited_sentence(open_page: OpenPage) -> None:
    page = open_page()
    turn = ask(page, QUESTION)
    source = turn.locator(".fn-source").nth(1)
    quote = source.locator(".fn-excerpt mark").inner_text()
    source.get_by_role("button", name="Read the article").click()
    reader = page.get_by_role("dialog")
    here = reader.locator("mark.is-here")
    expect(here).to_have_text(quote)
    expect(here).to_be_focused()
    expect(here).to_be_in_viewport()
    expect(reader).to_contain_text("Each of the two companies depends on the other.")
    assert reader.locator("mark").count() > 1, "all that the answer cites of it is marked"
    reader.get_by_role("button", name="Next cited sentence").click()
    expect(reader.locator("mark.is-here")).not_to_have_text(quote)
    page.keyboard.press("Escape")
    expect(reader).to_be_hidden()
    expect(source.get_by_role("button", name="Read the article")).to_be_focused()
    source.get_by_role("button", name="Read the article").press("Enter")
    expect(page.get_by_role("dialog").locator("mark.is-here")).to_have_text(quote)


@pytest.mark.parametrize("width", [1440, 390])
def test_going_back_closes_what_lies_over_the_page_and_stays_on_it(open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    turn = ask(page, QUESTION)
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Chat").click()
    turn.locator(".fn-text a.fn-mark").first.click()
    if width == 390:
        expect(page.locator("dialog.fn-sheet")).to_be_visible()
        page.go_back()
        expect(page.locator("dialog.fn-sheet")).to_have_count(0)
        turn.locator(".fn-text a.fn-mark").first.click()
        page.locator("dialog.fn-sheet [data-read]").click()
    else:
        page.keyboard.press("r")
    reader = page.locator("dialog.fn-reader")
    expect(reader).to_be_visible()
    page.go_back()
    expect(reader).to_have_count(0)
    expect(turn).to_be_visible()
    # Closed in another way, it leaves nothing to go back to.
    turn.locator("[data-read]").first.click()
    expect(reader).to_be_visible()
    page.keyboard.press("Escape")
    expect(reader).to_have_count(0)
    page.wait_for_function("!history.state?.fnHeld")
    page.go_back()
    expect(page.locator("#fn-view-library")).to_be_visible()


def test_a_near_passage_opens_its_article_too(open_page: OpenPage) -> None:
    page = open_page()
    turn = ask(page, "Who won the 1998 World Cup?")
    title = turn.locator(".fn-source .fn-title").first.inner_text()
    turn.get_by_role("button", name="Read the article").first.click()
    expect(page.get_by_role("dialog", name=title)).to_be_visible()


def test_a_question_is_changed_and_its_exchange_replaced(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    ask(page, "What is a non-binding letter of intent?").get_by_role("button", name="Change the question").click()
    box = page.get_by_label("Your question")
    expect(box).to_have_value("What is a non-binding letter of intent?")
    expect(box).to_be_focused()
    box.fill("Who is Jensen Huang?")
    box.press("Enter")
    wait_for_answer(page, "Who is Jensen Huang?")
    expect(page.locator("#fn-past .fn-question")).to_have_text([QUESTION])
    expect(page.locator("#fn-keep")).to_have_count(0)


def test_a_reader_who_thinks_again_keeps_both_answers(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION).get_by_role("button", name="Change the question").click()
    page.get_by_role("button", name="Keep both").click()
    ask(page, "Who is Jensen Huang?")
    expect(page.locator("#fn-past .fn-question")).to_have_text([QUESTION])


def test_a_question_is_asked_again(open_page: OpenPage, writing_site: str, chat_server: ChatServer) -> None:
    chat_server.script = Script(reply=reply_with("Huang said in Taipei that this was nonsense {mark}."))
    page = open_page(writing_site)
    turn = ask(page, QUESTION)
    chat_server.script = Script(reply=reply_with("This was nonsense, said Huang {mark}."))
    turn.get_by_role("button", name="Ask again").click()
    expect(turn.locator(".fn-text")).to_contain_text("This was nonsense, said Huang", timeout=ANSWER_MILLISECONDS)
    expect(page.locator(".fn-turn")).to_have_count(1)


def test_an_answer_is_copied_with_its_citations(open_page: OpenPage) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION).get_by_role("button", name="Copy with citations").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[^1]: “" in copied
    assert "Footnote Samples" in copied
    assert "2 February 2026" in copied


def test_the_timeline_tells_who_said_what_when(open_page: OpenPage) -> None:
    timeline = ask(open_page(), QUESTION).locator(".fn-timeline")
    timeline.locator("summary").click()
    expect(timeline.locator(".fn-day")).to_have_text(["1 February 2026", "2 February 2026"])
    expect(timeline.locator(".fn-claim").filter(has_text="dismissed").locator(".fn-who")).to_contain_text("Huang")


# Looks, languages and keys


def test_the_reader_chooses_light_or_dark_and_it_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    paper = "getComputedStyle(document.body).backgroundColor"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(paper) == "rgb(20, 23, 26)"
    page.reload()
    page.wait_for_selector("#fn-question textarea")
    assert page.evaluate(paper) == "rgb(20, 23, 26)"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(paper) == "rgb(250, 248, 244)"


def test_a_french_browser_gets_a_french_page(open_page: OpenPage) -> None:
    page = open_page(locale="fr-FR")
    expect(page.get_by_role("heading", name="Interrogez vos articles.")).to_be_visible()
    expect(page.get_by_role("link", name="Bibliothèque")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "fr"
    page.get_by_label("Votre question").fill("Nvidia a-t-il abandonné l'accord ?")
    page.get_by_role("button", name="Demander", exact=True).click()
    turn = page.locator("#fn-current .fn-turn")
    expect(turn).to_have_attribute("aria-busy", "false", timeout=ANSWER_MILLISECONDS)
    expect(turn).to_contain_text("Cité mot pour mot")
    expect(turn.get_by_role("button", name="Lire l'article").first).to_be_visible()


def test_all_is_done_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    skip = page.get_by_role("link", name="Skip to the question")
    assert page.evaluate("document.querySelector('a, button, input, textarea').className") == "fn-skip", "it is first"
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    wait_for_answer(page, QUESTION)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.locator(".fn-text a.fn-mark:focus")).to_have_text("2")
    expect(page.locator(".fn-source.is-lit .fn-number")).to_have_text("2")
    page.keyboard.press("r")
    expect(page.get_by_role("dialog").locator("mark.is-here")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator(".fn-text a.fn-mark:focus")).to_have_text("2")
    page.keyboard.press("p")
    expect(page.locator(".fn-text a.fn-mark:focus")).to_have_text("1")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard")
    expect(keys).to_contain_text("Next footnote")
    keys.get_by_role("checkbox").press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).not_to_be_focused()


def test_a_screen_reader_is_told_once_what_became_of_a_question(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => {
          const text = document.getElementById("fn-live")?.textContent;
          if (text) window.said.push(text);
        }).observe(document.body, {subtree: true, childList: true, characterData: true}); }"""
    )
    turn = ask(page, QUESTION)
    count = turn.locator(".fn-source").count()
    expect(page.locator("#fn-live")).to_have_text(f"The answer is complete, with {count} footnotes.")
    said = list(dict.fromkeys(page.evaluate("window.said")))
    assert len(said) <= 3, said


def test_a_phone_shows_a_source_as_a_sheet(open_page: OpenPage) -> None:
    page = open_page(width=390, height=844)
    turn = ask(page, QUESTION)
    mark = turn.locator(".fn-text a.fn-mark").nth(1)
    mark.click()
    sheet = page.get_by_role("dialog")
    expect(sheet.locator(".fn-number")).to_have_text("2")
    expect(sheet.locator("mark").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(mark).to_be_focused()
    mark.click()
    sheet.get_by_role("button", name="Read the article").click()
    expect(page.get_by_role("dialog").locator("mark.is-here")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_nothing_in_the_header_of_a_phone_lies_over_another_thing(open_page: OpenPage, locale: str) -> None:
    page = open_page(width=390, height=844, locale=locale)
    page.locator("#fn-question textarea").fill(QUESTION)
    page.locator("#fn-question textarea").press("Enter")
    expect(page.locator("#fn-restart")).to_be_visible()
    edges = page.evaluate(
        """() => [...document.querySelectorAll("#fn-header :is(h1, a, button)")]
          .map((one) => one.getBoundingClientRect())
          .filter((box) => box.width).map((box) => [box.left, box.right]).sort((one, other) => one[0] - other[0])"""
    )
    assert len(edges) >= 6
    assert all(right <= left + 0.5 for (_, right), (left, _) in pairwise(edges)), edges
    assert edges[-1][1] <= 390


def test_the_library_is_looked_at_and_the_conversation_stays(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.get_by_role("link", name="Library").click()
    expect(page.locator("#fn-view-chat")).to_be_hidden()
    expect(page.locator("#fn-view-library")).to_be_visible()
    page.go_back()
    expect(page.locator("#fn-current .fn-question")).to_have_text(QUESTION)


def test_each_view_is_found_again_where_it_was_left(open_page: OpenPage) -> None:
    page = open_page(height=500)
    ask(page, QUESTION)
    page.evaluate(SCROLL, 150)
    page.get_by_role("link", name="Library").click()
    expect(page.locator("#fn-shelf tbody tr").first).to_be_visible()
    assert page.evaluate("scrollY") == 0
    page.evaluate(SCROLL, 90)
    page.get_by_role("link", name="Chat").click()
    page.wait_for_function("scrollY === 150")
    page.go_back()
    page.wait_for_function("scrollY === 90")


@pytest.mark.parametrize("width", [390, 1280, 1600])
def test_nothing_jumps_while_the_page_is_built(browser: Browser, site: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        context.add_init_script(RECORD_SHIFTS)
        page = context.new_page()
        page.goto(site)
        expect(page.locator(".fn-examples")).to_be_visible(timeout=ANSWER_MILLISECONDS)
        page.wait_for_timeout(500)
        # Up to 0.1 is what the web calls good.
        assert page.evaluate("window.shifts.reduce((sum, shift) => sum + shift, 0)") < 0.1


@pytest.mark.parametrize(
    ("view", "field"),
    [
        ("chat", "#fn-question textarea"),
        ("library", "#fn-search :is(input, textarea)"),
        ("library", "#fn-library-articles input[role=combobox] >> nth=0"),
        ("library", "#fn-library-articles input[type=date] >> nth=0"),
    ],
)
def test_a_field_that_has_the_focus_shows_it_inside_whatever_cuts_it_off(
    open_page: OpenPage, site: str, view: str, field: str
) -> None:
    page = open_page(site)
    page.get_by_role("link", name=view.capitalize()).click()
    page.locator(field).focus()
    assert page.locator(field).evaluate(FOCUS_SHOWN)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(open_page: OpenPage, dark: bool) -> None:
    page = open_page(dark=dark)
    expect(page.locator(".fn-examples")).to_be_visible(timeout=ANSWER_MILLISECONDS)
    assert violations(page) == [], "the first page"
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("Only these languages")).to_be_visible()
    assert violations(page) == [], "the filters"
    page.get_by_role("button", name="Filters").click()
    ask(page, "Who won the 1998 World Cup?")
    assert violations(page) == [], "no answer"
    turn = ask(page, QUESTION)
    turn.locator(".fn-timeline summary").click()
    turn.locator(".fn-trace summary").click()
    assert violations(page) == [], "an answer"
    turn.get_by_role("button", name="Read the article").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == [], "the reader"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversations").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == [], "the conversations"
    page.keyboard.press("Escape")
    for view in ("Library", "Settings"):
        page.get_by_role("link", name=view).click()
        expect(page.locator(f"#fn-view-{view.lower()} h2").first).to_be_visible()
        assert violations(page) == [], view


def violations(page: Page) -> list[str]:
    """Return what axe-core finds that is serious, each with where it is."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


# With a language model


def test_an_unsupported_statement_is_marked_with_what_is_not_in_the_source(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = Script(reply=reply_with(DOUBTFUL), usage=(900, 20))
    turn = ask(open_page(writing_site), QUESTION)
    doubts = turn.locator(".fn-doubt")
    expect(doubts).to_have_text(["Huang said it in Berlin", "He was very glad."])
    expect(doubts.first).to_have_accessible_description("“Berlin” is not in the source")
    expect(doubts.last).to_have_accessible_description("no source given")
    assert "dotted" in doubts.first.evaluate("element => getComputedStyle(element).textDecoration")
    expect(turn.locator(".fn-source")).to_contain_text("Not borne out")
    marks = turn.locator("a.fn-mark")
    expect(marks.first).not_to_have_class(re.compile("is-unsupported"))
    expect(marks.last).to_have_class(re.compile("is-unsupported"))
    expect(turn.locator(".fn-badge")).to_have_text("Verdict: No")
    expect(turn.locator(".fn-as-of")).to_have_text("As of 2 February 2026")
    expect(turn.locator(".fn-warnings")).to_have_count(0)
    expect(turn.locator(".fn-origin")).to_contain_text("Written by openai:gpt-test")
    expect(turn.locator(".fn-origin")).to_contain_text("900 tokens read and 20 written")


def test_what_was_searched_can_be_opened_with_the_keyboard(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = Script(reply=reply_with("Huang said in Taipei that this was nonsense {mark}."))
    trace = ask(open_page(writing_site), QUESTION).locator(".fn-trace")
    expect(trace.locator("dl")).to_be_hidden()
    trace.locator("summary").press("Enter")
    expect(trace.locator("dl")).to_be_visible()
    searched, found, time = (trace.locator("dl > div").nth(place).locator("dd") for place in range(3))
    expect(searched).to_have_text([QUESTION, "Nvidia a-t-il abandonné l'accord ?"])
    expect(found).to_contain_text("passages of")
    expect(time).to_contain_text("search")


def test_stop_ends_the_request_and_keeps_what_had_come(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = script = Script(reply=reply_with("Huang said so {mark}. And " + "more " * 400), pause=0.05)
    page = open_page(writing_site)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    turn = page.locator("#fn-current .fn-turn")
    expect(turn.locator(".fn-text")).to_contain_text("more more", timeout=ANSWER_MILLISECONDS)
    page.get_by_role("button", name="Stop").click()
    expect(turn.locator(".fn-end")).to_have_text("You stopped the answer here.")
    expect(turn.locator(".fn-as-of")).to_have_text("Not checked.")
    expect(turn.locator(".fn-text")).to_contain_text("Huang said so1. And more more")
    expect(turn).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()
    assert script.gone.wait(5), "the model's server sees that nobody listens"

    chat_server.script = Script(reply=reply_with("Huang said in Taipei that this was nonsense {mark}."))
    turn = ask(page, "Why did Huang call it nonsense?")
    expect(turn.locator(".fn-text")).to_contain_text("Huang said in Taipei")
    expect(page.locator("#fn-past .fn-end")).to_have_count(1)
    assert "more more" in json.dumps(chat_server.script.requests), "what came is part of the conversation"


def test_a_question_typed_while_an_answer_streams_waits_in_the_box(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = script = Script(reply=reply_with("Huang said so {mark}. And " + "more " * 400), pause=0.05)
    page = open_page(writing_site)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#fn-current .fn-text")).to_contain_text("more more", timeout=ANSWER_MILLISECONDS)
    page.get_by_label("Your question").fill("And why?")
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#fn-current .fn-text")).to_contain_text("more more more more more more")
    expect(page.get_by_label("Your question")).to_have_value("And why?")
    expect(page.locator(".fn-turn")).to_have_count(1)
    page.close()
    assert script.gone.wait(10), "a reader who leaves ends the request"


def test_what_is_unfolded_while_an_answer_streams_stays_so_with_its_focus(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = script = Script(reply=reply_with("Huang said so {mark}. And " + "more " * 400), pause=0.05)
    page = open_page(writing_site)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    turn = page.locator("#fn-current .fn-turn")
    expect(turn.locator(".fn-text")).to_contain_text("more more", timeout=ANSWER_MILLISECONDS)
    passage = turn.locator(".fn-source details").first
    passage.locator("summary").press("Enter")
    expect(passage).to_have_attribute("open", "")
    for _ in range(2):
        before = turn.locator(".fn-text").inner_text()
        expect(turn.locator(".fn-text")).not_to_have_text(before)
        expect(passage).to_have_attribute("open", "")
        expect(passage.locator("summary")).to_be_focused()
    passage.locator("summary").click()
    expect(passage).not_to_have_attribute("open", "")
    page.close()
    assert script.gone.wait(10)


def test_a_new_conversation_ends_the_answer_that_streams(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = script = Script(reply=reply_with("Huang said so {mark}. And " + "more " * 400), pause=0.05)
    page = open_page(writing_site)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#fn-current .fn-text")).to_contain_text("more more", timeout=ANSWER_MILLISECONDS)
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator(".fn-turn")).to_have_count(0)
    expect(page.locator(".fn-connect")).to_have_count(0)
    assert script.gone.wait(5)


def test_opening_an_earlier_conversation_ends_the_answer_that_streams(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = Script(reply=reply_with("Huang said in Taipei that this was nonsense {mark}."))
    page = open_page(writing_site)
    ask(page, QUESTION)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".fn-turn")).to_have_count(0)
    chat_server.script = script = Script(reply=reply_with("Huang said so {mark}. And " + "more " * 400), pause=0.05)
    page.get_by_label("Your question").fill("Why did Huang call it nonsense?")
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#fn-current .fn-text")).to_contain_text("more more", timeout=ANSWER_MILLISECONDS)
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("dialog").locator(".fn-open").click()
    assert script.gone.wait(5), "the model's server sees that nobody listens"
    expect(page.locator(".fn-turn .fn-question")).to_have_text([QUESTION])
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_a_question_that_is_stopped_before_the_first_word_comes_back(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    # The small call that translates is answered, the next one never.
    chat_server.script = script = Script(reply=reply_with("Nothing {mark}."), hang_at=0.3)
    page = open_page(writing_site)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    # A translation that another test asked for is remembered.
    expect(page.locator("#fn-current")).to_contain_text(re.compile("Searching your articles|Reading what was found"))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#fn-current .fn-end")).to_have_text("You stopped this question before an answer came.")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    script.released.set()


def test_a_conversation_that_cannot_be_read_ends_the_answer_that_streams_in_good_order(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = script = Script(reply=reply_with("Huang said so {mark}. And " + "more " * 400), pause=0.05)
    page = open_page(writing_site)
    page.evaluate(
        "localStorage.setItem('footnote.conversations.', JSON.stringify([{id: '1', name: 'Old', when: 1, record: {}}]))"
    )
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#fn-current .fn-text")).to_contain_text("more more", timeout=ANSWER_MILLISECONDS)
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("dialog").locator(".fn-open").click()
    expect(page.get_by_role("alert")).to_have_text("This conversation cannot be read any more. Delete it.")
    page.keyboard.press("Escape")
    assert script.gone.wait(5)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.locator("#fn-current .fn-turn")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#fn-current .fn-end")).to_have_text("You stopped the answer here.")
    chat_server.script = Script(reply=reply_with("Huang said in Taipei that this was nonsense {mark}."))
    expect(ask(page, "Why did Huang call it nonsense?")).to_contain_text("Huang said in Taipei")


def test_a_model_that_fails_leaves_what_was_found(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    chat_server.script = Script(status=401)
    turn = ask(open_page(writing_site), QUESTION)
    expect(turn.get_by_role("alert")).to_contain_text("This question was not answered.")
    expect(turn.locator(".fn-proof")).to_contain_text("These were found for your question.")
    turn.locator(".fn-source [data-read]").first.click()
    expect(turn.page.locator("dialog.fn-reader")).to_be_visible()


def test_a_reply_that_breaks_off_is_kept_and_says_so(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    words = "Huang said in Taipei that this was nonsense {mark}. And " + "more " * 20
    chat_server.script = Script(reply=reply_with(words), broken_at=0.9)
    turn = ask(open_page(writing_site), QUESTION)
    expect(turn.locator(".fn-end")).to_have_text("The reply broke off here.")
    expect(turn.locator(".fn-warnings")).to_contain_text("broke off")
    expect(turn.locator(".fn-text")).to_contain_text("Huang said in Taipei")
    expect(turn.locator(".fn-ask")).to_have_count(0)


def test_a_hostile_reply_runs_nothing_and_loads_nothing(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    attack = "<img src=http://evil.example/x.png onerror=\"document.title='pwned'\">"
    chat_server.script = Script(reply=reply_with(f"Huang {attack} said 301 {attack} {{mark}}. {attack} So said Ann."))
    page = open_page(writing_site)
    turn = ask(page, QUESTION)
    expect(turn.locator(".fn-doubt").first).to_contain_text("<img src=")
    expect(turn.locator("img")).to_have_count(0)
    assert page.title() == "Footnote"


def reply_with(words: str) -> Callable[[str], str]:
    """Answer the small calls as a good model would, and the question with these words about a sentence of the seeds."""

    def reply(prompt: str) -> str:
        if "Last question:" in prompt:
            return "Why did Huang call it nonsense?"
        if "(French):" in prompt:
            return "fr: Nvidia a-t-il abandonné l'accord ?"
        found = re.search(r"^(\[\d+\.\d+\]) The claim that Nvidia was unhappy", prompt, re.MULTILINE)
        assert found, "the sentence was not shown"
        return f"VERDICT: no\n{words.format(mark=found[1])}"

    return reply

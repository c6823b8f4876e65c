"""The chat in Chromium, over the real assistant: ask, stream, follow a footnote to its proof."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

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
    page = open_page(height=600)
    turn = ask(page, QUESTION)
    mark = turn.locator("a.fn-mark").last
    number = mark.inner_text()
    mark.click()
    source = page.locator(".fn-source:focus")
    expect(source.locator(".fn-number")).to_have_text(number)
    expect(source.locator(".fn-excerpt mark").first).to_be_in_viewport()
    source.locator("a.fn-number").click()
    expect(page.locator("a.fn-mark:focus")).to_have_text(number)


def test_pointing_at_a_mark_lights_up_its_source(open_page: OpenPage) -> None:
    page = open_page()
    turn = ask(page, QUESTION)
    turn.locator("a.fn-mark").first.hover()
    expect(page.locator(".fn-source.is-lit")).to_have_count(1)


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


def test_an_empty_library_says_how_to_fill_it(
    open_page: OpenPage, start_server: Callable[[Path], str], tmp_path: Path
) -> None:
    page = open_page(start_server(tmp_path / "empty"))
    expect(page.get_by_text("assistant index PATH")).to_be_visible()
    expect(page.locator("#fn-examples button")).to_have_count(0)

"""The chat in Chromium, over the real assistant: ask, stream, follow a footnote to its proof."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

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


def test_what_to_ask_next_comes_into_view_beside_a_long_proof(open_page: OpenPage) -> None:
    page = open_page(width=1400, height=620)
    turn = ask(page, QUESTION)
    # To where the proof still goes on, 100 pixels below the window.
    page.evaluate(
        "scrollBy(0, document.querySelector('#fn-current .fn-pair').getBoundingClientRect().bottom - innerHeight - 100)"
    )
    button = turn.locator(".fn-ask").last.bounding_box()
    composer = page.locator("#fn-composer").bounding_box()
    assert button is not None
    assert composer is not None
    assert 0 <= button["y"] <= composer["y"] - button["height"]


def test_the_page_is_dark_where_the_system_is(open_page: OpenPage) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    assert open_page(dark=True).evaluate(paper) == "rgb(20, 23, 26)"
    assert open_page().evaluate(paper) == "rgb(250, 248, 244)"


def test_an_empty_library_says_how_to_fill_it(
    open_page: OpenPage, start_server: Callable[..., str], tmp_path: Path
) -> None:
    page = open_page(start_server(tmp_path / "empty"))
    expect(page.get_by_text("assistant index PATH")).to_be_visible()
    expect(page.locator("#fn-examples button")).to_have_count(0)
    expect(page.locator(".fn-connect")).to_have_count(0)


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
    expect(page.locator("#fn-past button")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_suggested_question_is_asked_with_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    button = ask(page, QUESTION).get_by_role("group", name="Ask next").get_by_role("button").last
    question = button.inner_text()
    button.press("Enter")
    wait_for_answer(page, question)


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
    searched = ask(open_page(writing_site), QUESTION).locator(".fn-searched")
    expect(searched.locator("ul")).to_be_hidden()
    searched.locator("summary").press("Enter")
    expect(searched.locator("ul")).to_be_visible()
    expect(searched.locator("li")).to_have_text([QUESTION, "Nvidia a-t-il abandonné l'accord ?"])


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


def test_a_question_that_is_stopped_before_the_first_word_comes_back(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    # The small call that translates is answered, the next one never.
    chat_server.script = script = Script(reply=reply_with("Nothing {mark}."), hang_at=0.3)
    page = open_page(writing_site)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#fn-current")).to_contain_text("Searching your articles")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#fn-current .fn-end")).to_have_text("You stopped this question before an answer came.")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    script.released.set()


def test_a_reply_that_breaks_off_is_kept_and_says_so(
    open_page: OpenPage, writing_site: str, chat_server: ChatServer
) -> None:
    words = "Huang said in Taipei that this was nonsense {mark}. And " + "more " * 20
    chat_server.script = Script(reply=reply_with(words), broken_at=0.9)
    turn = ask(open_page(writing_site), QUESTION)
    expect(turn.locator(".fn-end")).to_have_text("The reply broke off here.")
    expect(turn.locator(".fn-warnings")).to_contain_text("broke off")
    expect(turn.locator(".fn-text")).to_contain_text("Huang said in Taipei")
    expect(turn.locator("button")).to_have_count(0)


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

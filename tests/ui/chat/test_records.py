"""A conversation goes to the browser and comes back, whatever became of its articles or a browser sends."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.models import (
    Answer,
    Citation,
    CitationStatus,
    Fault,
    FaultKind,
    Statement,
    StatementStatus,
    Verdict,
)
from assistant.ui.chat.conversation import Conversation, Exchange, recall
from assistant.ui.chat.history import file_of, owner_of, render_tools
from assistant.ui.chat.records import MAX_EXCHANGES, conversation_of, record_of
from assistant.ui.texts import Speaker
from index import Article, Span

ENGLISH = Speaker("en")
TEXT = "It rained. The bridge was closed on Monday. Nobody was hurt."
ARTICLE = Article("/news/a.md", "The bridge", TEXT, date(2026, 2, 1), "en", "Gazette", address="https://n.example/a")
ANSWER = Answer(
    question="Was the bridge closed?",
    text="Yes, on Tuesday [1].",
    language="en",
    citations=(
        Citation(1, ARTICLE, 11, 43, Span(0, 60), CitationStatus.UNSUPPORTED, translation="Le pont a été fermé lundi."),
    ),
    verdict=Verdict.YES,
    model="openai:gpt-test",
    warnings=("Look here.",),
    partial=True,
    statements=(Statement(0, 16, (1,), StatementStatus.UNSUPPORTED, (Fault(FaultKind.DATE, "Tuesday"),)),),
    as_of=date(2026, 2, 1),
    searched=("bridge closed",),
)
CONVERSATION = recall(Conversation(), ANSWER, ENGLISH)

Find = Callable[[str, str], Article | None]


def there_and_back(conversation: Conversation, find: Find) -> Conversation:
    return conversation_of(json.loads(json.dumps(record_of(conversation))), find, ENGLISH)


def no_article(source: str, digest: str) -> Article | None:
    return None


def test_a_conversation_comes_back_as_it_was() -> None:
    assert there_and_back(CONVERSATION, lambda source, digest: ARTICLE) == CONVERSATION


def test_a_real_answer_comes_back_with_its_evidence(assistant: Assistant) -> None:
    conversation = recall(Conversation(), assistant.ask("Did Nvidia abandon the deal?"), ENGLISH)
    back = there_and_back(conversation, lambda source, digest: assistant.index.article(source, version=digest))
    [before], [after] = conversation.exchanges, back.exchanges
    assert after.answer is not None
    assert before.answer is not None
    assert after.answer.citations[0].article.text == before.answer.citations[0].article.text
    assert [citation.quote for citation in after.answer.citations] == [c.quote for c in before.answer.citations]
    assert back.turns == conversation.turns


@pytest.mark.parametrize(
    "find", [no_article, lambda source, digest: replace(ARTICLE, text="The bridge was never closed, said the mayor.")]
)
def test_where_the_article_is_gone_or_another_the_quote_is_shown_as_it_was(find: Find) -> None:
    [exchange] = there_and_back(CONVERSATION, find).exchanges
    assert exchange.answer is not None
    [citation] = exchange.answer.citations
    assert citation.quote == "The bridge was closed on Monday."
    assert citation.article.title == "The bridge"
    assert "The bridge was closed on Monday." in exchange.html


def test_the_version_that_was_cited_is_asked_for() -> None:
    cited = replace(ANSWER.citations[0], article=replace(ARTICLE, digest="abc"))
    asked = []
    record = record_of(recall(Conversation(), replace(ANSWER, citations=(cited,)), ENGLISH))
    conversation_of(record, lambda source, digest: asked.append((source, digest)), ENGLISH)
    assert asked == [("/news/a.md", "abc")]


def test_questions_without_an_answer_are_not_kept_and_of_a_long_conversation_the_newest() -> None:
    failed = Exchange("Why?", None, "<p>failed</p>")
    exchanges = [replace(CONVERSATION.exchanges[0], answer=replace(ANSWER, question=f"{n}?")) for n in range(120)]
    record = record_of(Conversation((*exchanges, failed)))
    kept = [exchange["question"] for exchange in record["exchanges"]]
    assert kept == [f"{number}?" for number in range(120 - MAX_EXCHANGES, 120)]


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        "conversation",
        {"exchanges": None},
        {"exchanges": [{"question": "Why?"}]},
        {"exchanges": [{"question": "x" * 200_000, "text": ""}]},
        {"exchanges": [{"question": "Why?", "text": "So."}] * 1_000},
        {"exchanges": [{"question": "Why?", "text": "So.", "verdict": "perhaps"}]},
        {"exchanges": [{"question": "Why?", "text": "So.", "citations": [{"number": 1, "source": "/etc/passwd"}]}]},
    ],
)
def test_what_is_no_conversation_is_refused_with_a_line(record: object) -> None:
    with pytest.raises(AssistantError, match=r"^This conversation cannot be read any more\. Delete it\.$"):
        conversation_of(record, no_article, ENGLISH)


def test_what_a_browser_sends_is_rendered_anew_and_its_places_are_checked() -> None:
    record = record_of(CONVERSATION)
    [exchange] = record["exchanges"]
    exchange["html"] = "<script>alert(1)</script>"
    exchange["text"] = "<script>alert(1)</script> [1]"
    exchange["statements"] = [{"start": 5, "end": 900, "citations": [1], "status": "supported"}]
    exchange["citations"][0] |= {"start": 900, "end": 2, "context": [800, 1], "title": "<img src=x onerror=alert(1)>"}
    html = conversation_of(record, lambda source, digest: ARTICLE, ENGLISH).html
    assert "<script" not in html
    assert "<img" not in html


def test_users_of_one_browser_have_shelves_of_their_own() -> None:
    assert owner_of(None) == ""
    assert len({owner_of(None), owner_of("ada"), owner_of("bob")}) == 3
    assert "ada" not in owner_of("ada")


def test_the_words_of_the_list_are_data_and_no_markup() -> None:
    html = render_tools(Speaker("fr"), owner_of("ada"), "of this server")
    assert html.count("<") == html.count(">")
    assert "&#34;history&#34;: &#34;Conversations&#34;" in html


def test_a_conversation_is_saved_as_markdown_or_json() -> None:
    day = date(2026, 2, 3)
    markdown = file_of(CONVERSATION, "markdown", ENGLISH, day)
    assert (markdown["name"], markdown["type"]) == ("footnote-2026-02-03.md", "text/markdown")
    saved = file_of(CONVERSATION, "json", ENGLISH, day)
    assert saved["name"] == "footnote-2026-02-03.json"
    assert json.loads(saved["text"])[0]["question"] == "Was the bridge closed?"

"""Answers made of what was found: what they say about its time, and the copies that their footnotes name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.prompt_values import ChatPromptValue
from langchain_core.runnables import RunnableLambda

from assistant import Answer, Assistant, CitationStatus, Settings, Turn
from assistant.answering import Room, begin_answer, decline_answer, invite_articles, write_answer
from assistant.budget import count_passage
from assistant.chain import answer_chain, prompt_text, prompt_values
from assistant.finding import Finder, Findings
from assistant.models import StatementStatus
from assistant.phrases import phrases
from index import Article, SearchFilter

TODAY = date(2026, 2, 11)
LAST_WEEK = date(2026, 2, 4)
PRAISE = {"en": "The mayor praised the bridge.", "fr": "Le maire a loué le pont."}
QUESTION = "When did the harbour of Lisbon close last week?"
STORY = (
    "The harbour of Lisbon closed on Friday after a crane fell into the water near the old customs house. "
    "The ferries will run again from Sunday morning at the earliest, the port authority said in the evening."
)
WIRE = Article("mem:wire", "Crane falls in Lisbon", STORY, LAST_WEEK, "en", "Wire")
DAILY = Article("mem:daily", "Lisbon: a crane falls", STORY.replace("fell", "dropped"), LAST_WEEK, "en", "Daily")
OTHER = Article("mem:other", "Ferries", "Many people take a ferry of Lisbon to work.", LAST_WEEK, "en", "Gazette")


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant for whom it is always the same day, that declines nothing, with nothing indexed."""
    with Assistant(Settings(home=tmp_path / "home", confidence=0), today=lambda: TODAY) as opened:
        yield opened


@pytest.fixture
def found(assistant: Assistant) -> Findings:
    """What is found about a story that two houses print and a third does not."""
    assistant.index.add([WIRE, DAILY, OTHER])
    findings = Finder(assistant.index, today=lambda: TODAY).find(QUESTION, limit=8, scope=SearchFilter())
    assert len(findings.passages) == 2
    return findings


def written(found: Findings, reply: str) -> list[Answer]:
    """Return the snapshots of the answer that a model with this reply writes."""
    chain = answer_chain(FakeListChatModel(responses=[reply]))
    return list(write_answer(found, chain, Settings(model="fake:model"), ()))


# What an answer says about time


@pytest.mark.parametrize(
    ("question", "language", "warning"),
    [
        (
            "What did the mayor say about the bridge last week?",
            "en",
            "Articles from 2 February 2026 to 8 February 2026 come first, because the question says “last week”.",
        ),
        (
            "Qu'a dit le maire du pont la semaine dernière ?",
            "fr",
            "Les articles du 2 février 2026 au 8 février 2026 passent en premier, "
            "car la question dit « la semaine dernière ».",
        ),
        (
            "What did the mayor say about the bridge before 2020?",
            "en",
            "Articles up to 31 December 2019 come first, because the question says “before 2020”.",
        ),
    ],
)
def test_an_answer_says_which_days_come_first_and_why(
    question: str, language: str, warning: str, assistant: Assistant
) -> None:
    assistant.index.add([Article("mem:praise", "The bridge", PRAISE[language], date(2019, 5, 1), language)])
    first, *_, answer = assistant.stream(question)
    assert answer.warnings == (warning,)
    assert [citation.quote for citation in answer.citations] == [PRAISE[language]], "an older article is not hidden"
    assert first.warnings == ()


@pytest.mark.parametrize("question", ["What did the mayor say about the bridge?", "What is the latest on the bridge?"])
def test_an_answer_to_a_question_that_names_no_days_says_nothing_about_them(
    question: str, assistant: Assistant
) -> None:
    assistant.index.add([Article("mem:praise", "The bridge", PRAISE["en"], LAST_WEEK, "en")])
    answer = assistant.ask(question)
    assert answer.citations
    assert answer.warnings == ()


def test_the_article_of_the_week_is_the_one_that_is_quoted(assistant: Assistant) -> None:
    days = {"mem:old": date(2025, 6, 3), "mem:last-week": LAST_WEEK, "mem:new": date(2026, 2, 10)}
    assistant.index.add([Article(source, "The bridge", PRAISE["en"], day, "en") for source, day in days.items()])
    answer = assistant.ask("What did the mayor say about the bridge last week?")
    assert [citation.article.source for citation in answer.citations] == ["mem:last-week"]
    assert {passage.article.source for passage in answer.passages} == set(days)


def test_a_written_answer_says_which_days_come_first_when_it_is_complete(found: Findings) -> None:
    *growing, answer = written(found, "It closed on Friday [1.1].")
    assert [warning for warning in answer.warnings if "last week" in warning] == list(answer.warnings)
    assert len(answer.warnings) == 1
    assert growing
    assert all(not snapshot.warnings and not snapshot.complete for snapshot in growing)


# Copies


def test_a_quoted_footnote_names_the_copies_of_its_story(assistant: Assistant, found: Findings) -> None:
    answer = assistant.ask(QUESTION)
    story = [citation for citation in answer.citations if citation.article != OTHER]
    assert story
    for citation in story:
        assert {citation.article, *citation.copies} == {WIRE, DAILY}
        assert len(citation.copies) == 1
        assert citation.article.text[citation.start : citation.end] == citation.quote
    assert all(citation.copies == () for citation in answer.citations if citation.article == OTHER)


def test_a_written_footnote_names_the_copies_of_its_story(found: Findings) -> None:
    story, other = found.passages
    *_, answer = written(found, "It closed on Friday [1.1]. People take ferries to work [2.1].")
    assert [citation.copies for citation in answer.citations] == [story.copies, ()]
    assert {answer.citations[0].article, *story.copies} == {WIRE, DAILY}
    assert answer.citations[1].article == other.article


# The other answers


def test_the_first_snapshot_has_the_passages_and_no_word(found: Findings) -> None:
    answer = begin_answer(found, "fake:model")
    assert (answer.text, answer.complete, answer.passages) == ("", False, found.passages)
    assert (answer.question, answer.language, answer.model) == (QUESTION, "en", "fake:model")


@pytest.mark.parametrize("reply", ["NOT STATED", "Not stated.", "<think>Hm.</think>", "```\n```"])
def test_a_model_that_finds_no_answer_or_says_nothing_declines(reply: str, found: Findings) -> None:
    (answer,) = written(found, reply)
    declined = decline_answer(found, model="fake:model")
    said = declined.text if "tated" in reply.title() else f"{phrases('en').wordless} {phrases('en').nearest}"
    assert replace(answer, usage=None) == replace(declined, text=said)
    assert answer.abstained
    assert answer.passages == found.passages
    assert "nearest" in answer.text


def test_a_reply_in_another_language_than_asked_is_checked_in_its_own(found: Findings) -> None:
    *_, answer = written(found, "Der Hafen wurde am Freitag wegen eines Krans im Wasser geschlossen [1.1].")
    assert [fault.words for statement in answer.statements for fault in statement.faults] == []
    *_, answer = written(found, "Der Hafen von Porto wurde am Freitag wegen eines Krans geschlossen [1.1].")
    assert [fault.words for statement in answer.statements for fault in statement.faults] == ["Porto"]


def test_without_passages_no_nearest_ones_are_promised() -> None:
    nothing = Findings(QUESTION, QUESTION, "en", ())
    assert "nearest" not in decline_answer(nothing).text
    assert "assistant index PATH" in invite_articles(nothing).text


def test_a_written_answer_warns_of_what_does_not_hold(found: Findings) -> None:
    *_, answer = written(found, "It closed for 12 days [1.1]. It was a Monday [7.3].")
    assert [citation.status for citation in answer.citations] == [CitationStatus.UNSUPPORTED]
    unknown, uncited_one, fault = answer.warnings[1:]
    assert "not shown" in unknown
    assert "One statement of this answer cites nothing" in uncited_one
    assert fault.startswith("The number 12")
    assert fault.endswith("does not stand in what [1] quotes.")
    *_, uncited = written(found, "It closed.")
    assert "cites no sentence" in uncited.warnings[-1]


def test_of_many_faults_the_first_are_named_and_the_others_counted(found: Findings) -> None:
    *_, answer = written(found, " ".join(f"It closed for {days} days [1.1]." for days in range(31, 40)))
    named = [warning for warning in answer.warnings if warning.startswith("The number")]
    assert len(named) == 5
    assert answer.warnings[-1] == "4 more parts of this answer do not stand in what they cite."


def test_a_fault_of_any_length_is_named_shortly(found: Findings) -> None:
    *_, answer = written(found, f"The authority said “{'closed for good ' * 30}” [1.1].")
    assert max(map(len, answer.warnings)) < 200


def test_an_answer_says_how_recent_its_newest_source_is(assistant: Assistant, found: Findings) -> None:
    assert [answer.as_of for answer in written(found, "It closed on Friday [1.1].")][-1] == LAST_WEEK
    assert written(found, "It closed.")[-1].as_of is None
    quoted = assistant.ask(QUESTION)
    assert quoted.as_of == max(c.article.published for c in quoted.citations if c.article.published)


def test_the_statements_of_a_quoted_answer_are_its_quotes(assistant: Assistant, found: Findings) -> None:
    answer = assistant.ask(QUESTION)
    assert len(answer.statements) == len(answer.citations)
    for statement, citation in zip(answer.statements, answer.citations, strict=True):
        assert statement.citations == (citation.number,)
        assert statement.status is StatementStatus.QUOTED
        assert " ".join(citation.quote.split()) in answer.text[statement.start : statement.end]


def test_a_written_answer_says_what_its_reply_took(found: Findings) -> None:
    *growing, answer = written(found, "It closed on Friday [1.1].")
    assert answer.usage is not None
    assert 0 <= (answer.usage.first_token or 0.0) <= answer.usage.seconds
    assert all(snapshot.usage is None for snapshot in growing)


# What the model can read


def test_passages_that_the_model_cannot_read_are_left_out_and_counted(found: Findings) -> None:
    def count(text: str) -> int:
        return len(text.split())

    settings = Settings(model="fake:model", max_tokens=64)
    chain = answer_chain(FakeListChatModel(responses=["It closed on Friday [1.1]. Ferries run [2.1]."]))
    *_, whole = write_answer(found, chain, settings, (), room=Room(10_000, count))
    assert whole.passages == found.passages
    assert not any("not given" in warning for warning in whole.warnings)
    fixed = count(prompt_text(prompt_values(QUESTION, (), "en")))
    *_, answer = write_answer(found, chain, settings, (), room=Room(fixed + 64 + 110, count))
    assert answer.passages == found.passages[:1]
    assert "One passage was not given to the model, because it did not fit into what the model can read." in (
        answer.warnings
    )
    assert [citation.article for citation in answer.citations] == [found.passages[0].article]


@pytest.mark.parametrize(("room", "turns"), [(0, 0), (45, 1), (85, 2), (10_000, 3)])
def test_the_oldest_turns_make_way_for_the_best_passage(room: int, turns: int, found: Findings) -> None:
    def count(text: str) -> int:
        return len(text.split())

    read: list[str] = []

    def reply(prompt: ChatPromptValue) -> AIMessage:
        read.extend(str(message.content) for message in prompt.to_messages())
        return AIMessage("It closed on Friday [1.1].")

    history = [Turn(f"Question {number}?", f"Answer {number}: {'word ' * 36}") for number in range(3)]
    fixed = count(prompt_text(prompt_values(QUESTION, (), "en"))) + count_passage(found.passages[0], count)
    chain = answer_chain(RunnableLambda(reply))  # type: ignore[arg-type]  # a model is a Runnable
    settings = Settings(model="fake:model", max_tokens=64)
    *_, answer = write_answer(found, chain, settings, history, room=Room(fixed + 64 + room, count))
    assert [citation.article for citation in answer.citations] == [found.passages[0].article]
    assert [f"Question {number}?" in read for number in range(3)] == [number >= 3 - turns for number in range(3)]


def test_where_no_passage_fits_the_model_is_not_asked(found: Findings) -> None:
    chain = answer_chain(FakeListChatModel(responses=["It closed on Friday [1.1]."]))
    (answer,) = write_answer(found, chain, Settings(model="fake:model"), (), room=Room(1_024, len))
    assert answer.abstained
    assert answer.passages == found.passages
    assert answer.text.startswith("No passage fits into what the model can read")
    assert "ASSISTANT_CONTEXT_WINDOW" in answer.text


# Verifying


def judged(found: Findings, judgement: str, *, strict: bool = False) -> Answer:
    """Return the last snapshot of an answer whose second call gets this reply."""
    chain = answer_chain(FakeListChatModel(responses=["It closed on Friday [1.1]. Many people take a ferry [2.1]."]))
    settings = Settings(model="fake:model", verify="model", strict=strict)
    *_, answer = write_answer(found, chain, settings, (), complete=lambda messages: judgement)
    return answer


def test_what_the_model_does_not_find_in_its_quote_is_marked_and_said(found: Findings) -> None:
    answer = judged(found, "1: yes\n2: no")
    assert [statement.status for statement in answer.statements] == [
        StatementStatus.SUPPORTED,
        StatementStatus.UNSUPPORTED,
    ]
    assert [citation.status for citation in answer.citations] == [
        CitationStatus.SUPPORTED,
        CitationStatus.UNSUPPORTED,
    ]
    assert "did not find “Many people take a ferry.” in what [2] quotes" in answer.warnings[-1]


def test_a_judgement_that_does_not_come_changes_nothing_and_is_said(found: Findings) -> None:
    answer = judged(found, "")
    assert all(citation.status is CitationStatus.SUPPORTED for citation in answer.citations)
    assert answer.warnings[-1].startswith("The second check that ASSISTANT_VERIFY asks for did not work")
    assert answer.warnings[:-1] == judged(found, "1: yes\n2: yes").warnings


def test_that_only_a_part_was_judged_is_said(found: Findings) -> None:
    answer = judged(found, "1: yes")
    assert answer.warnings[-1] == (
        "The second check that ASSISTANT_VERIFY asks for left out one statement, which only the program checked."
    )
    assert answer.warnings[:-1] == judged(found, "1: yes\n2: yes").warnings


def test_a_strict_answer_leaves_out_what_the_model_does_not_find(found: Findings) -> None:
    answer = judged(found, "1: yes\n2: no", strict=True)
    assert answer.text == "It closed on Friday [1]."
    assert judged(found, "1: no\n2: no", strict=True).abstained

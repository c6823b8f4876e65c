"""Each scripted reply becomes the answer that it must become, however it is cut into pieces on its way."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Answer, Settings
from assistant.answering import write_answer
from assistant.chain import answer_chain
from assistant.citations import GrowingFootnotes, shown_places, write_footnotes
from assistant.finding import Findings
from assistant.models import CitationStatus, StatementStatus
from assistant.replies import Reply, ReplyReader
from assistant.statements import check_statements, without_statements
from tests.assistant.scripted_replies import (
    FRENCH_QUESTION,
    OPEN_QUESTION,
    PASSAGES,
    REPLIES,
    Scripted,
    ScriptedModel,
)
from tests.assistant.whole_replies import read_reply

MARK = re.compile(r"\[(\d+)\]")
HALF_A_MARK = re.compile(r"[\[【［〔{][\d.,;\s–-]{0,40}$")

every_reply = pytest.mark.parametrize("scripted", REPLIES.values(), ids=REPLIES.keys())


def answers(reply: str, *, question: str = OPEN_QUESTION, size: int = 1_000, strict: bool = False) -> list[Answer]:
    """Return the snapshots of the answer that a model writes which sends a reply in pieces of `size` characters."""
    language = "fr" if question == FRENCH_QUESTION else "en" if question.isascii() else "zh"
    found = Findings(question, question, language, PASSAGES)
    chain = answer_chain(ScriptedModel(reply=reply, size=size))
    snapshots = write_answer(found, chain, Settings(model="fake:model", strict=strict, max_tokens=10_000), ())
    return [replace(answer, usage=None) for answer in snapshots]


def numbers(text: str) -> set[int]:
    return {int(number) for number in MARK.findall(text)}


def assert_sound(answer: Answer) -> None:
    """Check what holds for every answer to any reply."""
    known = [citation.number for citation in answer.citations]
    assert known == list(range(1, len(known) + 1))
    assert numbers(answer.text) == set(known)
    answer.text.encode()
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
        assert any(citation.start == span.start for passage in PASSAGES for span in passage.sentences)
        assert any(citation.end == span.end for passage in PASSAGES for span in passage.sentences)
    place = 0
    for statement in answer.statements:
        assert place <= statement.start < statement.end <= len(answer.text)
        said = answer.text[statement.start : statement.end]
        assert said == said.strip()
        assert set(statement.citations) <= set(known)
        assert (statement.status is StatementStatus.UNCITED) == (not statement.citations)
        assert bool(statement.faults) == (statement.status is StatementStatus.UNSUPPORTED)
        place = statement.end


@every_reply
def test_a_scripted_reply_becomes_its_answer(scripted: Scripted) -> None:
    *_, answer = answers(scripted.reply, question=scripted.question)
    assert_sound(answer)
    assert answer.abstained == scripted.declines
    assert answer.verdict is scripted.verdict
    if not scripted.declines:
        assert answer.text == scripted.text
        assert tuple(citation.quote for citation in answer.citations) == scripted.quotes
        assert tuple(statement.status for statement in answer.statements) == scripted.statements
        assert set(scripted.faults) <= {fault.kind for statement in answer.statements for fault in statement.faults}


@every_reply
def test_the_pieces_in_which_a_reply_comes_make_no_difference(scripted: Scripted) -> None:
    ends = [answers(scripted.reply, question=scripted.question, size=size)[-1] for size in (1, 3, 1_000)]
    assert ends[0] == ends[1] == ends[2]


@every_reply
@pytest.mark.parametrize("size", [1, 3])
def test_no_snapshot_shows_half_a_pointer_or_a_footnote_that_is_none(scripted: Scripted, size: int) -> None:
    *growing, _ = answers(scripted.reply, question=scripted.question, size=size)
    for snapshot in growing:
        assert not snapshot.complete
        assert numbers(snapshot.text) == {citation.number for citation in snapshot.citations}
        assert not HALF_A_MARK.search(snapshot.text)
        assert "VERDICT" not in snapshot.text
        assert not snapshot.text.startswith("NOT STATED")


@every_reply
def test_a_reply_grows_and_takes_no_word_back(scripted: Scripted) -> None:
    if "</think>" in scripted.reply and "<think>" not in scripted.reply:
        pytest.skip("that all of it was a thought is known at its end only")
    shown = ""
    for snapshot in answers(scripted.reply, question=scripted.question, size=1)[:-1]:
        assert snapshot.text.startswith(shown)
        shown = snapshot.text


@every_reply
def test_unknown_pointers_are_counted_in_a_warning(scripted: Scripted) -> None:
    warnings = " ".join(answers(scripted.reply, question=scripted.question)[-1].warnings)
    assert ("not shown" in warnings) == (scripted.unknown > 0)
    if scripted.unknown > 1:
        assert f"{scripted.unknown} times" in warnings


@every_reply
def test_a_citation_is_unsupported_where_a_false_statement_rests_on_it_alone(scripted: Scripted) -> None:
    answer = answers(scripted.reply, question=scripted.question)[-1]
    alone = {s.citations[0] for s in answer.statements if s.faults and len(s.citations) == 1}
    for citation in answer.citations:
        assert (citation.status is CitationStatus.UNSUPPORTED) == (citation.number in alone)


# Strict


@every_reply
def test_a_strict_answer_says_nothing_that_is_not_borne_out(scripted: Scripted) -> None:
    *growing, answer = answers(scripted.reply, question=scripted.question, strict=True)
    assert growing == []
    assert_sound(answer)
    assert all(statement.status is StatementStatus.SUPPORTED for statement in answer.statements)
    supported = scripted.statements.count(StatementStatus.SUPPORTED)
    assert len(answer.statements) == supported
    assert answer.abstained == (supported == 0)
    lost = len(scripted.statements) - supported
    assert any(re.search("left out|retirée", warning) for warning in answer.warnings) == (lost > 0)


def test_a_strict_answer_keeps_the_true_half() -> None:
    reply = "The deal is worth 300 billion dollars [1.3]. Huang called the report nonsense [1.1]."
    (answer,) = answers(f"{reply}\n- It is over.\n- Tea [4.2]", strict=True)
    assert answer.text == "Huang called the report nonsense [1].\n- Tea [2]"
    assert [answer.text[s.start : s.end] for s in answer.statements] == ["Huang called the report nonsense", "Tea"]
    assert answer.warnings == ("2 statements were left out, because nothing that they cite bears them out.",)


# Any reply

FRAGMENTS = st.sampled_from(
    [
        *"[]()【】（）`*_<>!^.,;:\n\r -–1234567890",
        *(
            "[1.1]",
            "[1.2]",
            "[2.1]",
            "[9.9]",
            "[1]",
            "(1.2)",
            "【1.3†source】",
            "[1.1-1.3]",
            "[1.1, 2.2]",
            "¹·¹",
            "[١]",
        ),
        *("{1.2}", r"\[1.1\]", "<cite>1.2</cite>", "(passage 1, sentence 2)", "</s>", "[/INST]", "<answer>", "{", "}"),
        *("<think>", "</think>", "<sup>", "</sup>", "```", "```\n", "**", "NOT STATED", "VERDICT: no", "Sources:\n- "),
        *("Answer: ", "](http://x)", "![", "Huang said ", "300 billion ", "No. ", "否认。", "\ud800", "\x00", "\u2028"),
    ]
)
REPLIES_AT_ALL = st.lists(FRAGMENTS | st.text(max_size=12), max_size=25).map("".join)


PLACES = shown_places(PASSAGES)
PROSE = st.sampled_from(
    [
        *(
            "Huang said ",
            "that the deal stands",
            ", ",
            ". ",
            "\n",
            "\n- ",
            " (2 February 2026)",
            " 1.5 times",
            "否认。",
        ),
        *(
            "[1.1]",
            "[1.2, 2.1]",
            "(1.2)",
            "【1.3†source】",
            "[[1.1]]",
            "[^1.2]",
            "¹·¹",
            "`[1.1]`",
            "([1.2])",
            "[9.9]",
            "[1]",
        ),
        *(
            "**bold**",
            "[words](https://x.example)",
            "<sup>[1.1]</sup>",
            "[passage 1.2]",
            "{1.2}",
            r"\[1.2\]",
            "[cite: 1.2]",
            "<cite>1.2</cite>",
            "(passage 1, sentence 2)",
            "</s>",
            "<end_of_turn>",
            " [sic]",
            "<b>",
            "VERDICT: no\n",
        ),
    ]
)


@given(reply=st.lists(PROSE, max_size=20).map("".join), size=st.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_no_snapshot_of_any_prose_shows_half_a_pointer(reply: str, size: int) -> None:
    reader, growing = ReplyReader(PLACES), GrowingFootnotes(PASSAGES, PLACES)
    for start in range(0, len(reply), size):
        reader.feed(reply[start : start + size])
        shown = growing.grow(reader.progress()).text
        assert not HALF_A_MARK.search(shown)
        assert not re.search(r"\[\d+\.\d+", shown)


def finished(reply: Reply, *, language: str, strict: bool) -> Answer:
    checked = check_statements(reply, PASSAGES, PLACES, language)
    if strict:
        reply, checked = without_statements(reply, checked, {StatementStatus.UNSUPPORTED, StatementStatus.UNCITED})
    notes = write_footnotes(reply, PASSAGES, PLACES, checked)
    return Answer("?", notes.text, citations=notes.citations, statements=notes.statements)


@given(reply=REPLIES_AT_ALL, size=st.integers(1, 9), language=st.sampled_from(["en", "fr", "zh", ""]))
@settings(max_examples=300, deadline=None)
def test_any_reply_becomes_a_sound_answer_however_it_comes(reply: str, size: int, language: str) -> None:
    reader, growing = ReplyReader(PLACES), GrowingFootnotes(PASSAGES, PLACES)
    for start in range(0, len(reply), size):
        reader.feed(reply[start : start + size])
        snapshot = growing.grow(reader.progress())
        assert numbers(snapshot.text) == {citation.number for citation in snapshot.citations}
    end = reader.close()
    assert end == read_reply(reply, PLACES)
    assert_sound(finished(end, language=language, strict=False))
    strict = finished(end, language=language, strict=True)
    assert_sound(strict)
    assert all(statement.status is StatementStatus.SUPPORTED for statement in strict.statements)

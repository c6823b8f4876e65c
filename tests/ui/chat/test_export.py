"""A conversation as a file: what a reader of Markdown sees, and what a program reads."""

import json
import re
from dataclasses import replace
from datetime import date

from markdown_it import MarkdownIt

from assistant.models import Answer, Citation
from assistant.objects import answer_object
from assistant.ui.chat.conversation import Conversation, Exchange
from assistant.ui.chat.export import export_json, export_markdown
from assistant.ui.texts import Speaker
from index import Article, Span

DAY = date(2026, 2, 3)
ENGLISH = Speaker("en")
ARTICLE = Article("https://n.example/a", "The bridge", "The bridge was closed.", date(2026, 2, 1), "en", "Gazette")
ANSWER = Answer("Was it closed?", "It was [1].", citations=(Citation(1, ARTICLE, 0, 22, Span(0, 22)),))


def conversation(*answers: Answer | None) -> Conversation:
    return Conversation(
        tuple(Exchange(answer.question if answer else "Lost?", answer, "<p>shown</p>") for answer in answers)
    )


def test_every_footnote_has_its_quote_title_publisher_day_and_source() -> None:
    text = export_markdown(conversation(ANSWER), ENGLISH, DAY)
    [note] = [line for line in text.splitlines() if line.startswith("[^1-1]:")]
    for words in ("The bridge was closed.", "The bridge", "Gazette", "1 February 2026", "<https://n.example/a>"):
        assert words in note
    assert "It was[^1-1]." in text


def test_footnotes_of_two_answers_have_different_names() -> None:
    text = export_markdown(conversation(ANSWER, ANSWER), ENGLISH, DAY)
    assert sorted(re.findall(r"^\[\^([\d-]+)\]:", text, re.MULTILINE)) == ["1-1", "2-1"]
    assert text.count("[^2-1]") == 2


def test_a_question_that_failed_is_told() -> None:
    text = export_markdown(conversation(None), Speaker("fr"), DAY)
    assert "# Conversation du 3 février 2026" in text
    assert "## Lost?" in text
    assert "sans réponse" in text


def test_nothing_that_was_written_becomes_markup() -> None:
    hostile = (
        "<img src=x> ![x](http://evil.example/x.png) [a](javascript:alert(1)) `code` *bold* [^1] http://evil.example"
    )
    article = replace(ARTICLE, text=hostile, title=hostile, publisher=hostile, source=f"/{hostile}")
    answer = replace(
        ANSWER,
        question=hostile,
        text=f"{hostile} [1]",
        warnings=(hostile,),
        citations=(Citation(1, article, 0, len(hostile), Span(0, 9)),),
    )
    html = MarkdownIt("commonmark").render(export_markdown(conversation(answer), ENGLISH, DAY))
    assert not re.search(r"<(img|a|code|em|strong)\b", html)


def test_json_holds_the_objects_that_ask_prints() -> None:
    assert json.loads(export_json(conversation(ANSWER, None))) == [answer_object(ANSWER)]

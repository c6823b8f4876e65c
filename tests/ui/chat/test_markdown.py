"""An answer as Markdown: footnotes that most readers know, and nothing that acts."""

from dataclasses import replace
from datetime import date

import pytest
from markdown_it import MarkdownIt

from assistant.models import Answer, Citation
from assistant.ui.chat.markdown import answer_markdown, plain_text
from assistant.ui.texts import Speaker
from index import Article, Span
from tests.ui.chat.test_rendering import HOSTILE

TEXT = "Tea is grown in Assam."
TEA = Article("/tea.md", "Tea", TEXT, date(2026, 2, 1), "en", "The Leaf", "Ann Lee", pages=(0,))
ANSWER = Answer(
    "Where?", "In Assam [1]. In [1984] too.\n\nSo it is.", "en", (Citation(1, TEA, 0, len(TEXT), Span(0, len(TEXT))),)
)


def test_footnotes_carry_quote_title_publisher_author_day_page_and_source() -> None:
    assert answer_markdown(ANSWER, Speaker("en")) == (
        "In Assam[^1]. In \\[1984\\] too.\n\nSo it is.\n\n"
        "[^1]: “Tea is grown in Assam.” — Tea, The Leaf, Ann Lee, 1 February 2026, page 1, /tea.md."
    )
    assert "1er février 2026" in answer_markdown(ANSWER, Speaker("fr"))


def test_a_web_source_is_an_address() -> None:
    answer = replace(
        ANSWER, citations=(replace(ANSWER.citations[0], article=replace(TEA, source="https://t.example/")),)
    )
    assert "<https://t.example/>" in answer_markdown(answer, Speaker())


def test_plain_text_has_no_marks() -> None:
    assert plain_text(ANSWER) == "In Assam. In [1984] too.\n\nSo it is."


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_becomes_markup(hostile: str) -> None:
    article = Article(f"https://x.example/{hostile}", hostile, hostile, None, "en", hostile, hostile)
    answer = Answer("?", f"{hostile} [1]", "en", (Citation(1, article, 0, len(hostile), Span(0, len(hostile))),))
    html = MarkdownIt("commonmark").render(answer_markdown(answer, Speaker()))
    for tag in ("<script", "<img", "<svg", "<iframe", "<style", 'href="javascript', 'href="data'):
        assert tag not in html

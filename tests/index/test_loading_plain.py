"""Plain text: the text as it is, and a title."""

import pytest

from index.loading.plain import read_plain


def test_a_first_line_that_stands_alone_is_the_title() -> None:
    article = read_plain(b"Rain in Paris\n\nIt rained all day.", "/news/a.txt")
    assert article.title == "Rain in Paris"
    assert article.text == "Rain in Paris\n\nIt rained all day."
    assert (article.source, article.language, article.published) == ("/news/a.txt", "", None)


@pytest.mark.parametrize(
    "text", ["It rained all day.\nIt stopped at night.", "Only one line.", "A long first line. " * 20 + "\n\nMore."]
)
def test_any_other_first_line_is_no_title(text: str) -> None:
    assert read_plain(text.encode(), "/news/rain-in_paris.fr.txt").title == ""

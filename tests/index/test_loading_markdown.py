"""Markdown with front matter: fields, plain text, and front matter that is wrong."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Article, UnreadableArticle
from index.loading.markdown import read_markdown


def read(text: str) -> Article:
    return read_markdown(text.encode(), "/news/rain-in-paris.md")


def refusal(text: str) -> str:
    with pytest.raises(UnreadableArticle) as caught:
        read(text)
    assert caught.value.source == "/news/rain-in-paris.md"
    assert "\n" not in caught.value.reason
    return caught.value.reason


def test_front_matter_gives_the_fields() -> None:
    article = read(
        '---\ntitle: "Rain: again"\nlanguage: fr-FR\npublisher: Le Soir\npublished: 2026-02-01\n---\nIl pleut.'
    )
    assert article == Article("/news/rain-in-paris.md", "Rain: again", "Il pleut.", date(2026, 2, 1), "fr", "Le Soir")


@pytest.mark.parametrize("written", ["2026-02-01", '"2026-02-01"', "2026-02-01 10:30:00", "2026-02-01T10:30:00Z"])
def test_a_date_may_be_written_in_several_ways(written: str) -> None:
    assert read(f"---\ndate: {written}\n---\nRain.").published == date(2026, 2, 1)


def test_other_names_of_the_fields_are_known() -> None:
    article = read("---\nlang: EN\nsite: The Post\ndate: 2026-02-01\nauthor: [A, B]\n---\nRain.")
    assert (article.language, article.publisher, article.published) == ("en", "The Post", date(2026, 2, 1))


@pytest.mark.parametrize("code", ["no", "NO"])
def test_norwegian_is_a_language_and_not_a_false(code: str) -> None:
    assert read(f"---\nlanguage: {code}\n---\nHei.").language == "no"


@pytest.mark.parametrize("title", ["1984", "2026-02-01", "Yes", "1_000"])
def test_a_title_is_read_as_it_is_written(title: str) -> None:
    assert read(f"---\ntitle: {title}\n---\nRain.").title == title


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    article = read("Some words.\n\n## Rain *again*\n\nMore.")
    assert article.title == "Rain again"
    assert article.text == "Some words.\n\nRain again\n\nMore."


def test_without_a_heading_there_is_no_title() -> None:
    assert read("Some words.").title == ""
    assert read("---\ntitle:\n---\nSome words.").title == ""


def test_windows_line_ends_and_a_byte_order_mark_do_not_hide_front_matter() -> None:
    article = read_markdown(b"\xef\xbb\xbf---\r\ntitle: Rain\r\n---\r\nIt rained.\r\n", "/a.md")
    assert (article.title, article.text) == ("Rain", "It rained.")


def test_a_line_at_the_top_that_nothing_closes_is_no_front_matter() -> None:
    assert read("---\nIt rained.").text == "It rained."


@pytest.mark.parametrize(
    ("between", "text"),
    [
        ("\nIt rained.\n\nThe river rose.\n", "It rained.\n\nThe river rose."),
        ("just words", "just words"),
        ("- a\n- b", "a\n\nb"),
        ("42", "42"),
        ("\nNote: it rained.\n", "Note: it rained."),
        ("It rained: a lot.\n", "It rained: a lot."),
        ("# Rain\n\nIt said: see [the map](a: b)\n", "Rain\n\nIt said: see [the map](a: b)"),
    ],
)
def test_text_between_two_lines_across_the_page_is_text(between: str, text: str) -> None:
    assert read(f"---\n{between}\n---\n\nThe end.").text == f"{text}\n\nThe end."


@pytest.mark.parametrize(
    "matter", ["\ntitle: Rain\n", "# our house\ntitle: Rain", "{title: Rain}", "a: b\ntitle: Rain"]
)
def test_front_matter_is_known_by_the_names_of_its_fields(matter: str) -> None:
    article = read(f"---\n{matter}\n---\nIt rained.")
    assert (article.title, article.text) == ("Rain", "It rained.")


def test_marks_are_taken_off() -> None:
    text = read(
        "# Title\n\n*Rain* and **wind**,\nsays [the page](https://example.org 'x') `code`.\n\n"
        "- one\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| c | d |\n\n```\nfenced\n```\n\n"
        "<p>in <b>a</b> tag</p>\n\n![alt text](image.png) end &amp; done"
    ).text
    assert text.split("\n\n") == [
        "Title",
        "Rain and wind, says the page code.",
        "one",
        "two",
        "quoted",
        "a",
        "b",
        "c",
        "d",
        "fenced",
        "in  a  tag",
        "alt text end & done",
    ]


@pytest.mark.parametrize(
    ("matter", "reason"),
    [
        ('title: "open', "front matter does not parse"),
        ("title: [a", "front matter does not parse"),
        ("a: b: c", "front matter does not parse: mapping values are not allowed here, line 2"),
        ("title: x\nlanguage: a: b", "line 3"),
        ("title: \x07", "front matter does not parse"),
        ("title: [a, b]", "title that is not one value"),
        ("publisher: {name: x}", "publisher that is not one value"),
        ("published: yesterday", "the date 'yesterday'"),
        ("published: 01/02/2026", "the date '01/02/2026'"),
        ("published: 2026-02-30", "2026-02-30"),
        ("published: 2026", "the date '2026'"),
        ("title: !!python/object/apply:os.system [ls]", "its front matter"),
        ("title: " + "[" * 5000, "front matter does not parse"),
    ],
)
def test_wrong_front_matter_is_refused_with_what_is_wrong(matter: str, reason: str) -> None:
    assert reason in refusal(f"---\n{matter}\n---\nRain.")


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_markdown_is_read_or_refused(text: str) -> None:
    for source in (text, f"---\n{text}\n---\nRain."):
        try:
            line = read_markdown(source.encode(), "/news/a.md").title
        except UnreadableArticle as error:
            line = error.reason
            assert line
        assert "\n" not in line


@pytest.mark.parametrize("written", ["author: Ann Lee, Bo", "authors: [Ann Lee, Bo]", "byline: 'Ann Lee, Bo'",
                                     "author:\n  - name: Ann Lee\n  - Bo"])  # fmt: skip
def test_an_author_may_be_several(written: str) -> None:
    assert read(f"---\n{written}\n---\nRain.").author == "Ann Lee, Bo"


@pytest.mark.parametrize(
    ("written", "address"),
    [("https://news.example/a", "https://news.example/a"), ("/2026/a", None), ("javascript:x", None), ("''", None)],
)
def test_an_address_is_one_of_a_web_page_or_none(written: str, address: str | None) -> None:
    assert read(f"---\nurl: {written}\n---\nRain.").address == address


def test_aliases_that_grow_do_not_grow_an_author() -> None:
    levels = "\n".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9) if n else 'x'}]" for n in range(20))
    assert read(f"---\n{levels}\nauthor: *k19\n---\nRain.").author is None

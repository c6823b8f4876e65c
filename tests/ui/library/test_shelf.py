"""The list of articles: searched, limited, sorted, a page at a time."""

from datetime import date

import pytest

from assistant.ui.library.shelf import (
    PAGE,
    Entry,
    Order,
    Selection,
    count_languages,
    count_periods,
    entry_of,
    holds,
    select,
)
from index import Article

ENTRIES = (
    Entry("/news/a.md", "Élan of the North", date(2026, 2, 10), "en", "Gazette"),
    Entry("/news/b.md", "banks and rivers", date(2026, 1, 5), "en", "Courier"),
    Entry("/newspaper/c.md", "Cartes", date(2026, 2, 1), "fr", None, "Zoé Ménard"),
    Entry("https://example.org/d", "Undated", None, "fr", "gazette"),
)


def titles(selection: Selection) -> list[str]:
    return [entry.title for entry in select(ENTRIES, selection).entries]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), ["Élan of the North", "Cartes", "banks and rivers", "Undated"]),
        (Selection(descending=False), ["banks and rivers", "Cartes", "Élan of the North", "Undated"]),
        (
            Selection(order=Order.TITLE, descending=False),
            ["banks and rivers", "Cartes", "Élan of the North", "Undated"],
        ),
        (
            Selection(order=Order.PUBLISHER, descending=False),
            ["banks and rivers", "Élan of the North", "Undated", "Cartes"],
        ),
        (Selection(order=Order.LANGUAGE), ["Undated", "Cartes", "banks and rivers", "Élan of the North"]),
        (Selection("elan"), ["Élan of the North"]),
        (Selection("GAZETTE  undated"), ["Undated"]),
        (Selection("menard"), ["Cartes"]),
        (Selection("example.org"), ["Undated"]),
        (Selection("elan rivers"), []),
        (Selection(language="fr"), ["Cartes", "Undated"]),
        (Selection(source="/news"), ["Élan of the North", "banks and rivers"]),
        (Selection(source="https://example.org"), ["Undated"]),
        (Selection(since=date(2026, 2, 1)), ["Élan of the North", "Cartes"]),
        (Selection(until=date(2026, 2, 1)), ["Cartes", "banks and rivers"]),
        (Selection(since=date(2026, 2, 1), until=date(2026, 2, 1)), ["Cartes"]),
    ],
)
def test_articles_are_selected_and_sorted(selection: Selection, expected: list[str]) -> None:
    assert titles(selection) == expected


def test_pages_hold_all_articles_once_and_a_page_beyond_the_last_is_the_last() -> None:
    entries = [Entry(f"/{number:03}", f"{number:03}") for number in range(2 * PAGE + 1)]
    selection = [Selection(order=Order.TITLE, descending=False, page=page) for page in (1, 2, 3, 99, 0, -5)]
    pages = [select(entries, one) for one in selection]
    assert [entry for page in pages[:3] for entry in page.entries] == entries
    assert pages[3] == pages[2]
    assert pages[4] == pages[5] == pages[0]
    assert [(page.total, page.pages, page.first) for page in pages[:3]] == [
        (101, 3, 1),
        (101, 3, 51),
        (101, 3, 101),
    ]


def test_nothing_makes_one_empty_page() -> None:
    assert (select([], Selection()).pages, select([], Selection()).entries) == (1, ())


def test_an_entry_is_an_article_without_its_text() -> None:
    article = Article("/a", "T", "text", date(2026, 1, 1), "en", "P", "A", "https://n.example/a")
    assert entry_of(article) == Entry("/a", "T", date(2026, 1, 1), "en", "P", "A", "https://n.example/a")


@pytest.mark.parametrize(
    ("source", "address", "is_held"),
    [
        ("/news/a.md", "/news", True),
        ("/news/a.md", "/news/", True),
        ("/news/a.md", "/news/a.md", True),
        ("/news/a.csv#3", "/news/a.csv", True),
        ("/newspaper/c.md", "/news", False),
        ("https://example.org/d", "https://example.org/", True),
    ],
)
def test_a_source_holds_what_is_in_it(source: str, address: str, is_held: bool) -> None:
    assert holds(source, address) is is_held


def on(*days: str) -> list[Entry]:
    return [Entry(day, day, date.fromisoformat(day)) for day in days]


def test_periods_are_months_without_gaps() -> None:
    assert count_periods(on("2025-11-30", "2026-02-01", "2026-02-28")) == {
        "2025-11": 1,
        "2025-12": 0,
        "2026-01": 0,
        "2026-02": 2,
    }


def test_where_there_would_be_too_many_months_periods_are_years_and_of_these_the_last() -> None:
    assert count_periods(on("2020-01-01", "2023-12-31", "2023-01-01")) == {"2020": 1, "2021": 0, "2022": 0, "2023": 2}
    assert list(count_periods(on("0001-01-01", "2026-01-01"))) == [str(year) for year in range(1991, 2027)]


def test_undated_articles_have_no_period() -> None:
    assert count_periods([Entry("/a", "A")]) == {}


def test_languages_are_counted_the_commonest_first() -> None:
    entries = [Entry(code, code, language=code) for code in ("en", "fr", "fr", "")]
    assert list(count_languages(entries).items()) == [("fr", 2), ("en", 1), ("", 1)]


def test_of_what_is_pasted_into_the_search_only_the_beginning_counts() -> None:
    assert titles(Selection("elan " * 40 + "nowhere")) == ["Élan of the North"]

"""What paths are called before readers who need not know the machine, and that names lead back to them."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from assistant import Assistant, Settings
from assistant.models import Answer, Citation
from assistant.names import PATHS, name_places, names_for, tell, uploads_name
from index import Article, Failure, IndexingError, Passage, Span, SyncReport
from index.models import Move

HOME = Path("/srv/footnote")
SOURCES = ("/srv/news", "/srv/news/old", "/mnt/news", "/srv/table.csv", "https://news.example/feed")
NAMES = name_places(SOURCES, HOME)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/srv/news/2026/a.md", "news/2026/a.md"),
        ("/srv/news/old/a.md", "old/a.md"),
        ("/srv/news", "news"),
        ("/mnt/news/a.md", "news (2)/a.md"),
        ("/srv/table.csv#3", "table.csv#3"),
        ("/srv/footnote/uploads/a.md", "uploads/a.md"),
        ("https://news.example/srv/news/a.md", "https://news.example/srv/news/a.md"),
    ],
)
def test_an_address_has_a_name_that_leads_back(address: str, name: str) -> None:
    assert NAMES.name(address) == name
    assert NAMES.address(name) == address


def test_what_lies_nowhere_known_is_called_by_its_end() -> None:
    assert NAMES.name("/srv/newspaper/a.md") == "a.md"
    assert NAMES.address("nowhere/a.md") == "nowhere/a.md"


@given(st.lists(st.text("ab/", min_size=1).map(lambda end: f"/srv/{end}"), max_size=6, unique=True), st.text("ab/#"))
def test_no_name_shows_a_path_and_no_two_sources_share_one(sources: list[str], end: str) -> None:
    names = name_places(sources, HOME)
    for source in sources:
        address = f"{source}/{end}"
        assert "/srv/" not in names.name(address)
    known = [name for _, name in names.places or ()]
    assert len(set(known)) == len(known)


def test_paths_in_a_text_become_names() -> None:
    assert NAMES.tell("No space in /srv/footnote/index; /srv/news/a.md is empty.") == (
        "No space in footnote/index; news/a.md is empty."
    )


def test_everything_that_is_cited_or_found_is_renamed_and_found_again() -> None:
    article, copy = Article("/srv/news/a.md", "A", "One."), Article("/mnt/news/b.md", "B", "One.")
    citation = Citation(1, article, 0, 4, Span(0, 4), copies=(copy,))
    answer = Answer("Why?", "One. [1]", citations=(citation,), passages=(Passage(article, 0, 4, copies=(copy,)),))
    shown = NAMES.show_answer(answer)
    assert "/srv/" not in repr(shown)
    assert "/mnt/" not in repr(shown)
    assert NAMES.find_answer(shown).citations == answer.citations
    assert PATHS.show_answer(answer) == answer


def test_a_report_is_told_in_names() -> None:
    failure = Failure("/srv/news/c.md", "/srv/news/c.md is no UTF-8.")
    report = SyncReport(added=("/srv/news/a.md",), moved=(Move("/srv/news/b.md", "/mnt/news/b.md"),), failed=(failure,))
    assert NAMES.show_report(report) == replace(
        report,
        added=("news/a.md",),
        moved=(Move("news/b.md", "news (2)/b.md"),),
        failed=(Failure("news/c.md", "news/c.md is no UTF-8."),),
    )


def test_paths_are_shown_where_nobody_signs_in_and_names_where_somebody_does(
    assistant: Assistant, seeds_home: Path
) -> None:
    uploads = str(seeds_home / "uploads")
    assert names_for(assistant) is PATHS
    assert (uploads_name(assistant), tell(uploads, assistant)) == (uploads, uploads)
    with Assistant(Settings(home=seeds_home, auth=SecretStr("ada:…"))) as guarded:
        article = next(iter(guarded.index.articles()))
        assert names_for(guarded).name(article.source) == f"seeds/{Path(article.source).name}"
        assert (uploads_name(guarded), tell(uploads, guarded)) == ("uploads", "uploads")


def test_an_index_that_cannot_be_read_is_told_of_without_its_path(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path, auth=SecretStr("ada:…"))) as guarded:
        names_for(guarded)
        with closing(sqlite3.connect(tmp_path / "catalog.sqlite3")) as catalog:
            catalog.execute("ALTER TABLE sources RENAME TO lost")
        with pytest.raises(IndexingError) as error:
            names_for(guarded)
        assert str(tmp_path) in str(error.value)
        assert str(tmp_path.parent) not in tell(error.value, guarded)

"""Adding from the page: which addresses are taken, and what becomes of files."""

from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.errors import AssistantError
from assistant.ui.library.adding import add_files, web_address
from assistant.ui.library.page import remove, turned
from assistant.ui.library.shelf import Order, Selection
from assistant.ui.texts import Speaker
from index import SyncProgress

ENGLISH = Speaker("en")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" https://news.example/a ", "https://news.example/a"),
        ("http://news.example", "http://news.example"),
        ("news.example/feed.xml", "https://news.example/feed.xml"),
    ],
)
def test_web_addresses_are_taken(typed: str, address: str) -> None:
    assert web_address(typed, ENGLISH) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "/etc",
        "~/news",
        "./news",
        "../news",
        "file:///etc/passwd",
        "\\\\server\\share",
        "ftp://news.example/a",
        "javascript:alert(1)",
        "news",
        "https://",
        "https://news example/",
        "https://ada:secret@news.example/",
        "C:\\news",
    ],
)
def test_anything_else_is_refused_with_a_line(typed: str) -> None:
    with pytest.raises(AssistantError) as refused:
        web_address(typed, ENGLISH)
    assert "\n" not in str(refused.value)


def test_files_are_added_refused_and_removed_again(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    good, bad = incoming / "good news.md", incoming / "tool.exe"
    good.write_text("# Good news\n\nThe bridge over the Vistula was opened on Monday.\n")
    bad.write_bytes(b"MZ")
    seen: list[SyncProgress] = []
    with Assistant(Settings(home=tmp_path / "home")) as assistant:
        report = add_files(assistant, [good, bad], seen.append)
        [source] = report.added
        assert [failure.source for failure in report.failed] == ["tool.exe"]
        assert seen
        assert not good.exists()
        assert not bad.exists()
        assert "Vistula" in assistant.ask("Where was a bridge opened?").text
        kept = Path(source)
        assert kept == tmp_path / "home" / "uploads" / "good news.md"
        assert remove(assistant, source, seen.append).removed == (source,)
        assert not kept.exists()
        assert list(assistant.index.articles()) == []
        assert assistant.reindex().added == ()


def test_removing_an_article_leaves_a_file_that_was_not_uploaded(tmp_path: Path) -> None:
    file = tmp_path / "news" / "mine.md"
    file.parent.mkdir()
    file.write_text("# Mine\n\nThe bridge was opened.\n")
    with Assistant(Settings(home=tmp_path / "home")) as assistant:
        assistant.reindex([file.parent])
        assert remove(assistant, str(file), print).removed == (str(file),)
    assert file.exists()


def test_a_path_that_is_not_indexed_is_never_deleted(tmp_path: Path) -> None:
    with Assistant(Settings(home=tmp_path / "home")) as assistant:
        uploads = tmp_path / "home" / "uploads"
        uploads.mkdir()
        waiting = uploads / "waiting.md"
        waiting.write_text("Not indexed yet.")
        remove(assistant, str(waiting), print)
        assert waiting.exists()


def test_an_unwritable_folder_of_uploads_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "uploads").write_text("a file where the folder should be")
    file = tmp_path / "a.md"
    file.write_text("News.")
    with (
        Assistant(Settings(home=tmp_path / "home")) as assistant,
        pytest.raises(AssistantError, match="cannot be kept"),
    ):
        add_files(assistant, [file], print)
    assert file.exists()


@pytest.mark.parametrize(
    ("act", "value", "expected"),
    [
        ("page", "3", Selection(page=3)),
        ("page", "-1", Selection(page=2)),
        ("page", "９", Selection(page=2)),
        ("sort", "title", Selection(order=Order.TITLE, descending=False)),
        ("sort", "published", Selection(descending=False)),
        ("sort", "nonsense", Selection(page=2)),
        ("explode", "", Selection(page=2)),
    ],
)
def test_buttons_of_the_list_turn_and_sort(act: str, value: str, expected: Selection) -> None:
    assert turned(Selection(page=2), act, value) == expected

"""Which files a folder holds, what tells their states apart, and what could not be looked into."""

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from index import ArticleIndex, IndexingError
from index.listing import Kind, Listing
from index.loading import READERS, load_file
from index.loading.discovery import list_path
from tests.index.crashing import WordEmbedder

Powerless = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    (folder / "deep" / "er").mkdir(parents=True)
    for name in ("b.md", "a.txt", "deep/c.HTML", "deep/er/d.markdown", "e.mp3", "f.mp3", "no-ending", ".hidden.md"):
        (folder / name).write_text("Words.")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("Words.")
    return folder


def look(path: Path | str, *ignore: str, stamp: str = "") -> Listing:
    return list_path(str(path), READERS, load_file, ignore=ignore, stamp=stamp)


def names(folder: Path, *ignore: str) -> list[str]:
    return [Path(item.address).relative_to(folder).as_posix() for item in look(folder, *ignore).items]


def test_a_folder_gives_the_files_that_have_a_reader_in_order(folder: Path) -> None:
    found = look(folder)
    assert names(folder) == ["a.txt", "b.md", "deep/c.HTML", "deep/er/d.markdown"]
    assert (found.address, found.kind, found.failures, found.complete) == (str(folder), Kind.FOLDER, (), True)
    assert dict(found.ignored) == {".mp3": 2, "no ending": 1}


def test_a_file_is_itself(folder: Path) -> None:
    found = look(folder / "b.md")
    assert (found.kind, found.failures) == (Kind.FILE, ())
    [item] = found.items
    assert item.address == str(folder / "b.md")
    reading = item.read("")
    assert reading is not None
    assert [article.text for article in reading.articles] == ["Words."]


@pytest.mark.parametrize("name", ["e.mp3", "no-ending"])
def test_a_file_without_a_reader_is_a_failure_with_the_next_step(folder: Path, name: str) -> None:
    found = look(folder / name)
    assert (found.items, found.complete) == ((), False)
    assert [failure.source for failure in found.failures] == [str(folder / name)]
    assert "Convert it" in found.failures[0].reason


def test_addresses_become_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "deep")
    assert look("../b.md").address == str(folder / "b.md")
    assert look("").address == str(folder / "deep")
    monkeypatch.setenv("HOME", str(folder))
    assert look("~/b.md").items[0].address == str(folder / "b.md")


def test_a_missing_path_is_a_failure_and_no_empty_folder(tmp_path: Path) -> None:
    found = look(tmp_path / "nowhere")
    assert (found.items, found.complete) == ((), False)
    assert found.failures[0].source == str(tmp_path / "nowhere")
    assert found.failures[0].reason == "there is no such file or folder. Check the spelling."


def test_a_folder_that_cannot_be_opened_is_a_failure_and_the_rest_is_found(
    folder: Path, without_powers: Powerless
) -> None:
    (folder / "deep").chmod(0)
    try:
        with without_powers():
            found = look(folder)
            closed = look(folder / "deep")
            beneath = look(folder / "deep" / "c.HTML")
    finally:
        (folder / "deep").chmod(0o700)
    assert [Path(item.address).name for item in found.items] == ["a.txt", "b.md"]
    assert (found.complete, found.unseen) == (True, (str(folder / "deep"),))
    assert not closed.complete
    assert not beneath.complete
    for listing in (found, closed, beneath):
        assert "cannot be opened: Permission denied. Check its permissions." in listing.failures[0].reason
    assert found.failures[0].source == closed.failures[0].source == str(folder / "deep")


def test_files_of_a_folder_that_only_lists_its_names_have_not_vanished(folder: Path, without_powers: Powerless) -> None:
    (folder / "deep").chmod(0o400)
    try:
        with without_powers():
            found = look(folder)
    finally:
        (folder / "deep").chmod(0o700)
    assert str(folder / "deep" / "c.HTML") in found.unseen
    assert str(folder / "deep" / "c.HTML") in [failure.source for failure in found.failures]


def test_links_that_leave_the_folder_are_left_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Secret.")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.md").write_text("Secret.")
    (tmp_path / "newspaper").mkdir()
    (tmp_path / "newspaper" / "x.md").write_text("Secret.")
    (folder / "link-out.md").symlink_to(tmp_path / "secret.md")
    (folder / "link-beside.md").symlink_to(tmp_path / "newspaper" / "x.md")
    (folder / "folder-out").symlink_to(tmp_path / "outside")
    (folder / "link-in.md").symlink_to(folder / "b.md")
    assert names(folder) == ["a.txt", "b.md", "link-in.md", "deep/c.HTML", "deep/er/d.markdown"]


def test_a_link_to_itself_stops_nothing(folder: Path) -> None:
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "deep" / "up").symlink_to(folder)
    assert names(folder) == ["a.txt", "b.md", "deep/c.HTML", "deep/er/d.markdown"]
    assert look(folder).complete


def test_a_pipe_is_no_file_to_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert "pipe.md" not in names(folder)
    found = look(folder / "pipe.md")
    assert found.items == ()
    assert "neither a file nor a folder" in found.failures[0].reason


def test_a_name_that_is_not_unicode_is_a_failure_of_its_own(folder: Path) -> None:
    (folder / "caf\udce9.txt").write_text("Coffee.")
    (folder / "caf\udce9.mp3").write_text("Music.")
    (folder / "two\nlines\x07.txt").write_text("Odd, and a name.")
    found = look(folder)
    assert [failure.reason for failure in found.failures] == ["its name is not UTF-8. Rename it."]
    assert found.failures[0].source.endswith("caf\\udce9.txt")
    assert (found.complete, found.unseen, dict(found.ignored)[".mp3"]) == (True, (), 3)
    assert "two\nlines\x07.txt" in names(folder)


def test_folders_may_lie_deeper_than_functions_may_call(tmp_path: Path) -> None:
    start = os.open(tmp_path, os.O_RDONLY)
    try:
        # Names this long cannot be made at once.
        here = start
        for _ in range(1_200):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            if here != start:
                os.close(here)
            here = below
        os.close(here)
        assert look(tmp_path).complete
    finally:
        os.close(start)
        # pytest clears its folders with a function that calls itself.
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


# What is left out


def test_patterns_leave_out_what_they_mean_to_git(folder: Path) -> None:
    assert names(folder, "*.md") == ["a.txt", "deep/c.HTML", "deep/er/d.markdown"]
    assert names(folder, "deep/") == ["a.txt", "b.md"]
    assert names(folder, "/deep/er") == ["a.txt", "b.md", "deep/c.HTML"]
    assert names(folder, "*", "!*.txt") == ["a.txt"]


def test_a_folder_says_itself_what_is_left_out_of_it(folder: Path) -> None:
    (folder / ".footnoteignore").write_text("# drafts\n*.txt\ner/\n")
    (folder / "deep" / ".footnoteignore").write_text("!er/\n*.HTML\n")
    assert names(folder) == ["b.md", "deep/er/d.markdown"]


def test_patterns_that_mean_nothing_are_a_failure_and_lose_nothing(folder: Path) -> None:
    found = look(folder, "!")
    assert (found.items, found.complete) == ((), False)
    assert "pattern" in found.failures[0].reason
    (folder / "deep" / ".footnoteignore").write_bytes(b"\xff\n")
    found = look(folder)
    assert [Path(item.address).name for item in found.items] == ["a.txt", "b.md"]
    assert found.unseen == (str(folder / "deep"),)
    assert ".footnoteignore is not valid" in found.failures[0].reason


# What tells a file from what it was


def old(path: Path, text: str) -> Path:
    path.write_text(text)
    time.sleep(0.06)
    return path


def test_the_same_file_has_the_same_stamp_and_a_changed_one_another(tmp_path: Path) -> None:
    path = old(tmp_path / "a.txt", "Words.")
    [before] = look(path).items
    assert before.stamp
    assert look(path).items[0].stamp == before.stamp
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    old(path, "Wards.")
    os.utime(path, ns=times)
    time.sleep(0.06)
    [after] = look(path).items
    assert after.stamp not in ("", before.stamp)


def test_a_file_that_was_just_written_has_no_stamp(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Words.")
    os.utime(tmp_path / "a.txt")
    assert look(tmp_path / "a.txt").items[0].stamp == ""


def test_an_empty_folder_in_the_place_of_another_is_a_failure(folder: Path) -> None:
    stamp = look(folder).stamp
    folder.rename(folder.with_name("away"))
    folder.mkdir()
    found = look(folder, stamp=stamp)
    assert not found.complete
    assert "Mount its disk" in found.failures[0].reason
    assert look(folder).complete
    assert look(folder.with_name("away"), stamp=stamp).complete


def test_a_folder_that_was_emptied_is_empty(folder: Path) -> None:
    stamp = look(folder).stamp
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    found = look(folder, stamp=stamp)
    assert (found.items, found.failures, found.complete) == ((), (), True)


def test_the_home_of_an_index_is_not_read_where_it_lies_in_an_indexed_folder(tmp_path: Path) -> None:
    home = tmp_path / "lib"
    with ArticleIndex(home, WordEmbedder()) as index:
        (tmp_path / "a.txt").write_text("Rain fell.\n\nIt rained all day.")
        uploaded = home / "uploads" / "b.txt"
        uploaded.parent.mkdir()
        uploaded.write_text("Snow fell.\n\nIt snowed all day.")
        for _ in range(2):
            assert index.sync([str(tmp_path)]).failed == ()
        assert [article.source for article in index.articles()] == [str(tmp_path / "a.txt")]
        assert index.sync([str(uploaded.parent)]).added == (str(uploaded),)


def test_an_empty_address_is_refused_and_is_not_the_current_folder(tmp_path: Path) -> None:
    with ArticleIndex(tmp_path / "home", WordEmbedder()) as index:
        with pytest.raises(IndexingError, match="One of the addresses is empty"):
            index.sync([""])
        assert index.sources() == ()

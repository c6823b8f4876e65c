"""Which files a folder holds, and what could not be looked into."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from index.loading import READERS, discover

Powerless = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    (folder / "deep" / "er").mkdir(parents=True)
    for name in ("b.md", "a.txt", "deep/c.HTML", "deep/er/d.markdown", "e.pdf", "f.pdf", "no-ending", ".hidden.md"):
        (folder / name).write_text("Words.")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.md").write_text("Words.")
    return folder


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in discover(folder, READERS).files]


def test_a_folder_gives_the_files_that_have_a_reader_in_order(folder: Path) -> None:
    found = discover(folder, READERS)
    assert names(folder) == ["a.txt", "b.md", "deep/c.HTML", "deep/er/d.markdown"]
    assert (found.address, found.kind, found.failures, found.blind) == (str(folder), "folder", (), False)
    assert dict(found.ignored) == {".pdf": 2, "no ending": 1}


def test_a_file_is_itself(folder: Path) -> None:
    found = discover(folder / "b.md", READERS)
    assert (found.kind, found.files, found.failures) == ("file", (folder / "b.md",), ())


def test_addresses_become_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "deep")
    assert discover(Path("../b.md"), READERS).address == str(folder / "b.md")
    assert discover(Path(), READERS).address == str(folder / "deep")
    monkeypatch.setenv("HOME", str(folder))
    assert discover(Path("~/b.md"), READERS).files == (folder / "b.md",)


def test_a_missing_path_is_a_failure_that_blinds(tmp_path: Path) -> None:
    found = discover(tmp_path / "nowhere", READERS)
    assert found.files == ()
    assert found.blind
    assert found.failures[0].source == str(tmp_path / "nowhere")
    assert found.failures[0].reason == "there is no such file or folder. Check the spelling."


def test_a_folder_that_cannot_be_opened_is_a_failure_and_the_rest_is_found(
    folder: Path, without_powers: Powerless
) -> None:
    (folder / "deep").chmod(0)
    try:
        with without_powers():
            found = discover(folder, READERS)
            closed = discover(folder / "deep", READERS)
            beneath = discover(folder / "deep" / "c.HTML", READERS)
    finally:
        (folder / "deep").chmod(0o700)
    assert [path.name for path in found.files] == ["a.txt", "b.md"]
    for discovery in (found, closed, beneath):
        assert discovery.blind
        assert "cannot be opened: Permission denied. Check its permissions." in discovery.failures[0].reason
    assert found.failures[0].source == closed.failures[0].source == str(folder / "deep")


def test_links_that_leave_the_folder_are_left_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Secret.")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.md").write_text("Secret.")
    (folder / "link-out.md").symlink_to(tmp_path / "secret.md")
    (folder / "folder-out").symlink_to(tmp_path / "outside")
    (folder / "link-in.md").symlink_to(folder / "b.md")
    assert names(folder) == ["a.txt", "b.md", "link-in.md", "deep/c.HTML", "deep/er/d.markdown"]


def test_a_link_to_itself_stops_nothing(folder: Path) -> None:
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "deep" / "up").symlink_to(folder)
    assert set(names(folder)) >= {"a.txt", "b.md", "deep/c.HTML", "deep/er/d.markdown"}


def test_a_pipe_is_no_file_to_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert "pipe.md" not in names(folder)
    found = discover(folder / "pipe.md", READERS)
    assert found.files == ()
    assert "neither a file nor a folder" in found.failures[0].reason

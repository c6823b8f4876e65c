"""Files that mean harm. All of them are met by `python -m benchmarks.hostile_files`; here some of each kind."""

import os
import socket
import sys
from pathlib import Path

import pytest

from index import Article, ArticleIndex
from index.loading.isolation import FileReaders
from tests.index.hostile import HOSTILE, SAMPLES, meet

SHARE = 6
"""Every which file of the table is met here."""
SOUND = "The museum opened again yesterday."


def test_the_table_is_long_and_each_file_has_a_name_of_its_own() -> None:
    assert len(HOSTILE) >= 200
    assert len({hostile.name for hostile in HOSTILE}) == len(HOSTILE)


def test_every_sample_is_sound_before_it_is_spoiled(tmp_path: Path) -> None:
    with FileReaders() as readers:
        for ending, make in SAMPLES.items():
            (tmp_path / f"sample{ending}").write_bytes(make())
            assert "mayor" in readers.read(tmp_path / f"sample{ending}").articles[-1].text


def test_a_hostile_file_ends_and_is_said(tmp_path: Path) -> None:
    with FileReaders() as readers:
        outcomes = [meet(hostile, tmp_path, readers) for hostile in HOSTILE[::SHARE]]
    assert [outcome for outcome in outcomes if outcome.fault] == []


def test_a_title_of_megabytes_is_cut(index: ArticleIndex) -> None:
    """It is embedded with each passage of its article."""
    index.add([Article("long", "word " * 1_000_000, SOUND), Article("short", "word " * 50, f"{SOUND} So it did.")])
    titles = {article.source: article.title for article in index.articles()}
    assert len(titles["long"]) == 300
    assert titles["long"].endswith("…")
    assert titles["short"] == " ".join(["word"] * 50)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other names and no pipes in folders")
def test_what_stands_beside_hostile_things_in_a_folder_is_indexed(tmp_path: Path, index: ArticleIndex) -> None:
    folder, outside = tmp_path / "news", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("Nobody asked for this.")
    good = [
        folder / "first.txt",
        folder / "with\nnew line.txt",
        folder / "\x1b[31mred\x07.txt",
        folder / "\u202etxt.right to left.txt",
        folder / f"{'a' * 250}.txt",
        folder.joinpath(*["deep"] * 200, "down.txt"),
    ]
    for path in good:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{SOUND} {path.name.encode()[:12]!r} says so.")
    bad = {
        folder / "broken.docx": b"PK\x03\x04",
        folder / "broken.pdf": b"%PDF-1.7",
        folder / "broken.json": b"[[[[",
        folder / "noise.txt": bytes(range(256)),
    }
    for path, data in bad.items():
        path.write_bytes(data)
    for ending in (".txt", ".pdf", ".docx", ".html", ".csv"):
        with (folder / f"huge{ending}").open("wb") as huge:
            huge.truncate(1024**3)
    os.mkfifo(folder / "pipe.txt")
    (folder / "folder.txt").mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "ring.txt").symlink_to(folder / "ring.txt")
    (folder / "nowhere.txt").symlink_to(folder / "missing.txt")
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "outside").symlink_to(outside)
    (folder / "endless.txt").symlink_to("/dev/zero")
    # The name of a socket has to be short.
    with pytest.MonkeyPatch.context() as patch, socket.socket(socket.AF_UNIX) as listener:
        patch.chdir(folder)
        listener.bind("socket.txt")
        report = index.sync([str(folder)])
    assert set(report.added) == {str(path) for path in good}
    failed = {Path(failure.source).name for failure in report.failed}
    assert failed >= {path.name for path in bad} | {"huge.txt", "huge.pdf", "huge.docx", "huge.html", "huge.csv"}
    assert all(failure.reason.isprintable() for failure in report.failed)
    assert not any("Nobody asked" in article.text for article in index.articles())

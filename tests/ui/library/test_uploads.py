"""Uploads: safe names, nothing written over, and refusals that say why."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ui.library.uploads import Kept, is_upload, keep_uploads, safe_name, uploads_folder

ENDINGS = (".md", ".txt")


def keep(folder: Path, *files: Path, max_bytes: int = 1_000, max_files: int = 10) -> Kept:
    return keep_uploads(files, folder, endings=ENDINGS, max_bytes=max_bytes, max_files=max_files)


def new_file(folder: Path, name: str, text: str = "Some news.") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_files_are_copied_and_the_originals_stay(tmp_path: Path) -> None:
    file = new_file(tmp_path / "in", "Résumé du 3 février.md", "Bonjour.")
    kept = keep(tmp_path / "uploads", file)
    assert kept == Kept((tmp_path / "uploads" / "Résumé du 3 février.md",))
    assert kept.paths[0].read_text() == "Bonjour."
    assert file.exists()


def test_another_file_of_the_same_name_gets_a_number_and_the_same_file_none(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    first = keep(folder, new_file(tmp_path / "a", "news.md", "One.")).paths
    second = keep(folder, new_file(tmp_path / "b", "news.md", "Two.")).paths
    again = keep(folder, new_file(tmp_path / "c", "news.md", "Two.")).paths
    assert [path.name for path in (*first, *second, *again)] == ["news.md", "news (2).md", "news (2).md"]
    assert (folder / "news.md").read_text() == "One."


def test_what_cannot_be_kept_is_refused_with_a_reason_and_the_rest_is_kept(tmp_path: Path) -> None:
    files = [
        new_file(tmp_path / "in", "tool.exe"),
        new_file(tmp_path / "in", "no ending"),
        new_file(tmp_path / "in", "long.md", "x" * 2_000),
        new_file(tmp_path / "in", "good.md"),
        new_file(tmp_path / "in", "late.md"),
    ]
    kept = keep(tmp_path / "uploads", *files, max_files=4)
    assert [path.name for path in kept.paths] == ["good.md"]
    reasons = {failure.source: failure.reason for failure in kept.failures}
    assert reasons.keys() == {"tool.exe", "no ending", "long.md", "late.md"}
    assert "no reader for .exe. Known: .md, .txt." in reasons["tool.exe"]
    assert "ASSISTANT_MAX_UPLOAD_MB" in reasons["long.md"]
    assert "ASSISTANT_MAX_UPLOAD_FILES" in reasons["late.md"]
    assert sorted(path.name for path in (tmp_path / "uploads").iterdir()) == ["good.md"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.md", "_.._etc_passwd.md"),
        (".hidden.md", "hidden.md"),
        ("con.md", "_con.md"),
        ("a\nb\x00c\u202egpj.md", "a b_c_gpj.md"),
        ('<script>alert("1")</script>.md', "_script_alert(_1_)__script_.md"),
        ("...", "article"),
        ("e\u0301te\u0301.md", "été.md"),
        ("x" * 300 + ".md", "x" * 200 + ".md"),
        ("é" * 150 + ".md", "é" * 100 + ".md"),
    ],
)
def test_names_become_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_a_safe_name_is_one_name_that_a_file_system_takes(name: str) -> None:
    safe = safe_name(name)
    assert safe == Path(safe).name
    assert 0 < len(safe.encode()) <= 230
    assert not safe.startswith(".")
    assert not any(unicodedata.category(letter)[0] == "C" for letter in safe)
    assert safe_name(safe) == safe


def test_only_a_file_in_the_folder_of_uploads_is_an_upload(tmp_path: Path) -> None:
    path = new_file(uploads_folder(tmp_path), "news.md")
    outside = new_file(tmp_path / "mine", "news.md")
    assert is_upload(str(path), tmp_path)
    for source in (outside, f"{path}#3", path.parent / ".." / "mine" / "news.md", path.parent, "https://n.example/"):
        assert not is_upload(str(source), tmp_path)

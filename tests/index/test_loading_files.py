"""A file becomes an article by its ending, or is refused with one clear line."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from index import UnreadableArticle
from index.loading import MAX_BYTES, load_file


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableArticle) as caught:
        load_file(path)
    assert caught.value.source == str(path)
    assert "\n" not in caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\xef\xbb\xbf", b"---\ntitle: x\n---\n"])
@pytest.mark.parametrize("ending", [".txt", ".md"])
def test_a_file_without_text_is_refused(data: bytes, ending: str, tmp_path: Path) -> None:
    if ending == ".txt" and b"title" in data:
        data = b"\r\n\r\n"
    (tmp_path / f"a{ending}").write_bytes(data)
    assert refusal(tmp_path / f"a{ending}") == "there is no text in it. Add text, or remove the file."


def test_an_ending_without_a_reader_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ")
    (tmp_path / "a").write_text("words")
    step = "Convert it, for example to plain text, HTML or PDF."
    assert refusal(tmp_path / "a.exe") == f"no reader for '.exe'. {step}"
    assert refusal(tmp_path / "a") == f"no reader for files without an ending. {step}"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert refusal(path) == "the file has 33,554,433 bytes, more than 32 MiB. Split it."


def test_a_file_that_went_away_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.md").startswith("cannot be read: No such file or directory.")


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, without_powers: Callable[[], AbstractContextManager[None]]
) -> None:
    path = tmp_path / "closed.md"
    path.write_text("Words.")
    path.chmod(0)
    with without_powers():
        assert refusal(path) == "cannot be read: Permission denied. Check its permissions."

"""What the command line prints of an answer."""

from pathlib import Path

import pytest

from assistant.models import Answer, Citation
from assistant.report import print_answer
from index import Article, Span

TEXT = "It rained. The river rose."


def cited(source: str, **known: object) -> Answer:
    article = Article(source, "Rain", TEXT, language="en", **known)  # type: ignore[arg-type]
    citation = Citation(1, article, 11, 26, Span(0, 26))
    return Answer("What rose?", "The river rose. [1]", "en", (citation,))


def footnote(capsys: pytest.CaptureFixture[str], answer: Answer) -> str:
    print_answer(answer)
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("[1]")]
    return line


def test_a_footnote_names_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    line = footnote(capsys, cited("/news/rain.pdf", pages=(0, 11)))
    assert line == "[1] Rain, en, page 2, /news/rain.pdf:11-26 (quoted)"


def test_a_file_below_the_current_folder_is_named_from_there(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert footnote(capsys, cited(f"{tmp_path}/news/rain.md")) == "[1] Rain, en, news/rain.md:11-26 (quoted)"
    for other in (f"{tmp_path}-2/rain.md", "/rain.md", "https://news.example/rain", "mem:1"):
        assert footnote(capsys, cited(other)) == f"[1] Rain, en, {other}:11-26 (quoted)"

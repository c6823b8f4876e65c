"""Bringing the index up to date: what changed, what failed, what was interrupted, and what that costs."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import (
    Article,
    ArticleIndex,
    Embedder,
    IndexBusy,
    SentenceTransformerEmbedder,
    Span,
    SyncProgress,
    SyncReport,
)
from index.alignment import TokenVectors
from index.errors import SyncStopped
from index.sync import writer_lock

Powerless = Callable[[], AbstractContextManager[None]]

RAIN = "Rain fell on the harbour all day."
SUN = "The sun shone over the mountains."


@dataclass
class CountingEmbedder:
    """Another embedder, and a list of what it was asked to encode."""

    inner: Embedder
    encoded: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def revision(self) -> str:
        return self.inner.revision

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        return self.inner.encode_documents(texts)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        return self.inner.encode_query(text)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self.inner.encode_tokens(texts)

    def count_pieces(self, text: str) -> int:
        return self.inner.count_pieces(text)


@dataclass
class HashEmbedder:
    """A quick embedder that finds equal texts only, and stops with `error` after so many calls."""

    calls_left: int = 1_000_000
    error: type[BaseException] = KeyboardInterrupt
    encoded: int = 0
    name: str = "hashes"
    revision: str = "1"

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls_left -= 1
        if self.calls_left < 0:
            raise self.error("stopped")
        self.encoded += len(texts)
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> NDArray[np.float32]:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
        vector = np.random.default_rng(seed).standard_normal(32).astype(np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors(self.encode_query(text)[None], (Span(0, len(text)),)) for text in texts]

    def count_pieces(self, text: str) -> int:
        return len(text.split())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "rain.txt").write_text(RAIN)
    (folder / "sun.md").write_text(f"# Sun\n\n{SUN}")
    return folder


def names(sources: Sequence[str]) -> list[str]:
    return sorted(Path(source).name for source in sources)


def outcome(report: SyncReport) -> dict[str, list[str]]:
    named = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged, "removed": report.removed}
    failed = names([failure.source for failure in report.failed])
    found = {kind: names(sources) for kind, sources in named.items()} | {"failed": failed}
    return {kind: sources for kind, sources in found.items() if sources}


def held(index: ArticleIndex) -> list[str]:
    return names([article.source for article in index.articles()])


# What changed


def test_a_sync_says_what_it_added_updated_removed_and_left(index: ArticleIndex, folder: Path) -> None:
    assert outcome(index.sync([str(folder)])) == {"added": ["rain.txt", "sun.md"]}
    assert outcome(index.sync([str(folder)])) == {"unchanged": ["rain.txt", "sun.md"]}
    (folder / "rain.txt").write_text("Snow fell on the harbour.")
    (folder / "sun.md").unlink()
    (folder / "wind.txt").write_text("Wind rose.")
    report = index.sync([str(folder)])
    assert outcome(report) == {"added": ["wind.txt"], "updated": ["rain.txt"], "removed": ["sun.md"]}
    assert report.changed
    assert held(index) == ["rain.txt", "wind.txt"]
    assert all("sun" not in passage.article.source for passage in index.search(SUN))


def test_a_sync_without_changes_makes_no_new_generation(index: ArticleIndex, folder: Path) -> None:
    index.sync([str(folder)])
    before = index.status().generation
    report = index.sync([str(folder)])
    assert not report.changed
    assert index.status().generation == before


def test_a_shorter_article_leaves_no_old_passages(index: ArticleIndex, folder: Path) -> None:
    long = "\n\n".join(f"Paragraph {number} tells of the harbour. " * 12 for number in range(8))
    (folder / "rain.txt").write_text(long)
    index.sync([str(folder)])
    before = index.status().passages
    (folder / "rain.txt").write_text(RAIN)
    index.sync([str(folder)])
    assert index.status().passages == 2 < before
    found = index.search("Paragraph of the harbour", limit=100)
    assert sorted(passage.text for passage in found) == sorted([RAIN, f"Sun\n\n{SUN}"])


def test_a_new_title_alone_is_an_update(index: ArticleIndex, folder: Path) -> None:
    index.sync([str(folder)])
    (folder / "sun.md").write_text(f"---\ntitle: Light\n---\n# Sun\n\n{SUN}")
    assert outcome(index.sync([str(folder)])) == {"updated": ["sun.md"], "unchanged": ["rain.txt"]}
    assert [passage.article.title for passage in index.search(SUN, limit=1)] == ["Light"]


def test_only_what_came_from_a_folder_vanishes_with_it(index: ArticleIndex, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "newspaper"
    other.mkdir()
    (other / "snow.txt").write_text("Snow lay.")
    index.add([Article(str(folder / "memory.txt"), "Memory", "It was added by a program.")])
    index.sync([str(folder), str(other)])
    for path in folder.iterdir():
        path.unlink()
    assert outcome(index.sync([str(folder)])) == {"removed": ["rain.txt", "sun.md"]}
    assert held(index) == ["memory.txt", "snow.txt"]


def test_without_addresses_all_that_were_indexed_before_are_synced(
    index: ArticleIndex, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "alone.txt").write_text("Alone.")
    index.sync([str(folder), str(tmp_path / "alone.txt")])
    assert [(Path(source.address).name, source.kind) for source in index.sources()] == [
        ("alone.txt", "file"),
        ("news", "folder"),
    ]
    (folder / "rain.txt").unlink()
    (tmp_path / "alone.txt").write_text("Alone again.")
    assert outcome(index.sync()) == {"unchanged": ["sun.md"], "removed": ["rain.txt"], "updated": ["alone.txt"]}


def test_a_file_under_two_addresses_is_read_once(index: ArticleIndex, folder: Path) -> None:
    report = index.sync([str(folder), str(folder / "rain.txt")])
    assert outcome(report) == {"added": ["rain.txt", "sun.md"]}


def test_progress_counts_up_to_the_total(index: ArticleIndex, folder: Path) -> None:
    seen: list[SyncProgress] = []
    index.sync([str(folder)], seen.append)
    assert [(step.done, step.total, step.current) for step in seen] == [(1, 2, "rain.txt"), (2, 2, "sun.md")]


# What failed


def test_bad_files_are_each_reported_and_the_others_indexed(index: ArticleIndex, folder: Path) -> None:
    bad = {
        "empty.txt": (b"", "no text"),
        "binary.txt": (b"\x7fELF\x02\x01\0\0\0", "NUL byte"),
        "latin.txt": ("Déjà vu à Orléans, l'été dernier.".encode("latin-1"), "not UTF-8"),
        "nul.md": (b"A text\0with a NUL.", "NUL byte"),
        "parse.md": (b"---\ntitle: [\n---\nText.", "front matter does not parse"),
        "list.md": (b"---\ntitle: A\n- a\n---\nText.", "front matter does not parse"),
        "date.md": (b"---\ndate: soon\n---\nText.", "the date 'soon'"),
        "page.html": (b"<html></html>", "no article text"),
    }
    for name, (data, _) in bad.items():
        (folder / name).write_bytes(data)
    report = index.sync([str(folder)])
    assert outcome(report) == {"added": ["rain.txt", "sun.md"], "failed": sorted(bad)}
    for failure in report.failed:
        assert bad[Path(failure.source).name][1] in failure.reason
        assert "\n" not in failure.reason
    assert index.search("rain on the harbour")[0].article.source == str(folder / "rain.txt")


def test_a_failing_file_keeps_its_last_good_version(index: ArticleIndex, folder: Path) -> None:
    index.sync([str(folder)])
    (folder / "rain.txt").write_bytes(b"")
    report = index.sync([str(folder)])
    assert outcome(report) == {"unchanged": ["sun.md"], "failed": ["rain.txt"]}
    kept = index.article(str(folder / "rain.txt"))
    assert kept is not None
    assert kept.text == RAIN
    assert index.search(RAIN)[0].text == RAIN
    (folder / "rain.txt").write_text("Mended.")
    assert outcome(index.sync([str(folder)])) == {"updated": ["rain.txt"], "unchanged": ["sun.md"]}


def test_a_folder_that_cannot_be_opened_loses_nothing(
    index: ArticleIndex, folder: Path, without_powers: Powerless
) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "snow.txt").write_text("Snow lay.")
    index.sync([str(folder)])
    (folder / "wind.txt").write_text("Wind rose.")
    for closed in (folder / "deep", folder):
        closed.chmod(0)
        with without_powers():
            report = index.sync([str(folder)])
        closed.chmod(0o700)
        assert [failure.source for failure in report.failed] == [str(closed)]
        assert "Check its permissions." in report.failed[0].reason
        assert not report.removed
        assert held(index) == ["rain.txt", "snow.txt", "sun.md", "wind.txt"]


def test_a_file_in_a_closed_folder_is_reported_and_the_others_indexed(
    index: ArticleIndex, folder: Path, tmp_path: Path, without_powers: Powerless
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "snow.txt").write_text("Snow lay.")
    closed.chmod(0)
    try:
        with without_powers():
            report = index.sync([str(closed / "snow.txt"), str(folder)])
    finally:
        closed.chmod(0o700)
    assert outcome(report) == {"added": ["rain.txt", "sun.md"], "failed": ["snow.txt"]}


def test_a_missing_path_is_reported_and_the_others_indexed(index: ArticleIndex, folder: Path, tmp_path: Path) -> None:
    report = index.sync([str(tmp_path / "nowhere"), str(folder)])
    assert outcome(report) == {"added": ["rain.txt", "sun.md"], "failed": ["nowhere"]}
    assert "no such file or folder" in report.failed[0].reason
    assert [source.address for source in index.sources()] == [str(folder)]


def test_a_folder_that_went_away_loses_nothing(index: ArticleIndex, folder: Path) -> None:
    index.sync([str(folder)])
    folder.rename(folder.with_name("elsewhere"))
    report = index.sync()
    assert outcome(report) == {"failed": ["news"]}
    assert held(index) == ["rain.txt", "sun.md"]


def test_a_name_that_is_not_unicode_stops_nothing(index: ArticleIndex, folder: Path) -> None:
    (folder / "caf\udce9.txt").write_text("Coffee.")
    (folder / "d\udce9p\udce9che").mkdir()
    (folder / "d\udce9p\udce9che" / "x.txt").write_text("News.")
    report = index.sync([str(folder)])
    assert outcome(report)["added"] == ["rain.txt", "sun.md"]
    assert len(report.failed) == 2


def test_what_was_deleted_goes_although_a_place_beside_it_cannot_be_read(
    index: ArticleIndex, folder: Path, without_powers: Powerless
) -> None:
    for name in ("deep", "deeper"):
        (folder / name).mkdir()
        (folder / name / "snow.txt").write_text(f"Snow lay {name}.")
    index.sync([str(folder)])
    (folder / "caf\udce9.txt").write_text("Coffee.")
    (folder / "rain.txt").unlink()
    (folder / "deeper" / "snow.txt").unlink()
    (folder / "deep").chmod(0)
    with without_powers():
        report = index.sync([str(folder)])
    (folder / "deep").chmod(0o700)
    assert report.removed == (str(folder / "deeper" / "snow.txt"), str(folder / "rain.txt"))
    assert len(report.failed) == 2
    assert held(index) == ["snow.txt", "sun.md"]
    (folder / "deep" / "snow.txt").unlink()
    assert names(index.sync([str(folder)]).removed) == ["snow.txt"]


def test_an_address_that_is_not_unicode_is_reported_and_the_others_indexed(
    index: ArticleIndex, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "d\udce9p\udce9che").mkdir()
    (tmp_path / "d\udce9p\udce9che" / "x.txt").write_text("News.")
    report = index.sync([str(tmp_path / "d\udce9p\udce9che"), str(folder)])
    assert outcome(report)["added"] == ["rain.txt", "sun.md"]
    assert report.failed


# What it costs


def test_a_changed_article_costs_only_its_changed_passages(
    tmp_path: Path, folder: Path, embedder: SentenceTransformerEmbedder
) -> None:
    paragraphs = [f"Paragraph {number} tells of the harbour. " * 10 for number in range(6)]
    (folder / "rain.txt").write_text("\n\n".join(paragraphs))
    counting = CountingEmbedder(embedder)
    with ArticleIndex(tmp_path / "home", counting) as index:
        index.sync([str(folder)])
        assert len(counting.encoded) == index.status().passages == 7
        counting.encoded.clear()
        paragraphs[2] = "Now it tells of the mountains instead. " * 10
        (folder / "rain.txt").write_text("\n\n".join(paragraphs))
        index.sync([str(folder)])
        assert counting.encoded == [f"rain\n{paragraphs[2].strip()}"]
        counting.encoded.clear()
        index.sync([str(folder)])
        (folder / "again").mkdir()
        (folder / "again" / "rain.txt").write_text("\n\n".join(paragraphs))
        index.sync([str(folder)])
        assert counting.encoded == []


def test_equal_passages_of_one_run_are_encoded_once(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    with ArticleIndex(tmp_path / "home", embedder) as index:
        index.add([Article(f"mem:{number}", "Same", f"{RAIN}\n\n{number}", language="en") for number in range(5)])
        index.add([Article(f"mem:{number}", "Same", RAIN, date(2026, 1, 1 + number)) for number in range(5, 8)])
        assert index.status().passages == 8
    assert embedder.encoded == 6


# What was interrupted


def test_an_interrupted_sync_leaves_the_old_state_and_the_next_run_completes(
    tmp_path: Path, folder: Path, embedder: SentenceTransformerEmbedder
) -> None:
    class Interrupted(CountingEmbedder):
        def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
            raise KeyboardInterrupt

    home = tmp_path / "home"
    with ArticleIndex(home, embedder) as index:
        index.sync([str(folder)])
        generation = index.status().generation
    (folder / "rain.txt").write_text("Snow fell on the harbour.")
    (folder / "sun.md").unlink()
    (folder / "wind.txt").write_text("Wind rose.")
    with ArticleIndex(home, Interrupted(embedder)) as index:
        with pytest.raises(KeyboardInterrupt):
            index.sync([str(folder)])
        assert held(index) == ["rain.txt", "sun.md"]
        assert index.status().generation == generation
        assert index.search(RAIN)[0].text == RAIN
    with ArticleIndex(home, embedder) as index:
        report = index.sync([str(folder)])
        assert outcome(report) == {"added": ["wind.txt"], "updated": ["rain.txt"], "removed": ["sun.md"]}
        assert index.search("snow")[0].text == "Snow fell on the harbour."


def test_what_was_encoded_before_an_interruption_is_not_encoded_again(tmp_path: Path) -> None:
    articles = [Article(f"mem:{number}", "Title", f"Text number {number}.", language="en") for number in range(700)]
    stopping = HashEmbedder(calls_left=1)
    with ArticleIndex(tmp_path / "home", stopping) as index:
        with pytest.raises(SyncStopped) as stopped:
            index.add(articles)
        kept = index.status().articles
        assert len(stopped.value.report.added) == kept
    assert 0 < kept == stopping.encoded < 650
    resumed = HashEmbedder()
    with ArticleIndex(tmp_path / "home", resumed) as index:
        index.add(articles[650:])
        with closing(sqlite3.connect(index.home / "catalog.sqlite3")) as connection:
            assert connection.execute("SELECT count(*) FROM versions").fetchone() == (kept + 50,)
        index.add(articles)
        assert index.status().articles == 700
    assert resumed.encoded == 700 - stopping.encoded


@pytest.mark.parametrize("error", [RuntimeError, OSError])
def test_a_report_never_claims_an_article_that_an_error_lost(tmp_path: Path, error: type[Exception]) -> None:
    class OnceBroken(HashEmbedder):
        def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
            try:
                return super().encode_documents(texts)
            finally:
                self.calls_left = 1_000_000

    articles = [Article(f"mem:{number}", "Title", f"Text number {number}.", language="en") for number in range(600)]
    with ArticleIndex(tmp_path / "home", OnceBroken(calls_left=0, error=error)) as index:
        try:
            claimed = set(index.add(articles).added)
        except Exception:  # noqa: BLE001 - to stop with an error is right too; to lose articles in silence is not
            claimed = set()
        assert claimed == {article.source for article in index.articles()}


def test_a_half_built_generation_is_cleared_away(index: ArticleIndex, folder: Path) -> None:
    half = index.home / "generations" / "000007-abcdef" / "dense"
    half.mkdir(parents=True)
    index.sync([str(folder)])
    assert not half.exists()
    assert index.search(RAIN)[0].text == RAIN


# One writer


def test_a_second_writer_is_told_to_wait(index: ArticleIndex, folder: Path) -> None:
    index.sync([str(folder)])
    writes: list[Callable[[], SyncReport]] = [lambda: index.sync(), lambda: index.remove(str(folder))]
    with writer_lock(index.home):
        for write in writes:
            with pytest.raises(IndexBusy, match="Wait until it has finished") as caught:
                write()
            assert str(index.home) in str(caught.value)
        assert index.search(RAIN)[0].text == RAIN
    assert outcome(index.sync()) == {"unchanged": ["rain.txt", "sun.md"]}


def test_the_lock_is_given_back_after_a_failure(tmp_path: Path) -> None:
    with ArticleIndex(tmp_path / "home", HashEmbedder(calls_left=0)) as index:
        with pytest.raises(KeyboardInterrupt):
            index.add([Article("mem:a", "A", RAIN)])
        with writer_lock(index.home):
            pass

"""Who holds what: copies, moves, several sources of one article, dry runs, and runs that publish in steps."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Article, ArticleIndex, IndexingError, Kind, Move, SearchFilter, Span, SyncProgress, SyncReport
from index.alignment import TokenVectors
from index.comparison import Change, Outcome
from index.errors import SyncStopped
from index.listing import Item, Listing, Reading, Source
from index.models import Failure
from index.sync import Sync, writer_lock
from index.writer import Batch, IndexWriter
from tests.index.web_server import Reply, article_page, running_web_server

RAIN = "Rain fell on the harbour all day."
SUN = "The sun shone over the mountains."


@dataclass
class HashEmbedder:
    """A quick embedder that finds equal texts only, and a list of what it was asked to encode."""

    encoded: list[str] = field(default_factory=list)
    name: str = "hashes"
    revision: str = "1"

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
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
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def index(tmp_path: Path, embedder: HashEmbedder) -> Iterator[ArticleIndex]:
    with ArticleIndex(tmp_path / "home", embedder) as opened:
        yield opened


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return folder(tmp_path / "news", rain=RAIN, sun=SUN)


def folder(path: Path, **texts: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (path / f"{name}.md").write_text(f"# Title of {name}\n\n{text}")
    # So that the files are seen to be older than the moment at which they are looked at.
    time.sleep(0.06)
    return path


def names(sources: Sequence[str]) -> list[str]:
    return sorted(Path(source).name for source in sources)


def held(index: ArticleIndex) -> list[str]:
    return names([article.source for article in index.articles()])


# Copies


def test_the_same_content_twice_is_stored_once(index: ArticleIndex, embedder: HashEmbedder, news: Path) -> None:
    (news / "again").mkdir()
    (news / "again" / "rain.md").write_bytes((news / "rain.md").read_bytes())
    report = index.sync([str(news)])
    assert len(report.added) == 3
    assert (index.status().articles, index.status().passages, len(embedder.encoded)) == (2, 2, 2)
    original, copy = index.article(str(news / "rain.md")), index.article(str(news / "again" / "rain.md"))
    assert original is not None
    assert copy is not None
    assert (copy.source, copy.text) == (str(news / "again" / "rain.md"), original.text)


def test_a_copy_is_found_by_a_filter_on_its_folder_and_named(index: ArticleIndex, news: Path, tmp_path: Path) -> None:
    other = folder(tmp_path / "other", rain=RAIN, snow="Snow lay.")
    index.sync([str(news), str(other)])
    found = index.search(RAIN, scope=SearchFilter(sources=(str(other),)))
    assert {passage.article.source for passage in found} == {str(news / "rain.md"), str(other / "snow.md")}
    assert [copy.source for copy in found[0].copies] == [str(other / "rain.md")]


def test_a_copy_takes_over_when_the_first_goes(index: ArticleIndex, embedder: HashEmbedder, news: Path) -> None:
    folder(news / "again", rain=RAIN)
    index.sync([str(news)])
    generation = index.status().generation
    (news / "again" / "rain.md").unlink()
    embedder.encoded.clear()
    assert names(index.sync().removed) == ["rain.md"]
    assert index.article(str(news / "rain.md")) is not None
    folder(news / "again", rain=RAIN)
    index.sync()
    (news / "rain.md").unlink()
    index.sync()
    assert index.article(str(news / "rain.md")) is None
    assert index.search(RAIN)[0].article.source == str(news / "again" / "rain.md")
    assert {article.source for article in index.articles()} == {str(news / "sun.md"), str(news / "again" / "rain.md")}
    assert (embedder.encoded, index.status().generation) == ([], generation)


def test_a_copy_that_changes_leaves_the_first_as_it_was(index: ArticleIndex, news: Path) -> None:
    folder(news / "again", rain=RAIN)
    index.sync([str(news)])
    (news / "rain.md").write_text("# Title of rain\n\nHail fell.")
    assert names(index.sync().updated) == ["rain.md"]
    assert index.search(RAIN)[0].article.source == str(news / "again" / "rain.md")
    assert index.search("Hail fell.")[0].article.source == str(news / "rain.md")
    assert index.status().passages == 3


def test_files_that_swap_their_contents_are_updated(index: ArticleIndex, embedder: HashEmbedder, news: Path) -> None:
    index.sync([str(news)])
    rain, sun = news / "rain.md", news / "sun.md"
    first, second = rain.read_bytes(), sun.read_bytes()
    rain.write_bytes(second)
    sun.write_bytes(first)
    embedder.encoded.clear()
    assert names(index.sync().updated) == ["rain.md", "sun.md"]
    assert index.search(SUN)[0].article.source == str(rain)
    assert index.search(RAIN)[0].article.source == str(sun)
    assert (index.status().passages, embedder.encoded) == (2, [])


# Moves


def test_a_moved_file_changes_no_passage(index: ArticleIndex, embedder: HashEmbedder, news: Path) -> None:
    index.sync([str(news)])
    generation = index.status().generation
    (news / "deep").mkdir()
    (news / "rain.md").rename(news / "deep" / "wet.md")
    embedder.encoded.clear()
    report = index.sync()
    assert report.moved == (Move(str(news / "rain.md"), str(news / "deep" / "wet.md")),)
    assert (report.added, report.removed, report.passages, embedder.encoded) == ((), (), 0, [])
    assert index.status().generation == generation
    assert index.search(RAIN)[0].article.source == str(news / "deep" / "wet.md")
    assert index.article(str(news / "rain.md")) is None


def test_a_renamed_file_without_a_title_has_its_new_name_and_its_old_vectors(
    index: ArticleIndex, embedder: HashEmbedder, tmp_path: Path
) -> None:
    place = tmp_path / "notes"
    place.mkdir()
    (place / "draft.txt").write_text(RAIN)
    index.sync([str(place)])
    (place / "draft.txt").rename(place / "harbour.txt")
    embedder.encoded.clear()
    report = index.sync()
    assert report.moved == (Move(str(place / "draft.txt"), str(place / "harbour.txt")),)
    assert (report.passages, embedder.encoded) == (0, [])
    assert [article.title for article in index.articles()] == ["harbour"]
    assert index.article(str(place / "draft.txt")) is None
    assert [passage.article.title for passage in index.search("harbour")] == ["harbour"]


def test_the_former_versions_move_with_a_file(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news)])
    folder(news, rain="Hail fell.")
    index.sync()
    (news / "rain.md").rename(news / "wet.md")
    index.sync()
    wet = index.article(str(news / "wet.md"))
    assert wet is not None
    assert wet.version == 2


# Several sources


def test_what_two_sources_hold_goes_with_the_last_of_them(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news), str(news / "rain.md")])
    assert [(Path(s.address).name, s.kind, s.articles) for s in index.sources()] == [
        ("news", Kind.FOLDER, 2),
        ("rain.md", Kind.FILE, 1),
    ]
    assert names(index.remove(str(news)).removed) == ["sun.md"]
    assert held(index) == ["rain.md"]
    assert names(index.remove(str(news / "rain.md")).removed) == ["rain.md"]
    assert index.sources() == ()


def test_a_source_below_one_that_is_removed_stays_with_what_it_holds(index: ArticleIndex, news: Path) -> None:
    deep = folder(news / "deep", snow="Snow lay.")
    index.sync([str(deep)])
    index.sync([str(news)])
    assert names(index.remove(str(news)).removed) == ["rain.md", "sun.md"]
    assert [source.address for source in index.sources()] == [str(deep)]
    (deep / "snow.md").unlink()
    assert names(index.sync().removed) == ["snow.md"]


def test_removing_by_address_forgets_the_sources_below_it_with_what_they_held(
    tmp_path: Path, embedder: HashEmbedder, news: Path
) -> None:
    with (
        running_web_server() as web,
        running_web_server() as other,
        ArticleIndex(tmp_path / "home", embedder, private_hosts=[web.host, other.host]) as index,
    ):
        entry = f"<item><title>Rain</title><link>{other.url('/rain')}</link><guid>1</guid></item>"
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{entry}</channel></rss>'
        web.pages["/feed"] = Reply(feed, media_type="application/rss+xml")
        other.pages["/rain"] = Reply(article_page("Rain"))
        index.sync([web.url("/feed"), str(news)])
        assert index.remove(web.url("/")).removed == (other.url("/rain"),)
        assert [source.address for source in index.sources()] == [str(news)]
        assert held(index) == ["rain.md", "sun.md"]


def test_what_a_program_added_stays_when_the_folder_goes(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news)])
    kept = index.article(str(news / "rain.md"))
    assert kept is not None
    assert index.add([kept]).unchanged == (kept.source,)
    assert names(index.remove(str(news)).removed) == ["sun.md"]
    assert held(index) == ["rain.md"]


def test_an_article_that_was_removed_comes_back_when_its_folder_is_read(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news)])
    assert names(index.remove(str(news / "rain.md")).removed) == ["rain.md"]
    assert [source.articles for source in index.sources()] == [1]
    assert names(index.sync().added) == ["rain.md"]


def test_a_source_says_when_it_was_read_and_what_failed(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news)])
    [good] = index.sources()
    assert good.read is not None
    assert abs(time.time() - good.read.timestamp()) < 60
    assert good.failure is None
    (news / "bad.txt").write_bytes(b"\0")
    index.sync()
    assert index.sources()[0].failure == "Some of it could not be read."
    news.rename(news.with_name("away"))
    assert names([failure.source for failure in index.sync().failed]) == ["news"]
    [lost] = index.sources()
    assert "no such file or folder" in (lost.failure or "")
    assert (lost.kind, lost.articles) == (Kind.FOLDER, 2)


def test_a_file_without_a_reader_is_reported_and_becomes_no_source(index: ArticleIndex, news: Path) -> None:
    song = news / "song.mp3"
    song.write_bytes(b"ID3")
    [failure] = index.sync([str(song)]).failed
    assert failure == Failure(str(song), "no reader for '.mp3'. Convert it, for example to plain text, HTML or PDF.")
    assert index.sources() == ()


def test_a_file_that_cannot_be_read_says_why_as_a_source_and_can_be_removed(index: ArticleIndex, news: Path) -> None:
    (news / "bad.txt").write_bytes(b"\0")
    [failure] = index.sync([str(news / "bad.txt")]).failed
    [source] = index.sources()
    assert source.failure == failure.reason
    index.remove(str(news / "bad.txt"))
    assert index.sources() == ()


def test_patterns_are_for_folders_that_are_named(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news)], ignore=["*.txt"])
    with pytest.raises(IndexingError, match="Name the folders that they are for, as in: assistant index"):
        index.sync(ignore=["rain*"])
    assert index.sources()[0].ignore == ("*.txt",)


def test_patterns_are_remembered_until_others_are_given(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news)])
    assert names(index.sync([str(news)], ignore=["rain*"]).removed) == ["rain.md"]
    assert not index.sync().changed
    assert index.sources()[0].ignore == ("rain*",)
    assert names(index.sync([str(news)], ignore=[]).added) == ["rain.md"]


# Items of several articles, and of feeds


def take(index: ArticleIndex, embedder: HashEmbedder, *items: Item, complete: bool = True, step: float = 15.0) -> Sync:
    """Run a sync over one source that holds `items`."""
    with writer_lock(index.home), IndexWriter(index._catalog, index._generations, embedder, step=step) as writer:
        sync = Sync(index._catalog, writer)
        listing = Listing("table:", Kind.FILE, items, complete=complete)
        sync.report = sync.read([Source("table:", Kind.FILE)], lambda _: listing)  # type: ignore[attr-defined]
    return sync


def row(name: str, text: str) -> Article:
    return Article(f"table:#{name}", name, text, language="en")


def item(*articles: Article, failures: tuple[Failure, ...] = (), address: str = "table:") -> Item:
    return Item(address, lambda _: Reading(articles, "read", failures))


def test_rows_that_are_gone_go_and_others_stay(index: ArticleIndex, embedder: HashEmbedder) -> None:
    take(index, embedder, item(row("a", RAIN), row("b", SUN)))
    take(index, embedder, item(row("b", SUN), row("c", "Snow lay.")))
    assert {article.title for article in index.articles()} == {"b", "c"}


def test_rows_that_fail_let_go_of_nothing(index: ArticleIndex, embedder: HashEmbedder) -> None:
    take(index, embedder, item(row("a", RAIN), row("b", SUN)))
    take(index, embedder, item(row("b", "It changed."), failures=(Failure("table:#a", "has no text."),)))
    assert {article.title: article.text for article in index.articles()} == {"a": RAIN, "b": "It changed."}
    take(index, embedder, item(row("b", "It changed.")))
    assert {article.title for article in index.articles()} == {"b"}


def test_what_scrolled_off_a_feed_stays(index: ArticleIndex, embedder: HashEmbedder) -> None:
    take(index, embedder, item(row("a", RAIN), address="a"), item(row("b", SUN), address="b"), complete=False)
    take(index, embedder, item(row("c", "Snow lay."), address="c"), complete=False)
    assert {article.title for article in index.articles()} == {"a", "b", "c"}


# What one source tells of an article, and another does not

DAY = date(2026, 2, 1)


def take_all(index: ArticleIndex, embedder: HashEmbedder, **items: Item) -> SyncReport:
    """Run a sync over sources of one item each."""
    listings = {f"{name}:": Listing(f"{name}:", Kind.PAGE, (item,), complete=False) for name, item in items.items()}
    sources = [Source(address, Kind.PAGE) for address in listings]
    with writer_lock(index.home), IndexWriter(index._catalog, index._generations, embedder) as writer:
        return Sync(index._catalog, writer).read(sources, lambda source: listings[source.address])


def entry(text: str = RAIN) -> Item:
    """Return a page as a feed tells of it."""
    article = Article("https://news.example/rain", "Rain at last", text, DAY, "en", "The Post", "Ann Lee")
    return Item(article.source, lambda _: Reading((article,), "entry"), "entry")


def page(text: str = RAIN) -> Item:
    """Return the same page as it is found there, which says of itself nothing but its text."""
    article = Article("https://news.example/rain", "", text, language="en")
    return Item(article.source, lambda _: Reading((article,), "etag"))


def told(index: ArticleIndex) -> tuple[str, str, date | None, str | None, str | None]:
    [article] = index.articles()
    return article.title, article.text, article.published, article.publisher, article.author


def test_what_one_source_tells_stays_where_another_reads_the_same_page(
    index: ArticleIndex, embedder: HashEmbedder
) -> None:
    take_all(index, embedder, feed=entry())
    for items in ({"page": page()}, {"feed": entry(), "page": page()}, {"page": page(), "feed": entry()}):
        report = take_all(index, embedder, **items)
        assert (len(report.unchanged), report.changed) == (1, False)
        assert told(index) == ("Rain at last", RAIN, DAY, "The Post", "Ann Lee")
    assert len(take_all(index, embedder, page=page("Hail fell.")).updated) == 1
    assert told(index) == ("Rain at last", "Hail fell.", DAY, "The Post", "Ann Lee")


def test_a_page_that_a_feed_lists_too_is_read_as_the_feed_tells_it_and_then_asked_again(
    index: ArticleIndex, embedder: HashEmbedder
) -> None:
    take_all(index, embedder, page=page(), feed=entry())
    assert told(index) == ("Rain at last", RAIN, DAY, "The Post", "Ann Lee")
    assert len(take_all(index, embedder, page=page("Hail fell."), feed=entry()).updated) == 1
    assert told(index)[1:3] == ("Hail fell.", DAY)


def test_what_its_only_source_tells_no_more_is_known_no_more(index: ArticleIndex, embedder: HashEmbedder) -> None:
    take_all(index, embedder, feed=entry())
    article = replace(entry().read("").articles[0], published=None, author=None)  # type: ignore[union-attr]
    take_all(index, embedder, feed=Item(article.source, lambda _: Reading((article,), "later"), "later"))
    assert told(index)[2:] == (None, "The Post", None)


def test_two_sources_of_a_page_ask_for_changes_only_once_both_have_its_state(
    index: ArticleIndex, embedder: HashEmbedder
) -> None:
    given: list[str] = []

    def read(stamp: str) -> Reading | None:
        given.append(stamp)
        return None if stamp == "etag" else page().read("")

    asked = Item("https://news.example/rain", read)
    take_all(index, embedder, one=asked, two=asked)
    take_all(index, embedder, one=asked, two=asked)
    take_all(index, embedder, one=asked, two=asked, three=asked)
    take_all(index, embedder, one=asked, two=asked, three=asked)
    assert given == ["", "etag", "", "etag"]


# Unchanged files


def test_what_is_unchanged_is_not_read(index: ArticleIndex, embedder: HashEmbedder) -> None:
    def unread(_: str) -> Reading:
        raise AssertionError("it is read again")

    take(index, embedder, Item("a", lambda _: Reading((row("a", RAIN),), "one"), "one"))
    sync = take(index, embedder, Item("a", unread, "one"))
    assert sync.report.unchanged == ("table:#a",)  # type: ignore[attr-defined]
    sync = take(index, embedder, Item("a", unread, "two"))
    assert "read again" in sync.report.failed[0].reason  # type: ignore[attr-defined]


def test_a_reading_that_says_unchanged_keeps_what_it_held(index: ArticleIndex, embedder: HashEmbedder) -> None:
    given: list[str] = []

    def read(stamp: str) -> Reading | None:
        given.append(stamp)
        return Reading((row("a", RAIN),), "etag") if not stamp else None

    take(index, embedder, Item("a", read))
    sync = take(index, embedder, Item("a", read))
    assert given == ["", "etag"]
    assert sync.report.unchanged == ("table:#a",)  # type: ignore[attr-defined]


def test_a_file_of_the_same_size_and_time_is_seen_to_be_another(index: ArticleIndex, news: Path) -> None:
    index.sync([str(news)])
    path = news / "rain.md"
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    folder(news, rain=RAIN.replace("Rain", "Hail"))
    os.utime(path, ns=times)
    assert names(index.sync().updated) == ["rain.md"]


# Dry runs


def test_a_dry_run_says_what_a_run_then_does_and_changes_nothing(
    index: ArticleIndex, embedder: HashEmbedder, news: Path
) -> None:
    index.sync([str(news)])
    folder(news, snow="Snow lay.", sun="The sun set.")
    (news / "rain.md").rename(news / "wet.md")
    (news / "bad.txt").write_bytes(b"\0")
    embedder.encoded.clear()
    files = {path: path.read_bytes() for path in index.home.rglob("*") if path.is_file() and "-" not in path.suffix}
    plan = index.sync(dry_run=True)
    after = {path: path.read_bytes() for path in index.home.rglob("*") if path.is_file() and "-" not in path.suffix}
    assert (after == files, embedder.encoded) == (True, [])
    done = index.sync()
    for outcome in ("added", "updated", "unchanged", "removed", "moved", "failed"):
        assert getattr(plan, outcome) == getattr(done, outcome)
    assert (len(plan.added), len(plan.updated), len(plan.moved), len(plan.failed)) == (1, 1, 1, 1)


def test_a_dry_run_of_what_is_new_remembers_nothing(index: ArticleIndex, news: Path) -> None:
    assert names(index.sync([str(news)], dry_run=True).added) == ["rain.md", "sun.md"]
    assert index.sources() == ()
    assert index.is_empty()


def test_a_dry_run_may_look_while_another_process_writes(index: ArticleIndex, news: Path) -> None:
    with writer_lock(index.home):
        assert len(index.sync([str(news)], dry_run=True).added) == 2


# The web


def test_a_page_is_read_again_when_it_changed(tmp_path: Path, embedder: HashEmbedder) -> None:
    with (
        running_web_server() as web,
        ArticleIndex(tmp_path / "home", embedder, private_hosts=[web.host]) as index,
    ):
        web.pages["/rain"] = Reply(article_page("Rain"), headers={"ETag": '"1"'})
        assert index.sync([web.url("/rain#top")]).added == (web.url("/rain"),)
        [source] = index.sources()
        assert (source.address, source.kind, source.articles) == (web.url("/rain"), Kind.PAGE, 1)
        assert index.sync().unchanged == (web.url("/rain"),)
        web.pages["/rain"] = Reply(article_page("Hail"), headers={"ETag": '"2"'})
        assert index.sync([web.url("/rain#end")]).updated == (web.url("/rain"),)
        web.pages["/rain"] = Reply("", status=404)
        report = index.sync()
        assert [failure.source for failure in report.failed] == [web.url("/rain")]
        assert index.status().articles == 1
        assert index.remove(web.url("/rain#top")).removed == (web.url("/rain"),)
        assert index.sources() == ()


def test_a_feed_and_a_page_hold_the_same_article(tmp_path: Path, embedder: HashEmbedder) -> None:
    with (
        running_web_server() as web,
        ArticleIndex(tmp_path / "home", embedder, private_hosts=[web.host]) as index,
    ):
        entry = f"<item><title>Rain</title><link>{web.url('/rain')}</link><guid>1</guid></item>"
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{entry}</channel></rss>'
        web.pages["/feed"] = Reply(feed, media_type="application/rss+xml")
        web.pages["/rain"] = Reply(article_page("Rain"))
        index.sync([web.url("/feed"), web.url("/rain")])
        assert [source.kind for source in index.sources()] == [Kind.FEED, Kind.PAGE]
        assert index.status().articles == 1
        assert index.remove(web.url("/feed")).removed == ()
        assert held(index) == ["rain"]


# Steps


def test_a_long_run_becomes_visible_in_steps(index: ArticleIndex, embedder: HashEmbedder) -> None:
    seen: list[int] = []

    def watched(number: int) -> Item:
        def read(_: str) -> Reading:
            if number == 1_500:
                deadline = time.monotonic() + 20
                while index.is_empty() and time.monotonic() < deadline:
                    time.sleep(0.01)
                seen.append(index.status().articles)
            return Reading((row(str(number), f"Text number {number}."),), "read")

        return Item(f"{number:04}", read)

    take(index, embedder, *(watched(number) for number in range(1_600)), step=0.0)
    assert 0 < seen[0] < 1_600
    assert index.status().articles == 1_600
    assert index.search("Text number 7.", limit=1)[0].text == "Text number 7."


def test_what_a_slow_source_gave_is_told_before_its_end(
    index: ArticleIndex, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sync._STALE", 0.6)  # so that few batches come, which wait for no others
    told: list[SyncProgress] = []
    told_before_last: list[SyncProgress] = []

    def slow(number: int) -> Item:
        def read(_: str) -> Reading:
            time.sleep(0.05)
            if number == 39:
                told_before_last.extend(told)
            return Reading((row(str(number), f"Text number {number}."),), "read")

        return Item(f"{number:04}", read)

    listing = Listing("table:", Kind.FEED, tuple(slow(number) for number in range(40)))
    with writer_lock(index.home), IndexWriter(index._catalog, index._generations, embedder) as writer:
        Sync(index._catalog, writer, told.append).take(listing)
    assert any(state.passages for state in told_before_last)
    assert told[-1].passages == 40


def test_a_writer_tells_of_what_is_stored_before_it_ends(index: ArticleIndex, embedder: HashEmbedder) -> None:
    told: list[int] = []
    change = Change(row("rain", RAIN), "digest", Outcome.ADDED, stored=True)
    with writer_lock(index.home), IndexWriter(index._catalog, index._generations, embedder) as writer:
        writer.put(Batch([change], settled=told.append))
        deadline = time.monotonic() + 20
        while not told and time.monotonic() < deadline:
            writer.settle()
            time.sleep(0.01)
        assert told == [1]


def test_contents_that_change_places_across_steps_are_whole(index: ArticleIndex, embedder: HashEmbedder) -> None:
    def told(number: int, text: int) -> Item:
        article = Article(f"table:#{number}", "Same", f"Text number {text}.", language="en")
        return item(article, address=f"{number:04}")

    take(index, embedder, *(told(number, number) for number in range(1_600)))
    embedder.encoded.clear()
    # What a batch asks for is what the step of the batch before it took away.
    shifted = {number: (number - 256) % 1_600 for number in range(1_600)}
    take(index, embedder, *(told(number, text) for number, text in shifted.items()), step=0.0)
    assert (index.status().passages, embedder.encoded) == (1_600, [])
    texts = {article.source: article.text for article in index.articles()}
    assert texts == {f"table:#{number}": f"Text number {text}." for number, text in shifted.items()}
    assert index.search("Text number 3.", limit=1)[0].article.source == "table:#259"


def test_contents_that_change_places_have_the_titles_of_these_places(
    index: ArticleIndex, embedder: HashEmbedder
) -> None:
    def told(folder: str, number: int, text: int) -> Item:
        article = Article(f"/{folder}/n{number}.txt", "", f"Text number {text}.", language="en")
        return item(article, address=f"{folder}{number:04}")

    take(index, embedder, *(told("old", number, number) for number in range(600)))
    take(index, embedder, *(told("new", (number + 1) % 600, number) for number in range(600)))
    # Its vectors go by titles that it had before, and a step takes away what a later one would have cut them from.
    shifted = {number: (number - 256) % 600 for number in range(600)}
    take(index, embedder, *(told("new", number, text) for number, text in shifted.items()), step=0.0)
    assert {article.title: article.text for article in index.articles()} == {
        f"n{number}": f"Text number {text}." for number, text in shifted.items()
    }
    assert (index.status().passages, index.examine().problems) == (600, ())


def test_an_interrupted_run_keeps_what_it_did_and_says_so(
    index: ArticleIndex, embedder: HashEmbedder, tmp_path: Path
) -> None:
    place = folder(tmp_path / "many", **{f"n{n}": f"Text number {n}." for n in range(900)})
    calls = threading.Event()

    def stop(state: SyncProgress) -> None:
        if state.passages and not calls.is_set():
            calls.set()
            raise KeyboardInterrupt

    with pytest.raises(SyncStopped) as stopped:
        index.sync([str(place)], stop)
    kept = stopped.value.report.added
    assert 0 < len(kept) < 900
    assert {article.source for article in index.articles()} == set(kept)
    assert index.sources()[0].read is None
    encoded = len(embedder.encoded)
    report = index.sync()
    assert index.status().articles == 900
    assert len(report.added) + len(report.unchanged) == 900
    assert len(embedder.encoded) == 900 >= encoded


_INTERRUPTED = """
import signal, sys, threading, time
from pathlib import Path
from index import Article, ArticleIndex
from index.errors import SyncStopped
from tests.index.crashing import WordEmbedder

class Interrupting(WordEmbedder):
    calls = 0

    def encode_documents(self, texts):
        self.calls += 1
        if self.calls == 1:
            # By now the main thread has read all there is, and waits for this batch.
            time.sleep(1)
            for _ in range(2):
                signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
                time.sleep(0.2)
        return super().encode_documents(texts)

signal.signal(signal.SIGINT, signal.default_int_handler)
with ArticleIndex(Path(sys.argv[1]), Interrupting()) as index:
    articles = [Article(f"mem:{n}", "Same", f"Text number {n}.", language="en") for n in range(600)]
    try:
        index.add(articles)
    except SyncStopped as stopped:
        report = stopped.report
    kept = {article.source for article in index.articles()}
    print(set(report.added) == kept, len(kept) >= 256, report.passages == index.status().passages)
"""


def test_the_counts_are_exact_where_ctrl_c_comes_while_a_batch_is_waited_for(tmp_path: Path) -> None:
    # In a process of its own: a second Ctrl-C must not reach the tests.
    command = [sys.executable, "-c", _INTERRUPTED, str(tmp_path / "home")]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "True True True\n"


def test_progress_tells_speed_and_time_left(index: ArticleIndex, news: Path) -> None:
    seen: list[SyncProgress] = []
    index.sync([str(news)], seen.append)
    assert seen[-1].left == 0.0
    assert seen[-1].passages == 2
    assert seen[-1].speed > 0

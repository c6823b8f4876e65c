"""The contract of all engines: Chroma and tantivy in a folder, Chroma and Milvus as servers."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from index.catalog import PassageEntry
from index.dense import ChromaIndex
from index.engines import CollectionMissing, Scope, VectorCollection, VectorStore, day_bounds, day_number
from index.lexical import GRAMS, STEMS, TantivyIndex
from index.text import grams, stems
from tests.index.stores import StoreProcess

WORDS = ["river", "mountain", "harbour", "glacier", "desert", "village"]


def entry(number: int, *, version: int = 1, published: date | None = None) -> PassageEntry:
    """A passage of which one word and one direction are its own."""
    vector = np.zeros(8, dtype=np.float32)
    vector[number] = 1.0
    text = f"A report of the {WORDS[number]}."
    return PassageEntry(number, version, text, "Title", "en", published, vector)


class Engine(Protocol):
    """What the tests ask of an engine, wherever it lies."""

    def add(self, entries: Sequence[PassageEntry]) -> None: ...

    def remove(self, ids: Sequence[int]) -> None: ...

    def count(self) -> int: ...

    def close(self) -> None: ...


class Rows:
    """A collection in a server, as an engine: one for each path."""

    def __init__(self, store: VectorStore, path: Path) -> None:
        self._store = store
        self.collection = store.collection(f"c_{hashlib.sha256(str(path).encode()).hexdigest()[:20]}")
        self.collection.create(8)
        self.add, self.remove, self.count = self.collection.put, self.collection.remove, self.collection.count
        self.query = self.collection.query

    def close(self) -> None:
        self._store.close()


@dataclass(frozen=True)
class Kind:
    """One engine, and how to ask it for what all passages share and for what one has alone."""

    open: Callable[[Path], Engine]
    everything: Callable[[Engine, Scope | None], set[int]]
    best: Callable[[Engine, int], int | None]
    files: Callable[[Path], list[Path]] = lambda path: []

    def written(self, path: Path, entries: Sequence[PassageEntry], removed: Sequence[int] = ()) -> None:
        engine = self.open(path)
        engine.add(entries)
        if removed:
            engine.remove(removed)
        engine.close()


def dense_everything(engine: Engine, scope: Scope | None) -> set[int]:
    assert isinstance(engine, ChromaIndex | Rows)
    return set(engine.query(np.full(8, 8**-0.5, dtype=np.float32), 10, scope))


def dense_best(engine: Engine, number: int) -> int | None:
    assert isinstance(engine, ChromaIndex | Rows)
    return next((n for n, score in engine.query(entry(number).vector, 3).items() if score > 0.5), None)


def lexical_everything(engine: Engine, scope: Scope | None) -> set[int]:
    assert isinstance(engine, TantivyIndex)
    return set(engine.query(STEMS, stems("reports", "en"), 10, scope))


def lexical_best(engine: Engine, number: int) -> int | None:
    assert isinstance(engine, TantivyIndex)
    return next(iter(engine.query(STEMS, stems(WORDS[number] + "s", "en"), 3)), None)


IN_A_FOLDER = {
    "dense": Kind(ChromaIndex, dense_everything, dense_best, ChromaIndex.files),
    "lexical": Kind(TantivyIndex, lexical_everything, lexical_best, TantivyIndex.files),
}
SERVERS = ["chroma_server", "milvus_server"]


def served(request: pytest.FixtureRequest, name: str) -> Kind:
    server: StoreProcess = request.getfixturevalue(name)
    return Kind(lambda path: Rows(server.connect(), path), dense_everything, dense_best)


@pytest.fixture(scope="module", params=[*IN_A_FOLDER, *SERVERS])
def kind(request: pytest.FixtureRequest) -> Kind:
    return IN_A_FOLDER.get(str(request.param)) or served(request, request.param)


@pytest.fixture(params=IN_A_FOLDER)
def folder_kind(request: pytest.FixtureRequest) -> Kind:
    return IN_A_FOLDER[str(request.param)]


@pytest.fixture(params=["dense", *SERVERS])
def dense_kind(request: pytest.FixtureRequest) -> Kind:
    return IN_A_FOLDER.get(str(request.param)) or served(request, request.param)


def test_what_was_added_is_counted_and_found_after_reopening(kind: Kind, tmp_path: Path) -> None:
    kind.written(tmp_path / "deep" / "engine", [entry(number) for number in range(6)])
    engine = kind.open(tmp_path / "deep" / "engine")
    assert engine.count() == 6
    assert [kind.best(engine, number) for number in range(6)] == [0, 1, 2, 3, 4, 5]
    assert kind.everything(engine, None) == {0, 1, 2, 3, 4, 5}
    engine.close()


def test_a_new_engine_is_empty_and_finds_nothing(kind: Kind, tmp_path: Path) -> None:
    engine = kind.open(tmp_path / "engine")
    assert engine.count() == 0
    assert kind.everything(engine, None) == set()
    assert kind.best(engine, 1) is None
    engine.close()


def test_what_was_removed_is_never_found(kind: Kind, tmp_path: Path) -> None:
    kind.written(tmp_path, [entry(number) for number in range(4)])
    kind.written(tmp_path, [], removed=[1, 3])
    engine = kind.open(tmp_path)
    assert engine.count() == 2
    assert kind.everything(engine, None) == {0, 2}
    assert kind.best(engine, 1) is None
    engine.close()


def test_removing_what_is_not_there_changes_nothing(kind: Kind, tmp_path: Path) -> None:
    kind.written(tmp_path, [entry(0)])
    kind.written(tmp_path, [], removed=[5])
    engine = kind.open(tmp_path)
    assert (engine.count(), kind.everything(engine, None)) == (1, {0})
    engine.close()


def test_later_additions_join_the_earlier_ones(kind: Kind, tmp_path: Path) -> None:
    kind.written(tmp_path, [entry(0)])
    kind.written(tmp_path, [entry(1), entry(2)], removed=[0])
    engine = kind.open(tmp_path)
    assert kind.everything(engine, None) == {1, 2}
    engine.close()


def test_an_open_engine_is_not_touched_by_writing_a_copy_of_its_folder(folder_kind: Kind, tmp_path: Path) -> None:
    folder_kind.written(tmp_path / "old", [entry(0), entry(1)])
    reading = folder_kind.open(tmp_path / "old")
    assert folder_kind.everything(reading, None) == {0, 1}
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    folder_kind.written(tmp_path / "new", [entry(2)], removed=[0])
    copy = folder_kind.open(tmp_path / "new")
    assert folder_kind.everything(copy, None) == {1, 2}
    assert folder_kind.everything(reading, None) == {0, 1}
    copy.close()
    assert folder_kind.best(reading, 0) == 0
    reading.close()


@pytest.mark.parametrize("passages", [0, 1, 6, 1_100])
def test_reading_leaves_the_files_of_an_engine_as_they_are(folder_kind: Kind, tmp_path: Path, passages: int) -> None:
    vectors = np.random.default_rng(0).standard_normal((passages, 8)).astype(np.float32)
    entries = [replace(entry(0), id=number, vector=vector) for number, vector in enumerate(vectors)]
    folder_kind.written(tmp_path, entries)
    before = contents(folder_kind, tmp_path)
    for _ in range(3):
        engine = folder_kind.open(tmp_path)
        assert engine.count() == passages
        assert bool(folder_kind.everything(engine, None)) == bool(passages)
        engine.close()
        assert contents(folder_kind, tmp_path) == before


def test_vectors_are_the_only_memory_that_reaches_the_disk(tmp_path: Path) -> None:
    # What Chroma takes from the memory for vectors to come, it would write as it is.
    for _ in range(50):
        litter = [b"litter" * 30_000 for _ in range(20)]
        del litter
    IN_A_FOLDER["dense"].written(tmp_path, [entry(number) for number in range(6)])
    [graph] = {path.parent for path in tmp_path.rglob("data_level0.bin")}
    for name, a_vector in (("data_level0.bin", 172), ("length.bin", 4)):
        data = (graph / name).read_bytes()
        assert data == data[: 6 * a_vector] + bytes(len(data) - 6 * a_vector)
    assert entry(5).vector.tobytes() in (graph / "data_level0.bin").read_bytes()[5 * 172 : 6 * 172]


def test_the_files_of_an_engine_change_with_what_it_holds(folder_kind: Kind, tmp_path: Path) -> None:
    folder_kind.written(tmp_path, [entry(0), entry(1)])
    before = contents(folder_kind, tmp_path)
    folder_kind.written(tmp_path, [], removed=[1])
    assert contents(folder_kind, tmp_path) != before


def contents(kind: Kind, path: Path) -> dict[str, bytes]:
    found = {file.relative_to(path).as_posix(): file.read_bytes() for file in kind.files(path)}
    assert all(found.values())
    return found


FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture(scope="module")
def dated(kind: Kind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with passages of several days, versions and languages."""
    path = tmp_path_factory.mktemp("dated")
    entries = [
        entry(0, version=1),
        entry(1, version=1, published=FEBRUARY),
        entry(2, version=2, published=MARCH),
        replace(entry(3, version=2), language="fr"),
    ]
    kind.written(path, entries)
    engine = kind.open(path)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), {0, 1, 2, 3}),
        (Scope(since=FEBRUARY), {1, 2}),
        (Scope(since=date(2026, 2, 2)), {2}),
        (Scope(until=FEBRUARY), {1}),
        (Scope(until=date(2026, 1, 31)), set()),
        (Scope(since=FEBRUARY, until=MARCH), {1, 2}),
        (Scope(since=MARCH, until=FEBRUARY), set()),
        (Scope(versions=[1]), {0, 1}),
        (Scope(versions=[1, 2]), {0, 1, 2, 3}),
        (Scope(versions=[7]), set()),
        (Scope(since=FEBRUARY, versions=[1]), {1}),
        (Scope(languages=["fr"]), {3}),
        (Scope(languages=["fr", "en"]), {0, 1, 2, 3}),
        (Scope(languages=["f"]), set()),
        (Scope(since=FEBRUARY, languages=["en"]), {1, 2}),
    ],
)
def test_a_scope_lets_only_its_own_through(kind: Kind, dated: Engine, scope: Scope, expected: set[int]) -> None:
    assert kind.everything(dated, scope) == expected


def test_cosines_are_those_of_the_vectors(dense_kind: Kind, tmp_path: Path) -> None:
    engine = dense_kind.open(tmp_path)
    assert isinstance(engine, ChromaIndex | Rows)
    engine.add([entry(0), entry(1)])
    question = np.array([0.6, 0.8, 0, 0, 0, 0, 0, 0], dtype=np.float32)
    found = engine.query(question, 5)
    assert list(found) == [1, 0]
    assert list(found.values()) == pytest.approx([0.8, 0.6])
    assert list(engine.query(question, 1)) == [1]
    engine.close()


def test_rare_words_count_more_and_grams_meet_across_languages(tmp_path: Path) -> None:
    IN_A_FOLDER["lexical"].written(tmp_path, [entry(number) for number in range(6)])
    engine = TantivyIndex(tmp_path)
    found = engine.query(STEMS, stems("report glacier", "en"), 10)
    assert next(iter(found)) == 3
    assert found[3] > found[0] > 0
    assert next(iter(engine.query(GRAMS, grams("glaciar"), 10))) == 3
    assert len(engine.query(STEMS, stems("report", "en"), 2)) == 2
    assert engine.query(STEMS, [], 10) == {}
    engine.close()


def test_the_words_of_removed_passages_weigh_until_the_others_are_written_anew(tmp_path: Path) -> None:
    def weights(path: Path) -> dict[int, float]:
        return TantivyIndex(path).query(STEMS, stems("report glacier", "en"), 10)

    everything, removed = [entry(number) for number in range(6)], [0, 1]
    IN_A_FOLDER["lexical"].written(tmp_path / "grown", everything, removed)
    IN_A_FOLDER["lexical"].written(tmp_path / "clean", everything[2:])
    assert weights(tmp_path / "grown") != weights(tmp_path / "clean")
    assert TantivyIndex(tmp_path / "grown").is_distorted
    engine = TantivyIndex(tmp_path / "grown")
    engine.add([entry(1)])  # not on disk when all is written anew
    engine.rewrite([everything[2:4], everything[4:]])
    engine.close()
    assert weights(tmp_path / "grown") == weights(tmp_path / "clean")
    assert not TantivyIndex(tmp_path / "grown").is_distorted


def test_of_many_passages_a_few_may_be_removed_before_the_others_are_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.lexical._FEW", 4)
    IN_A_FOLDER["lexical"].written(tmp_path, [replace(entry(0), id=number) for number in range(33)])
    for number, distorted in enumerate((False, False, False, True)):
        engine = TantivyIndex(tmp_path)
        assert not engine.is_distorted
        engine.remove([number])
        assert engine.is_distorted == distorted, f"{number + 1} of 33 are removed"
        engine.close()


@pytest.mark.parametrize("term", ["AND", '"', "title:", "(", "*", "-river", "a" * 70_000, ""])
def test_no_term_is_an_operator(tmp_path: Path, term: str) -> None:
    IN_A_FOLDER["lexical"].written(tmp_path, [entry(0)])
    engine = TantivyIndex(tmp_path)
    assert engine.query(STEMS, [term], 10) == {}
    engine.close()


def test_days_are_numbered_in_order_and_unknown_ones_are_outside_every_range() -> None:
    assert day_number(None) == 0 < day_number(date.min) < day_number(FEBRUARY) < day_number(MARCH)
    assert day_bounds(Scope()) is None
    assert day_bounds(Scope(since=FEBRUARY)) == (FEBRUARY.toordinal(), date.max.toordinal())
    assert day_bounds(Scope(until=FEBRUARY)) == (1, FEBRUARY.toordinal())


# Of servers alone


@pytest.fixture(params=SERVERS)
def store(request: pytest.FixtureRequest) -> Iterator[VectorStore]:
    server: StoreProcess = request.getfixturevalue(request.param)
    opened = server.connect()
    yield opened
    opened.close()


@pytest.fixture
def rows(store: VectorStore, tmp_path: Path) -> VectorCollection:
    return Rows(store, tmp_path).collection


def test_a_row_that_is_written_twice_is_there_once_as_it_was_written_last(rows: VectorCollection) -> None:
    rows.put([entry(1), entry(2)])
    rows.put([replace(entry(1, version=7), vector=entry(3).vector)])
    assert rows.count() == 2
    stored = rows.stored([1, 2, 5])
    assert {number: row.version for number, row in stored.items()} == {1: 7, 2: 1}
    assert stored[1].vector.tolist() == entry(3).vector.tolist()
    assert stored[1].vector.dtype == np.float32


def test_many_rows_are_written_and_removed_in_one_call(rows: VectorCollection) -> None:
    vectors = np.random.default_rng(0).standard_normal((2_100, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows.put([replace(entry(0), id=number, vector=vector) for number, vector in enumerate(vectors, 1)])
    assert rows.count() == 2_100
    assert len(rows.stored(range(1, 2_101))) == 2_100
    rows.remove(range(1, 2_051))
    assert rows.count() == 50
    assert set(rows.query(vectors[0], 100)) == set(range(2_051, 2_101))


def test_what_one_process_writes_another_finds_at_once(store: VectorStore, rows: VectorCollection) -> None:
    for number in range(1, 4):
        rows.put([entry(number)])
        again = store.collection(rows.name)
        assert set(again.query(entry(number).vector, 5)) == set(range(1, number + 1))
        assert again.count() == number


def test_a_collection_that_is_not_there_says_so_and_can_be_dropped(store: VectorStore, rows: VectorCollection) -> None:
    rows.put([entry(1)])
    store.drop(rows.name)
    store.drop(rows.name)
    for collection in (rows, store.collection("never_made")):
        for call in (
            collection.count,
            partial(collection.put, [entry(1)]),
            partial(collection.remove, [1]),
            partial(collection.stored, [1]),
            partial(collection.query, entry(1).vector, 5),
        ):
            with pytest.raises(CollectionMissing):
                call()


@pytest.mark.parametrize("language", ['a"]', "\\", "'", "é", "a\nb"])
def test_no_language_is_an_expression(rows: VectorCollection, language: str) -> None:
    rows.put([entry(1), replace(entry(2), language=language)])
    assert set(rows.query(entry(1).vector, 5, Scope(languages=[language]))) == {2}

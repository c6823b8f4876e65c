"""The contract of both engines: ChromaIndex and TantivyIndex."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.catalog import PassageEntry
from index.dense import ChromaIndex
from index.engines import Engine, Scope, day_bounds, day_number
from index.lexical import GRAMS, STEMS, TantivyIndex
from index.text import grams, stems

WORDS = ["river", "mountain", "harbour", "glacier", "desert", "village"]


def entry(number: int, *, version: int = 1, published: date | None = None) -> PassageEntry:
    """A passage of which one word and one direction are its own."""
    vector = np.zeros(8, dtype=np.float32)
    vector[number] = 1.0
    text = f"A report of the {WORDS[number]}."
    return PassageEntry(number, version, text, "Title", "en", published, vector)


@dataclass(frozen=True)
class Kind:
    """One engine, and how to ask it for what all passages share and for what one has alone."""

    open: Callable[[Path], Engine]
    files: Callable[[Path], list[Path]]
    everything: Callable[[Engine, Scope | None], set[int]]
    best: Callable[[Engine, int], int | None]

    def written(self, path: Path, entries: Sequence[PassageEntry], removed: Sequence[int] = ()) -> None:
        engine = self.open(path)
        engine.add(entries)
        if removed:
            engine.remove(removed)
        engine.close()


def dense_everything(engine: Engine, scope: Scope | None) -> set[int]:
    assert isinstance(engine, ChromaIndex)
    return set(engine.query(np.full(8, 8**-0.5, dtype=np.float32), 10, scope))


def dense_best(engine: Engine, number: int) -> int | None:
    assert isinstance(engine, ChromaIndex)
    return next((n for n, score in engine.query(entry(number).vector, 3).items() if score > 0.5), None)


def lexical_everything(engine: Engine, scope: Scope | None) -> set[int]:
    assert isinstance(engine, TantivyIndex)
    return set(engine.query(STEMS, stems("reports", "en"), 10, scope))


def lexical_best(engine: Engine, number: int) -> int | None:
    assert isinstance(engine, TantivyIndex)
    return next(iter(engine.query(STEMS, stems(WORDS[number] + "s", "en"), 3)), None)


KINDS = {
    "dense": Kind(ChromaIndex, ChromaIndex.files, dense_everything, dense_best),
    "lexical": Kind(TantivyIndex, TantivyIndex.files, lexical_everything, lexical_best),
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[str(request.param)]


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


def test_an_open_engine_is_not_touched_by_writing_a_copy_of_its_folder(kind: Kind, tmp_path: Path) -> None:
    kind.written(tmp_path / "old", [entry(0), entry(1)])
    reading = kind.open(tmp_path / "old")
    assert kind.everything(reading, None) == {0, 1}
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    kind.written(tmp_path / "new", [entry(2)], removed=[0])
    copy = kind.open(tmp_path / "new")
    assert kind.everything(copy, None) == {1, 2}
    assert kind.everything(reading, None) == {0, 1}
    copy.close()
    assert kind.best(reading, 0) == 0
    reading.close()


@pytest.mark.parametrize("passages", [0, 1, 6, 1_100])
def test_reading_leaves_the_files_of_an_engine_as_they_are(kind: Kind, tmp_path: Path, passages: int) -> None:
    vectors = np.random.default_rng(0).standard_normal((passages, 8)).astype(np.float32)
    entries = [replace(entry(0), id=number, vector=vector) for number, vector in enumerate(vectors)]
    kind.written(tmp_path, entries)
    before = contents(kind, tmp_path)
    for _ in range(3):
        engine = kind.open(tmp_path)
        assert engine.count() == passages
        assert bool(kind.everything(engine, None)) == bool(passages)
        engine.close()
        assert contents(kind, tmp_path) == before


def test_vectors_are_the_only_memory_that_reaches_the_disk(tmp_path: Path) -> None:
    # What Chroma takes from the memory for vectors to come, it would write as it is.
    for _ in range(50):
        litter = [b"litter" * 30_000 for _ in range(20)]
        del litter
    KINDS["dense"].written(tmp_path, [entry(number) for number in range(6)])
    [graph] = {path.parent for path in tmp_path.rglob("data_level0.bin")}
    for name, a_vector in (("data_level0.bin", 172), ("length.bin", 4)):
        data = (graph / name).read_bytes()
        assert data == data[: 6 * a_vector] + bytes(len(data) - 6 * a_vector)
    assert entry(5).vector.tobytes() in (graph / "data_level0.bin").read_bytes()[5 * 172 : 6 * 172]


def test_the_files_of_an_engine_change_with_what_it_holds(kind: Kind, tmp_path: Path) -> None:
    kind.written(tmp_path, [entry(0), entry(1)])
    before = contents(kind, tmp_path)
    kind.written(tmp_path, [], removed=[1])
    assert contents(kind, tmp_path) != before


def contents(kind: Kind, path: Path) -> dict[str, bytes]:
    found = {file.relative_to(path).as_posix(): file.read_bytes() for file in kind.files(path)}
    assert all(found.values())
    return found


FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


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
def test_a_scope_lets_only_its_own_through(kind: Kind, tmp_path: Path, scope: Scope, expected: set[int]) -> None:
    entries = [
        entry(0, version=1),
        entry(1, version=1, published=FEBRUARY),
        entry(2, version=2, published=MARCH),
        replace(entry(3, version=2), language="fr"),
    ]
    kind.written(tmp_path, entries)
    engine = kind.open(tmp_path)
    assert kind.everything(engine, scope) == expected
    engine.close()


def test_cosines_are_those_of_the_vectors(tmp_path: Path) -> None:
    engine = ChromaIndex(tmp_path)
    engine.add([entry(0), entry(1)])
    question = np.array([0.6, 0.8, 0, 0, 0, 0, 0, 0], dtype=np.float32)
    found = engine.query(question, 5)
    assert list(found) == [1, 0]
    assert list(found.values()) == pytest.approx([0.8, 0.6])
    assert list(engine.query(question, 1)) == [1]
    engine.close()


def test_rare_words_count_more_and_grams_meet_across_languages(tmp_path: Path) -> None:
    KINDS["lexical"].written(tmp_path, [entry(number) for number in range(6)])
    engine = TantivyIndex(tmp_path)
    found = engine.query(STEMS, stems("report glacier", "en"), 10)
    assert next(iter(found)) == 3
    assert found[3] > found[0] > 0
    assert next(iter(engine.query(GRAMS, grams("glaciar"), 10))) == 3
    assert len(engine.query(STEMS, stems("report", "en"), 2)) == 2
    assert engine.query(STEMS, [], 10) == {}
    engine.close()


@pytest.mark.parametrize("term", ["AND", '"', "title:", "(", "*", "-river", "a" * 70_000, ""])
def test_no_term_is_an_operator(tmp_path: Path, term: str) -> None:
    KINDS["lexical"].written(tmp_path, [entry(0)])
    engine = TantivyIndex(tmp_path)
    assert engine.query(STEMS, [term], 10) == {}
    engine.close()


def test_days_are_numbered_in_order_and_unknown_ones_are_outside_every_range() -> None:
    assert day_number(None) == 0 < day_number(date.min) < day_number(FEBRUARY) < day_number(MARCH)
    assert day_bounds(Scope()) is None
    assert day_bounds(Scope(since=FEBRUARY)) == (FEBRUARY.toordinal(), date.max.toordinal())
    assert day_bounds(Scope(until=FEBRUARY)) == (1, FEBRUARY.toordinal())

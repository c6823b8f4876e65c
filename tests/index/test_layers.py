"""Vectors in two layers: a base that stays as it is, and what came since."""

import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import PassageEntry
from index.dense import ChromaIndex
from index.engines import Scope
from index.layers import LayeredVectors, Layers, begin_copy

SIZE = 16
FEW = 20
"""Vectors from which on the generations of these tests are layered."""


def vector_of(number: int) -> np.ndarray:
    vector = np.random.default_rng(number).normal(size=SIZE).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def entry(number: int) -> PassageEntry:
    language = "fr" if number % 2 else "en"
    return PassageEntry(
        number, number // 10, f"word{number}", "Title", language, date(2026, 1, 1 + number % 28), vector_of(number)
    )


class Library:
    """Generations one after the other, each made from the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0

    @property
    def current(self) -> Path:
        return self.folder / f"{self.made:06d}"

    def change(self, added: Sequence[int] = (), removed: Sequence[int] = ()) -> None:
        before, self.made = self.current, self.made + 1
        self.current.mkdir(parents=True)
        if before.exists():
            begin_copy(before, self.current, many=FEW)
        vectors = LayeredVectors(self.current)
        vectors.add([entry(number) for number in added])
        vectors.remove(removed)
        vectors.close()

    def layers(self) -> Layers | None:
        return Layers.of(self.current)

    def open(self) -> LayeredVectors:
        return LayeredVectors(self.current)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "generations")


def nearest(numbers: Sequence[int], asked: np.ndarray, limit: int) -> list[int]:
    return sorted(numbers, key=lambda number: -float(vector_of(number) @ asked))[:limit]


def found(library: Library, asked: np.ndarray, limit: int, scope: Scope | None = None) -> list[int]:
    vectors = library.open()
    try:
        return list(vectors.query(asked, limit, scope))
    finally:
        vectors.close()


def test_few_vectors_are_copied_and_many_become_a_base(library: Library) -> None:
    library.change(range(FEW - 1))
    library.change([FEW])
    assert library.layers() is None
    library.change([FEW + 1], removed=[3])
    assert library.layers() == Layers("000002", FEW, FEW, (3,))
    assert ChromaIndex.extent(library.current / "dense") == 1


def test_a_search_finds_what_both_layers_hold_and_nothing_that_is_gone(library: Library) -> None:
    library.change(range(100))
    library.change([100, 101], removed=[7, 8, 9])
    library.change([102], removed=[10, 101])
    left = [number for number in range(103) if number not in (7, 8, 9, 10, 101)]
    for asked in map(vector_of, (7, 8, 50, 100, 101, 102)):
        assert found(library, asked, 10) == nearest(left, asked, 10)
    vectors = library.open()
    assert vectors.holds(len(left))
    assert not vectors.holds(len(left) + 1)
    vectors.close()


def test_a_base_of_which_the_nearest_are_gone_is_asked_for_more(library: Library) -> None:
    library.change(range(200))
    asked = vector_of(1000)
    gone = nearest(range(200), asked, 30)
    library.change(removed=gone)
    assert library.layers() is not None
    left = [number for number in range(200) if number not in gone]
    assert found(library, asked, 5) == nearest(left, asked, 5)


def test_a_scope_holds_in_both_layers(library: Library) -> None:
    library.change(range(60))
    library.change(range(60, 66))
    scope = Scope(languages=("fr",), since=date(2026, 1, 10))
    asked = vector_of(500)
    wanted = [number for number in range(66) if number % 2 and 1 + number % 28 >= 10]
    assert found(library, asked, 8, scope) == nearest(wanted, asked, 8)


def test_layers_that_have_grown_are_put_together(library: Library) -> None:
    library.change(range(40))
    library.change(range(40, 46), removed=[0, 1, 2])
    assert library.layers() is not None
    library.change(removed=[41])
    assert library.layers() is None, "nine of forty came or went"
    left = [number for number in range(46) if number not in (0, 1, 2, 41)]
    vectors = library.open()
    assert vectors.holds(len(left))
    vectors.close()
    assert found(library, vector_of(44), 20) == nearest(left, vector_of(44), 20)
    library.change([46])
    assert library.layers() == Layers("000003", len(left), 45)


def test_generations_that_follow_each_other_share_an_open_base(library: Library) -> None:
    library.change(range(30))
    library.change([30])
    first = library.open()
    assert list(first.query(vector_of(5), 1)) == [5]
    library.change([31], removed=[5])
    second = library.open()
    assert 5 not in second.query(vector_of(5), 10)
    assert list(first.query(vector_of(5), 1)) == [5], "who still reads the former generation reads what it held"
    first.close()
    assert list(second.query(vector_of(31), 1)) == [31]
    second.close()


def test_several_threads_search_one_generation(library: Library) -> None:
    library.change(range(40))
    library.change([40])
    vectors = library.open()
    missed: list[int] = []

    def search(numbers: Sequence[int]) -> None:
        missed.extend(number for number in numbers if next(iter(vectors.query(vector_of(number), 3))) != number)

    threads = [threading.Thread(target=search, args=(range(start, 41, 4),)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    vectors.close()
    assert missed == []


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"base": "x", "size": "many", "top": 1, "gone": []}'])
def test_a_damaged_note_is_an_error_and_no_empty_library(library: Library, note: str) -> None:
    library.change([1])
    (library.current / "layers.json").write_text(note)
    with pytest.raises(ValueError, match=r"."):
        library.open()


def test_a_base_is_left_as_it_is(library: Library) -> None:
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in ChromaIndex.files(library.folder / "000001" / "dense")}

    library.change(range(30))
    before = contents()
    library.change([30], removed=[2])
    found(library, vector_of(3), 5)
    library.change([31])
    found(library, vector_of(3), 5)
    assert contents() == before


Change = tuple[int, list[int]]


@settings(max_examples=8, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 15), st.lists(st.integers(0, 120), max_size=12)), max_size=7))
def test_any_changes_leave_what_they_should(changes: list[Change], tmp_path_factory: pytest.TempPathFactory) -> None:
    library = Library(tmp_path_factory.mktemp("layers"))
    library.change(range(25))
    held, following = set(range(25)), 25
    for added, removed in changes:
        gone = held.intersection(removed)
        library.change(range(following, following + added), sorted(gone))
        held = (held - gone) | set(range(following, following + added))
        following += added
    asked = vector_of(9_999)
    assert found(library, asked, 10) == nearest(sorted(held), asked, 10)
    vectors = library.open()
    assert vectors.holds(len(held))
    vectors.close()


def test_the_extent_of_a_folder_without_vectors_is_nothing(tmp_path: Path) -> None:
    assert ChromaIndex.extent(tmp_path / "none") == 0

"""Folders of engines: made, copied, judged sound, leased and pruned."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.catalog import PassageEntry
from index.generations import Generation, Generations, Lease


def entry(number: int) -> PassageEntry:
    vector = np.zeros(8, dtype=np.float32)
    vector[number] = 1.0
    return PassageEntry(number, 1, f"word{number} stands here", "Title", "en", None, vector)


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    return Generations(tmp_path / "generations")


def written(generations: Generations, *numbers: int, copy_of: str | None = None) -> str:
    with generations.building(copy_of=copy_of) as generation:
        generation.add([entry(number) for number in numbers])
    return generation.name


def found(generation: Generation) -> set[int]:
    return set(generation.dense.query(entry(0).vector, 10)) | set(generation.lexical.query("stems", ["stand"], 10))


def test_both_engines_hold_what_was_added(generations: Generations) -> None:
    generation = generations.open(written(generations, 0, 1))
    assert generation.holds(2)
    assert not generation.holds(1)
    assert not generation.holds(3)
    assert found(generation) == {0, 1}
    generation.close()


def test_names_are_numbered_and_never_used_twice(generations: Generations) -> None:
    names = [written(generations) for _ in range(3)]
    assert [name[:7] for name in names] == ["000001-", "000002-", "000003-"]
    assert len(set(names)) == 3
    assert sorted(names) == names


def test_a_copy_grows_and_shrinks_beside_its_original(generations: Generations) -> None:
    first = written(generations, 0, 1)
    original = generations.open(first)
    with generations.building(copy_of=first) as copy:
        copy.add([entry(2)])
        copy.remove([0])
    copy = generations.open(copy.name)
    assert found(copy) == {1, 2}
    assert found(original) == {0, 1}
    copy.close()
    original.close()


def test_a_sound_generation_opens_and_any_other_does_not(generations: Generations) -> None:
    name = written(generations, 0, 1)
    generation = generations.open_sound(name, 2)
    assert generation is not None
    assert generation.name == name
    generation.close()
    assert generations.open_sound(name, 3) is None
    assert generations.open_sound("000009-absent", 0) is None
    assert generations.open_sound("", 0) is None


@pytest.mark.parametrize("engine", ["dense", "lexical"])
def test_a_damaged_generation_is_not_sound(generations: Generations, engine: str) -> None:
    name = written(generations, 0)
    for path in (generations.folder / name / engine).iterdir():
        if path.is_file():
            path.write_bytes(b"garbage")
    assert generations.open_sound(name, 1) is None


def test_a_generation_is_whole_when_it_is_finished_and_not_before(generations: Generations) -> None:
    with generations.building(copy_of=written(generations, 0)) as generation:
        generation.add([entry(1)])
        assert not generations.is_whole(generation.name)
        assert generations.open_sound(generation.name, 2) is None
    assert generations.is_whole(generation.name)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_generation_that_fails_takes_no_room(generations: Generations, error: type[BaseException]) -> None:
    first = written(generations, 0)

    def stop_half_way() -> None:
        with generations.building(copy_of=first) as generation:
            generation.add([entry(1)])
            raise error

    with pytest.raises(error):
        stop_half_way()
    assert [path.name for path in generations.folder.iterdir()] == [first]
    assert generations.is_whole(first)


def test_a_generation_of_another_release_of_the_engines_is_not_whole(generations: Generations) -> None:
    name = written(generations, 0)
    seal = generations.folder / name / "seal.json"
    for library in ("chromadb", "tantivy", "layout"):
        kept = json.loads(seal.read_text())
        assert generations.is_whole(name)
        seal.write_text(json.dumps({**kept, "made_by": {**kept["made_by"], library: "0"}}))
        assert not generations.is_whole(name)
        seal.write_text(json.dumps(kept))


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x01
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
def test_damage_to_any_file_breaks_the_seal(generations: Generations, damage: Callable[[Path], None]) -> None:
    vectors = np.random.default_rng(0).standard_normal((1_100, 8)).astype(np.float32)
    with generations.building() as generation:
        generation.add([replace(entry(0), id=number, vector=vector) for number, vector in enumerate(vectors)])
    name = generation.name
    folder = generations.folder / name
    sealed = [folder / path for path in json.loads((folder / "seal.json").read_text())["files"]]
    assert {path.parent.parent.name for path in sealed} >= {name, "dense"}
    assert generations.is_whole(name)
    for path in [folder / "seal.json", *sealed]:
        kept = path.read_bytes()
        damage(path)
        assert not generations.is_whole(name), path
        path.write_bytes(kept)
    assert generations.is_whole(name)


def test_pruning_keeps_only_what_it_is_told_to(generations: Generations) -> None:
    first, second, third = (written(generations) for _ in range(3))
    (generations.folder / "notes").mkdir()
    generations.prune({second})
    assert sorted(path.name for path in generations.folder.iterdir()) == sorted([second, "notes"])
    assert not (generations.folder / first).is_dir()
    assert not (generations.folder / third).is_dir()


def test_pruning_before_the_first_generation_does_nothing(generations: Generations) -> None:
    generations.prune(set())
    assert not generations.folder.exists()


def test_a_retired_generation_stays_open_until_the_last_search_is_done(generations: Generations) -> None:
    lease = Lease(generations.open(written(generations, 0)))
    lease.take()
    lease.take()
    lease.retire()
    assert found(lease.generation) == {0}
    lease.give_back()
    assert found(lease.generation) == {0}
    lease.give_back()
    with pytest.raises(Exception):  # noqa: B017, PT011 - Chroma has no error of its own for this
        lease.generation.dense.holds(1)


def test_a_generation_whose_folder_is_gone_still_closes(generations: Generations) -> None:
    lease = Lease(generations.open(written(generations, 0)))
    generations.prune(set())
    lease.retire()


# Layers


@pytest.fixture
def layered(tmp_path: Path) -> Generations:
    """Generations of which one with two vectors is a base."""
    return Generations(tmp_path / "generations", many=2)


def names(generations: Generations) -> list[str]:
    return sorted(path.name for path in generations.folder.iterdir())


def test_a_base_keeps_its_vectors_as_long_as_a_generation_needs_them(layered: Generations) -> None:
    base = written(layered, *range(6))
    second = written(layered, 6, copy_of=base)
    third = written(layered, copy_of=second)
    layered.prune({second, third})
    assert names(layered) == [base, second, third]
    assert not (layered.folder / base / "lexical").exists()
    generation = layered.open_sound(third, 7)
    assert generation is not None
    assert found(generation) == set(range(7))
    generation.close()
    fourth = written(layered, 7, copy_of=third)
    alone = written(layered, copy_of=fourth)
    layered.prune({alone})
    assert names(layered) == [alone], "what came since is a share of the base, so all is together again"
    assert layered.open_sound(alone, 8) is not None


def test_damage_to_a_base_is_found(layered: Generations) -> None:
    base = written(layered, *range(6))
    name = written(layered, copy_of=base)
    generation = layered.open_sound(name, 6)
    assert generation is not None
    generation.close()
    flip(next((layered.folder / base / "dense").glob("*/data_level0.bin")))
    assert not layered.is_whole(name)
    assert Generations(layered.folder).open_sound(name, 6) is None


@pytest.mark.parametrize("lost", ["base", "note"])
def test_a_generation_without_its_base_is_not_whole(layered: Generations, lost: str) -> None:
    base = written(layered, *range(6))
    name = written(layered, copy_of=base)
    if lost == "base":
        shutil.rmtree(layered.folder / base)
    else:
        (layered.folder / name / "layers.json").unlink()
    assert not layered.is_whole(name)
    assert layered.open_sound(name, 6) is None
    layered.prune({name})
    assert name in names(layered)


def test_words_are_shared_between_generations_and_change_in_none(generations: Generations) -> None:
    first = written(generations, 0, 1, 2)
    before = {path.name: path.read_bytes() for path in (generations.folder / first / "lexical").iterdir()}
    second = written(generations, 3, copy_of=first)
    with generations.building(copy_of=second) as third:
        third.remove([0, 1])
        third.add([entry(4)])
    shared = [path for path in (generations.folder / second / "lexical").iterdir() if path.stat().st_nlink > 1]
    assert shared, "segments are links, where the file system has them"
    assert {path.name: path.read_bytes() for path in (generations.folder / first / "lexical").iterdir()} == before
    for name, numbers in ((first, {0, 1, 2}), (second, {0, 1, 2, 3}), (third.name, {2, 3, 4})):
        generation = generations.open_sound(name, len(numbers))
        assert generation is not None
        assert found(generation) == numbers
        generation.close()
    generations.prune({third.name})
    assert generations.is_whole(third.name)

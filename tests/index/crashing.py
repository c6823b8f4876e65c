"""Indexing processes that can be killed, and what must be true of a home afterwards.

Shared by test_crashes.py and benchmarks/crash_safety.py. The embedder is a quick one: what breaks, breaks below it.
"""

import hashlib
import multiprocessing
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np
import wordfreq
from numpy.typing import NDArray

from index import ArticleIndex
from index.alignment import TokenVectors
from index.catalog import Catalog
from index.models import Span
from index.sync import is_being_written
from index.text import words

QUESTIONS = 50
_WIDTH = 64


@dataclass
class WordEmbedder:
    """A quick embedder: a text is the sum of directions, one a word. `pause` is how long it takes a call, in seconds.

    Two of different names disagree about every direction.
    """

    name: str = "words"
    revision: str = "1"
    pause: float = 0.0

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        time.sleep(self.pause)
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> NDArray[np.float32]:
        vector = np.sum([_direction(self.name, word) for word in words(text)] or [_direction(self.name, "")], axis=0)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [TokenVectors(self.encode_query(text)[None], (Span(0, len(text)),)) for text in texts]

    def count_pieces(self, text: str) -> int:
        return len(text.split())


@cache
def _direction(name: str, word: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(f"{name}\0{word}".encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(_WIDTH).astype(np.float32)


# The articles


class Articles:
    """A folder of made-up articles, the same for the same seed, that changes from round to round."""

    def __init__(self, folder: Path, count: int, *, seed: int = 0) -> None:
        self.folder = folder
        self._random = random.Random(seed)
        self._words = wordfreq.top_n_list("en", 4_000)[200:]
        self._written = 0
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(count):
            self._write()

    def change(self, share: float = 0.05) -> None:
        """Rewrite, remove and add this share of the articles each."""
        present = sorted(self.folder.iterdir())
        count = max(1, int(share * len(present)))
        chosen = self._random.sample(present, 2 * count)
        for path in chosen[:count]:
            sentences = path.read_text().split("\n\n")
            sentences[self._random.randrange(len(sentences))] = self._paragraph()
            path.write_text("\n\n".join(sentences))
        for path in chosen[count:]:
            path.unlink()
        for _ in range(count):
            self._write()

    def questions(self, count: int = QUESTIONS) -> list[str]:
        """Return words of sentences that stand in the articles, one sentence a question."""
        asked = random.Random(len(list(self.folder.iterdir())))
        sentences = [s for path in sorted(self.folder.iterdir()) for s in path.read_text().split(". ")]
        return [" ".join(asked.sample(sentence.split(), 8)) for sentence in asked.sample(sentences, count)]

    def _write(self) -> None:
        self._written += 1
        text = "\n\n".join(self._paragraph() for _ in range(self._random.randint(1, 4)))
        (self.folder / f"{self._written:05d}.txt").write_text(text)

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(6))

    def _sentence(self) -> str:
        return " ".join(self._random.choices(self._words, k=14)).capitalize() + "."


# The processes

CONTEXT: ForkServerContext = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "chromadb"])


@contextmanager
def running(task: Callable[..., None], *arguments: Any) -> Iterator[BaseProcess]:
    """Run `task` in a process of its own, which is gone when the context ends."""
    process = CONTEXT.Process(target=task, args=arguments, daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
        process.close()


def index_folder(home: Path, folder: Path, pause: float = 0.0) -> None:
    """Bring the index in `home` up to date with `folder`."""
    with ArticleIndex(home, WordEmbedder(pause=pause)) as index:
        index.sync([str(folder)])


def kill_after(process: BaseProcess, seconds: float) -> bool:
    """Kill a process after some seconds. Return whether it was still running."""
    process.join(seconds)
    alive = process.is_alive()
    process.kill()
    process.join()
    return alive


def kill_at_work(process: BaseProcess, home: Path, seconds: float) -> bool:
    """Kill a process after some seconds. Return whether it was writing then: not starting, nor done, nor ended."""
    process.join(seconds)
    working = is_being_written(home)
    process.kill()
    process.join()
    return working and process.exitcode == -signal.SIGKILL


def kill_while_writing(process: BaseProcess, home: Path, changes: int) -> bool:
    """Kill a process when the files of its generations have changed so often. Return whether it was still writing."""
    seen = _sizes(home)
    while changes and process.is_alive():
        now = _sizes(home)
        changes, seen = changes - (now != seen), now
    return kill_at_work(process, home, 0)


def _sizes(home: Path) -> list[tuple[str, int]]:
    sizes = []
    # Folders and files go while they are looked at.
    for parent, _, names in os.walk(home / "generations"):
        for name in names:
            with suppress(FileNotFoundError):
                sizes.append((f"{parent}/{name}", Path(parent, name).stat().st_size))
    return sorted(sizes)


# What must be true


@dataclass(frozen=True)
class State:
    """What an index holds and what it finds: its passages, and the best of them for each question."""

    passages: frozenset[tuple[str, str]]
    best: tuple[tuple[str, int], ...]


def state(home: Path, questions: Sequence[str]) -> State:
    """Return the state of a home. It must open without a problem, and find nothing but what its articles say."""
    with ArticleIndex(home, WordEmbedder()) as index:
        assert index.status().problems == ()
        texts = {article.source: article.text for article in index.articles()}
        found = [index.search(question, limit=5) for question in questions]
    for passage in (passage for of_question in found for passage in of_question):
        assert texts[passage.article.source][passage.start : passage.end] == passage.text
    return State(_passages(home), tuple((f[0].article.source, f[0].start) for f in found if f))


def _passages(home: Path) -> frozenset[tuple[str, str]]:
    catalog = Catalog(home / "catalog.sqlite3")
    entries = (entry for batch in catalog.entries(catalog.current_versions()) for entry in batch)
    passages = frozenset((entry.title, entry.text) for entry in entries)
    catalog.close()
    return passages


@dataclass(frozen=True)
class Trial:
    """An indexing run to be killed: a home as it was before, a folder that changed since, and what must come of it:
    what a clean build holds and finds.
    """

    before: Path
    folder: Path
    questions: tuple[str, ...]
    expected: State
    seconds: float

    def survives(self, kill: Callable[[BaseProcess, Path], bool], scratch: Path) -> bool:
        """Kill a run in a copy of the home, look at what is left, run again, and compare with what must come of it.

        Return what `kill` says: whether the run was killed in its work.
        """
        home = scratch / "killed"
        shutil.copytree(self.before, home)
        with running(index_folder, home, self.folder) as process:
            killed = kill(process, home)
        state(home, self.questions[:5])
        index_folder(home, self.folder)
        assert state(home, self.questions) == self.expected
        shutil.rmtree(home)
        return killed


def trials(scratch: Path, articles: Articles, *, questions: int = QUESTIONS) -> Iterator[Trial]:
    """Yield trials without end: the first fills an empty home, each later one brings a changed folder up to date."""
    before = scratch / "before"
    before.mkdir()
    while True:
        asked = tuple(articles.questions(questions))
        index_folder(scratch / "clean", articles.folder)
        expected = state(scratch / "clean", asked)
        shutil.rmtree(scratch / "clean")
        shutil.copytree(before, scratch / "timed")
        began = time.perf_counter()
        with running(index_folder, scratch / "timed", articles.folder) as process:
            process.join()
        seconds = time.perf_counter() - began
        assert state(scratch / "timed", asked) == expected, "a run that nobody kills is worth as much as a clean build"
        yield Trial(before, articles.folder, asked, expected, seconds)
        shutil.rmtree(before)
        (scratch / "timed").rename(before)
        articles.change()

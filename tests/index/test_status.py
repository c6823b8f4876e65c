"""What the index says of itself, while it changes."""

import shutil
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

from index import Article, ArticleIndex


def test_the_size_is_told_while_files_come_and_go(index: ArticleIndex) -> None:
    halt = threading.Event()

    def churn() -> None:
        folder = Path(index.home, "generations", "passing")
        while not halt.is_set():
            folder.mkdir(parents=True)
            for number in range(50):
                (folder / str(number)).write_bytes(b"x" * 100)
            shutil.rmtree(folder)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        sizes = [index.status().size_bytes for _ in range(60)]
    finally:
        halt.set()
        thread.join()
    assert min(sizes) > 0


def test_articles_are_listed_without_their_texts(index: ArticleIndex) -> None:
    article = Article("/news/a.md", "A", "The bridge was opened.", date(2026, 2, 1), "en", "Gazette", pages=(0,))
    index.add([article, replace(article, source="/news/b.md", title="B", published=None, text="It rained.")])
    whole = list(index.articles())
    assert [found.text for found in whole] == ["The bridge was opened.", "It rained."]
    assert list(index.articles(texts=False)) == [replace(found, text="") for found in whole]

"""What the index says of itself, while it changes."""

import shutil
import threading
from pathlib import Path

from index import ArticleIndex


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

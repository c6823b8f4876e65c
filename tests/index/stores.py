"""Real servers of vectors on this machine, in processes of their own, which a test may end and start again."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from index import ChromaServer, IndexingError, MilvusServer
from index.engines import VectorStore

_CHROMA = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; sys.exit(app())"
_MILVUS = "from milvus_lite.cmdline import main; main()"
_PATIENCE = 60.0


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@dataclass
class StoreProcess:
    """A server with its data in a folder. `connect` gives a store that asks it; `start` waits until it answers."""

    command: list[str]
    connect: Callable[[], VectorStore]
    url: str
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self.command, stdout=log, stderr=log)
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            # Without waiting as long as a store does before it asks again.
            socket.create_connection(("127.0.0.1", urlsplit(self.url).port or 0)).close()
        except ConnectionError:
            return False
        store = self.connect()
        try:
            store.drop("nothing")
        except IndexingError:
            return False
        finally:
            store.close()
        return True


def chroma_process(folder: Path) -> StoreProcess:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = ["run", "--path", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-c", _CHROMA, *arguments]
    return StoreProcess(command, lambda: ChromaServer(url), url, folder / "log")


def milvus_process(folder: Path) -> StoreProcess:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = ["server", "--data-dir", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-c", _MILVUS, *arguments]
    return StoreProcess(command, lambda: MilvusServer(url), url, folder / "log")

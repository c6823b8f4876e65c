"""Servers of the app, each a process of its own. They are forked from one that has imported what all of them need."""

import multiprocessing
import os
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

from assistant import Assistant, Settings

CONTEXT: Final[ForkServerContext] = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__, "assistant.ui", "chromadb"])
PATIENCE: Final = 60.0


class Servers:
    """Servers over homes. Call it with a home, settings and models to have an address.

    With `watch_every` a server reads its sources again when they change, and after so many seconds.
    """

    def __init__(self, folder: Path) -> None:
        # Neither the developer's variables nor a .env file are to reach them.
        self._folder = folder
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
        self._running: dict[str, ForkServerProcess] = {}

    def __call__(
        self,
        home: Path,
        *,
        models: Sequence[str] = (),
        watch_every: float | None = None,
        port: int = 0,
        **settings: str,
    ) -> str:
        ours, theirs = CONTEXT.Pipe(duplex=False)
        environment = self._environment | {f"ASSISTANT_{name.upper()}": value for name, value in settings.items()}
        server = CONTEXT.Process(
            target=_serve, args=(home, models, watch_every, port, self._folder, environment, theirs), daemon=True
        )
        server.start()
        theirs.close()
        with ours:
            line: str = ours.recv()
        assert "http://127.0.0.1:" in line, "the server says where it is"
        address = next(word for word in line.split() if word.startswith("http://"))
        self._running[address] = server
        return address

    def stop(self, *addresses: str) -> None:
        """End those at the addresses, or all of them, each after it has ended its own work."""
        servers = [self._running.pop(address) for address in addresses or tuple(self._running)]
        for server in servers:
            server.terminate()
        for server in servers:
            server.join(PATIENCE)
            assert server.exitcode == 0, "it ends in good order"


class _Sending(StringIO):
    """A standard output whose lines are sent."""

    def __init__(self, reader: Connection) -> None:
        super().__init__()
        self._reader = reader

    def flush(self) -> None:
        self._reader.send(self.getvalue())


def _serve(
    home: Path,
    models: Sequence[str],
    watch_every: float | None,
    port: int,
    folder: Path,
    environment: dict[str, str],
    reader: Connection,
) -> None:
    # Gradio takes seconds to import, which is done before the processes part.
    from assistant.local_servers import LocalModel
    from assistant.ui import serve

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # The models of this machine are given to it: a test knows nothing of what runs on the developer's.
    found = [LocalModel(name, "Ollama", (f"export ASSISTANT_MODEL=ollama:{name}",)) for name in models]
    with redirect_stdout(_Sending(reader)), Assistant(Settings(home=home)) as assistant:
        serve(assistant, port=port, find_models=lambda: found, watch_every=watch_every)

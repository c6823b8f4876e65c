"""A real PostgreSQL server in a temporary folder, on a free port of this machine."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

USER: Final = "footnote"
PASSWORD: Final = "not a secret / @ all"
_QUOTED: Final = "not%20a%20secret%20%2F%20%40%20all"
_SETTINGS: Final = (
    "fsync=off",
    "shared_buffers=32MB",
    "max_connections=60",
    "autovacuum=off",
    "listen_addresses=127.0.0.1",
)
_SECONDS: Final = 60


def _programs() -> Path | None:
    """Return the folder with `initdb` and `postgres`, where Debian or the path has them."""
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which("initdb")
    return next((folder for folder in folders if (folder / "initdb").exists()), Path(found).parent if found else None)


class Server:
    """One server. It runs as `postgres` where the tests run as root, which it refuses."""

    def __init__(self) -> None:
        programs = _programs()
        if programs is None:
            pytest.skip("PostgreSQL is not installed")
        self._programs = programs
        self._as: dict[str, Any] = (
            {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        )
        # Not below pytest's folder, which is closed to other users.
        self.folder = Path(tempfile.mkdtemp(prefix="footnote-pg-"))
        (self.folder / "password").write_text(PASSWORD)
        self.folder.chmod(0o755)
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._schemas = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        options = ("-U", USER, "-A", "scram-sha-256", "--pwfile", str(self.folder / "password"), "-E", "UTF8", "-N")
        subprocess.run(
            [str(programs / "initdb"), "-D", str(self.folder / "data"), "--locale=C", *options],
            **self._as, cwd="/", check=True, capture_output=True,
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it lets clients in."""
        settings = [word for setting in (*_SETTINGS, f"port={self.port}") for word in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *settings],
                **self._as, cwd="/", stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + _SECONDS
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server, which rolls back what its clients are doing."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_SECONDS)
            self._process = None

    def close(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, *, database: str = "postgres", schema: str = "", password: str = _QUOTED) -> str:
        path = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}{path}"

    def library(self) -> str:
        """Return the URL of a place for a catalog where there is none yet."""
        schema = f"library_{next(self._schemas)}"
        self.execute(f"CREATE SCHEMA {schema}")
        return self.url(schema=schema)

    def execute(self, statement: str, url: str | None = None) -> list[tuple[Any, ...]]:
        """Run a statement, beside all transactions of the program's, and return its rows."""
        with psycopg.connect(url or self.url(), autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

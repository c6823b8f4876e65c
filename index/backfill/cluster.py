"""A connection to Ray: a cluster of this machine's own, or one that is there.

Only this module and `pipeline` import ray. It prints nothing, reports its use to nobody, and its local clusters listen
on this machine only.
"""

import importlib.util
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from index.errors import BackfillFailed
from index.workers import cores

_STORE: Final = 256 * 1024**2
_STORE_PER_CORE: Final = 16 * 1024**2
"""Bytes of the object store of a local cluster: what is under way between its workers, a few MB for each."""
_SAID: Final = 300
"""Characters of an error of Ray's that are shown: versions that differ take that many."""
_PATIENCE: Final = 10.0
"""Seconds to wait for an answer from the address of a cluster."""
_SETTINGS: Final = 4
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, _SETTINGS, 0, 0, 0, 0, 0])
"""How a client of HTTP/2 begins (RFC 9113, 3.4), which gRPC and so Ray speaks. The server answers with its settings."""
_LONGEST: Final = 40
"""Characters of a folder for temporary files in which the sockets of Ray still have names that a system takes."""


def check_ray() -> None:
    """Raise BackfillFailed, with the command that installs it, where Ray is not installed."""
    if importlib.util.find_spec("ray") is None or importlib.util.find_spec("pyarrow") is None:
        raise BackfillFailed("Ray is not installed. Run: pip install 'footnote-assistant[ray]'")


@contextmanager
def connected(address: str | None) -> Iterator[bool]:
    """Be connected to the Ray cluster at an address, host:port or "auto", or to a local one that ends with the context.

    Gives whether it is a local one. A program that is connected to Ray already stays with its cluster. Raises
    BackfillFailed when there is no such cluster, or it does not answer.
    """
    check_ray()
    if "ray" in sys.modules and _ray().is_initialized():
        yield False
        return
    if address is None:
        with _local_cluster():
            yield True
    else:
        with _joined(address):
            yield False


@contextmanager
def _local_cluster() -> Iterator[None]:
    if not _load_for_this_machine():
        raise BackfillFailed(
            "This program has loaded Ray before, which would now listen beyond this machine. Connect it with ray.init "
            "first, or set ASSISTANT_RAY_ADDRESS."
        )
    folder = tempfile.mkdtemp(prefix="fn-", dir=_short_folder())
    try:
        with _environment(_private()):
            _init(
                address="local",
                num_cpus=cores(),
                include_dashboard=False,
                object_store_memory=max(_STORE, cores() * _STORE_PER_CORE),
                _temp_dir=folder,
            )
        try:
            yield
        finally:
            _ray().shutdown()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _load_for_this_machine() -> bool:
    """Load Ray so that its local clusters are for this machine and this user only; False if it was loaded before."""
    if "ray" in sys.modules:
        return False
    with _environment(_private()):
        _ray()
    return True


@cache
def _private() -> dict[str, str]:
    """Return the settings of local clusters. Ray reads some of them once in a process, so each has the same."""
    return {
        # Where Ray takes this machine for one that has no part in clusters, it listens on 127.0.0.1 only.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_USAGE_STATS_ENABLED": "0",
        # Other users of this machine reach 127.0.0.1 too.
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }


@contextmanager
def _joined(address: str) -> Iterator[None]:
    if "://" in address:
        where = address.partition("://")[2].partition(":")[0]
        raise BackfillFailed(
            f"ASSISTANT_RAY_ADDRESS cannot be {address!r}: this machine must be a node of the cluster. Run "
            f"'ray start --address={where}:6379 --num-cpus=0' here, and set ASSISTANT_RAY_ADDRESS={where}:6379."
        )
    if address != "auto":
        _knock(address)
    _init(address=address)
    try:
        yield
    finally:
        _ray().shutdown()


def _knock(address: str) -> None:
    """Raise BackfillFailed where no Ray cluster answers at an address. Ray itself would wait for minutes."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _PATIENCE) as connection:
            if os.environ.get("RAY_USE_TLS", "0") == "0":
                connection.sendall(_PREFACE)
                answer = connection.recv(9, socket.MSG_WAITALL)
                if len(answer) < 9 or answer[3] != _SETTINGS:
                    raise OSError("what answers there is something else")
    except (OSError, ValueError, OverflowError) as error:
        raise BackfillFailed(
            f"No Ray cluster answers at ASSISTANT_RAY_ADDRESS={address} ({error}). Write it as host:port, the port "
            "that 'ray start --head' names, 6379 by default, or leave it out for a cluster on this machine."
        ) from error


def _init(**options: Any) -> None:
    handler = signal.getsignal(signal.SIGTERM)
    try:
        # The native part of Ray writes to standard error what this asks it not to, and that it was asked.
        with _environment({"RAY_BACKEND_LOG_LEVEL": "fatal"}), _without_standard_error():
            _ray().init(log_to_driver=False, logging_level=logging.CRITICAL, **options)
    except Exception as error:
        # Ray raises families of its own, and plain errors.
        said = " ".join(str(error).split())[:_SAID].rstrip(".")
        raise BackfillFailed(
            f"Ray cannot be used at {options['address']}: {said}. This machine must be a node of the cluster, with the "
            "same Ray and the same Python."
        ) from error
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, handler)
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def first_line(error: BaseException) -> str:
    """Return what an error of Ray says, in one line without a trace."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _ray() -> ModuleType:
    # It prints what becomes of its workers, unless each line is one to be skipped.
    with _environment({"RAY_DEDUP_LOGS_SKIP_REGEX": "."}):
        import ray
        import ray.data

    return ray


def _short_folder() -> str:
    usual = tempfile.gettempdir()
    return usual if len(usual) <= _LONGEST or not Path("/tmp").is_dir() else "/tmp"  # noqa: S108 - mkdtemp makes its own


@contextmanager
def _without_standard_error() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

"""What a process that reads foreign files may not do: take all memory, write, connect, start others.

The limits are the system's. The refusals are Python's: they hold against a reader that is led astray, and not against
machine code that a hostile file smuggles in. That still cannot write files where the system has limits.
"""

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import Any, Final

_REFUSED: Final = (
    "socket.",
    "subprocess.",
    "shutil.",
    "os.chmod",
    "os.chown",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.link",
    "os.mkdir",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.spawn",
    "os.startfile",
    "os.symlink",
    "os.system",
    "os.truncate",
    "os.utime",
)
"""Events, or how their names begin: https://docs.python.org/3/library/audit_events.html"""
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def confine(memory: int) -> None:
    """Confine this process, for good, to `memory` bytes and to reading. What it may not do raises PermissionError."""
    sys.dont_write_bytecode = True
    _set_limits(memory)
    sys.addaudithook(_refuse)


def memory_in_use() -> int:
    """Return how many bytes of address space this process has; elsewhere than on Linux, which limits it, its peak."""
    try:
        # The peak that Linux tells is no less than that of the process that started this one.
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return _peak_memory()


def _peak_memory() -> int:
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _set_limits(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the time limit holds there too
        return
    for name, limit in (("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0), ("RLIMIT_AS", memory)):
        # macOS names RLIMIT_AS and refuses to set it.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (limit, limit))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = arguments
        if flags & _WRITING and path != os.devnull:
            raise PermissionError(errno.EPERM, "a reader may not write files")
    elif event.startswith(_REFUSED):
        raise PermissionError(errno.EPERM, f"a reader may not use {event}")

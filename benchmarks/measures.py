"""What benchmarks measure alike: time, memory, disk, and searches one by one and from several threads."""

import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class SearchTimes:
    """Of some searches: milliseconds at the median and at the 95th percentile, searches a second, milliseconds of CPU.

    The last says most on a machine that others use: it hardly grows while a search waits for its turn.
    """

    p50: float
    p95: float
    per_second: float
    cpu: float


def search_times(search: Callable[[str], object], questions: Sequence[str], *, threads: int = 1) -> SearchTimes:
    """Search for every question once, from so many threads at once, after one search that is not counted."""

    def timed(question: str) -> float:
        began = time.perf_counter()
        search(question)
        return time.perf_counter() - began

    search(questions[0])
    cpu, began = time.process_time(), time.perf_counter()
    if threads == 1:
        taken = [timed(question) for question in questions]
    else:
        with ThreadPoolExecutor(threads) as pool:
            taken = list(pool.map(timed, questions))
    seconds = time.perf_counter() - began
    p50, p95 = np.percentile(taken, [50, 95]) * 1000
    cpu = (time.process_time() - cpu) / len(questions) * 1000
    return SearchTimes(float(p50), float(p95), len(questions) / seconds, cpu)


def cpu_seconds() -> float:
    """Return the seconds of CPU that this process and its children that have ended have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def peak_memory() -> int:
    """Return the most bytes of memory that this process has had resident, files that are mapped among them."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux's ru_maxrss begins with what the process had that started this one.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def load_now() -> float:
    """Return how many processes wanted to run during the last minute: above the number of cores, they waited."""
    return os.getloadavg()[0]

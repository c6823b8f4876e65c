"""The tasks of a sync read on a Ray cluster: Ray Data takes files through two pools of workers, in order."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from index.backfill.cluster import connected, first_line
from index.backfill.rows import Broken, Encoded, File, encoded_of, files_table, joined
from index.backfill.stages import EncodePassages, ReadFiles
from index.catalog import Catalog
from index.chunking import CHUNKER
from index.embedding import Embedder
from index.errors import BackfillFailed
from index.ledger import Task
from index.loading import MAX_BYTES, TABLE_ENDINGS, mapping_file
from index.loading.messages import BrokenMessage
from index.sync import Found, ReadHere, read_ahead

_FILES: Final = 32
_BYTES: Final = 1024**2
"""Files that are given to a worker at once, and bytes of them: fewer where they are larger."""
_PIECES: Final = 128
"""Pieces that a GPU encodes at once: it takes 128 texts in a batch, and a piece has one at least."""
_BLOCK: Final = 1024**2
"""Bytes of what is passed on from worker to worker in one piece."""
_READING: Final = 0.25
_ENCODING: Final = 0.75
"""Shares of a core: to read and cut takes less than to encode."""
_STALLED: Final = 900
"""Seconds in which no worker finishes anything, after which the run ends: Ray starts one that died again and again."""
_GOES_ON: Final = "What was published stays. Run it again to go on from there."
_SENT: Final = 4
"""Files that are sent to other machines at once: so many times MAX_BYTES is the most that they take here."""


def read_on_ray(
    tasks: Sequence[Task],
    read_here: ReadHere,
    *,
    catalog: Catalog,
    embedder: Embedder,
    address: str | None,
) -> Generator[tuple[Task, Found]]:
    """Read tasks on a Ray cluster, and yield each with what it holds and the vectors of that.

    Files go to the workers, in order. Pages, files that the workers do not have and cannot be sent, and files that are
    too few to start a cluster for, are read here. Raises BackfillFailed.
    """
    here = [task for task in tasks if task.item.path is None]
    files = [task for task in tasks if task.item.path is not None]
    if files:
        with closing(_read_files(files, catalog, embedder, address)) as results:
            for task, found in results:
                if found is None:
                    here.append(task)
                else:
                    yield task, found
    yield from read_ahead(here, read_here)


def _read_files(
    tasks: Sequence[Task], catalog: Catalog, embedder: Embedder, address: str | None
) -> Generator[tuple[Task, Found]]:
    """Yield each task with what it holds, None where it is to be read here."""
    sent = {number: file for number, task in enumerate(tasks) if (file := _file(number, task)) is not None}
    shares = list(_shares(sent.values()))
    if len(shares) <= 1 and sum(file.size for file in sent.values()) <= _BYTES:
        # Ray takes longer to start than such a few take to read.
        sent.clear()
    for number, task in enumerate(tasks):
        if number not in sent:
            yield task, None
    if not sent:
        return
    with connected(address) as local:
        import ray

        try:
            for pieces in _by_task(_run(shares, catalog, embedder, local=local)):
                task = tasks[pieces[0].task]
                yield task, _found(task, pieces)
        except ray.data.exceptions.ExecutionTimeoutError as error:
            raise BackfillFailed(
                f"Nothing has come from the Ray cluster for {_STALLED // 60} minutes: its workers may be short of "
                f"memory, or have no machine to run on. {_GOES_ON}"
            ) from error
        except (ray.exceptions.RayError, Broken) as error:
            raise BackfillFailed(f"The Ray cluster failed: {first_line(error).rstrip('.')}. {_GOES_ON}") from error


def _file(number: int, task: Task) -> File | None:
    """Return the file of a task as it looks now; None where it cannot be looked at."""
    try:
        state = os.stat(task.item.address)  # noqa: PTH116 - for a million files
    except OSError:
        return None
    return File(number, task.item.address, state.st_size, state.st_mtime_ns)


def _shares(files: Iterable[File]) -> Iterator[list[File]]:
    """Yield the files that are given to a worker at once."""
    share: list[File] = []
    size = 0
    for file in files:
        if share and (len(share) >= _FILES or size + file.size > _BYTES):
            yield share
            share, size = [], 0
        share.append(file)
        size += file.size
    if share:
        yield share


def _run(shares: Sequence[Sequence[File]], catalog: Catalog, embedder: Embedder, *, local: bool) -> Iterator[Encoded]:
    """Yield the pieces of all files, in order, as the workers make them."""
    import ray
    import ray.data

    cores, cards = map(int, map(ray.cluster_resources().get, ("CPU", "GPU"), (0, 0)))  # type: ignore[no-untyped-call]
    if not cores:
        raise BackfillFailed("The Ray cluster has no machine with a core to work on. Start a node with --num-cpus.")
    desk = None if local else _desk()
    marks = ray.put(catalog.vector_marks())
    context = ray.data.DataContext.get_current().copy()
    context.target_max_block_size = _BLOCK
    context.execution_options.preserve_order = True
    context.execution_no_progress_timeout_s = _STALLED
    context.enable_progress_bars = context.print_on_execution_start = False
    with ray.data.DataContext.current(context):
        files = ray.data.from_arrow([files_table(share) for share in shares])
        pieces = files.map_batches(
            ReadFiles,
            fn_constructor_args=(embedder, embedder.revision, CHUNKER, partial(ray.get, marks), desk),
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=cores),
            batch_size=None,
            batch_format="pyarrow",
            num_cpus=_READING,
        )
        encoded = pieces.map_batches(
            EncodePassages,
            fn_constructor_args=(embedder,),
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=cards or cores, initial_size=cards or cores),
            # A block is as much as a core takes at once. With a GPU, Ray wants a number of pieces.
            batch_size=_PIECES if cards else None,
            batch_format="pyarrow",
            num_cpus=_ENCODING,
            num_gpus=1 if cards else None,
        )
    for table in encoded.iter_batches(batch_size=None, batch_format="pyarrow"):
        yield from encoded_of(table)


def _by_task(pieces: Iterable[Encoded]) -> Iterator[list[Encoded]]:
    """Yield the pieces of each task together. They come in order."""
    for _, of_task in groupby(pieces, key=lambda piece: piece.task):
        yield list(of_task)


def _found(task: Task, pieces: Sequence[Encoded]) -> Found:
    fault = next((piece.fault for piece in pieces if piece.fault is not None), None)
    if fault is not None:
        raise BackfillFailed(fault)
    try:
        return joined(pieces, task.item.address, task.item.stamp)
    except (Broken, BrokenMessage):
        return None


class FileDesk:
    """Gives workers on other machines the files that lie on this one. An actor, on the machine of the run."""

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a document; None for one that is too large, gone, or read with what lies beside it."""
        file = Path(path)
        try:
            if file.suffix.lower() in TABLE_ENDINGS and mapping_file(file).exists():
                return None
            with file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        except OSError:
            return None
        return data if len(data) <= MAX_BYTES else None


def _desk() -> Callable[[str], bytes | None]:
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    actor = ray.remote(FileDesk).options(
        num_cpus=0, max_concurrency=_SENT, max_restarts=-1, max_task_retries=-1, scheduling_strategy=here
    )
    return partial(_ask, actor.remote())


def _ask(desk: Any, path: str) -> bytes | None:
    import ray

    data: bytes | None = ray.get(desk.read.remote(path))
    return data

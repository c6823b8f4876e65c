"""Threads that each own their tool."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.workers import Workers


def test_results_come_in_the_order_of_their_items() -> None:
    def late(tool: str, number: int) -> str:
        time.sleep(0.01 * (3 - number))
        return f"{tool}{number}"

    assert Workers(3, lambda: "tool ").run(late, range(4)) == ["tool 0", "tool 1", "tool 2", "tool 3"]


def test_no_two_threads_share_a_tool() -> None:
    workers = Workers(4, lambda: {"thread": threading.get_ident()})

    def check(tool: dict[str, int], _: int) -> bool:
        time.sleep(0.001)
        return tool["thread"] == threading.get_ident()

    with ThreadPoolExecutor(3) as askers:
        assert all(all(found) for found in askers.map(lambda _: workers.run(check, range(20)), range(6)))


def test_an_error_of_a_task_is_raised_and_the_workers_go_on() -> None:
    workers = Workers(2, lambda: 10)
    with pytest.raises(ZeroDivisionError):
        workers.run(lambda tool, number: tool // number, [1, 0, 2])
    assert workers.run(lambda tool, number: tool // number, [1, 2]) == [10, 5]


def test_a_tool_that_cannot_be_made_is_an_error_each_time() -> None:
    def fail() -> int:
        raise OSError("no tool")

    workers = Workers(1, fail)
    for _ in range(2):
        with pytest.raises(OSError, match="no tool"):
            workers.run(lambda tool, number: tool + number, [1])
    assert workers.run(lambda tool, number: tool + number, []) == []

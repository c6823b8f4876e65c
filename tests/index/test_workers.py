"""Threads that each own their tool."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.workers import Gathering, Workers


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


def test_who_comes_while_others_are_served_is_served_together() -> None:
    begun, go_on = threading.Event(), threading.Event()
    served: list[list[int]] = []

    def double(numbers: list[int]) -> list[int]:
        served.append(numbers)
        begun.set()
        assert go_on.wait(60)
        return [2 * number for number in numbers]

    gathering = Gathering(double, most=3)
    with ThreadPoolExecutor(6) as askers:
        first = askers.submit(gathering.ask, 0)
        assert begun.wait(60)
        others = [askers.submit(gathering.ask, number) for number in range(1, 6)]
        while len(gathering._waiting) < 5:
            time.sleep(0.001)
        go_on.set()
        assert [future.result(60) for future in (first, *others)] == [0, 2, 4, 6, 8, 10]
    assert [len(together) for together in served] == [1, 3, 2]


def test_an_error_reaches_all_who_were_served_together_and_nobody_else() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def invert(numbers: list[int]) -> list[float]:
        begun.set()
        assert go_on.wait(60)
        return [1 / number for number in numbers]

    gathering = Gathering(invert, most=2)
    with ThreadPoolExecutor(3) as askers:
        first = askers.submit(gathering.ask, 1)
        assert begun.wait(60)
        others = [askers.submit(gathering.ask, 0) for _ in range(2)]
        while len(gathering._waiting) < 2:
            time.sleep(0.001)
        go_on.set()
        assert first.result(60) == 1
        for future in others:
            with pytest.raises(ZeroDivisionError):
                future.result(60)
    assert gathering.ask(2) == 0.5

"""How the app bears many people at once: python -m benchmarks.load

Fifty users sign in and ask, one question after the other, and five more read their answers very slowly. Counted are the
answers, how long they took, what was refused as "busy", and every other error; the server's memory is taken every few
seconds, and its growth over the second half must stay small. `--minutes`, `--people`, `--slow` say how much.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psutil

from assistant import Assistant, load_settings
from assistant.accounts import hash_password

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTIONS = (
    "Did Nvidia abandon the deal?",
    "Nvidia a-t-il abandonné l'accord ?",
    "What does a GPU do?",
    "What is a non-binding letter of intent?",
    "Why do chips depend on few factories?",
    "Qu'est-ce qu'un processeur graphique ?",
    "How does a startup raise a round?",
    "Who won the 1998 World Cup?",
)
PASSWORD = "correct horse battery"
CONVERSATION = 5
"""Questions of one conversation, before a reader begins a new one on the same page."""
# People read before they ask again. Two cores answer some ten questions a second.
PAUSES = (5.0, 15.0)
MOST_GROWTH = 0.05
_EVERY = 2.0


@dataclass
class Tally:
    """What came of a run: seconds of each answer, and how often each other thing happened."""

    answers: list[float] = field(default_factory=list)
    busy: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[int] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """How much more memory the last quarter of the run took than its second quarter, as a share."""
        quarter = len(self.memory) // 4
        if not quarter:
            return 0.0
        before, after = self.memory[quarter : 2 * quarter], self.memory[-quarter:]
        return statistics.median(after) / statistics.median(before) - 1


async def measure(
    address: str,
    process: psutil.Process,
    *,
    seconds: float,
    people: int,
    slow: int,
    pauses: tuple[float, float] = PAUSES,
) -> Tally:
    """Have so many people ask for so many seconds, and so many more read slowly."""
    tally = Tally()
    async with AsyncExitStack() as stack:
        # No connection is used twice: the server closes idle ones, maybe at the moment that a question is sent.
        single = httpx.Limits(max_keepalive_connections=0)
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=60, limits=single))
            for _ in range(people + slow)
        ]
        readers = [await _open_page(client, number) for number, client in enumerate(clients)]
        end = time.monotonic() + seconds
        await asyncio.gather(
            *(_ask_and_ask(reader, number, tally, end, pauses) for number, reader in enumerate(readers[:people])),
            *(_read_slowly(reader, number, tally, end) for number, reader in enumerate(readers[people:], people)),
            _weigh(process, tally, end),
        )
    return tally


@dataclass(frozen=True)
class _Reader:
    """Someone with the page open: signed in, and knowing of the page's events what the page itself knows.

    `asks` is the event that asks, and `begins` the one that begins a new conversation.
    """

    http: httpx.AsyncClient
    asks: int
    begins: int
    trigger: int
    values: tuple[Any, ...]

    async def join(self, session: str, question: str) -> bool:
        """Ask as the page does. Return False if the server was busy; raise for any other error."""
        call = {
            "data": [question, *self.values],
            "fn_index": self.asks,
            "trigger_id": self.trigger,
            "session_hash": session,
        }
        joined = await self.http.post("/gradio_api/queue/join", json=call)
        if joined.status_code == httpx.codes.TOO_MANY_REQUESTS and joined.headers["Retry-After"]:
            return False
        joined.raise_for_status()
        return True

    async def begin(self, session: str) -> None:
        """Begin a new conversation, as the page does."""
        call = {"data": [], "fn_index": self.begins, "session_hash": session}
        (await self.http.post("/gradio_api/run/predict", json=call)).raise_for_status()

    async def read(self, session: str) -> None:
        """Read the answer as it streams, to its end."""
        async with self.http.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {"msg": ""}
                if message["msg"] == "process_completed" and message["success"]:
                    return
                if message["msg"] in ("process_completed", "unexpected_error"):
                    raise ValueError(line[:120])
        raise ValueError("the answer ended before its end")


async def _open_page(http: httpx.AsyncClient, number: int) -> _Reader:
    form = {"username": f"user{number}", "password": PASSWORD}
    (await http.post("/login", data=form)).raise_for_status()
    (await http.get("/")).raise_for_status()
    config = (await http.get("/config")).raise_for_status().json()
    components = {component["id"]: component["props"] for component in config["components"]}
    places = {props.get("elem_id"): place for place, props in components.items()}
    box, restart = places["fn-question"], places["fn-restart"]
    event = next(event for event in config["dependencies"] if [box, "submit"] in event["targets"])
    first, *others = event["inputs"]
    assert first == box
    cancels = {event["id"] for event in config["dependencies"] if [restart, "click"] in event["targets"]}
    begins = next(event["id"] for event in config["dependencies"] if event["trigger_after"] in cancels)
    return _Reader(http, event["id"], begins, box, tuple(components[place].get("value") for place in others))


async def _ask_and_ask(reader: _Reader, number: int, tally: Tally, end: float, pauses: tuple[float, float]) -> None:
    choose = random.Random(number)
    await asyncio.sleep(choose.uniform(0, pauses[1]))
    for exchange in count():
        if time.monotonic() >= end:
            return
        session = f"user{number}"
        try:
            if exchange % CONVERSATION == 0:
                await reader.begin(session)
            begun = time.monotonic()
            if await reader.join(session, choose.choice(QUESTIONS)):
                await reader.read(session)
                tally.answers.append(time.monotonic() - begun)
            else:
                tally.busy += 1
        except (httpx.HTTPError, ValueError) as error:
            tally.errors[f"{type(error).__name__}: {error}"[:120]] += 1
        await asyncio.sleep(choose.uniform(*pauses))


async def _read_slowly(reader: _Reader, number: int, tally: Tally, end: float) -> None:
    """Ask, and then take one byte of the answer every tenth of a second, over a socket with a tiny buffer."""
    for exchange in count():
        if time.monotonic() >= end:
            return
        session = f"u{number}c{exchange}"
        try:
            if await reader.join(session, QUESTIONS[0]):
                await _drip(reader.http, f"/gradio_api/queue/data?session_hash={session}", end)
        except (httpx.HTTPError, OSError) as error:
            tally.errors[f"slow reader: {error}"[:120]] += 1
        await asyncio.sleep(1)


async def _drip(http: httpx.AsyncClient, path: str, end: float) -> None:
    url = http.base_url
    cookies = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(connection, (url.host, url.port))
    with connection:
        request = (
            f"GET {path} HTTP/1.1\r\nHost: {url.netloc.decode()}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n"
        )
        await loop.sock_sendall(connection, request.encode())
        while time.monotonic() < end:
            piece = await loop.sock_recv(connection, 1)
            if not piece:
                return
            await asyncio.sleep(0.1)


async def _weigh(process: psutil.Process, tally: Tally, end: float) -> None:
    while time.monotonic() < end:
        tally.memory.append(process.memory_info().rss)
        await asyncio.sleep(min(_EVERY, max(0.05, (end - time.monotonic()) / 20)))


def serve_seeds(folder: Path, people: int) -> tuple["subprocess.Popen[str]", str]:
    """Index the seeds in a folder and serve them to so many users; return the process and its address."""
    with Assistant(load_settings(home=folder / "home")) as assistant:
        assistant.reindex([SEEDS])
    # One hash for all, for each takes a third of a second; the salt is the same, which only a test may do.
    password = hash_password("user", PASSWORD).partition(":")[2]
    (folder / "users.txt").write_text("".join(f"user{number}:{password}\n" for number in range(people)), "utf-8")
    environment: dict[str, Any] = {"ASSISTANT_AUTH": str(folder / "users.txt"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "assistant.cli", "--home", str(folder / "home"), "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    assert server.stdout is not None
    line = server.stdout.readline()
    return server, next(word for word in line.split() if word.startswith("http://"))


def report(tally: Tally, seconds: float) -> str:
    """Return the table of a run."""
    ordered = sorted(tally.answers) or [0.0]
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    megabytes = [size / 1e6 for size in tally.memory] or [0.0]
    errors = ", ".join(f"{count} x {error}" for error, count in tally.errors.items()) or "none"
    return "\n".join(
        (
            f"answers        {len(tally.answers):>8,} in {seconds:,.0f} s, {len(tally.answers) / seconds:.1f} a second",
            f"median answer  {statistics.median(ordered):>8.2f} s, 95% {p95:.2f} s, longest {ordered[-1]:.2f} s",
            f"told busy      {tally.busy:>8,}",
            f"other errors   {sum(tally.errors.values()):>8,} ({errors})",
            f"memory         {megabytes[0]:>8,.0f} MB at first, {max(megabytes):,.0f} MB at most",
            f"growth         {tally.growth:>+8.1%} from the second quarter to the last",
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--slow", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, address = serve_seeds(Path(folder), given.people + given.slow)
        try:
            seconds = given.minutes * 60
            tally = asyncio.run(
                measure(address, psutil.Process(server.pid), seconds=seconds, people=given.people, slow=given.slow)
            )
        finally:
            server.terminate()
            server.wait(60)
    print(report(tally, seconds))
    sys.exit(bool(tally.errors) or tally.growth > MOST_GROWTH)


if __name__ == "__main__":
    main()

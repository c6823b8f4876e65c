"""How soon the app can be used: python -m benchmarks.first_page

From the start of the process to the first word that can be typed, in Chromium on this machine, over the seeds; and for
the pages that are opened after the first. Beside it the floor: a server of Gradio whose page is one text box. Processor
time tells more than the clock where the machine is busy. `--starts` says how many times each is started.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import psutil
from playwright.sync_api import Browser

from assistant import Assistant, load_settings
from benchmarks.browsing import chromium

SEEDS = Path(__file__).parents[1] / "seeds"
BOX = "#fn-question textarea"
TARGET_SECONDS = 3.0
_WARM_PAGES = 5
_ENVIRONMENT: Final = os.environ | {"HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_ENABLED": "False"}
_BARE: Final = """
import asyncio
import socket
import gradio
import uvicorn
from fastapi import FastAPI

async def serve():
    with gradio.Blocks() as page:
        gradio.Textbox()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = gradio.mount_gradio_app(FastAPI(), page, path="/", ssr_mode=False)
        print(f"at http://127.0.0.1:{listener.getsockname()[1]} now", flush=True)
        await uvicorn.Server(uvicorn.Config(app, log_level="warning")).serve(sockets=[listener])

asyncio.run(serve())
"""


class Start(NamedTuple):
    """One start of a server, in seconds: to its address by the clock and by the processor, then to the first page."""

    address: float
    processor: float
    first: float
    others: tuple[float, ...] = ()


def measure(command: Sequence[str], browser: Browser, box: str, *, others: int = 0) -> Start:
    """Start a server, open its first page until its text box can be typed into, then others in fresh contexts."""
    begun = time.perf_counter()
    server = psutil.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, env=_ENVIRONMENT)
    try:
        address = next(word for word in server.stdout.readline().split() if word.startswith("http://"))
        started = time.perf_counter() - begun
        spent = server.cpu_times()
        first, *rest = [_open(browser, address, box) for _ in range(1 + others)]
        return Start(started, spent.user + spent.system, first, tuple(rest))
    finally:
        server.terminate()
        server.wait(60)


def _open(browser: Browser, address: str, box: str) -> float:
    """Return the seconds from the opening of a page until its question box holds a word that was typed."""
    with browser.new_context() as context:
        page = context.new_page()
        begun = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(box).fill("Why?")
        return time.perf_counter() - begun


def report(name: str, starts: Sequence[Start]) -> None:
    """Print the medians and longest times of some starts."""
    whole = [start.address + start.first for start in starts]
    rows = {
        f"{name}: start to address": [start.address for start in starts],
        "  processor time of it": [start.processor for start in starts],
        "  first page, after the address": [start.first for start in starts],
        "  start to first page": whole,
        "  pages after it": [page for start in starts for page in start.others],
    }
    for row, seconds in rows.items():
        if seconds:
            print(f"{row:<34} {statistics.median(seconds):>6.2f} {max(seconds):>8.2f}   s, {len(seconds)} measured")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=3)
    starts = parser.parse_args().starts
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder) / "home"
        with Assistant(load_settings(home=home)) as assistant:
            assistant.reindex([SEEDS])
        serve = ("-m", "assistant.cli", "--home", str(home), "serve", "--port", "0")
        # In turn, so that what else the machine does hits both alike.
        pairs = [
            (measure(serve, browser, BOX, others=_WARM_PAGES), measure(("-c", _BARE), browser, "textarea"))
            for _ in range(starts)
        ]
    print(f"{'':<34} {'median':>6} {'longest':>8}")
    report("Footnote", [pair[0] for pair in pairs])
    report("Gradio alone", [pair[1] for pair in pairs])
    print(f"target for start to first page: under {TARGET_SECONDS:.0f} s")


if __name__ == "__main__":
    main()

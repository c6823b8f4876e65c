"""How soon the app can be used: python -m benchmarks.first_page

From the start of the process to the first word that can be typed, in Chromium on this machine, over the seeds; and for
the pages that are opened after the first. `--starts` says how many times the server is started.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant import Assistant, load_settings

SEEDS = Path(__file__).parents[1] / "seeds"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BOX = "#fn-question textarea"
TARGET_SECONDS = 3.0
_WARM_PAGES = 5


def measure(home: Path, browser: Browser) -> tuple[float, float, list[float]]:
    """Start the app and open pages.

    Return the seconds from the start of its process until it says where it is, from there until the question box of the
    first page can be typed into, and for each of five more pages in fresh browser contexts.
    """
    command = [sys.executable, "-m", "assistant.cli", "--home", str(home), "serve", "--port", "0"]
    begun = time.perf_counter()
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"HF_HUB_OFFLINE": "1"})
    try:
        assert server.stdout is not None
        address = next(word for word in server.stdout.readline().split() if word.startswith("http://"))
        started = time.perf_counter() - begun
        first, *others = [_open(browser, address) for _ in range(1 + _WARM_PAGES)]
        return started, first, others
    finally:
        server.terminate()
        server.wait(60)


def _open(browser: Browser, address: str) -> float:
    """Return the seconds from the opening of a page until its question box holds a word that was typed."""
    with browser.new_context() as context:
        page = context.new_page()
        begun = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(BOX).fill("Why?")
        return time.perf_counter() - begun


def report(name: str, seconds: Sequence[float]) -> str:
    """Return a line with the median and the longest time."""
    return f"{name:<34} {statistics.median(seconds):>6.2f} {max(seconds):>8.2f}   s, {len(seconds)} measured"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=3)
    starts = parser.parse_args().starts
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        sys.exit(f"No Chromium on PATH (looked for {', '.join(CHROMIUM_NAMES)}).")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        with Assistant(load_settings(home=home)) as assistant:
            assistant.reindex([SEEDS])
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        runs = [measure(home, browser) for _ in range(starts)]
        browser.close()
    print(f"{'':<34} {'median':>6} {'longest':>8}")
    print(report("process start to address", [run[0] for run in runs]))
    print(report("first page, after the address", [run[1] for run in runs]))
    print(report("pages after it", [page for run in runs for page in run[2]]))
    print(f"target for the first page, after the start: under {TARGET_SECONDS:.0f} s")


if __name__ == "__main__":
    main()

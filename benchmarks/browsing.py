"""A real server over a home in a process of its own, and Chromium in front of it, for what needs the page."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

_SERVER = """
import sys
from assistant import Assistant, Settings
from assistant.ui import serve
with Assistant(Settings(home=sys.argv[1])) as assistant:
    serve(assistant, port=0, find_models=lambda: ())
"""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the page over a home until the end of the block, and give its address."""
    command = [sys.executable, "-c", _SERVER, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            server.terminate()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the Chromium of this machine. Exits with a clear line where there is none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        sys.exit(f"There is no Chromium on PATH (looked for {', '.join(_NAMES)}).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()

"""Take the README's pictures from the real page over the seeds: light, dark with an article open, and on a phone.

python -m benchmarks.screenshots docs/images
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from assistant import Assistant, Settings
from benchmarks.browsing import chromium, served

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTION = "Did Nvidia abandon the deal?"


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        with Assistant(Settings(home=Path(home))) as assistant:
            assistant.reindex([SEEDS])
        with served(Path(home)) as address, chromium() as browser:
            answered(browser, address, 1440, 900, "light").screenshot(path=folder / "app-light.png")
            page = answered(browser, address, 1440, 900, "dark")
            page.locator(".fn-source [data-read]").first.click()
            page.wait_for_selector("dialog[open] mark.is-here")
            page.screenshot(path=folder / "app-dark.png")
            page = answered(browser, address, 390, 844, "light")
            page.locator(".fn-text a.fn-mark").first.click()
            page.wait_for_selector("dialog[open] mark")
            page.screenshot(path=folder / "app-phone.png")


def answered(browser: Browser, address: str, width: int, height: int, scheme: str) -> Page:
    """Return a page that shows the answer to QUESTION, without a caret that blinks."""
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
        device_scale_factor=2 if width < 500 else 1,
    )
    page.goto(address)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_label("Your question").press("Enter")
    page.wait_for_selector("#fn-current .fn-turn[aria-busy='false']", timeout=60_000)
    page.wait_for_selector("#fn-send")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(500)
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1]))

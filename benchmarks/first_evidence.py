"""Measure how long a reader waits for the first evidence: from the key that asks to the first source on the page.

python -m benchmarks.first_evidence [ROUNDS]

In quoting mode, over the seeds, in Chromium, on loopback. The page itself takes the time, so that what the test driver
adds does not count.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from assistant import Assistant, Settings
from benchmarks.browsing import chromium, served

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTIONS = (
    "Did Nvidia abandon the deal?",
    "Nvidia a-t-il abandonné l'accord ?",
    "What is a non-binding letter of intent?",
    "Why do advanced chips depend on a few factories?",
    "Pourquoi l'intelligence artificielle utilise-t-elle des GPU ?",
)
WATCH = """() => {
  window.waits = [];
  let began = 0;
  addEventListener("keydown", (event) => { if (event.key === "Enter") began = performance.now(); }, true);
  new MutationObserver(() => {
    if (began && document.querySelector("#fn-current .fn-turn .fn-source")) {
      window.waits.push(performance.now() - began);
      began = 0;
    }
  }).observe(document.body, { subtree: true, childList: true });
}"""


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        with Assistant(Settings(home=Path(home))) as assistant:
            assistant.reindex([SEEDS])
        with served(Path(home)) as address, chromium() as browser:
            page = browser.new_page()
            page.goto(address)
            box = page.get_by_label("Your question")
            box.wait_for()
            page.evaluate(WATCH)
            waits = []
            for question in ("Is everything ready?", *QUESTIONS * rounds):
                # The last answer goes, so that its sources are not taken for those of this question.
                restart = page.get_by_role("button", name="New conversation")
                if restart.count():
                    restart.click()
                    page.wait_for_selector("#fn-current .fn-turn", state="detached")
                box.fill(question)
                box.press("Enter")
                page.wait_for_selector("#fn-current .fn-turn[aria-busy='false']", timeout=120_000)
                page.wait_for_selector("#fn-send")
            waits = page.evaluate("window.waits")[1:]
    print(f"{len(waits)} questions: median {statistics.median(waits):.0f} ms, longest {max(waits):.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)

"""What the program itself adds to a model's answer, on the seeds: python -m benchmarks.answer_overhead [--rounds 20]

A server on this machine answers without thinking, so what is left is ours: search and prompt, from the question to the
request's arrival at the server; reading and checks, from the last event of the reply to the checked answer; and the
questions to ask next, which come after the reader has the checked answer. The server sends a word every 2 ms, as a
quick model does. Translations of a question are remembered from the first round on, as they are from one reader to the
next.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from assistant import Assistant, load_settings
from tests.chat_server import Script, running_server

SEEDS = Path(__file__).parents[1] / "seeds"
QUESTIONS = {
    "Did Nvidia abandon the deal?": "fr: Nvidia a-t-il abandonné l'accord ?",
    "What did Huang say in Taipei?": "fr: Qu'a dit Huang à Taipei ?",
    "How much was the agreement worth?": "fr: Combien valait l'accord ?",
    "Nvidia a-t-il abandonné l'accord ?": "en: Did Nvidia abandon the agreement?",
    "Qui a des réserves sur l'accord ?": "en: Who has reservations about the agreement?",
    "Who else wants to invest in OpenAI?": "fr: Qui d'autre veut investir dans OpenAI ?",
    "What is a graphics processor good at?": "fr: À quoi sert un processeur graphique ?",
    "Is a letter of intent binding?": "fr: Une lettre d'intention engage-t-elle ?",
    "Que craint Jensen Huang ?": "en: What is Jensen Huang afraid of?",
    "When was the agreement announced?": "fr: Quand l'accord a-t-il été annoncé ?",
}
"""Questions with the reply of the small call that translates them. They are more than the embedding model remembers,
so that each is encoded anew."""
REPLY = (
    "VERDICT: no\nNo. Huang called the claim nonsense [1.1]. He promised a huge investment in the new round [1.2]. "
    "The Wall Street Journal had reported that the talks had stalled [1.3]."
)
WORD = 0.002
"""Seconds between two events of a reply."""
TARGET_MS = 60


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each part, one for each time that a question was asked."""
    taken: dict[str, list[float]] = {"search and prompt": [], "reading and checks": [], "questions to ask next": []}
    asked = list(QUESTIONS.items())
    with tempfile.TemporaryDirectory() as home, running_server() as server:
        settings = load_settings(home=home, model="openai:test", base_url=server.base_url)
        with Assistant(settings) as assistant:
            assistant.reindex([SEEDS])
            for number in range((rounds + 1) * len(asked)):
                question, translation = asked[number % len(asked)]
                script = server.script = Script(reply=partial(_reply, translation), pause=WORD)
                began = time.perf_counter()
                checked = began
                for snapshot in assistant.stream(question):
                    if snapshot.usage and checked == began:
                        checked = time.perf_counter()
                ended = time.perf_counter()
                if number >= len(asked):  # the first round loads the models
                    taken["search and prompt"].append((script.arrived[-1] - began) * 1_000)
                    taken["reading and checks"].append((checked - script.sent[-1]) * 1_000)
                    taken["questions to ask next"].append((ended - checked) * 1_000)
    return taken


def _reply(translation: str, prompt: str) -> str:
    return REPLY if "Passage 1" in prompt else translation


def report(name: str, waits: Sequence[float]) -> str:
    ordered = sorted(waits)
    return f"{name:<24} {statistics.median(ordered):>8.1f} {ordered[int(0.95 * (len(ordered) - 1))]:>8.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    taken = measure(parser.parse_args().rounds)
    print(f"{'':<24} {'median':>8} {'95%':>8}   ms")
    for name, waits in taken.items():
        print(report(name, waits))
    own = [sum(pair) for pair in zip(taken["search and prompt"], taken["reading and checks"], strict=True)]
    print(report("before the answer stands", own))
    print(f"target for the last line: a median under {TARGET_MS} ms")


if __name__ == "__main__":
    main()

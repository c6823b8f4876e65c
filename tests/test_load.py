"""A few seconds of benchmarks/load.py: people ask at once, others read slowly, and only "busy" may be refused."""

import asyncio
from pathlib import Path

import psutil
from pydantic import SecretStr

from assistant import Assistant, Settings
from assistant.accounts import hash_password
from benchmarks.load import PASSWORD, Tally, measure, report
from index import SentenceTransformerEmbedder
from tests.app_server import running_app

PEOPLE, SLOW, SECONDS = 10, 2, 3.0


def load(home: Path, incoming: Path, embedder: SentenceTransformerEmbedder) -> Tally:
    password = hash_password("user", PASSWORD).partition(":")[2]
    users = "\n".join(f"user{number}:{password}" for number in range(PEOPLE + SLOW))
    with Assistant(Settings(home=home, auth=SecretStr(users))) as assistant:
        assistant.index.embedder = embedder
        with running_app(assistant, incoming) as app:
            run = measure(app.address, psutil.Process(), seconds=SECONDS, people=PEOPLE, slow=SLOW, pauses=(0.05, 0.5))
            return asyncio.run(run)


def test_many_who_ask_at_once_are_answered_or_told_busy(
    seeds_home: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    tally = load(seeds_home, tmp_path, embedder)
    assert not tally.errors, tally.errors
    assert len(tally.answers) >= PEOPLE
    assert tally.memory
    assert "other errors" in report(tally, SECONDS)

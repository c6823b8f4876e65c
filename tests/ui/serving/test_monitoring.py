"""What machines ask of a server that runs, and how little of it a stranger learns."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.types import ASGIApp

from assistant import Assistant, Settings
from assistant.accounts import load_accounts
from assistant.models import Answer, Statement, StatementStatus
from assistant.observing import Observation, Outcome
from assistant.ui.library.jobs import Workbench
from assistant.ui.serving.metrics import Metrics
from assistant.ui.serving.monitoring import Pulse, build_monitoring
from assistant.ui.serving.signing_in import SignIn
from index import HomeUnusable, IndexStatus
from tests.app_server import PASSWORD, USERS, Running, call, running_app

ADA = ("ada", PASSWORD)
STATUS = IndexStatus("/home", "000001-abc", 3, 30, ("en",), "a-model", 0)


@pytest.fixture(scope="module")
def app(seeds_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the seeds in a home of its own, of which the figures are known."""
    home = tmp_path_factory.mktemp("monitored") / "home"
    shutil.copytree(seeds_home, home)
    with (
        Assistant(Settings(home=home)) as assistant,
        running_app(assistant, tmp_path_factory.mktemp("incoming")) as running,
    ):
        yield running


def figures(app: Running, **options: str) -> dict[str, float]:
    """The figures of a server, each by its name and labels."""
    answer = httpx.get(f"{app.address}/metrics", timeout=30, **options)  # type: ignore[arg-type]
    assert answer.headers["content-type"].startswith("text/plain; version=")
    samples = (sample for family in text_string_to_metric_families(answer.text) for sample in family.samples)
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}


def test_a_server_that_is_well_says_what_it_holds(app: Running) -> None:
    answer = httpx.get(f"{app.address}/health", timeout=30)
    assert answer.status_code == 200
    told = answer.json()
    assert told["status"] == "ok"
    assert told["articles"] > 5
    assert told["passages"] >= told["articles"]
    assert 0 <= told["index_age_seconds"] < 7 * 24 * 3600
    assert told["problems"] == []
    assert httpx.head(f"{app.address}/health").status_code == 200


def test_questions_are_counted_by_how_they_ended_with_what_was_found_in_them(app: Running) -> None:
    before = figures(app)
    assert before["footnote_questions_total failed"] == 0, "a counter is there before the first that it counts"
    client = Client(app.address, verbose=False)
    answer = client.predict("Did Nvidia abandon the deal?", api_name="/ask")
    client.predict("Who won the boat race on the Thames?", api_name="/ask")
    with pytest.raises(Exception, match="empty"):
        client.predict(" ", api_name="/ask")
    after = figures(app)
    grown = {name: after[name] - before[name] for name in after if name in before}
    assert {
        outcome: grown[f"footnote_questions_total {outcome}"] for outcome in ("answered", "declined", "failed")
    } == {
        "answered": 1,
        "declined": 1,
        "failed": 1,
    }
    assert grown["footnote_statements_total quoted"] == len(answer["statements"]) > 0
    for name in ("search", "first_token", "answer"):
        assert grown[f"footnote_{name}_seconds_count"] == 2, name
        assert grown[f"footnote_{name}_seconds_sum"] > 0, name


def test_statements_are_counted_by_what_their_check_found() -> None:
    metrics = Metrics(Workbench())
    found = {
        StatementStatus.QUOTED: 1,
        StatementStatus.SUPPORTED: 2,
        StatementStatus.UNSUPPORTED: 3,
        StatementStatus.UNCITED: 4,
    }
    statements = tuple(Statement(0, 1, (), status) for status, count in found.items() for _ in range(count))
    metrics.observe(Observation(Outcome.ANSWERED, Answer("Why?", "Because.", statements=statements), 1.0))
    # What failed or was left half-way was not checked.
    metrics.observe(Observation(Outcome.LEFT, Answer("Why?", "Because.", statements=statements), 1.0))
    text = metrics.render("text/plain", STATUS, 0.0)[0].decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    counted = {
        sample.labels["status"]: sample.value for sample in samples if sample.name == "footnote_statements_total"
    }
    assert counted == {"quoted": 1, "supported": 2, "unsupported": 3, "uncited": 4}


def test_the_index_and_the_work_on_it_are_figures_too(app: Running) -> None:
    before = figures(app)
    assert before["footnote_articles"] == httpx.get(f"{app.address}/health").json()["articles"]
    assert before["footnote_index_sound"] == 1
    Client(app.address, verbose=False).predict(api_name="/reindex")
    after = figures(app)
    assert after["footnote_jobs_total done"] == before["footnote_jobs_total done"] + 1
    assert after["footnote_job_running"] == 0
    assert 0 <= after["footnote_index_age_seconds"] < 7 * 24 * 3600
    assert after["process_resident_memory_bytes"] > 1_000_000


def test_a_page_of_another_site_and_a_rebound_name_get_neither(app: Running) -> None:
    for path in ("/health", "/metrics"):
        assert httpx.get(app.address + path, headers={"host": "rebound.example"}).status_code == 421
        assert httpx.get(app.address + path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
        assert httpx.post(app.address + path).status_code == 404


@contextmanager
def monitored(home: Path) -> Iterator[ASGIApp]:
    """What stands behind the guard, for users only, over the index in a home."""
    with Assistant(Settings(home=home)) as assistant:
        pulse = Pulse(partial(assistant.index.status, size=False), every=0.0)
        yield SignIn(Starlette(routes=build_monitoring(pulse, Metrics(Workbench()))), load_accounts(USERS))
        pulse.close()


def test_with_users_a_stranger_learns_only_whether_it_is_well(seeds_home: Path) -> None:
    with monitored(seeds_home) as app:
        stranger = call(app, "GET", "/health", client="192.0.2.7")
        assert (stranger.status_code, stranger.json()) == (200, {"status": "ok"})
        refused = call(app, "GET", "/metrics", client="192.0.2.7")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic")
        # A proxy on this machine hands on the requests of strangers.
        proxied = {"host": "news.example"}
        assert call(app, "GET", "/health", client="127.0.0.1", headers=proxied).json() == {"status": "ok"}
        assert call(app, "GET", "/metrics", client="127.0.0.1", headers=proxied).status_code == 401
        knowing: tuple[tuple[str, dict[str, Any]], ...] = (
            ("127.0.0.1", {}),
            ("::ffff:127.0.0.1", {}),
            ("192.0.2.7", {"auth": ADA}),
        )
        for client, options in knowing:
            assert "articles" in call(app, "GET", "/health", client=client, **options).json(), client
            assert call(app, "GET", "/metrics", client=client, **options).status_code == 200, client
        assert call(app, "GET", "/metrics", client="192.0.2.7", auth=("ada", "wrong")).status_code == 401
        assert call(app, "GET", "/config", client="127.0.0.1").status_code == 401


def test_an_index_that_is_not_well_is_told_with_its_problem_and_503(tmp_path: Path, seeds_home: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(seeds_home, home)
    with monitored(home) as app:
        assert call(app, "GET", "/health", client="127.0.0.1").status_code == 200
        with closing(sqlite3.connect(home / "catalog.sqlite3")) as catalog, catalog:
            catalog.execute("UPDATE facts SET value = 'another model' WHERE name = 'embedding_model'")
        answer = call(app, "GET", "/health", client="127.0.0.1")
        assert (answer.status_code, answer.json()["status"]) == (503, "not ok")
        assert "'another model'" in answer.json()["problems"][0]
        assert call(app, "GET", "/health", client="192.0.2.7").json() == {"status": "not ok"}
        assert "footnote_index_sound 0.0" in call(app, "GET", "/metrics", client="127.0.0.1").text


def test_an_index_that_does_not_answer_is_told_to_be_silent_and_is_not_asked_twice_at_once() -> None:
    silent, looks = threading.Event(), 0

    def look() -> IndexStatus:
        nonlocal looks
        looks += 1
        silent.wait(60)
        return STATUS

    async def ask() -> None:
        pulse = Pulse(look, every=0.0, patience=0.1)
        for found in [await pulse.feel(), *await asyncio.gather(*(pulse.feel() for _ in range(5)))]:
            assert found.status is None
            assert "has not answered" in found.problems[0]
        assert looks == 1
        silent.set()
        while (await pulse.feel()).status is None:
            await asyncio.sleep(0.01)
        pulse.close()

    asyncio.run(ask())


def test_a_look_counts_for_a_while_and_what_goes_wrong_is_a_problem() -> None:
    looks = 0

    def look() -> IndexStatus:
        nonlocal looks
        looks += 1
        raise HomeUnusable("The disk is full.")

    async def ask() -> None:
        pulse = Pulse(look, every=3600.0, patience=30.0)
        for _ in range(3):
            assert (await pulse.feel()).problems == ("The disk is full.",)
        assert looks == 1
        pulse.close()

    asyncio.run(ask())

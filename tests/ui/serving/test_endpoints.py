"""The named endpoints, called by a real gradio_client on a real server."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import pytest
from gradio_client import Client  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError, AuthenticationError  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pydantic import SecretStr

from assistant import Assistant, Settings
from assistant.objects import answer_object
from index import ArticleIndex, SentenceTransformerEmbedder
from tests.app_server import PASSWORD, USERS, Running, running_app
from tests.conftest import SEEDS

QUESTION = "Did Nvidia abandon the deal?"
REFUSED = "is no source of this index"


def connect(address: str, **options: object) -> Client:
    return Client(address, verbose=False, analytics_enabled=False, **options)


@pytest.fixture(scope="module")
def app(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_app(assistant, tmp_path_factory.mktemp("incoming")) as running:
        yield running


@pytest.fixture(scope="module")
def client(app: Running) -> Client:
    return connect(app.address)


@pytest.fixture
def own_assistant(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> Iterator[Assistant]:
    """An assistant over a home of its own, with one article from a folder, which users sign in to."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "cats.txt").write_text("Cats sleep for most of the day.", "utf-8")
    with Assistant(Settings(home=tmp_path / "home", auth=SecretStr(USERS))) as assistant:
        assistant.index.embedder = embedder
        assistant.reindex([folder])
        yield assistant


def test_ask_gives_what_the_command_line_prints(client: Client, assistant: Assistant) -> None:
    answer = client.predict(QUESTION, api_name="/ask")
    expected = json.loads(json.dumps(answer_object(assistant.ask(QUESTION))))
    assert answer == expected
    assert answer["citations"]
    assert not answer["abstained"]


def test_ask_keeps_to_days_and_sources(client: Client) -> None:
    source = str(SEEDS / "nvidia-openai-deal.en.md")
    answer = client.predict(QUESTION, since="2026-02-02", sources=[source], api_name="/ask")
    assert {citation["source"] for citation in answer["citations"]} == {source}
    french = client.predict(QUESTION, languages=["fr"], api_name="/ask")
    assert {citation["language"] for citation in french["citations"]} == {"fr"}
    assert client.predict(QUESTION, until="2001-01-01", api_name="/ask")["abstained"]


def test_search_gives_passages_with_their_places(client: Client, assistant: Assistant) -> None:
    found = client.predict(QUESTION, limit=3, api_name="/search")
    assert len(found) == 3
    for passage in found:
        article = assistant.index.article(passage["article"]["source"])
        assert article is not None
        assert article.text[passage["start"] : passage["end"]] == passage["text"]


def test_articles_are_listed_a_stretch_at_a_time(client: Client, assistant: Assistant) -> None:
    every = client.predict(api_name="/articles")
    assert [article["source"] for article in every] == [article.source for article in assistant.index.articles()]
    assert client.predict(limit=3, offset=2, api_name="/articles") == every[2:5]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("/ask", {"question": ""}, "The question is empty"),
        ("/ask", {"question": "x" * 2_001}, "2,000 is the most"),
        ("/ask", {"question": 5}, "question cannot be '5'"),
        ("/ask", {"question": ["a"]}, "question cannot be"),
        ("/ask", {"question": QUESTION, "since": "yesterday"}, "since cannot be 'yesterday'"),
        ("/ask", {"question": QUESTION, "sources": [{}]}, "sources.0 cannot be"),
        ("/ask", {"question": QUESTION, "sources": ["x"] * 101}, "sources cannot be"),
        ("/search", {"question": QUESTION, "languages": ["French"]}, "languages.0 cannot be 'French'"),
        ("/search", {"question": QUESTION, "limit": 10_000}, "limit cannot be '10000'"),
        ("/articles", {"limit": 0}, "limit cannot be '0'"),
        ("/articles", {"offset": -1}, "offset cannot be '-1'"),
    ],
)
def test_what_cannot_be_asked_is_one_clear_line(
    client: Client, name: str, given: dict[str, object], words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(**given, api_name=name)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "Traceback" not in capfd.readouterr().err


def test_only_the_four_endpoints_are_named(client: Client) -> None:
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {"/ask", "/search", "/articles", "/reindex"}


def test_a_plain_program_asks_in_two_requests(app: Running) -> None:
    event = httpx.post(f"{app.address}/gradio_api/call/ask", json={"data": [QUESTION, None, None, None, None]}).json()
    reply = httpx.get(f"{app.address}/gradio_api/call/ask/{event['event_id']}", timeout=30).text
    assert reply.startswith("event: complete")
    assert json.loads(reply.partition("data: ")[2])[0]["question"] == QUESTION


def test_eight_questions_are_answered_at_a_time(app: Running) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: connect(app.address).predict(QUESTION, api_name="/ask"), range(8)))
    assert all(answer["citations"] for answer in answers)


def test_reindexing_brings_new_articles_to_whoever_may(own_assistant: Assistant, tmp_path: Path) -> None:
    with running_app(own_assistant, tmp_path) as app:
        with pytest.raises(AuthenticationError):
            connect(app.address)
        with pytest.raises(AuthenticationError, match="Invalid credentials"):
            connect(app.address, auth=("ada", "wrong"))
        client = connect(app.address, auth=("ada", PASSWORD))
        (tmp_path / "articles" / "dogs.txt").write_text("Dogs sleep for half of the day.", "utf-8")
        report = client.predict(api_name="/reindex")
        assert report["added"] == ["articles/dogs.txt"]
        assert report["unchanged"] == 1
        assert client.predict(["articles"], api_name="/reindex")["unchanged"] == 2
        (tmp_path / "secret.txt").write_text("The password is swordfish.", "utf-8")
        for strange in (
            tmp_path / "secret.txt",
            tmp_path,
            tmp_path / "articles" / ".." / "secret.txt",
            "articles/../secret.txt",
            "~",
            "/etc/passwd",
        ):
            with pytest.raises(AppError, match=REFUSED):
                client.predict([str(strange)], api_name="/reindex")
        assert len(client.predict(api_name="/articles")) == 2


def test_who_signs_in_learns_no_path_of_the_server(own_assistant: Assistant, tmp_path: Path) -> None:
    with running_app(own_assistant, tmp_path / "incoming") as app:
        client = connect(app.address, auth=("ada", PASSWORD))
        listed = client.predict(api_name="/articles")
        found = client.predict("How long do cats sleep?", sources=["articles"], api_name="/search")
        answer = client.predict("How long do cats sleep?", sources=["articles/cats.txt"], api_name="/ask")
        (tmp_path / "articles" / "broken.txt").write_bytes(b"\xff\xfe\xff")
        report = client.predict(api_name="/reindex")
    assert [article["source"] for article in listed] == ["articles/cats.txt"]
    assert found[0]["article"]["source"] == "articles/cats.txt"
    assert {citation["source"] for citation in answer["citations"]} == {"articles/cats.txt"}
    assert [failure["source"] for failure in report["failed"]] == ["articles/broken.txt"]
    assert str(tmp_path) not in json.dumps([listed, found, answer, report])


class Slow:
    """An embedder that waits until it is let go."""

    def __init__(self, embedder: SentenceTransformerEmbedder) -> None:
        self._embedder = embedder
        self.started, self.released = threading.Event(), threading.Event()

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)

    def encode_documents(self, texts: object) -> object:
        self.started.set()
        assert self.released.wait(30)
        return self._embedder.encode_documents(texts)  # type: ignore[arg-type]


def test_a_second_heavy_job_is_told_busy_while_others_keep_asking(
    tmp_path: Path, index: ArticleIndex, embedder: SentenceTransformerEmbedder
) -> None:
    article = tmp_path / "cats.txt"
    article.write_text("Cats sleep for most of the day.", "utf-8")
    slow = Slow(embedder)
    with Assistant(Settings(home=index.home)) as assistant, running_app(assistant, tmp_path) as app:
        assistant.index.embedder = slow  # type: ignore[assignment]
        client = connect(app.address)
        first = client.submit([str(article)], api_name="/reindex")
        assert slow.started.wait(30)
        asked = time.monotonic()
        with pytest.raises(AppError, match=r"^Busy: other work"):
            client.predict(api_name="/reindex")
        assert client.predict(api_name="/articles") == []
        assert time.monotonic() - asked < 10
        slow.released.set()
        assert first.result(30)["added"] == [str(article)]


class WaitingEmbedder(SentenceTransformerEmbedder):
    """An embedder that keeps each question until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = threading.Event()

    def encode_query(self, text: str) -> NDArray[np.float32]:
        self.may_go_on.wait(30)
        return super().encode_query(text)


def test_beyond_the_queue_one_is_told_busy_at_once(tmp_path: Path, seeds_home: Path) -> None:
    with Assistant(Settings(home=seeds_home, max_queue=1)) as assistant, running_app(assistant, tmp_path) as app:
        assistant.index.embedder = waiting = WaitingEmbedder()
        question = {"data": [QUESTION, None, None, None, None]}
        answers = [httpx.post(f"{app.address}/gradio_api/call/ask", json=question) for _ in range(24)]
        waiting.may_go_on.set()
    assert [answer.status_code for answer in answers[:16]] == [200] * 16
    busy = [answer for answer in answers if answer.status_code == 429]
    assert busy
    assert all("questions are waiting" in answer.json()["detail"] for answer in busy)
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in busy)

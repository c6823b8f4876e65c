"""Ray clusters that cannot be reached: one line says why, within a bound, and the index stays as it was."""

import importlib.util
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import ArticleIndex
from index.errors import BackfillFailed
from index.listing import Engine
from tests.conftest import Run
from tests.index.crashing import WordEmbedder

if importlib.util.find_spec("ray") is None:
    pytest.skip("needs the extra ray", allow_module_level=True)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """More files than are read without a cluster."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"Rain fell on harbour {number}.")
    return folder


@pytest.fixture
def something_else() -> Iterator[str]:
    """The address of a server that is no Ray cluster."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:1", r"No Ray cluster answers at ASSISTANT_RAY_ADDRESS=127.0.0.1:1 \(.*refused\). Write it as"),
        ("head", r"No Ray cluster answers at ASSISTANT_RAY_ADDRESS=head"),
        ("ray://head:10001", r"this machine must be a node of the cluster. Run 'ray start --address=head:6379"),
    ],
)
def test_an_address_without_a_cluster_is_named_and_nothing_changes(
    address: str, said: str, articles: Path, tmp_path: Path
) -> None:
    with ArticleIndex(tmp_path / "home", WordEmbedder(), ray_address=address) as index:
        index.sync([str(articles / "0.txt")])
        with pytest.raises(BackfillFailed, match=said):
            index.sync([str(articles)], engine=Engine.RAY)
        assert [article.source for article in index.articles()] == [str(articles / "0.txt")]
        assert len(index.sync([str(articles)]).added) == 39


def test_a_server_that_is_no_ray_cluster_is_told_from_one(something_else: str, articles: Path, tmp_path: Path) -> None:
    said = pytest.raises(BackfillFailed, match="what answers there is something else")
    with ArticleIndex(tmp_path / "home", WordEmbedder(), ray_address=something_else) as index, said:
        index.sync([str(articles)], engine=Engine.RAY)


def test_the_command_line_says_in_one_line_that_no_cluster_answers(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_RAY_ADDRESS", "127.0.0.1:1")
    status, out, err = run("--home", tmp_path / "home", "index", "--engine", "ray", articles)
    assert (status, out) == (1, "")
    assert err.splitlines()[-1].startswith("assistant: No Ray cluster answers at ASSISTANT_RAY_ADDRESS=127.0.0.1:1")
    assert "Traceback" not in err


def test_a_few_files_need_no_cluster(articles: Path, tmp_path: Path) -> None:
    with ArticleIndex(tmp_path / "home", WordEmbedder(), ray_address="127.0.0.1:1") as index:
        first = sorted(str(path) for path in articles.iterdir())[:5]
        assert sorted(index.sync(first, engine=Engine.RAY).added) == first


def test_one_large_table_is_worth_a_cluster(tmp_path: Path) -> None:
    table = tmp_path / "table.jsonl"
    table.write_text("\n".join(f'{{"id": "{number}", "text": "{"Rain fell. " * 100}"}}' for number in range(1_000)))
    said = pytest.raises(BackfillFailed, match="No Ray cluster answers")
    with ArticleIndex(tmp_path / "home", WordEmbedder(), ray_address="127.0.0.1:1") as index, said:
        index.sync([str(table)], engine=Engine.RAY)

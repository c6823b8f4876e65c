"""The store of vectors that the settings name."""

import re
from pathlib import Path

import pytest

from assistant import Assistant, InvalidSettings, load_settings
from assistant.stores import load_store
from index import Article, ChromaServer, MilvusServer
from tests.conftest import Run


def test_without_an_address_the_vectors_are_in_the_home_folder() -> None:
    assert load_store(load_settings()) is None


def test_an_address_of_chroma_is_asked_with_its_tenant_database_and_key() -> None:
    settings = load_settings(
        chroma_url="https://api.trychroma.com", chroma_tenant="newsroom", chroma_database="articles", chroma_key="ck-1"
    )
    store = load_store(settings)
    assert isinstance(store, ChromaServer)
    assert (store.url, store.tenant, store.database) == ("https://api.trychroma.com", "newsroom", "articles")
    assert "ck-1" not in f"{settings!r} {settings}"


def test_an_address_of_milvus_is_one_of_a_server_or_a_file() -> None:
    for url in ("http://127.0.0.1:19530", "/data/vectors.db"):
        store = load_store(load_settings(milvus_url=url, milvus_token="root:Milvus"))
        assert isinstance(store, MilvusServer)
        assert store.url == url


def test_two_addresses_are_one_too_many() -> None:
    with pytest.raises(InvalidSettings, match="both set"):
        load_store(load_settings(chroma_url="http://127.0.0.1:8000", milvus_url="http://127.0.0.1:19530"))


@pytest.mark.parametrize("name", ["chroma_url", "milvus_url"])
def test_what_is_no_address_is_named_with_its_setting(name: str) -> None:
    with pytest.raises(InvalidSettings, match=f"ASSISTANT_{name.upper()} is wrong: 'chroma:8000' is not the address"):
        load_store(load_settings(**{name: "chroma:8000"}))


@pytest.mark.parametrize("name", ["chroma_url", "milvus_url"])
@pytest.mark.parametrize(
    "url",
    ["reader:s3cret@127.0.0.1:8000", "s3cret@chroma", "ftp://reader:s3cret@chroma", "reader:s3/cr@et@chroma:8000"],
)
def test_no_password_is_shown_of_what_is_no_address(name: str, url: str) -> None:
    with pytest.raises(InvalidSettings, match="is wrong") as refused:
        load_store(load_settings(**{name: url}))
    shown = url.rpartition("@")[2]
    assert re.search(rf"'(ftp://)?{shown}' is not the address", str(refused.value))
    assert not re.search("s3|cr@et|reader", str(refused.value))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("chroma_url", "Chroma server at http://127.0.0.1:9"), ("milvus_url", "Milvus at http://127.0.0.1:9")],
)
def test_doctor_says_where_the_vectors_lie_and_shows_no_password(
    name: str, shown: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant(load_settings(home=tmp_path / "home")) as assistant:
        assistant.index.add([Article("mem:a", "A", "It rained on the hills.", language="en")])
    _, out, _ = run("doctor", "--home", tmp_path / "home")
    assert "Vectors:" not in out
    monkeypatch.setenv(f"ASSISTANT_{name.upper()}", "http://reader:s3cret@127.0.0.1:9")
    status, out, err = run("doctor", "--home", tmp_path / "home")
    assert status == 1
    assert re.search(rf"Vectors: +{shown}", out)
    assert f"{shown} " in out + err
    assert "s3cret" not in out + err

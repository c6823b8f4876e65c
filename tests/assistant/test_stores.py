"""The store of vectors that the settings name."""

import pytest

from assistant import InvalidSettings, load_settings
from assistant.stores import load_store
from index import ChromaServer, MilvusServer


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

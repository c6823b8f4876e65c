"""What the tests of index/ share: a second model, servers of vectors, and a way to be without the powers of root."""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.index.postgres import Server
from tests.index.stores import StoreProcess, chroma_process, milvus_process

_PAST_PERMISSIONS = 0b110
"""The capabilities CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: root goes past the permissions of files."""
_VERSION_3 = 0x20080522


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server. A test that stops it starts it again."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny sentence-transformers model, as wide as the bundled one, that knows nothing."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("other-model")
    letters = "abcdefghijklmnopqrstuvwxyz"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=384, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert")), Pooling(384)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreProcess]:
    """A server of Chroma, for tests that leave it running."""
    server = chroma_process(tmp_path_factory.mktemp("chroma-server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreProcess]:
    """A server of Milvus Lite, for tests that leave it running."""
    server = milvus_process(tmp_path_factory.mktemp("milvus-server"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def without_powers() -> Callable[[], AbstractContextManager[None]]:
    """A context in which this thread obeys the permissions of files, even where the tests run as root."""
    return _without_powers


@contextmanager
def _without_powers() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    if not sys.platform.startswith("linux"):
        pytest.skip("root goes past permissions, and only Linux lets a thread give that power up")
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    # Effective, permitted and inheritable capabilities 0 to 31, then 32 to 63.
    powers = (ctypes.c_uint32 * 6)()
    if libc.capget(header, powers) != 0:
        pytest.skip("this system does not say which powers the thread has")
    fewer = (ctypes.c_uint32 * 6)(*powers)
    fewer[0] &= ~_PAST_PERMISSIONS
    if libc.capset(header, fewer) != 0:
        pytest.skip("this system does not let a thread give its powers up")
    try:
        yield
    finally:
        assert libc.capset(header, powers) == 0

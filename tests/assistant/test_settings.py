"""Settings come from arguments, then ASSISTANT_* variables, then .env; a wrong one becomes one readable line."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from assistant import Assistant, InvalidSettings, Settings, load_settings
from index import HomeUnusable


def test_without_anything_set_no_model_is_called_and_only_this_machine_is_served() -> None:
    settings = load_settings()
    assert settings.model is None
    assert settings.base_url is None
    assert settings.api_key is None
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.embedding_model == "all-MiniLM-L6-v2"
    assert settings.home.is_absolute()
    assert settings.home.name == "footnote-assistant"


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("ASSISTANT_HOME", "/library", "home", Path("/library")),
        ("ASSISTANT_EMBEDDING_MODEL", "/models/e5", "embedding_model", "/models/e5"),
        ("ASSISTANT_CHROMA_URL", "http://127.0.0.1:8000", "chroma_url", "http://127.0.0.1:8000"),
        ("ASSISTANT_CHROMA_TENANT", "newsroom", "chroma_tenant", "newsroom"),
        ("ASSISTANT_CHROMA_DATABASE", "articles", "chroma_database", "articles"),
        ("ASSISTANT_MILVUS_URL", "http://127.0.0.1:19530", "milvus_url", "http://127.0.0.1:19530"),
        ("ASSISTANT_MODEL", "ollama:llama3.2", "model", "ollama:llama3.2"),
        ("ASSISTANT_RERANKER", "/models/reranker", "reranker", "/models/reranker"),
        ("ASSISTANT_BASE_URL", "http://127.0.0.1:1/v1", "base_url", "http://127.0.0.1:1/v1"),
        ("ASSISTANT_TIMEOUT", "2.5", "timeout", 2.5),
        ("ASSISTANT_RETRIES", "0", "retries", 0),
        ("ASSISTANT_MAX_TOKENS", "500", "max_tokens", 500),
        ("ASSISTANT_CONTEXT_WINDOW", "4096", "context_window", 4096),
        ("ASSISTANT_STRICT", "1", "strict", True),
        ("ASSISTANT_VERIFY", "model", "verify", "model"),
        ("ASSISTANT_TRANSLATE", "yes", "translate", True),
        ("ASSISTANT_KEEP_VERSIONS", "0", "keep_versions", 0),
        ("ASSISTANT_PASSAGES", "3", "passages", 3),
        ("ASSISTANT_QUOTES", "2", "quotes", 2),
        ("ASSISTANT_CONFIDENCE", "0", "confidence", 0.0),
        ("ASSISTANT_MAX_QUESTION", "50", "max_question", 50),
        ("ASSISTANT_PRIVATE_HOSTS", "wiki.intranet,10.0.0.7:80", "private_hosts", ("wiki.intranet", "10.0.0.7:80")),
        ("ASSISTANT_SITE_PAGES", "50", "site_pages", 50),
        ("ASSISTANT_RAY_ADDRESS", "10.0.0.7:6379", "ray_address", "10.0.0.7:6379"),
        ("ASSISTANT_HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("ASSISTANT_PORT", "0", "port", 0),
        ("ASSISTANT_HOSTS", "news.example.org, [::1]:8443", "hosts", ("news.example.org", "[::1]:8443")),
        ("ASSISTANT_TLS_CERTIFICATE", "/tls/cert.pem", "tls_certificate", Path("/tls/cert.pem")),
        ("ASSISTANT_TLS_KEY", "/tls/key.pem", "tls_key", Path("/tls/key.pem")),
        ("ASSISTANT_MAX_UPLOAD_MB", "5", "max_upload_mb", 5),
        ("ASSISTANT_MAX_UPLOAD_FILES", "3", "max_upload_files", 3),
        ("ASSISTANT_MAX_QUEUE", "9", "max_queue", 9),
        ("ASSISTANT_CALLS_PER_MINUTE", "60", "calls_per_minute", 60),
    ],
)
def test_every_field_is_also_a_variable(
    variable: str, value: str, field: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(load_settings(), field) == expected


def test_the_table_of_variables_above_is_complete() -> None:
    assert set(Settings.model_fields) == {
        "home", "embedding_model", "reranker", "model", "base_url", "api_key", "timeout", "retries", "max_tokens",
        "context_window", "strict", "verify", "translate", "keep_versions", "passages", "quotes", "confidence",
        "max_question", "host", "port", "hosts", "auth", "tls_certificate", "tls_key", "max_upload_mb",
        "max_upload_files", "max_queue", "calls_per_minute", "private_hosts", "site_pages", "catalog_url",
        "ray_address",
        "chroma_url", "chroma_tenant", "chroma_database", "chroma_key", "milvus_url", "milvus_token",
    }  # fmt: skip


def test_arguments_win_over_variables_and_variables_over_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("ASSISTANT_PORT=1001\nASSISTANT_QUOTES=4\nASSISTANT_MODEL=openai:file\n")
    monkeypatch.setenv("ASSISTANT_PORT", "1002")
    monkeypatch.setenv("ASSISTANT_QUOTES", "5")
    settings = load_settings(port=1003)
    assert (settings.port, settings.quotes, settings.model) == (1003, 5, "openai:file")


def test_an_argument_that_is_none_leaves_the_variable_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "1002")
    assert load_settings(port=None).port == 1002


def test_other_lines_of_the_env_file_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-other\nASSISTANT_QUOTES=4\n")
    assert load_settings().quotes == 4


def test_a_home_is_made_absolute_and_its_tilde_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(home="~/library").home == tmp_path / "library"
    assert load_settings(home="library").home == tmp_path / "library"


def test_a_key_does_not_show_when_settings_are_printed() -> None:
    settings = load_settings(api_key="sk-secret")
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in f"{settings!r} {settings}"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ASSISTANT_PORT", "abc"),
        ("ASSISTANT_PORT", "65536"),
        ("ASSISTANT_PORT", "-1"),
        ("ASSISTANT_TIMEOUT", "0"),
        ("ASSISTANT_TIMEOUT", "nan"),
        ("ASSISTANT_KEEP_VERSIONS", "-1"),
        ("ASSISTANT_PASSAGES", "0"),
        ("ASSISTANT_PASSAGES", "1.5"),
        ("ASSISTANT_QUOTES", "many\nmore"),
        ("ASSISTANT_CONFIDENCE", "1.1"),
        ("ASSISTANT_MAX_QUESTION", "9"),
        ("ASSISTANT_MODEL", "gpt-5"),
        ("ASSISTANT_MODEL", "OpenAI:gpt-5"),
    ],
)
def test_a_wrong_value_gives_one_line_that_names_the_variable_and_the_value(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    line = message_of()
    assert line.startswith(f"{variable} cannot be {value!r}: ")


def test_a_wrong_value_in_the_env_file_is_named_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ASSISTANT_PORT=abc\n")
    assert message_of().startswith("ASSISTANT_PORT cannot be 'abc': ")


def test_two_wrong_values_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "abc")
    monkeypatch.setenv("ASSISTANT_QUOTES", "0")
    line = message_of()
    assert "ASSISTANT_PORT cannot be 'abc'" in line
    assert "ASSISTANT_QUOTES cannot be '0'" in line


def test_an_assistant_without_settings_reads_the_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "library"))
    with Assistant() as assistant:
        assert assistant.settings.home == tmp_path / "library"
    assert (tmp_path / "library").is_dir()


def test_an_assistant_without_settings_raises_what_load_settings_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "abc")
    with pytest.raises(InvalidSettings, match="ASSISTANT_PORT"):
        Assistant()


def test_a_home_of_a_user_who_does_not_exist_is_an_invalid_setting() -> None:
    with pytest.raises(InvalidSettings, match="ASSISTANT_HOME"):
        load_settings(home="~nobody-by-this-name/library")


def test_an_env_file_that_is_not_utf8_is_an_invalid_setting_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ASSISTANT_PORT=80\xff\n")
    with pytest.raises(InvalidSettings, match=r"\.env"):
        load_settings()


def test_a_model_without_a_provider_is_told_how_to_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL", "gpt-5")
    assert "provider:name" in message_of()


def test_a_very_long_value_does_not_flood_the_line() -> None:
    with pytest.raises(InvalidSettings) as caught:
        load_settings(port="x" * 100_000)
    assert len(str(caught.value)) < 1_000


def message_of() -> str:
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert "pydantic" not in message
    return message


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL", "")
    monkeypatch.setenv("ASSISTANT_EMBEDDING_MODEL", "")
    settings = load_settings()
    assert settings.model is None
    assert settings.embedding_model == "all-MiniLM-L6-v2"


def test_a_password_in_the_address_of_a_catalog_is_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_CATALOG_URL", "postgresql://news:hush@db/news")
    settings = load_settings()
    assert settings.catalog_url is not None
    assert settings.catalog_url.get_secret_value() == "postgresql://news:hush@db/news"
    assert "hush" not in repr(settings)
    # What is not right about it is told by the index, which knows its parts.
    with pytest.raises(HomeUnusable, match="Write ASSISTANT_CATALOG_URL as postgresql://USER:PASSWORD@HOST") as caught:
        Assistant(Settings(home=tmp_path, catalog_url=SecretStr("mysql://news:hush@db/news")))
    assert "hush" not in str(caught.value)


def test_what_is_private_to_a_home_names_no_server_and_keeps_the_rest() -> None:
    shared: dict[str, Any] = {
        "catalog_url": SecretStr("postgresql://db/news"),
        "chroma_url": "http://c",
        "milvus_url": "http://m",
    }
    private = Settings(home=Path("/library"), passages=3, **shared).private_to(Path("/elsewhere"))
    assert private == Settings(home=Path("/elsewhere"), passages=3)

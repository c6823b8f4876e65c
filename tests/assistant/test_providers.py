"""Models of any provider, set up from the settings: what reaches which server, and what never does."""

import gc
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.load import dumps

from assistant import InvalidSettings, ModelUnavailable, Settings, load_settings
from assistant.delivery import Receipt, stream_reply
from assistant.providers import DEFAULT_WINDOW, OLLAMA_WINDOW, context_window, load_model, server_models
from tests.chat_server import ChatServer, Script, running_server

REPLY = "No. Huang called that nonsense."
# Google's own package does this with aiohttp.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:coroutine 'ClientResponse.json' was never awaited:RuntimeWarning"),
]

PROVIDERS = ["openai", "azure_openai", "anthropic", "google_genai", "mistralai", "ollama"]
SECRETS = {
    name: f"secret-{name.lower()}"
    for name in (
        "OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID",
        "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN",
        "GOOGLE_API_KEY", "GEMINI_API_KEY", "MISTRAL_API_KEY", "OLLAMA_API_KEY", "LANGSMITH_API_KEY",
        "LANGSMITH_GATEWAY_API_KEY",
    )
}  # fmt: skip
CUSTOM = "X-Company: secret-header\nAuthorization: Bearer secret-authorization\nx-api-key: secret-x"
ADDRESSES = (
    "OPENAI_BASE_URL", "OPENAI_API_BASE", "AZURE_OPENAI_ENDPOINT", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL",
    "GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL", "MISTRAL_BASE_URL", "OLLAMA_HOST", "LANGSMITH_GATEWAY",
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with running_server() as server:
        yield server


@pytest.fixture
def script(server: ChatServer) -> Script:
    server.script = Script(reply=lambda prompt: REPLY, usage=(12, 3))
    return server.script


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*SECRETS, *ADDRESSES, "OPENAI_CUSTOM_HEADERS", "ANTHROPIC_CUSTOM_HEADERS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_VERSION", "2025-01-01")


@pytest.fixture
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", CUSTOM)
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", CUSTOM)
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")


def settings_for(server: ChatServer, provider: str, **more: Any) -> Settings:
    address = server.base_url if provider in ("openai", "mistralai") else server.root
    return load_settings(**({"model": f"{provider}:test", "base_url": address, "retries": 0, "timeout": 5} | more))


def ask(settings: Settings, receipt: Receipt | None = None) -> str:
    return "".join(stream_reply(load_model(settings), "Why?", settings, receipt))


# Requests


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_answers_over_the_wire(provider: str, server: ChatServer, script: Script) -> None:
    receipt = Receipt()
    script.usage_apart = provider != "mistralai"
    assert ask(settings_for(server, provider, api_key="sk-given-key"), receipt) == REPLY
    assert (receipt.prompt_tokens, receipt.reply_tokens) == (12, 3)
    assert receipt.finish_reason
    assert any("sk-given-key" in value for value in script.headers[-1].values())
    assert len(script.requests) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.usefixtures("_secrets")
@pytest.mark.parametrize("without", ["nothing", "custom headers", "tokens", "both"])
def test_no_secret_of_the_environment_reaches_a_server_of_the_users_own(
    without: str, provider: str, server: ChatServer, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    if without in ("custom headers", "both"):
        monkeypatch.delenv("OPENAI_CUSTOM_HEADERS")
        monkeypatch.delenv("ANTHROPIC_CUSTOM_HEADERS")
    if without in ("tokens", "both"):
        monkeypatch.delenv("AZURE_OPENAI_AD_TOKEN")
        monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN")
    assert ask(settings_for(server, provider)) == REPLY
    sent = f"{script.paths} {script.headers} {script.requests}"
    assert "secret" not in sent
    # What was given is sent, and nothing beside it.
    assert ask(settings_for(server, provider, api_key="sk-given-key")) == REPLY
    assert "secret" not in f"{script.paths} {script.headers} {script.requests}"
    assert any("sk-given-key" in value for value in script.headers[-1].values())


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google_genai", "mistralai", "ollama"])
@pytest.mark.usefixtures("_secrets")
def test_no_address_of_the_environment_redirects_a_request(
    provider: str, server: ChatServer, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ADDRESSES:
        monkeypatch.setenv(name, server.base_url)
    # The providers' own addresses are https, so with a proxy that is not there nothing of this test leaves the machine.
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    settings = load_settings(model=f"{provider}:test", retries=0, timeout=0.5)
    with pytest.raises(ModelUnavailable):
        ask(settings)
    assert script.paths == []


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_a_server_on_this_machine_is_not_asked_through_a_proxy(
    provider: str, server: ChatServer, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert ask(settings_for(server, provider)) == REPLY


@pytest.mark.parametrize(
    ("provider", "field"),
    [("openai", "max_tokens"), ("azure_openai", "max_completion_tokens"), ("anthropic", "max_tokens"),
     ("mistralai", "max_tokens")],
)  # fmt: skip
def test_the_longest_reply_goes_out_under_the_name_that_the_server_knows(
    provider: str, field: str, server: ChatServer, script: Script
) -> None:
    ask(settings_for(server, provider, max_tokens=777))
    assert script.requests[-1][field] == 777
    assert script.requests[-1]["temperature"] == 0
    assert not {"max_tokens", "max_completion_tokens"} - {field} & set(script.requests[-1])


def test_google_gets_the_longest_reply_too(server: ChatServer, script: Script) -> None:
    ask(settings_for(server, "google_genai", max_tokens=777))
    assert script.requests[-1]["generationConfig"]["maxOutputTokens"] == 777


@pytest.mark.parametrize(("given", "window"), [(None, DEFAULT_WINDOW), (20_000, 20_000)])
def test_ollama_is_told_its_window_because_its_default_cuts_prompts_off(
    given: int | None, window: int, server: ChatServer, script: Script
) -> None:
    ask(settings_for(server, "ollama", context_window=given, max_tokens=777))
    assert script.requests[-1]["options"] == {"num_ctx": window, "num_predict": 777, "temperature": 0}


def test_streamed_token_counts_are_asked_for(server: ChatServer, script: Script) -> None:
    ask(settings_for(server, "openai"))
    assert script.requests[-1]["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_package_tries_again_by_itself(provider: str, server: ChatServer, script: Script) -> None:
    script.status = 500
    with pytest.raises(ModelUnavailable):
        ask(settings_for(server, provider))
    assert len(script.requests) == 1
    gc.collect()  # what Google's package leaves behind, while its warning is ignored


# Setting up


@pytest.mark.parametrize(
    ("model", "package", "command"),
    [
        ("openai:test", "langchain_openai", "pip install 'footnote-assistant[openai]'"),
        ("azure_openai:test", "langchain_openai", "pip install 'footnote-assistant[openai]'"),
        ("anthropic:test", "langchain_anthropic", "pip install 'footnote-assistant[anthropic]'"),
        ("google_genai:test", "langchain_google_genai", "pip install 'footnote-assistant[google]'"),
        ("mistralai:test", "langchain_mistralai", "pip install 'footnote-assistant[mistral]'"),
        ("ollama:test", "langchain_ollama", "pip install 'footnote-assistant[ollama]'"),
        ("groq:test", "langchain_groq", "pip install langchain-groq"),
    ],
)
def test_a_missing_package_is_said_with_the_command(
    model: str, package: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # None in sys.modules is how Python says that a package cannot be imported.
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InvalidSettings) as caught:
        load_model(load_settings(model=model))
    assert str(caught.value) == f"ASSISTANT_MODEL={model} needs a package that is missing. Run: {command}"


@pytest.mark.parametrize("model", ["nobody:test", "openrouter2:x/y", "open_ai:gpt"])
def test_a_provider_that_nobody_knows_is_named_with_the_known_ones(model: str) -> None:
    with pytest.raises(InvalidSettings, match=f"ASSISTANT_MODEL={model} names no provider") as caught:
        load_model(load_settings(model=model))
    assert len(str(caught.value).splitlines()) == 1
    assert "openai, azure_openai, anthropic" in str(caught.value)
    assert "huggingface" in str(caught.value)


@pytest.mark.parametrize(
    ("provider", "variable"),
    [("openai", "OPENAI_API_KEY"), ("anthropic", "ANTHROPIC_API_KEY"), ("google_genai", "GOOGLE_API_KEY"),
     ("mistralai", "MISTRAL_API_KEY")],
)  # fmt: skip
def test_a_missing_key_is_said_with_its_variable(provider: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelUnavailable, match=f"{variable}.*ASSISTANT_API_KEY") as caught:
        load_model(load_settings(model=f"{provider}:test"))
    assert len(str(caught.value).splitlines()) == 1
    monkeypatch.setenv(variable, "sk-found")
    assert load_model(load_settings(model=f"{provider}:test"))


def test_azure_without_an_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelUnavailable, match="AZURE_OPENAI_ENDPOINT"):
        load_model(load_settings(model="azure_openai:test", api_key="sk-given-key"))


def test_azure_without_a_version_is_said(server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_VERSION")
    with pytest.raises(ModelUnavailable, match="OPENAI_API_VERSION"):
        load_model(settings_for(server, "azure_openai"))


def test_a_model_that_refuses_a_temperature_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    model: Any = load_model(load_settings(model="openai:o3-mini", api_key="sk-given-key"))
    assert model.temperature is None
    # It thinks first, and the provider counts that as part of the reply.
    assert model.max_tokens > 1_024


def test_an_address_that_is_none_is_one_line(server: ChatServer) -> None:
    settings = settings_for(server, "openai", base_url="not an address\x00")
    with pytest.raises(ModelUnavailable) as caught:
        ask(settings)
    assert len(str(caught.value).splitlines()) == 1
    assert str(caught.value).isprintable()


# Windows


def window_of(settings: Settings) -> int:
    return context_window(load_model(settings), settings)


def test_the_window_is_the_setting_first(server: ChatServer, script: Script) -> None:
    assert window_of(settings_for(server, "openai", context_window=5_000)) == 5_000
    assert script.paths == []


@pytest.mark.parametrize(
    ("entry", "window"),
    [
        ({"max_model_len": 32_768}, 32_768),
        ({"context_length": 131_072}, 131_072),
        ({"meta": {"n_ctx": 16_384, "n_ctx_train": 131_072}}, 16_384),
        ({"owned_by": "library"}, OLLAMA_WINDOW),
        ({"max_model_len": -1}, DEFAULT_WINDOW),
        ({"max_model_len": "many", "meta": []}, DEFAULT_WINDOW),
        ({}, DEFAULT_WINDOW),
    ],
)
def test_a_server_says_the_window_in_its_list_of_models(
    entry: dict[str, Any], window: int, server: ChatServer, script: Script
) -> None:
    script.models = [{"id": "other", "max_model_len": 999}, {"id": "test", **entry}]
    assert window_of(settings_for(server, "openai")) == window


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/props", {"default_generation_settings": {"n_ctx": 6_000}}),
        ("/api/v0/models/test", {"id": "test", "loaded_context_length": 6_000, "max_context_length": 90_000}),
    ],
)
def test_a_server_says_the_window_in_a_place_of_its_own(
    path: str, said: dict[str, Any], server: ChatServer, script: Script
) -> None:
    script.shown = {path: said}
    assert window_of(settings_for(server, "openai")) == 6_000


def test_ollama_behind_openais_api_is_known_for_its_short_window(server: ChatServer, script: Script) -> None:
    script.models = [{"id": "test", "owned_by": "somebody"}]
    script.shown = {"/api/version": {"version": "0.12.6"}}
    assert window_of(settings_for(server, "openai")) == OLLAMA_WINDOW


@pytest.mark.parametrize(("length", "window"), [(2_048, 2_048), (131_072, DEFAULT_WINDOW)])
def test_ollama_has_the_window_that_it_is_asked_for_where_the_model_can(
    length: int, window: int, server: ChatServer, script: Script
) -> None:
    script.shown = {"/api/show": {"model_info": {"llama.context_length": length, "llama.block_count": 16}}}
    assert window_of(settings_for(server, "ollama")) == window


def test_the_window_of_a_model_that_langchain_knows_is_looked_up() -> None:
    assert window_of(load_settings(model="openai:gpt-4o-mini", api_key="sk-given-key")) == 128_000


def test_the_models_of_a_server_are_listed(server: ChatServer, script: Script) -> None:
    script.models = [{"id": "one"}, {"id": "two\x1b"}, {"id": 3}, {"id": "four"}]
    assert server_models(settings_for(server, "openai"), timeout=1) == ["one", "four"]
    assert server_models(load_settings(model="openai:gpt-4o-mini"), timeout=1) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_key_stands_in_what_traces_carry_of_a_model(provider: str, server: ChatServer) -> None:
    model = load_model(settings_for(server, provider, api_key="sk-given-key"))
    assert "sk-given-key" not in dumps(model)
    assert "sk-given-key" not in repr(model)

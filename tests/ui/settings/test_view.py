"""The settings as they are shown: what matters, and no secret."""

from pathlib import Path

from pydantic import SecretStr

from assistant import Settings
from assistant.local_servers import LocalModel
from assistant.ui.settings.page import read_versions
from assistant.ui.settings.view import (
    PROVIDERS,
    SHOWN_MODELS,
    render_answering,
    render_connecting,
    render_index,
    render_index_problem,
    render_versions,
)
from assistant.ui.texts import Speaker
from index import ArticleIndex, IndexStatus

ENGLISH, FRENCH = Speaker("en"), Speaker("fr")
STATUS = IndexStatus("/home/ada/articles", "000004", 1_200, 9_000, ("fr", "en"), "all-MiniLM-L6-v2", 2_500_000)


def test_keys_and_passwords_are_not_shown(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        model="openai:gpt-test",
        api_key=SecretStr("sk-secret"),
        base_url="https://ada:hunter2@models.example:8443/v1?key=sk-secret",
        auth=SecretStr("ada:scrypt$x"),
    )
    html = render_answering(settings, ENGLISH)
    assert "openai:gpt-test" in html
    assert "models.example:8443" in html
    for secret in ("sk-secret", "hunter2", "scrypt"):
        assert secret not in html


def test_without_a_model_it_says_that_answers_are_quotes(tmp_path: Path) -> None:
    assert "None: answers are quotes" in render_answering(Settings(home=tmp_path), ENGLISH)


def test_the_index_tells_its_size_and_health() -> None:
    html = render_index(STATUS, FRENCH, home=True)
    for words in ("1\u202f200", "9\u202f000", "Français, Anglais", "2,5 Mo", "Bon", "/home/ada/articles", "000004"):
        assert words in html


def test_who_signs_in_from_elsewhere_is_not_told_where_the_index_lies() -> None:
    assert "/home/ada" not in render_index(STATUS, ENGLISH, home=False)


def test_problems_of_the_real_index_take_the_place_of_its_health(index: ArticleIndex) -> None:
    html = render_index(index.status(), ENGLISH, home=True)
    assert "Sound" in html
    assert "none yet" in html
    problem = "The index was built with 'a' <script>."
    assert "Sound" not in render_index_problem(problem, ENGLISH)
    assert "<script>" not in render_index_problem(problem, ENGLISH)


def test_models_of_this_machine_come_with_the_lines_that_set_them() -> None:
    models = [
        LocalModel(f"llama{number}<script>", "Ollama", (f"export ASSISTANT_MODEL=ollama:llama{number}",))
        for number in range(SHOWN_MODELS + 2)
    ]
    html = render_connecting(models, ENGLISH)
    assert "export ASSISTANT_MODEL=ollama:llama0" in html
    assert "And 2 more." in html
    assert "<script>" not in html


def test_where_no_model_runs_it_says_so_and_names_providers() -> None:
    html = render_connecting([], ENGLISH)
    assert "No model was found on this machine" in html
    assert all(line in html for lines in PROVIDERS for line in lines)


def test_the_provider_lines_are_those_of_the_documentation() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "models.md").read_text(encoding="utf-8")
    assert all(line in documented for lines in PROVIDERS for line in lines)


def test_versions_are_those_that_are_installed() -> None:
    versions = read_versions()
    assert {"footnote-assistant", "Python", "chromadb", "gradio"} <= versions.keys()
    assert all(version in render_versions(versions, ENGLISH) for version in versions.values())

"""What programs outside rely on: the names of the package, their signatures, and a quick import."""

import inspect
import subprocess
import sys
from dataclasses import fields

import pytest

import assistant
from assistant import Answer, Assistant, Citation, Turn, Verdict
from assistant.models import CitationStatus
from index import Article, SyncReport

HEAVY = ("torch", "gradio", "chromadb", "langchain", "langchain_core", "sentence_transformers", "transformers")


def test_the_package_exports_these_names_and_no_others() -> None:
    assert sorted(assistant.__all__) == [
        "Answer",
        "Assistant",
        "AssistantError",
        "Citation",
        "CitationStatus",
        "InvalidPrompt",
        "InvalidQuestion",
        "InvalidSettings",
        "ModelUnavailable",
        "Settings",
        "Turn",
        "Verdict",
        "load_settings",
    ]


@pytest.mark.parametrize("name", assistant.__all__)
def test_every_exported_name_can_be_had_and_is_listed(name: str) -> None:
    assert getattr(assistant, name).__name__ == name
    assert name in dir(assistant)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Asistant"):
        _ = assistant.Asistant


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("__init__", "settings=None * today=None"),
        ("reindex", "sources=None progress=None **options"),
        ("search", "question * limit=10 since=None until=None sources=() languages=()"),
        ("ask", "question * history=() since=None until=None sources=() languages=()"),
        ("stream", "question * history=() since=None until=None sources=() languages=()"),
        ("aask", "question **options"),
        ("as_retriever", "limit=8"),
        ("close", ""),
    ],
)
def test_the_assistant_takes_these_arguments(method: str, parameters: str) -> None:
    assert in_short(inspect.signature(getattr(Assistant, method))) == parameters


def test_aask_is_awaited_and_stream_is_iterated() -> None:
    assert inspect.iscoroutinefunction(Assistant.aask)
    assert inspect.isgeneratorfunction(Assistant.stream)


@pytest.mark.parametrize(
    ("noun", "names"),
    [
        (
            Answer,
            "question text language citations verdict abstained model warnings passages complete partial "
            "statements as_of searched suggestions usage timings",
        ),
        (Citation, "number article start end context status copies translation"),
        (Article, "source title text published language publisher author address pages version digest"),
        (Turn, "question answer"),
    ],
)
def test_the_nouns_have_these_fields_in_this_order(noun: type, names: str) -> None:
    assert " ".join(field.name for field in fields(noun)) == names


def test_a_report_says_what_was_added_updated_unchanged_removed_and_failed() -> None:
    assert {"added", "updated", "unchanged", "removed", "failed"} <= {field.name for field in fields(SyncReport)}


def test_verdicts_and_statuses_are_written_like_this() -> None:
    assert [verdict.value for verdict in Verdict] == ["yes", "no", "disputed", "not stated"]
    assert [status.value for status in CitationStatus] == ["quoted", "supported", "unsupported"]


def test_errors_have_one_root() -> None:
    for name in ("InvalidPrompt", "InvalidQuestion", "InvalidSettings", "ModelUnavailable"):
        assert issubclass(getattr(assistant, name), assistant.AssistantError)


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_by("import assistant") == set()


def test_reading_settings_loads_nothing_heavy() -> None:
    assert loaded_by("from assistant import load_settings; load_settings()") == set()


def test_the_assistant_loads_nothing_heavy_before_it_is_asked() -> None:
    assert loaded_by("from assistant import Assistant") == set()


def test_the_probe_for_heavy_libraries_sees_one() -> None:
    assert "langchain_core" in loaded_by("import langchain_core")


def loaded_by(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def in_short(signature: inspect.Signature) -> str:
    parts = []
    keyword_only = False
    for parameter in list(signature.parameters.values())[1:]:
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            parts.append("*")
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        stars = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
        parts.append(f"{stars}{parameter.name}{default}")
    return " ".join(parts)

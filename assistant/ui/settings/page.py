"""The page Settings: with what the assistant works, and how it is. It is read-only."""

import platform
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import gradio as gr

import assistant as package
from assistant import Assistant
from assistant.names import last_part, tell
from assistant.settings import Settings
from assistant.ui.library.adding import QUICK, Opened
from assistant.ui.settings.connecting import FindModels
from assistant.ui.settings.view import (
    render_answering,
    render_connecting,
    render_index,
    render_index_problem,
    render_versions,
)
from assistant.ui.texts import Speaker, speaker_for
from index import IndexingError

_MADE_WITH: Final = ("chromadb", "tantivy", "sentence-transformers", "langchain-core", "gradio")


def build_settings(assistant: Assistant, opened: Opened, *, find_models: FindModels) -> None:
    """Build the page. `opened` is the event of its being opened: `opened(function, inputs, outputs)` shows it anew."""
    with gr.Row(elem_id="fn-settings-areas"):
        with gr.Column():
            answering, connecting = _html(), _html()
        with gr.Column():
            index, versions = _html(), _html()

    def show(request: gr.Request) -> tuple[str, str, str, str]:
        say = speaker_for(request.headers)
        known = _known(assistant.settings)
        connection = render_connecting(find_models(), say) if assistant.settings.model is None else ""
        return (
            render_answering(known, say),
            connection,
            _index(assistant, say),
            render_versions(read_versions(), say),
        )

    opened(show, None, [answering, connecting, index, versions], **QUICK)


@cache
def read_versions() -> Mapping[str, str]:
    """Return the versions of the program, of Python, and of the libraries that matter most, by their names."""
    found = {"footnote-assistant": package.__version__, "Python": platform.python_version()}
    for name in _MADE_WITH:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _known(settings: Settings) -> Settings:
    """Return the settings as a reader may know them: who signs in need not know the folders of this machine."""
    if settings.auth is None:
        return settings
    kind, colon, model = (settings.model or "").partition(":")
    return settings.model_copy(
        update={
            "model": f"{kind}{colon}{last_part(model)}" or None,
            "embedding_model": last_part(settings.embedding_model),
            "reranker": settings.reranker and last_part(settings.reranker),
        }
    )


def _index(assistant: Assistant, say: Speaker) -> str:
    try:
        status = assistant.index.status()
        status = replace(
            status,
            problems=tuple(tell(problem, assistant) for problem in status.problems),
            embedding_model=last_part(status.embedding_model) if assistant.settings.auth else status.embedding_model,
        )
        return render_index(status, say, home=assistant.settings.auth is None)
    except IndexingError as error:
        return render_index_problem(tell(error, assistant), say)


def _html() -> gr.HTML:
    return gr.HTML("", apply_default_css=False)

"""Where users sign in, each sees only their own sessions, however a request names one."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.ui.serving.ownership import Ownership
from assistant.ui.serving.signing_in import USER
from tests.app_server import call


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(await Request(scope, receive).body())(scope, receive, send)


@pytest.fixture
def app(tmp_path: Path) -> Ownership:
    return Ownership(echo, tmp_path)


def as_user(app: ASGIApp, name: str | None) -> ASGIApp:
    async def signed_in(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, USER: name} if name else scope, receive, send)

    return signed_in


JOIN: tuple[str, str, dict[str, Any]] = ("POST", "/gradio_api/queue/join", {"json": {"data": [], "session_hash": "s1"}})
WAYS: list[tuple[str, str, dict[str, Any]]] = [
    JOIN,
    ("POST", "/gradio_api/run/predict", {"json": {"session_hash": "s1"}}),
    ("POST", "/gradio_api/cancel", {"json": {"session_hash": "s1", "fn_index": 0, "event_id": "e"}}),
    ("POST", "/gradio_api/component_server", {"json": {"session_hash": "s1"}}),
    ("POST", "/gradio_api/queue/join?session_hash=s1", {"json": {}}),
    ("GET", "/gradio_api/queue/data?session_hash=s1", {}),
    ("GET", "/gradio_api/queue/data?session_hash=other&session_hash=s1", {}),
    ("GET", "/gradio_api/heartbeat/s1", {}),
]


@pytest.mark.parametrize(("method", "path", "options"), WAYS)
def test_a_session_is_only_its_owners_however_it_is_named(
    app: Ownership, method: str, path: str, options: dict[str, Any]
) -> None:
    assert call(as_user(app, "ada"), JOIN[0], JOIN[1], **JOIN[2]).status_code == 200
    assert call(as_user(app, "ada"), method, path, **options).status_code == 200
    assert call(as_user(app, "bob"), method, path, **options).status_code == 403


def test_the_call_arrives_as_it_was_sent(app: Ownership) -> None:
    sent = {"data": ["é" * 100_000], "session_hash": "s1"}
    assert json.loads(call(as_user(app, "ada"), JOIN[0], JOIN[1], json=sent).text) == sent


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"s1"', b"\xff", b"[" * 100_000, b'{"session_hash": null}'])
def test_a_body_that_names_no_session_is_the_applications_to_judge(app: Ownership, body: bytes) -> None:
    assert call(as_user(app, "ada"), JOIN[0], JOIN[1], content=body).content == body


@pytest.mark.parametrize("word", [5, ["s1"], "x" * 101])
def test_a_session_that_is_no_word_is_refused(app: Ownership, word: object) -> None:
    assert call(as_user(app, "ada"), JOIN[0], JOIN[1], json={"session_hash": word}).status_code == 403


def test_a_form_that_could_hide_a_session_is_refused(app: Ownership) -> None:
    form: dict[str, Any] = {"data": {"session_hash": "s1"}, "files": {"file": b"x"}}
    assert call(as_user(app, "ada"), "POST", "/gradio_api/component_server", **form).status_code == 415
    assert call(as_user(app, "ada"), "POST", "/gradio_api/upload", **form).status_code == 200


def test_where_nobody_signs_in_sessions_are_gradios_own(app: Ownership) -> None:
    assert call(as_user(app, "ada"), JOIN[0], JOIN[1], **JOIN[2]).status_code == 200
    assert call(as_user(app, None), JOIN[0], JOIN[1], **JOIN[2]).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "http://evil.example/1.pdf", "{folder}/../secret.txt", "{folder}-2/a.txt", "a.txt", "\0", 5, ""],
)
def test_a_call_names_only_files_that_were_uploaded(app: Ownership, tmp_path: Path, path: object) -> None:
    def send(named: object, user: str | None) -> int:
        file = {"path": named, "meta": {"_type": "gradio.FileData"}}
        data = {"data": [[{"value": {"deep": [file]}}]], "session_hash": "s1"}
        return call(as_user(app, user), JOIN[0], JOIN[1], json=data).status_code

    named = path.replace("{folder}", str(tmp_path)) if isinstance(path, str) else path
    for user in (None, "ada"):
        assert send(named, user) == 403
        assert send(str(tmp_path / "hash" / "a.txt"), user) == 200


def test_a_link_out_of_the_folder_of_uploads_leads_nowhere(app: Ownership, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc")
    file = {"path": str(tmp_path / "link" / "passwd"), "meta": {}}
    assert call(as_user(app, None), JOIN[0], JOIN[1], json={"data": [file]}).status_code == 403

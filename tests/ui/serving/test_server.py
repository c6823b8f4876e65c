"""Where the app may be served, what is said when it cannot be, and what a real one gives away."""

import inspect
import os
import runpy
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from assistant import Assistant, Settings
from assistant.errors import AssistantError, InvalidSettings
from assistant.ui import build_app, serve
from tests.app_server import PASSWORD, USERS, Running, running_app

ROOT = Path(__file__).parents[3]
BROWSER = {"accept": "text/html"}


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::", "example.org", "localhost.example.org", ""])
def test_a_host_that_others_can_reach_is_refused_without_users(assistant: Assistant, host: str) -> None:
    with pytest.raises(AssistantError, match=r"password NAME.*ASSISTANT_AUTH.*--host 127\.0\.0\.1"):
        serve(assistant, host=host)


def test_users_that_cannot_be_read_are_refused_before_anything_is_served(seeds_home: Path) -> None:
    with (
        Assistant(Settings(home=seeds_home, auth=SecretStr("ada:secret"))) as assistant,
        pytest.raises(InvalidSettings, match=r"ASSISTANT_AUTH.*assistant password NAME"),
    ):
        serve(assistant, host="0.0.0.0", port=0)
    assert not list(seeds_home.glob("incoming-*"))


def test_a_taken_port_is_named_with_the_option_that_changes_it(assistant: Assistant) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssistantError, match=rf"{port}.*already in use.*--port"):
            serve(assistant, port=port)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(assistant: Assistant, port: int) -> None:
    with pytest.raises(AssistantError, match=rf"{port} is not a port"):
        serve(assistant, port=port)


def test_a_certificate_that_cannot_be_used_is_named(seeds_home: Path, tmp_path: Path) -> None:
    settings = Settings(home=seeds_home, tls_certificate=tmp_path / "none.pem", tls_key=tmp_path / "none.key")
    with Assistant(settings) as assistant, pytest.raises(InvalidSettings, match=r"none\.pem.*ASSISTANT_TLS_KEY"):
        serve(assistant, port=0)


def test_the_app_offers_build_app_and_main() -> None:
    offered = runpy.run_path(str(ROOT / "app.py"))
    assert offered["build_app"] is build_app
    assert callable(offered["main"])


def test_a_server_with_tls_and_users_ends_in_good_order(seeds_home: Path, tmp_path: Path) -> None:
    """Start the command line's own server for all addresses, sign in over TLS, and end it as a system does."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    certificate, key, users = (tmp_path / name for name in ("cert.pem", "key.pem", "users.txt"))
    make = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([openssl, *make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    users.write_text(USERS, "utf-8")
    variables = {
        "ASSISTANT_AUTH": users,
        "ASSISTANT_TLS_CERTIFICATE": certificate,
        "ASSISTANT_TLS_KEY": key,
        "PYTHONPATH": ROOT,
    }
    command = [
        sys.executable,
        "-m",
        "assistant.cli",
        "--home",
        str(seeds_home),
        "serve",
        "--host",
        "0.0.0.0",
        "--port",
        "0",
    ]
    environment = os.environ | {name: str(value) for name, value in variables.items()}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        port = line.split("https://0.0.0.0:")[1].split()[0]
        trust = ssl.create_default_context(cafile=str(certificate))
        with httpx.Client(base_url=f"https://localhost:{port}", verify=trust, timeout=30) as http:
            assert http.get("/config").status_code == 401
            # The name of the certificate is this machine's; a page on the network would come by its address.
            login = http.post("/login", data={"username": "ada", "password": PASSWORD})
            assert "Secure" in login.headers["set-cookie"]
            assert http.get("/config").json()["username"] == "ada"
            assert http.get("/config", headers={"host": "rebound.example"}).status_code == 421
        (incoming,) = seeds_home.glob("incoming-*")
        assert incoming.stat().st_mode & 0o077 == 0
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    assert not list(seeds_home.glob("incoming-*"))


def test_a_server_that_nobody_asks_rests(assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted: list[gr.Blocks] = []
    mount = gr.mount_gradio_app

    def note(server: FastAPI, page: gr.Blocks, **options: Any) -> FastAPI:
        mounted.append(page)
        served: FastAPI = mount(server, page, **options)
        return served

    monkeypatch.setattr(gr, "mount_gradio_app", note)
    with running_app(assistant, tmp_path):
        [page] = mounted
    assert page._queue.sleep_when_free == 0.01
    assert "sleep_when_free" in inspect.getsource(type(page._queue).start_processing), "Gradio has not renamed it"


def test_what_a_killed_server_left_behind_is_removed_after_a_day(tmp_path: Path) -> None:
    old, fresh = tmp_path / "incoming-old", tmp_path / "incoming-fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "article.txt").write_text("Secret.", "utf-8")
    for path in (old / "article.txt", old):
        os.utime(path, (time.time() - 90_000,) * 2)
    with Assistant(Settings(home=tmp_path, auth=SecretStr("nobody"))) as assistant, pytest.raises(InvalidSettings):
        serve(assistant, port=0)
    assert sorted(path.name for path in tmp_path.glob("incoming-*")) == ["incoming-fresh"]


@pytest.fixture(scope="module")
def app(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_app(assistant, tmp_path_factory.mktemp("incoming")) as running:
        yield running


def test_every_answer_keeps_the_browser_on_this_machine(app: Running) -> None:
    for path, headers in (("/", BROWSER), ("/config", {}), ("/nowhere", {}), ("/", {"host": "evil.example"})):
        answer = httpx.get(f"{app.address}{path}", headers=headers)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in answer.headers


def test_a_pages_scripts_are_marked_anew_each_time(app: Running) -> None:
    words = set()
    for _ in range(2):
        page = httpx.get(app.address, headers=BROWSER)
        word = page.headers["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
        assert page.text.count("<script") == page.text.count(f'<script nonce="{word}"') > 2
        assert page.headers["cache-control"] == "no-store"
        words.add(word)
    assert len(words) == 2


def test_no_file_of_the_machine_is_served(app: Running, seeds_home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish", "utf-8")
    catalog = seeds_home / "catalog.sqlite3"
    up = "../" * 12
    for path in (
        secret,
        catalog,
        "/etc/passwd",
        f"{app.incoming}/{up}etc/passwd",
        app.incoming,
        ROOT / "pyproject.toml",
    ):
        answer = httpx.get(f"{app.address}/gradio_api/file={path}")
        assert answer.status_code in (403, 404), path
        assert "root:" not in answer.text
    for path in (f"/static/{up}etc/passwd", "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd", "/svelte/%2fetc%2fpasswd"):
        assert httpx.get(f"{app.address}{path}").status_code in (403, 404), path


def test_an_upload_lies_in_the_private_folder_and_is_never_shown_as_a_page(app: Running) -> None:
    page = b"<script>window.pwned=1</script>"
    (path,) = httpx.post(f"{app.address}/gradio_api/upload", files={"files": ("x.html", page)}).json()
    assert Path(path).is_relative_to(app.incoming)
    answer = httpx.get(f"{app.address}/gradio_api/file={path}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_no_event_reads_a_file_that_was_not_uploaded(app: Running, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is swordfish.", "utf-8")
    config = httpx.get(f"{app.address}/config").json()
    files = {component["id"] for component in config["components"] if component["type"] == "file"}
    events = [event for event in config["dependencies"] if files & set(event["inputs"])]
    assert events
    for event in events:
        given = {"path": str(secret), "orig_name": "a.txt", "size": 1, "meta": {"_type": "gradio.FileData"}}
        data = [[given] if place in files else None for place in event["inputs"]]
        call = {"data": data, "fn_index": event["id"], "session_hash": "s1"}
        answer = httpx.post(f"{app.address}/gradio_api/run/predict", json=call)
        assert (answer.status_code, answer.json()["detail"]) == (403, "The call names a file that was not uploaded.")

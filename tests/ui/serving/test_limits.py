"""What is too much is told so at once: too many calls, too large or too many files, a full queue."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from assistant.ui.serving.limits import UPLOAD, Bounds, Calls, Limits
from assistant.ui.serving.signing_in import USER
from tests.app_server import call, calls

MEGABYTE = 1_000_000
JOIN = "/gradio_api/queue/join"


class Clock:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


async def reader(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body, as Gradio does, and say how long it was; fail where the client left before its end."""
    try:
        body = await Request(scope, receive).body()
    except ClientDisconnect:
        await PlainTextResponse("the app's own words", 500)(scope, receive, send)
        return
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def full(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("Queue is full. Max size is 1 and size is 1.", 503)(scope, receive, send)


def limits(incoming: Path, **bounds: int) -> Limits:
    return Limits(reader, Bounds(**bounds), incoming)


def test_a_minutes_calls_may_be_made_at_once_and_then_evenly_spread() -> None:
    clock = Clock()
    made = Calls(60, clock=clock)
    assert [made.take("ada") for _ in range(60)] == [0.0] * 60
    assert made.take("ada") == pytest.approx(1.0)
    assert made.take("bob") == 0
    clock.now = 0.5
    assert made.take("ada") == pytest.approx(0.5)
    clock.now = 1.0
    assert made.take("ada") == 0
    clock.now = 10_000.0
    assert [made.take("ada") for _ in range(60)] == [0.0] * 60
    assert made.take("ada") > 0


def test_calls_beyond_the_bound_are_told_busy_and_when_to_come_back(tmp_path: Path) -> None:
    app = limits(tmp_path, calls_per_minute=10)
    answers = calls(app, [("POST", JOIN, {})] * 11 + [("GET", "/config", {})])
    assert [answer.status_code for answer in answers] == [200] * 10 + [429, 200]
    assert answers[10].json()["detail"].startswith("Busy")
    assert 1 <= int(answers[10].headers["Retry-After"]) <= 6
    assert call(app, "POST", JOIN, client="10.0.0.2").status_code == 200
    assert call(app, "POST", JOIN, headers={"accept-language": "fr"}).json()["detail"].startswith("Occupé")


def test_users_are_counted_by_name_and_not_by_address(tmp_path: Path) -> None:
    app = limits(tmp_path, calls_per_minute=10)

    def as_user(name: str) -> int:
        async def signed_in(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, USER: name}, receive, send)

        return call(signed_in, "POST", JOIN).status_code

    assert [as_user("ada") for _ in range(11)] == [200] * 10 + [429]
    assert as_user("bob") == 200


def test_neighbours_in_one_ipv6_network_are_one_client(tmp_path: Path) -> None:
    app = limits(tmp_path, calls_per_minute=10)
    answers = [call(app, "POST", JOIN, client=f"2001:db8::{number}").status_code for number in range(1, 12)]
    assert answers == [200] * 10 + [429]
    assert call(app, "POST", JOIN, client="2001:db8:0:1::1").status_code == 200


def test_a_call_may_have_eight_megabytes(tmp_path: Path) -> None:
    app = limits(tmp_path)
    assert call(app, "POST", JOIN, content=b"x" * 8 * MEGABYTE).text == str(8 * MEGABYTE)
    answer = call(app, "POST", JOIN, content=b"x" * (8 * MEGABYTE + 1))
    assert (answer.status_code, answer.json()["detail"]) == (413, "Too large: at most 8 MB are taken at once.")


def test_a_body_that_does_not_say_how_long_it_is_is_cut_where_it_is_too_long(tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65_536

    answer = call(limits(tmp_path, upload_mb=2), "POST", UPLOAD, content=endless())
    assert (answer.status_code, answer.json()["detail"]) == (413, "Too large: at most 2 MB are taken at once.")


def test_an_upload_may_have_so_many_files(tmp_path: Path) -> None:
    app = limits(tmp_path, upload_files=3)

    def upload(count: int) -> int:
        files = [("files", (f"{number}.txt", b"--text" * number)) for number in range(count)]
        return call(app, "POST", UPLOAD, files=files).status_code

    assert [upload(count) for count in (1, 3, 4, 50)] == [200, 200, 413, 413]


def test_files_are_counted_however_the_body_is_cut(tmp_path: Path) -> None:
    body = b"".join(b"--mark\r\n\r\nfile\r\n" for _ in range(4)) + b"--mark--\r\n"

    async def bytewise() -> AsyncIterator[bytes]:
        for place in range(len(body)):
            yield body[place : place + 1]

    headers = {"content-type": "multipart/form-data; boundary=mark"}
    for most, expected in ((3, 413), (4, 200)):
        app = limits(tmp_path, upload_files=most)
        assert call(app, "POST", UPLOAD, headers=headers, content=bytewise()).status_code == expected


def test_uploads_wait_while_the_folder_of_what_arrives_is_full(tmp_path: Path) -> None:
    app = limits(tmp_path, upload_mb=1)
    (tmp_path / "waiting").mkdir()
    waiting = tmp_path / "waiting" / "article.pdf"
    waiting.write_bytes(b"x" * (4 * MEGABYTE + 1))
    answer = call(app, "POST", UPLOAD, content=b"x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json()["detail"].startswith("Busy")
    # What nobody fetched within an hour goes.
    os.utime(waiting, (0, 0))
    assert call(app, "POST", UPLOAD, content=b"x").status_code == 200
    assert not waiting.exists()


def test_a_full_queue_is_told_busy_with_a_time(tmp_path: Path) -> None:
    answer = call(Limits(full, Bounds(), tmp_path), "POST", JOIN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert answer.json()["detail"] == "Busy: too many questions are waiting. Try again in a moment."


def test_an_error_of_the_application_stays_one(tmp_path: Path) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        call(Limits(broken, Bounds(), tmp_path), "POST", JOIN)

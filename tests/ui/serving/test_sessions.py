"""A page whose states are gone is told so, and never taken for a new one."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import gradio as gr
import pytest
from gradio.state_holder import StateHolder

from assistant import Assistant, Settings
from assistant.ui.frame import FootnoteApp, build_app
from assistant.ui.serving.ownership import Ownership
from assistant.ui.serving.sessions import Sessions
from tests.app_server import call
from tests.ui.serving.test_ownership import echo


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FootnoteApp]:
    async def build() -> FootnoteApp:
        return build_app(assistant)

    with Assistant(Settings(home=tmp_path_factory.mktemp("home"))) as assistant:
        yield asyncio.run(build())  # Gradio would make loops of its own, and leave them open


@pytest.fixture
def holder(page: FootnoteApp) -> StateHolder:
    """What Gradio keeps of the sessions of a server that has just started."""
    holder = StateHolder()  # type: ignore[no-untyped-call]
    holder.set_blocks(page)
    return holder


@pytest.fixture
def sessions(page: FootnoteApp, holder: StateHolder) -> Sessions:
    return Sessions(page, page.remembered, page.identity)


def event(page: FootnoteApp, place: str, name: str) -> int:
    """Return the number of an event of the element with an id."""
    return next(
        number
        for number, fn in page.fns.items()
        for target, of in fn.targets
        if of == name and getattr(page.blocks.get(target or 0), "elem_id", None) == place
    )


READING = [("fn-question", "submit"), ("fn-current", "click"), ("fn-reader", "select"), ("fn-filters", "expand")]


@pytest.mark.parametrize(("place", "name"), READING)
def test_an_event_that_reads_states_belongs_to_a_page_of_this_server(
    page: FootnoteApp, sessions: Sessions, place: str, name: str
) -> None:
    reading = {"fn_index": event(page, place, name), "session_hash": "s1", "data": []}
    assert sessions.is_lost(reading, "of before")
    assert not sessions.is_lost(reading, page.identity)
    assert not sessions.is_lost(reading, None)  # the page is not told yet which server it is of


def test_a_page_of_before_is_not_known_by_what_else_it_calls(
    page: FootnoteApp, holder: StateHolder, sessions: Sessions
) -> None:
    ask = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1"}
    ticks = [number for number, fn in page.fns.items() if not any(isinstance(block, gr.State) for block in fn.inputs)]
    assert ticks
    for number in ticks:
        assert not sessions.is_lost({"fn_index": number, "session_hash": "s1"}, "of before")
        assert holder["s1"] is not None  # Gradio remembers whoever calls
    assert sessions.is_lost(ask, "of before")


def test_a_page_may_ask_before_gradio_is_done_with_its_first_events(page: FootnoteApp, sessions: Sessions) -> None:
    for place, name in (("fn-restart", "click"), ("fn-restart", "click"), ("fn-question", "submit")):
        assert not sessions.is_lost({"fn_index": event(page, place, name), "session_hash": "s1"}, page.identity)


def test_a_page_that_gave_way_to_others_is_lost(page: FootnoteApp, holder: StateHolder, sessions: Sessions) -> None:
    ask = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1"}
    assert holder["s1"] is not None
    assert not sessions.is_lost(ask, page.identity)
    holder.capacity = 2
    for other in ("s2", "s3"):
        assert holder[other] is not None
    tick = {"fn_index": event(page, "fn-restart", "click"), "session_hash": "s1"}
    assert not sessions.is_lost(tick, page.identity)
    assert holder["s1"] is not None
    assert sessions.is_lost(ask, page.identity)


def test_endpoints_need_no_page(page: FootnoteApp, sessions: Sessions) -> None:
    named = [number for number, fn in page.fns.items() if fn.api_visibility == "public"]
    assert named
    assert not any(sessions.is_lost({"fn_index": number, "session_hash": "s1"}, None) for number in named)


def test_what_was_kept_for_its_hour_is_not_taken_to_be_as_at_first(
    page: FootnoteApp, holder: StateHolder, sessions: Sessions
) -> None:
    conversation, _, scope = page.remembered
    ask = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1"}
    expand = {"fn_index": event(page, "fn-filters", "expand"), "session_hash": "s1"}
    session = holder["s1"]
    session[conversation._id] = "what was asked"
    assert session[scope._id] is not None  # read, and never chosen
    session.is_closed = True
    holder.delete_all_expired_state()  # type: ignore[no-untyped-call]
    assert not sessions.is_lost(ask, page.identity)
    session._state_ttl[conversation._id] = (None, datetime.now() - timedelta(hours=2))
    holder.delete_all_expired_state()  # type: ignore[no-untyped-call]
    assert sessions.is_lost(ask, page.identity)
    assert not sessions.is_lost(expand, page.identity)


@pytest.mark.parametrize("call", [None, [], "x", {}, {"fn_index": "15"}, {"fn_index": 10_000}, {"fn_index": None}])
def test_what_is_no_event_of_a_page_is_the_applications_to_judge(sessions: Sessions, call: object) -> None:
    assert not sessions.is_lost(call, "of before")


def test_the_caller_is_told_to_load_the_page_again(tmp_path: Path, page: FootnoteApp, sessions: Sessions) -> None:
    app = Ownership(echo, tmp_path, sessions)
    sent = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1", "data": []}
    headers = {"Accept-Language": "fr", "X-Footnote-Server": "of before"}
    reply = call(app, "POST", "/gradio_api/queue/join", json=sent, headers=headers)
    assert reply.status_code == 410
    assert reply.json()["detail"].startswith("Le serveur ne connaît plus cette page.")
    headers["X-Footnote-Server"] = page.identity
    assert call(app, "POST", "/gradio_api/queue/join", json=sent, headers=headers).status_code == 200

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
    return Sessions(page, page.remembered)


def event(page: FootnoteApp, place: str, name: str) -> int:
    """Return the number of an event of the element with an id."""
    return next(
        number
        for number, fn in page.fns.items()
        for target, of in fn.targets
        if of == name and getattr(page.blocks.get(target or 0), "elem_id", None) == place
    )


def load(page: FootnoteApp) -> int:
    """Return the number of an event that a page begins with."""
    return next(number for number, fn in page.fns.items() if any(name == "load" for _, name in fn.targets))


READING = [("fn-question", "submit"), ("fn-current", "click"), ("fn-reader", "select"), ("fn-filters", "expand")]


@pytest.mark.parametrize(("place", "name"), READING)
def test_an_event_that_reads_states_belongs_to_a_page_that_began_here(
    page: FootnoteApp, sessions: Sessions, place: str, name: str
) -> None:
    reading = {"fn_index": event(page, place, name), "session_hash": "s1", "data": []}
    assert sessions.is_lost(reading)
    assert not sessions.is_lost({"fn_index": load(page), "session_hash": "s1"})
    assert not sessions.is_lost(reading)  # though Gradio is not done with the first event
    assert sessions.is_lost({**reading, "session_hash": "s2"})


def test_a_page_of_before_is_not_known_by_what_else_it_calls(
    page: FootnoteApp, holder: StateHolder, sessions: Sessions
) -> None:
    ask = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1"}
    ticks = [number for number, fn in page.fns.items() if not any(isinstance(block, gr.State) for block in fn.inputs)]
    ticks = [number for number in ticks if not any(name == "load" for _, name in page.fns[number].targets)]
    assert ticks
    for number in ticks:
        assert not sessions.is_lost({"fn_index": number, "session_hash": "s1"})
        assert holder["s1"] is not None  # Gradio remembers whoever calls
    assert sessions.is_lost(ask)


def test_a_page_that_gave_way_to_others_is_lost(page: FootnoteApp, holder: StateHolder, sessions: Sessions) -> None:
    ask = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1"}
    sessions.is_lost({"fn_index": load(page), "session_hash": "s1"})
    assert holder["s1"] is not None
    assert not sessions.is_lost(ask)
    holder.capacity = 2
    for other in ("s2", "s3"):
        assert holder[other] is not None
    tick = {"fn_index": event(page, "fn-restart", "click"), "session_hash": "s1"}
    assert not sessions.is_lost(tick)
    assert holder["s1"] is not None
    assert sessions.is_lost(ask)


def test_endpoints_need_no_page(page: FootnoteApp, sessions: Sessions) -> None:
    named = [number for number, fn in page.fns.items() if fn.api_visibility == "public"]
    assert named
    assert not any(sessions.is_lost({"fn_index": number, "session_hash": "s1"}) for number in named)


def test_what_was_kept_for_its_hour_is_not_taken_to_be_as_at_first(
    page: FootnoteApp, holder: StateHolder, sessions: Sessions
) -> None:
    conversation, _, scope = page.remembered
    ask = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1"}
    expand = {"fn_index": event(page, "fn-filters", "expand"), "session_hash": "s1"}
    sessions.is_lost({"fn_index": load(page), "session_hash": "s1"})
    session = holder["s1"]
    session[conversation._id] = "what was asked"
    assert session[scope._id] is not None  # read, and never chosen
    session.is_closed = True
    holder.delete_all_expired_state()  # type: ignore[no-untyped-call]
    assert not sessions.is_lost(ask)
    session._state_ttl[conversation._id] = (None, datetime.now() - timedelta(hours=2))
    holder.delete_all_expired_state()  # type: ignore[no-untyped-call]
    assert sessions.is_lost(ask)
    assert not sessions.is_lost(expand)


@pytest.mark.parametrize("call", [None, [], "x", {}, {"fn_index": "15"}, {"fn_index": 10_000}, {"fn_index": None}])
def test_what_is_no_event_of_a_page_is_the_applications_to_judge(sessions: Sessions, call: object) -> None:
    assert not sessions.is_lost(call)


def test_the_caller_is_told_to_load_the_page_again(tmp_path: Path, page: FootnoteApp, sessions: Sessions) -> None:
    app = Ownership(echo, tmp_path, sessions)
    sent = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1", "data": []}
    reply = call(app, "POST", "/gradio_api/queue/join", json=sent, headers={"Accept-Language": "fr"})
    assert reply.status_code == 410
    assert reply.json()["detail"].startswith("Le serveur ne connaît plus cette page.")
    call(app, "POST", "/gradio_api/run/predict", json={**sent, "fn_index": load(page)})
    assert call(app, "POST", "/gradio_api/queue/join", json=sent).status_code == 200

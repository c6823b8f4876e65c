"""A page whose states are gone is told so, and never taken for a new one."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import StateHolder

from assistant import Assistant, Settings
from assistant.ui.frame import FootnoteApp, build_app
from assistant.ui.serving.ownership import Ownership
from assistant.ui.serving.sessions import forgets
from tests.app_server import call
from tests.ui.serving.test_ownership import echo

Forgotten = Callable[[Any], bool]


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
def is_forgotten(page: FootnoteApp) -> Forgotten:
    return forgets(page, page.remembered)


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
def test_an_event_that_reads_states_belongs_to_a_page_that_the_server_knows(
    page: FootnoteApp, holder: StateHolder, is_forgotten: Forgotten, place: str, name: str
) -> None:
    call = {"fn_index": event(page, place, name), "session_hash": "s1", "data": []}
    assert is_forgotten(call)
    assert holder["s1"] is not None  # its first event came
    assert not is_forgotten(call)
    assert is_forgotten({**call, "session_hash": "s2"})


def test_events_that_read_nothing_and_endpoints_need_no_page(page: FootnoteApp, is_forgotten: Forgotten) -> None:
    read = {number for number, fn in page.fns.items() if any(isinstance(block, gr.State) for block in fn.inputs)}
    others = [number for number in page.fns if number not in read]
    assert others
    assert not any(is_forgotten({"fn_index": number, "session_hash": "s1"}) for number in others)
    named = [number for number, fn in page.fns.items() if fn.api_visibility == "public"]
    assert set(named) <= set(others)


def test_what_was_kept_for_its_hour_is_not_taken_to_be_as_at_first(
    page: FootnoteApp, holder: StateHolder, is_forgotten: Forgotten
) -> None:
    conversation, _, scope = page.remembered
    ask = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1"}
    expand = {"fn_index": event(page, "fn-filters", "expand"), "session_hash": "s1"}
    session = holder["s1"]
    session[conversation._id] = "what was asked"
    assert session[scope._id] is not None  # read, and never chosen
    session.is_closed = True
    holder.delete_all_expired_state()  # type: ignore[no-untyped-call]
    assert not is_forgotten(ask)
    session._state_ttl[conversation._id] = (None, datetime.now() - timedelta(hours=2))
    holder.delete_all_expired_state()  # type: ignore[no-untyped-call]
    assert is_forgotten(ask)
    assert not is_forgotten(expand)


@pytest.mark.parametrize("call", [None, [], "x", {}, {"fn_index": "15"}, {"fn_index": 10_000}, {"fn_index": None}])
def test_what_is_no_event_of_a_page_is_the_applications_to_judge(is_forgotten: Forgotten, call: object) -> None:
    assert not is_forgotten(call)


def test_the_caller_is_told_to_load_the_page_again(tmp_path: Path, page: FootnoteApp, holder: StateHolder) -> None:
    app = Ownership(echo, tmp_path, forgets(page, page.remembered))
    sent = {"fn_index": event(page, "fn-question", "submit"), "session_hash": "s1", "data": []}
    reply = call(app, "POST", "/gradio_api/queue/join", json=sent, headers={"Accept-Language": "fr"})
    assert reply.status_code == 410
    assert reply.json()["detail"].startswith("Le serveur ne connaît plus cette page.")
    holder["s1"]
    assert call(app, "POST", "/gradio_api/queue/join", json=sent).status_code == 200

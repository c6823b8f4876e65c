"""The chat, in Gradio: what stands where, and which event shows what. Rendering and asking are elsewhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.components import Component

from assistant import Assistant
from assistant.models import Answer
from assistant.ui.connecting import FindModels
from assistant.ui.conversation import Conversation, converse, stop
from assistant.ui.endpoints import ASKING
from assistant.ui.examples import EXAMPLES
from assistant.ui.filters import build_filters
from assistant.ui.library import Library, read_library
from assistant.ui.theme import label
from assistant.ui.welcome import render_connection, render_summary, render_welcome
from index import IndexingError, SearchFilter

CONCURRENT_QUESTIONS = 16

# Gradio makes a button anew when it was shown or hidden, and its id on the page is what stays.
_EXAMPLES = {f"fn-example-{number}": example.question for number, example in enumerate(EXAMPLES, 1)}

_PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# The quick events keep out of the queue: Gradio closes a queue's stream of replies when it is done with all it knows
# of, and a question that arrives at that moment would never be answered.
_QUICK: dict[str, Any] = {**_PRIVATE, "queue": False}
_ASKING: dict[str, Any] = {**_PRIVATE, "concurrency_limit": CONCURRENT_QUESTIONS, "concurrency_id": ASKING}
_ANSWER = "fn-current"
# Gradio hands this to the element of the answer, whose content comes and goes. A click on a question asks it.
_ON_ANSWER = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button.fn-ask");
  if (button) trigger("click", { question: button.textContent });
});"""


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat for others to work with: its states, and the components that show a conversation.

    `conversation` changes when an exchange is over, and `growing` holds the answer that is on its way, or None.
    `tools` stands above the question box, for what else one does with a conversation.
    """

    conversation: gr.State
    growing: gr.State
    shown: tuple[Component, ...]
    tools: gr.Row

    def show(self, conversation: Conversation) -> tuple[Any, ...]:
        """Return the values of `shown` that show a conversation, between two questions."""
        begun = bool(conversation.exchanges)
        return (
            "",
            conversation.html,
            conversation,
            None,
            "",
            gr.update(visible=not begun),
            gr.update(visible=begun),
            *_allow_asking(),
        )


def build_chat(
    app: gr.Blocks, assistant: Assistant, restart: gr.Button, opened: Callable[..., Any], *, find_models: FindModels
) -> Chat:
    """Build the chat in an app: the welcome, the conversation and the question box.

    `restart` begins a new conversation, and `opened` is the event of the chat's being looked at again.
    """
    library = read_library(assistant.index)
    conversation, growing = gr.State(Conversation()), gr.State()
    with gr.Column(elem_id="fn-start") as start:
        summary = _html(render_summary(library), elem_id="fn-library")
        welcome, *examples = _build_welcome(library)
        connection = _html("", elem_id="fn-connection")
    with gr.Column(elem_id="fn-conversation"):
        past = _html("", elem_id="fn-past")
        current = _html("", elem_id=_ANSWER, js_on_load=_ON_ANSWER)

    with gr.Column(elem_id="fn-composer"):
        tools = gr.Row(elem_id="fn-tools")
        scope = build_filters(assistant)
        with gr.Row(elem_id="fn-asking"):
            question = gr.Textbox(
                label=label("your_question"),
                placeholder=label("ask_placeholder"),
                show_label=False,
                container=False,
                autofocus=True,
                max_lines=6,
                elem_id="fn-question",
            )
            send = gr.Button(label("ask"), variant="primary", elem_id="fn-send")
            halt = gr.Button(label("stop"), variant="primary", elem_id="fn-stop", visible=False)

    shown = (current, past, conversation, growing, question, start, restart, send, halt)
    chat = Chat(conversation, growing, shown, tools)
    # One event for all that asks, so that a page has one answer on its way at a time.
    asking = [question.submit, send.click, current.click, *(example.click for example in examples)]
    asked = gr.on(asking, _asking(assistant), [question, conversation, scope], shown, **_ASKING)
    asked.then(_allow_asking, None, [send, halt], **_QUICK)

    greet = _greeting(assistant)
    greeted = [summary, welcome, *examples]
    for event in (app.load, opened):
        event(greet, None, greeted, **_QUICK)
    if assistant.settings.model is None:
        app.load(_connecting(assistant, find_models), None, connection, **_QUICK)
    # First cancel, then show: in one event, a last piece of the answer could still arrive on top of it.
    halt.click(None, cancels=asked).then(_stop, [conversation, growing], shown, **_QUICK)
    cancelled = restart.click(None, cancels=asked)
    cancelled.then(lambda: chat.show(Conversation()), None, shown, **_QUICK).then(greet, None, greeted, **_QUICK)
    return chat


def _build_welcome(library: Library) -> list[Any]:
    welcome = _html(render_welcome(library), elem_id="fn-welcome")
    with gr.Row(elem_id="fn-examples"):
        buttons = [
            gr.Button(question, visible=offered, elem_id=name)
            for (name, question), offered in zip(_EXAMPLES.items(), library.offered, strict=True)
        ]
    return [welcome, *buttons]


def _greeting(assistant: Assistant) -> Callable[[], list[Any]]:
    """Make the event that shows the library as it is now, not as it was when the server started."""

    def greet() -> list[Any]:
        library = read_library(assistant.index)
        offers = (gr.update(visible=offered) for offered in library.offered)
        return [render_summary(library), render_welcome(library), *offers]

    return greet


def _connecting(assistant: Assistant, find_models: FindModels) -> Callable[[], str]:
    """Make the event that says how to connect a language model, once there is something to ask about."""

    def connect() -> str:
        try:
            return "" if assistant.index.is_empty() else render_connection(find_models())
        except IndexingError:
            return ""  # the welcome says what is wrong

    return connect


def _asking(assistant: Assistant) -> Callable[..., AsyncIterator[tuple[Any, ...]]]:
    """Make the event that asks and streams."""

    async def ask(
        typed: str, conversation: Conversation, scope: SearchFilter, event: gr.EventData
    ) -> AsyncIterator[tuple[Any, ...]]:
        question = _question(typed, event)
        steps = converse(assistant, question, conversation, scope)
        async with aclosing(steps):
            step = await anext(steps)
            yield (
                step.html,
                conversation.html,
                step.conversation,
                step.growing,
                "",
                gr.update(visible=False),
                gr.update(visible=True),
                *_forbid_asking(),
            )
            async for step in steps:
                draft = question.strip() if step.failed else gr.skip()
                yield step.html, gr.skip(), step.conversation, step.growing, draft, *_same(4)

    return ask


def _question(typed: str, event: gr.EventData) -> str:
    """Return what is asked: the words of the button that was used, or what was typed."""
    name = getattr(event.target, "elem_id", None)
    if name == _ANSWER:
        return str((event._data or {}).get("question", ""))
    return _EXAMPLES.get(str(name), typed)


def _stop(conversation: Conversation, growing: Answer | None) -> tuple[Any, ...]:
    step = stop(conversation, growing)
    if step is None or growing is None:
        return *_same(7), *_allow_asking()
    draft = growing.question if step.failed else gr.skip()
    return step.html, gr.skip(), step.conversation, None, draft, *_same(2), *_allow_asking()


def _allow_asking() -> tuple[Any, Any]:
    return gr.update(visible=True), gr.update(visible=False)


def _forbid_asking() -> tuple[Any, Any]:
    return gr.update(visible=False), gr.update(visible=True)


def _same(count: int) -> list[Any]:
    return [gr.skip() for _ in range(count)]


def _html(value: str, *, elem_id: str, js_on_load: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=js_on_load)

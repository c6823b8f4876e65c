"""The page, in Gradio: what stands where, and which event shows what. Rendering and asking are elsewhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import gradio as gr

from assistant import Assistant
from assistant.local_servers import find_local_models
from assistant.ui.connecting import FindModels, remember_models
from assistant.ui.conversation import Conversation, converse, stop
from assistant.ui.examples import EXAMPLES
from assistant.ui.library import Library, read_library
from assistant.ui.theme import BRAND, LOOK
from assistant.ui.welcome import render_connection, render_summary, render_welcome
from index import IndexingError

CONCURRENT_QUESTIONS = 16

# Gradio makes a button anew when it was shown or hidden, and its id on the page is what stays.
_EXAMPLES = {f"fn-example-{number}": example.question for number, example in enumerate(EXAMPLES, 1)}

_PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# The quick events keep out of the queue: Gradio closes a queue's stream of replies when it is done with all it knows
# of, and a question that arrives at that moment would never be answered.
_QUICK: dict[str, Any] = {**_PRIVATE, "queue": False}
_ASKING: dict[str, Any] = {**_PRIVATE, "concurrency_limit": CONCURRENT_QUESTIONS}
_ANSWER = "fn-current"
# Gradio hands this to the element of the answer, whose content comes and goes. A click on a question asks it.
_ON_ANSWER = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button.fn-ask");
  if (button) trigger("click", { question: button.textContent });
});"""


class FootnoteApp(gr.Blocks):
    """A Blocks that brings its own look, however it is launched."""

    def launch(self, *args: Any, **options: Any) -> Any:
        """Launch with Footnote's look, without run history and without links out."""
        return super().launch(*args, **{**LOOK, **options})


def build_app(assistant: Assistant, *, find_models: FindModels = find_local_models) -> FootnoteApp:
    """Build the web page over an assistant, which stays the caller's to close.

    `find_models` looks for language models on this machine, which the start page offers while none is set.
    """
    library = read_library(assistant.index)
    app = FootnoteApp(title="Footnote", analytics_enabled=False, fill_width=True)
    with app:
        conversation = gr.State(Conversation())

        with gr.Row(elem_id="fn-header"):
            _html(BRAND, elem_id="fn-brand")
            summary = _html(render_summary(library), elem_id="fn-library")
            restart = gr.Button("New conversation", size="sm", elem_id="fn-restart", visible=False)

        with gr.Column(elem_id="fn-start") as start:
            welcome, *examples = _build_welcome(library)
            connection = _html("", elem_id="fn-connection")
        with gr.Column(elem_id="fn-conversation"):
            past = _html("", elem_id="fn-past")
            current = _html("", elem_id=_ANSWER, js_on_load=_ON_ANSWER)

        with gr.Row(elem_id="fn-composer"):
            question = gr.Textbox(
                label="Your question",
                placeholder="Ask your articles…",
                show_label=False,
                container=False,
                autofocus=True,
                max_lines=6,
                elem_id="fn-question",
            )
            send = gr.Button("Ask", variant="primary", elem_id="fn-send")
            halt = gr.Button("Stop", variant="primary", elem_id="fn-stop", visible=False)

        shown = [current, past, conversation, question, start, restart, send, halt]
        # One event for all that asks, so that a page has one answer on its way at a time.
        asking = [question.submit, send.click, current.click, *(example.click for example in examples)]
        asked = gr.on(asking, _asking(assistant), [question, conversation], shown, **_ASKING)
        asked.then(_allow_asking, None, [send, halt], **_QUICK)

        greet = _greeting(assistant)
        greeted = [summary, welcome, *examples]
        app.load(greet, None, greeted, **_QUICK)
        if assistant.settings.model is None:
            app.load(_connecting(assistant, remember_models(find_models)), None, connection, **_QUICK)
        # First cancel, then show: in one event, a last piece of the answer could still arrive on top of it.
        halt.click(None, cancels=asked).then(_stop, conversation, shown, **_QUICK)
        cancelled = restart.click(None, cancels=asked)
        cancelled.then(_start_over, None, shown, **_QUICK).then(greet, None, greeted, **_QUICK)
    return app


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

    async def ask(typed: str, conversation: Conversation, event: gr.EventData) -> AsyncIterator[tuple[Any, ...]]:
        question = _question(typed, event)
        steps = converse(assistant, question, conversation)
        async with aclosing(steps):
            step = await anext(steps)
            past = "".join(conversation.shown)
            yield (
                step.html,
                past,
                step.conversation,
                "",
                gr.update(visible=False),
                gr.update(visible=True),
                *_forbid_asking(),
            )
            async for step in steps:
                draft = question.strip() if step.failed else gr.skip()
                yield step.html, gr.skip(), step.conversation, draft, *_same(4)

    return ask


def _question(typed: str, event: gr.EventData) -> str:
    """Return what is asked: the words of the button that was used, or what was typed."""
    name = getattr(event.target, "elem_id", None)
    if name == _ANSWER:
        return str((event._data or {}).get("question", ""))
    return _EXAMPLES.get(str(name), typed)


def _stop(conversation: Conversation) -> tuple[Any, ...]:
    step = stop(conversation)
    if step is None:
        return *_same(6), *_allow_asking()
    draft = conversation.growing.question if step.failed and conversation.growing else gr.skip()
    return step.html, gr.skip(), step.conversation, draft, *_same(2), *_allow_asking()


def _start_over() -> tuple[Any, ...]:
    return "", "", Conversation(), "", gr.update(visible=True), gr.update(visible=False), *_allow_asking()


def _allow_asking() -> tuple[Any, Any]:
    return gr.update(visible=True), gr.update(visible=False)


def _forbid_asking() -> tuple[Any, Any]:
    return gr.update(visible=False), gr.update(visible=True)


def _same(count: int) -> list[Any]:
    return [gr.skip() for _ in range(count)]


def _html(value: str, *, elem_id: str, js_on_load: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=js_on_load)

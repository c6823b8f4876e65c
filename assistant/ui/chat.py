"""The page, in Gradio: what stands where, and which event shows what. Rendering and asking are elsewhere."""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from assistant import Assistant
from assistant.ui.conversation import Conversation, converse
from assistant.ui.examples import EXAMPLES
from assistant.ui.library import Library, read_library
from assistant.ui.theme import BRAND, LOOK
from assistant.ui.welcome import render_summary, render_welcome

CONCURRENT_QUESTIONS = 16

_PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# The quick events keep out of the queue: Gradio closes a queue's stream of replies when it is done with all it knows
# of, and a question that arrives at that moment would never be answered.
_QUICK: dict[str, Any] = {**_PRIVATE, "queue": False}
# All events that ask share this group, so that the limit holds for them together.
_ASKING: dict[str, Any] = {**_PRIVATE, "concurrency_id": "ask", "concurrency_limit": CONCURRENT_QUESTIONS}


class FootnoteApp(gr.Blocks):
    """A Blocks that brings its own look, however it is launched."""

    def launch(self, *args: Any, **options: Any) -> Any:
        """Launch with Footnote's look, without run history and without links out."""
        return super().launch(*args, **{**LOOK, **options})


def build_app(assistant: Assistant) -> FootnoteApp:
    """Build the web page over an assistant, which stays the caller's to close."""
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
        with gr.Column(elem_id="fn-conversation"):
            past = _html("", elem_id="fn-past")
            current = _html("", elem_id="fn-current")

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

        shown = [current, past, conversation, question, start, restart, send]
        ask = _asking(assistant)
        asked = [gr.on([question.submit, send.click], ask, [question, conversation], shown, **_ASKING)]
        asked += [example.click(ask, [example, conversation], shown, **_ASKING) for example in examples]
        for event in asked:
            event.then(_allow_asking, None, send, **_QUICK)

        greet = _greeting(assistant)
        greeted = [summary, welcome, *examples]
        app.load(greet, None, greeted, **_QUICK)
        # First stop, then clear: in one event, a last piece of the answer could still arrive on the cleared page.
        stopped = restart.click(None, cancels=asked)
        stopped.then(_start_over, None, shown, **_QUICK).then(greet, None, greeted, **_QUICK)
    return app


def _build_welcome(library: Library) -> list[Any]:
    welcome = _html(render_welcome(library), elem_id="fn-welcome")
    with gr.Row(elem_id="fn-examples"):
        buttons = [
            gr.Button(example.question, visible=offered, elem_classes="fn-example")
            for example, offered in zip(EXAMPLES, library.offered, strict=True)
        ]
    return [welcome, *buttons]


def _greeting(assistant: Assistant) -> Callable[[], list[Any]]:
    """Make the event that shows the library as it is now, not as it was when the server started."""

    def greet() -> list[Any]:
        library = read_library(assistant.index)
        offers = (gr.update(visible=offered) for offered in library.offered)
        return [render_summary(library), render_welcome(library), *offers]

    return greet


def _asking(assistant: Assistant) -> Callable[[str, Conversation], Iterator[tuple[Any, ...]]]:
    """Make the event that asks and streams."""

    def ask(question: str, conversation: Conversation) -> Iterator[tuple[Any, ...]]:
        steps = converse(assistant, question, conversation)
        past = "".join(conversation.shown)
        begun = gr.update(visible=False), gr.update(visible=True), gr.update(interactive=False)
        yield next(steps).html, past, conversation, "", *begun
        for step in steps:
            draft = question.strip() if step.failed else gr.skip()
            yield step.html, gr.skip(), step.conversation, draft, gr.skip(), gr.skip(), gr.skip()

    return ask


def _start_over() -> tuple[Any, ...]:
    return "", "", Conversation(), "", gr.update(visible=True), gr.update(visible=False), _allow_asking()


def _allow_asking() -> Any:
    return gr.update(interactive=True)


def _html(value: str, *, elem_id: str) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)

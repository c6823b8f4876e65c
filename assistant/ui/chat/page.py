"""The chat, in Gradio: what stands where, and which event shows what. Rendering and asking are elsewhere."""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from assistant import Assistant
from assistant.models import Answer
from assistant.names import Names, names_for, tell
from assistant.ui.chat.conversation import Conversation, converse, stop
from assistant.ui.chat.examples import remember_examples
from assistant.ui.chat.filters import build_filters
from assistant.ui.chat.reader import Reading, asked_number, asked_span, cited_reading, render_reading, with_versions
from assistant.ui.chat.welcome import render_connection, render_examples, render_welcome
from assistant.ui.library.adding import build_adding, build_board
from assistant.ui.library.jobs import Workbench
from assistant.ui.library.summary import read_library
from assistant.ui.serving.endpoints import ASKING
from assistant.ui.settings.connecting import FindModels
from assistant.ui.texts import Speaker, speaker_for
from assistant.ui.theme import label
from index import IndexingError, SearchFilter

CONCURRENT_QUESTIONS = 16

_PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# The quick events keep out of the queue: Gradio closes a queue's stream of replies when it is done with all it knows
# of, and a question that arrives at that moment would never be answered.
_QUICK: dict[str, Any] = {**_PRIVATE, "queue": False}
_ASKING: dict[str, Any] = {**_PRIVATE, "concurrency_limit": CONCURRENT_QUESTIONS, "concurrency_id": ASKING}
_ANSWER = "fn-current"
_WELCOME = "fn-welcome"
_EXAMPLES = "fn-examples"
# Gradio hands this to elements whose content comes and goes: a click on a question asks it, one on the button of an
# answer asks that again or brings its question back.
_ON_QUESTIONS = "footnote.converse(element, trigger);"
_OPENING = '<div class="fn-welcome"><h2>{}</h2></div>'
_ON_READER = "footnote.read(element, props, trigger, watch);"


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat for others to work with: its states, and the components that show a conversation.

    `growing` holds the answer that is on its way, or None, and `scope` what answers are limited to. `tools` stands
    above the question box, for what else one does with a conversation. Each of `settled` is an event of a
    conversation's having changed: an exchange is over, or was stopped. `begun` is the event of a new conversation's
    beginning. `asked` asks and streams, for others to cancel.
    """

    conversation: gr.State
    growing: gr.State
    scope: gr.State
    shown: tuple[Component, ...]
    tools: gr.Row
    asked: Dependency
    settled: tuple[Callable[..., Any], ...]
    begun: Callable[..., Any]


def build_chat(
    app: gr.Blocks,
    assistant: Assistant,
    workbench: Workbench,
    restart: gr.Button,
    opened: Callable[..., Any],
    *,
    find_models: FindModels,
) -> Chat:
    """Build the chat in an app: the welcome, the conversation and the question box.

    `restart` begins a new conversation, and `opened` is the event of the chat's being looked at again. Articles that
    are added where the library is empty are read on the `workbench`.
    """
    conversation, growing, replacing = gr.State(Conversation()), gr.State(), gr.State(False)
    with gr.Column(elem_id="fn-start") as start:
        # In the browser's own language from the beginning; the rest comes with the first event.
        welcome = _html(_OPENING.format(label("welcome")), elem_id=_WELCOME)
        # The form goes with the first article; what became of the others is still to be told.
        with gr.Column(elem_id="fn-first-work", elem_classes="fn-plain", visible=False) as work:
            board = build_board(assistant, workbench)
        with gr.Column(elem_id="fn-first-articles", elem_classes="fn-plain", visible=False) as adding:
            build_adding(assistant, board)
        examples = _html("", elem_id=_EXAMPLES, js_on_load=_ON_QUESTIONS)
        connection = _html("", elem_id="fn-connection")
    with gr.Column(elem_id="fn-conversation"):
        past = _html("", elem_id="fn-past")
        current = _html("", elem_id=_ANSWER, js_on_load=_ON_QUESTIONS)
    reader = _html("", elem_id="fn-reader", js_on_load=_ON_READER)

    with gr.Column(elem_id="fn-composer"):
        tools = gr.Row(elem_id="fn-tools")
        scope = build_filters(assistant)
        keep = gr.Button(label("keep_both"), size="sm", elem_id="fn-keep", visible=False)
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

    shown = (current, past, conversation, growing, question, start, restart, send, halt, replacing, keep)
    # One event for all that asks, so that a page has one answer on its way at a time.
    asking = [question.submit, send.click, current.click, examples.click]
    asked = gr.on(asking, _asking(assistant), [question, conversation, scope, replacing], shown, **_ASKING)
    asked.then(_allow_asking, None, [send, halt], **_QUICK)
    current.select(_edit, conversation, [question, replacing, keep], **_QUICK)
    keep.click(_between_edits, None, [replacing, keep], **_QUICK)
    reader.select(_reading(assistant), [conversation, growing], reader, **_QUICK)

    greet, offer = _greeting(assistant), _offering(assistant)
    for event in (app.load, opened, board.finished.change):
        event(greet, None, [welcome, adding, work], **_QUICK)
        event(offer, None, examples, **_QUICK)
    if assistant.settings.model is None:
        app.load(_connecting(assistant, find_models), None, connection, **_QUICK)
    # First cancel, then show: in one event, a last piece of the answer could still arrive on top of it.
    stopped = halt.click(None, cancels=asked).then(_stop, [conversation, growing], shown, **_QUICK)
    cancelled = restart.click(None, cancels=asked)
    begun = cancelled.then(lambda: show_conversation(Conversation()), None, shown, **_QUICK)
    begun.then(offer, None, examples, **_QUICK)
    # A State tells of its change only what went through the queue.
    settled = (conversation.change, stopped.then)
    return Chat(conversation, growing, scope, shown, tools, asked, settled=settled, begun=begun.then)


def show_conversation(conversation: Conversation, draft: str = "") -> tuple[Any, ...]:
    """Return the values of a chat's `shown` that show a conversation, between two questions.

    `draft` is what is being written.
    """
    begun = bool(conversation.exchanges)
    return (
        conversation.exchanges[-1].html if begun else "",
        conversation.without_last().html,
        conversation,
        None,
        draft,
        gr.update(visible=not begun),
        gr.update(visible=begun),
        *_between_questions(),
    )


def _greeting(assistant: Assistant) -> Callable[..., tuple[Any, ...]]:
    """Make the event that shows the library as it is now, not as it was when the server started."""

    def greet(request: gr.Request) -> tuple[Any, ...]:
        library = read_library(assistant.index)
        library = replace(library, problems=tuple(tell(problem, assistant) for problem in library.problems))
        empty = not library.articles and not library.problems
        work = gr.update(visible=True) if empty else gr.skip()
        return render_welcome(library, speaker_for(request.headers)), gr.update(visible=empty), work

    return greet


def _offering(assistant: Assistant) -> Callable[..., str]:
    """Make the event that shows questions to start with. The first one for a generation of the index takes a second."""
    find_examples = remember_examples(assistant)

    def offer(request: gr.Request) -> str:
        library = read_library(assistant.index)
        if not library.articles:
            return ""
        say = speaker_for(request.headers)
        examples = find_examples(library.generation)
        own_first = sorted(examples, key=lambda example: example.language != say.language)
        return render_examples(own_first, library, say)

    return offer


def _connecting(assistant: Assistant, find_models: FindModels) -> Callable[..., str]:
    """Make the event that says how to connect a language model, once there is something to ask about."""

    def connect(request: gr.Request) -> str:
        try:
            return "" if assistant.index.is_empty() else render_connection(find_models(), speaker_for(request.headers))
        except IndexingError:
            return ""  # the welcome says what is wrong

    return connect


def _asking(assistant: Assistant) -> Callable[..., AsyncIterator[tuple[Any, ...]]]:
    """Make the event that asks and streams."""

    async def ask(
        typed: str,
        conversation: Conversation,
        scope: SearchFilter,
        replacing: bool,
        event: gr.EventData,
        request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:
        chosen = _chosen(conversation, event)
        question = typed if chosen is None else chosen
        if replacing or _asks_again(event):
            conversation = conversation.without_last()
        steps = converse(assistant, question, conversation, scope, speaker_for(request.headers))
        async with aclosing(steps):
            step = await anext(steps)
            yield (
                step.html,
                conversation.html,
                step.conversation,
                step.growing,
                "" if chosen is None else gr.skip(),
                gr.update(visible=False),
                gr.update(visible=True),
                *_while_answering(),
            )
            async for step in steps:
                draft = question.strip() if step.failed and chosen is None else gr.skip()
                yield step.html, gr.skip(), step.conversation, step.growing, draft, *_same(6)

    return ask


def _chosen(conversation: Conversation, event: gr.EventData) -> str | None:
    """Return the question whose button was used; None where what was typed is asked."""
    if _asks_again(event):
        return conversation.exchanges[-1].question if conversation.exchanges else ""
    if getattr(event.target, "elem_id", None) in {_ANSWER, _EXAMPLES}:
        return str((event._data or {}).get("question", ""))
    return None


def _asks_again(event: gr.EventData) -> bool:
    return getattr(event.target, "elem_id", None) == _ANSWER and bool((event._data or {}).get("again"))


def _edit(conversation: Conversation) -> tuple[Any, ...]:
    """Bring the last question back into the box. What is asked next takes the place of its exchange."""
    if not conversation.exchanges:
        return (*_same(3),)
    return conversation.exchanges[-1].question, True, gr.update(visible=True)


def _reading(assistant: Assistant) -> Callable[..., str]:
    """Make the event that shows a whole article: one that an answer cites as it was then, another as it is now."""

    def read(conversation: Conversation, growing: Answer | None, event: gr.EventData, request: gr.Request) -> str:
        say, asked = speaker_for(request.headers), event._data or {}
        try:
            names = names_for(assistant)
            reading = _cited(conversation, growing, asked, names) or _indexed(assistant, asked, names)
            if reading is None:
                raise gr.Error(say("article_gone"), print_exception=False)
            return render_reading(with_versions(reading, assistant.index, asked_number(asked, "version")), say)
        except IndexingError as error:
            raise gr.Error(tell(error, assistant), print_exception=False) from error

    return read


def _cited(conversation: Conversation, growing: Answer | None, asked: dict[str, Any], names: Names) -> Reading | None:
    answers = [*(exchange.answer for exchange in conversation.exchanges), growing]
    turn, number = asked_number(asked, "turn"), asked_number(asked, "number")
    answer = answers[turn - 1] if turn and turn <= len(answers) else None
    return cited_reading(names.find_answer(answer), number) if answer and number else None


def _indexed(assistant: Assistant, asked: dict[str, Any], names: Names) -> Reading | None:
    article = assistant.index.article(names.address(str(asked.get("source", ""))))
    return Reading(article, here=asked_span(article, asked)) if article else None


def _stop(conversation: Conversation, growing: Answer | None, request: gr.Request) -> tuple[Any, ...]:
    return show_stopped(conversation, growing, speaker_for(request.headers))


def show_stopped(conversation: Conversation, growing: Answer | None, say: Speaker, draft: str = "") -> tuple[Any, ...]:
    """Return the values of a chat's `shown` once what was asked is cancelled: what had come stays.

    `draft` is what is being written, where the box does not hold it.
    """
    step = stop(conversation, growing, say)
    written = draft or gr.skip()
    if step is None or growing is None:
        return *_same(4), written, *_same(2), *_between_questions()
    if step.failed and not draft:
        written = growing.question
    return step.html, gr.skip(), step.conversation, None, written, *_same(2), *_between_questions()


def _between_questions() -> tuple[Any, ...]:
    return *_allow_asking(), *_between_edits()


def _allow_asking() -> tuple[Any, Any]:
    return gr.update(visible=True), gr.update(visible=False)


def _between_edits() -> tuple[Any, Any]:
    return False, gr.update(visible=False)


def _while_answering() -> tuple[Any, ...]:
    return gr.update(visible=False), gr.update(visible=True), *_between_edits()


def _same(count: int) -> list[Any]:
    return [gr.skip() for _ in range(count)]


def _html(value: str, *, elem_id: str, js_on_load: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=js_on_load)

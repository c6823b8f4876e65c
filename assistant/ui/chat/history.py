"""Conversations kept in the reader's browser, and saved as files."""

import hashlib
import json
from datetime import UTC, date, datetime
from time import monotonic_ns
from typing import Any, Final

import gradio as gr
from markupsafe import Markup

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.models import Answer
from assistant.names import names_for, tell
from assistant.ui.chat.conversation import Conversation
from assistant.ui.chat.export import export_json, export_markdown
from assistant.ui.chat.page import Chat, show_conversation, show_stopped
from assistant.ui.chat.records import conversation_of, record_of
from assistant.ui.library.adding import QUICK
from assistant.ui.library.view import sendable
from assistant.ui.texts import Speaker, speaker_for
from index import Article, IndexingError

_ON_KEEPER: Final = "footnote.keep(element, props, trigger, watch);"
_SAID_IN_DIALOG: Final = (
    "history",
    "history_note",
    "history_empty",
    "rename",
    "delete",
    "delete_ask",
    "delete_all",
    "delete_all_ask",
    "keep",
    "close",
    "came_back",
)
_TOOLS: Final = Markup(
    '<div id="fn-conversation-tools" data-owner="{owner}" data-server="{server}" data-says="{says}">'
    '<button type="button" class="fn-tool" data-tool="history" aria-haspopup="dialog">{history}</button>'
    '<details class="fn-menu"><summary class="fn-tool">{export}</summary><div>'
    '<button type="button" class="fn-tool" data-tool="markdown">{markdown}</button>'
    '<button type="button" class="fn-tool" data-tool="json">{json}</button></div></details></div>'
)


def build_history(app: gr.Blocks, assistant: Assistant, chat: Chat, server: str) -> None:
    """Build what keeps the conversations of a chat in the browser, lists them, opens them again and saves them.

    `server` is the word by which the page names the server that it was loaded from.
    """
    with chat.tools:
        tools = gr.HTML("", apply_default_css=False)
        keeper = gr.HTML(None, html_template="", js_on_load=_ON_KEEPER, elem_id="fn-keeper", apply_default_css=False)
    chosen = gr.State()

    def speak(request: gr.Request) -> str:
        return render_tools(speaker_for(request.headers), owner_of(request.username), server)

    def keep(conversation: Conversation) -> dict[str, Any]:
        return {"record": record_of(conversation)}

    # The moment makes what the page is told another value than the last one, which it would miss.
    def save(conversation: Conversation, event: gr.EventData, request: gr.Request) -> dict[str, Any]:
        tool = str((event._data or {}).get("tool"))
        file = file_of(conversation, tool, speaker_for(request.headers), datetime.now(UTC).date())
        return {"file": file, "moment": monotonic_ns()}

    def choose(event: gr.EventData) -> dict[str, Any]:
        return event._data or {}

    def show(
        wanted: dict[str, Any], conversation: Conversation, growing: Answer | None, request: gr.Request
    ) -> tuple[Any, ...]:
        say, draft = speaker_for(request.headers), str(wanted.get("draft", ""))
        try:
            opened = _opened(assistant, wanted.get("record"), say)
            return *show_conversation(opened, draft), gr.skip(), None
        except (AssistantError, IndexingError) as error:
            # What was being answered was cancelled for it.
            return *show_stopped(conversation, growing, say, draft), _problem(error, assistant), None

    spoken = app.load(speak, None, tools, **QUICK)
    spoken.then(lambda: {"ready": True, "moment": monotonic_ns()}, None, keeper, **QUICK)
    for settled in chat.settled:
        settled(keep, chat.conversation, keeper, **QUICK)
    chat.begun(lambda: {"begun": True, "moment": monotonic_ns()}, None, keeper, **QUICK)
    keeper.select(save, chat.conversation, keeper, **QUICK)
    # First cancel, then show: in one event, a last piece of the answer could still arrive on top of it.
    taken = keeper.click(choose, None, chosen, cancels=chat.asked, trigger_mode="always_last", **QUICK)
    taken.then(show, [chosen, chat.conversation, chat.growing], [*chat.shown, keeper, chosen], **QUICK)


def _problem(error: Exception, assistant: Assistant) -> dict[str, Any]:
    return {"problem": tell(error, assistant), "moment": monotonic_ns()}


def render_tools(say: Speaker, owner: str, server: str) -> str:
    """Render the buttons that list and save conversations, with the words that the list says."""
    html = _TOOLS.format(
        owner=owner,
        server=server,
        says=json.dumps({name: say(name) for name in _SAID_IN_DIALOG}, ensure_ascii=False),
        history=say("history"),
        export=say("export"),
        markdown=say("export_markdown"),
        json=say("export_json"),
    )
    return sendable(html)


def owner_of(user: str | None) -> str:
    """Return the name under which a browser keeps a user's conversations apart from those of others who use it."""
    return hashlib.sha256(user.encode()).hexdigest()[:16] if user else ""


def file_of(conversation: Conversation, tool: str, say: Speaker, today: date) -> dict[str, str]:
    """Return a conversation as a file for the browser to save: its name, media type and text."""
    name = f"footnote-{today.isoformat()}"
    if tool == "json":
        return {"name": f"{name}.json", "type": "application/json", "text": export_json(conversation)}
    return {"name": f"{name}.md", "type": "text/markdown", "text": export_markdown(conversation, say, today)}


def _opened(assistant: Assistant, record: object, say: Speaker) -> Conversation:
    names = names_for(assistant)

    def find(name: str, digest: str) -> Article | None:
        source = names.address(name)
        cited = assistant.index.article(source, version=digest) if digest else None
        article = cited or assistant.index.article(source)
        return article and names.show_article(article)

    return conversation_of(record, find, say)

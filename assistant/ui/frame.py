"""The frame of the web page: its header, and the views that take turns below it. What they hold is elsewhere.

One page holds all of them, so that a reader who looks at the library comes back to the same conversation, and to an
answer that went on streaming meanwhile. The part of the address behind its # names the view.
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

import gradio as gr

from assistant import Assistant
from assistant.local_servers import find_local_models
from assistant.ui.chat.history import build_history
from assistant.ui.chat.page import CONCURRENT_QUESTIONS, build_chat
from assistant.ui.chat.rating import build_rating
from assistant.ui.keys import render_keys
from assistant.ui.library.jobs import Workbench
from assistant.ui.library.page import build_library
from assistant.ui.serving.endpoints import build_endpoints
from assistant.ui.settings.connecting import FindModels, remember_models
from assistant.ui.settings.page import build_settings
from assistant.ui.texts import speaker_for
from assistant.ui.theme import BRAND, LOOK, label

_LINK: Final = '<a href="#{view}" data-view="{view}">{name}</a>'
_SKIP: Final = '<a class="fn-skip" href="#fn-question">{name}</a>'
_KEYS: Final = (
    '<button type="button" class="fn-icon" data-help aria-haspopup="dialog"><span aria-hidden="true">?</span>'
    '<span class="fn-unseen">{name}</span></button>'
)
_THEME: Final = (
    '<button type="button" class="fn-icon" data-theme><svg viewBox="0 0 20 20" width="18" height="18" '
    'aria-hidden="true"><circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path d="M10 2.8a7.2 7.2 0 0 1 0 14.4z" fill="currentColor"/></svg><span class="fn-unseen">{name}</span></button>'
)
_DROPPING: Final = '<p id="fn-dropping" popover="manual" aria-hidden="true"><span>{words}</span></p>'
_SIGN_OUT: Final = '<form method="post" action="logout"><button>{name}</button></form>'
# Tells Gradio that its view is looked at: at once where the address names it, and whenever it is opened.
_ON_LINK: Final = """const opened = () => { if (location.hash === "#{view}") trigger("select"); };
window.addEventListener("hashchange", opened);
opened();"""


class FootnoteApp(gr.Blocks):
    """A Blocks that brings its own look, however it is launched, and does heavy work on one `workbench`.

    `remembered` are the states that a page must find as it left them, and `identity` is a word by which a page knows
    whether it still talks to the server that it was loaded from.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.workbench = Workbench()
        self.remembered: tuple[gr.State, ...] = ()
        self.identity = secrets.token_hex(8)

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> Any:
        """Return what an event shows, and keep in a session no more than that.

        Where an event changes a part of the page, or skips it, Gradio (6.31) puts a new part in its place, under a
        number of its own, and would keep what is shown under each of these numbers for good: 90 kB an answer.
        """
        data = await super().postprocess_data(block_fn, predictions, state)
        for block in block_fn.outputs:
            if state is not None and not block.stateful and block._id in state:
                state[block._id]._id = block._id
        return data

    def launch(self, *args: Any, **options: Any) -> Any:
        """Launch with Footnote's look, without run history and without links out."""
        return super().launch(*args, **{**LOOK, **options})


def build_app(assistant: Assistant, *, find_models: FindModels = find_local_models) -> FootnoteApp:
    """Build the web page over an assistant, which stays the caller's to close.

    `find_models` looks for language models on this machine, which the page offers while none is set.
    """
    find_models = remember_models(find_models)
    app = FootnoteApp(title="Footnote", analytics_enabled=False, fill_width=True)
    with app:
        # First, for Gradio gives a name to whoever comes first, and the page's own events have names too.
        build_endpoints(assistant, app.workbench, concurrent=CONCURRENT_QUESTIONS)
        gr.HTML(_SKIP.format(name=label("skip")), elem_id="fn-skip", apply_default_css=False)
        with gr.Row(elem_id="fn-header"):
            gr.HTML(BRAND, elem_id="fn-brand", apply_default_css=False)
            with gr.Row(elem_id="fn-nav"):
                to_chat, to_library, to_settings = map(_link, ("chat", "library", "settings"))
            restart = gr.Button(label("new_conversation"), size="sm", elem_id="fn-restart", visible=False)
            if assistant.settings.auth is not None:
                gr.HTML(_SIGN_OUT.format(name=label("sign_out")), elem_id="fn-sign-out", apply_default_css=False)
            gr.HTML(_KEYS.format(name=label("keys")), elem_id="fn-help", apply_default_css=False)
            gr.HTML(_THEME.format(name=label("light_dark")), elem_id="fn-theme", apply_default_css=False)
        keys = gr.HTML("", elem_id="fn-keys", apply_default_css=False)
        gr.HTML(_DROPPING.format(words=label("drop_files")), apply_default_css=False)
        with gr.Column(elem_id="fn-view-chat"):
            chat = build_chat(app, assistant, app.workbench, restart, to_chat.select, find_models=find_models)
        # What is not mounted yet costs the first page nothing.
        with gr.Column(elem_id="fn-view-library", visible=False) as library:
            build_library(assistant, _opening(to_library, library), app.workbench)
        with gr.Column(elem_id="fn-view-settings", visible=False) as settings:
            build_settings(assistant, _opening(to_settings, settings), find_models=find_models)
        app.remembered = (chat.conversation, chat.growing, chat.scope)
        build_history(app, assistant, chat, app.identity)
        app.load(_tell_keys, None, keys, queue=False, show_progress="hidden", api_visibility="private")
        build_rating(assistant, chat)
    return app


def _tell_keys(request: gr.Request) -> str:
    return render_keys(speaker_for(request.headers))


def _link(view: str) -> gr.HTML:
    return gr.HTML(
        _LINK.format(view=view, name=label(view)),
        apply_default_css=False,
        js_on_load=_ON_LINK.replace("{view}", view),
    )


def _opening(link: gr.HTML, view: gr.Column) -> Callable[..., Any]:
    """Return the event of a view's being opened, and mount the view at the first time."""
    link.select(
        lambda: gr.update(visible=True), None, view, queue=False, show_progress="hidden", api_visibility="private"
    )
    return link.select

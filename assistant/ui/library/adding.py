"""Adding articles from the page: files that are dropped on it, and addresses. One piece of work at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import gradio as gr

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.names import names_for, tell
from assistant.ui.chat.evidence import is_web_address
from assistant.ui.library.job_view import render_job, render_refusal
from assistant.ui.library.jobs import Job, Task, Work, Workbench, with_failures
from assistant.ui.library.uploads import keep_uploads, uploads_folder
from assistant.ui.texts import Speaker, speaker_for
from assistant.ui.theme import label
from index import IndexingError, ProgressCallback, SyncReport
from index.loading import READERS

QUICK: Final[dict[str, Any]] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
"""How events are made that answer at once."""

Opened = Callable[..., Any]
"""The event of a view's being opened: `opened(function, inputs, outputs)` shows it anew."""

_ON_BOARD: Final = "footnote.board(element, watch);"
_MEGABYTE: Final = 1_000_000
_LONGEST_ADDRESS: Final = 2_000
_SECONDS_BETWEEN_LOOKS: Final = 1.0
_SECONDS_BETWEEN_GLANCES: Final = 5.0


@dataclass(frozen=True, slots=True)
class JobBoard:
    """Shows the work on the library while it lasts, and what came of it.

    `finished` counts the jobs that were done; its `change` is the moment to read the index anew. `shown` are the
    components that `begin`, `look` and `refuse` return the values of. The last of them says why a job did not begin;
    it stays until one does, whatever is looked at meanwhile.
    """

    assistant: Assistant
    workbench: Workbench
    finished: gr.HTML
    shown: tuple[Any, ...]

    def begin(self, task: Task, work: Work, say: Speaker) -> tuple[bool, tuple[Any, ...]]:
        """Begin a job unless another is under way. Return whether it began, and what is shown then."""
        begun = self.workbench.start(task, work)
        shown = (
            self._render(self.workbench.job, say),
            gr.Timer(active=True),
            gr.skip(),
            gr.update(visible=True),
            "" if begun else render_refusal(say("job_busy")),
        )
        return begun, shown

    def look(self, say: Speaker) -> tuple[Any, ...]:
        """Return what is shown of the job as it stands now."""
        job = self.workbench.job
        going = job is not None and not job.done
        finished = gr.skip() if going else str(self.workbench.done)
        return self._render(job, say), gr.Timer(active=going), finished, gr.update(visible=going), gr.skip()

    def refuse(self, message: str) -> tuple[Any, ...]:
        """Return what is shown where a job cannot even begin."""
        return *(gr.skip() for _ in self.shown[:-1]), render_refusal(message)

    def _render(self, job: Job | None, say: Speaker) -> str:
        try:
            return render_job(job, say, names_for(self.assistant))
        except IndexingError as error:
            return render_refusal(tell(error, self.assistant))


def build_board(assistant: Assistant, workbench: Workbench) -> JobBoard:
    """Build the place where the work on the library is shown."""
    shown = gr.HTML("", elem_classes="fn-board", js_on_load=_ON_BOARD, apply_default_css=False)
    stop = gr.Button(label("stop_job"), elem_classes=["fn-button", "fn-stop-job"], visible=False)
    refusal = gr.HTML("", elem_classes="fn-refusals", js_on_load=_ON_BOARD, apply_default_css=False)
    timer = gr.Timer(_SECONDS_BETWEEN_LOOKS, active=False)
    # No State: outside of the queue, nobody is told of the change of one.
    finished = gr.HTML(str(workbench.done), elem_classes="fn-hidden", apply_default_css=False)
    board = JobBoard(assistant, workbench, finished, (shown, timer, finished, stop, refusal))

    def look(request: gr.Request) -> tuple[Any, ...]:
        return board.look(speaker_for(request.headers))

    def end(request: gr.Request) -> tuple[Any, ...]:
        workbench.stop()
        return board.look(speaker_for(request.headers))

    timer.tick(look, None, list(board.shown), **QUICK)
    stop.click(end, None, list(board.shown), **QUICK)
    # Work that nobody on this page began; and what an older look showed, which may come after what a newer one did.
    gr.Timer(_SECONDS_BETWEEN_GLANCES).tick(look, None, list(board.shown), **QUICK)
    return board


def build_adding(assistant: Assistant, board: JobBoard) -> None:
    """Build the form that adds files and addresses. What becomes of them is shown on the board."""
    files = gr.File(label=label("add_files"), file_count="multiple", height=150, elem_classes="fn-drop")
    with gr.Row(elem_classes="fn-address"):
        address = gr.Textbox(
            label=label("add_address"),
            placeholder=label("address_placeholder"),
            max_lines=1,
            max_length=_LONGEST_ADDRESS,
            scale=1,
        )
        add = gr.Button(label("add"), elem_classes="fn-button", scale=0)

    def upload(paths: list[str] | None, request: gr.Request) -> tuple[Any, ...]:
        if not paths:
            return (gr.skip(),) * (len(board.shown) + 1)
        work = partial(add_files, assistant, [Path(path) for path in paths])
        begun, shown = board.begin(Task.UPLOAD, work, speaker_for(request.headers))
        # Where another job was first, the files stay in the form.
        return *shown, None if begun else gr.skip()

    def add_source(typed: str, request: gr.Request) -> tuple[Any, ...]:
        say = speaker_for(request.headers)
        try:
            wanted = web_address(typed, say)
        except AssistantError as error:
            return *board.refuse(str(error)), gr.skip()
        begun, shown = board.begin(Task.ADD, lambda tell: assistant.reindex([wanted], tell), say)
        return *shown, "" if begun else gr.skip()

    files.upload(upload, files, [*board.shown, files], **QUICK)
    gr.on([address.submit, add.click], add_source, address, [*board.shown, address], **QUICK)
    gr.on([add.click], upload, files, [*board.shown, files], **QUICK)


def add_files(assistant: Assistant, files: list[Path], tell: ProgressCallback) -> SyncReport:
    """Keep uploaded files in the home, and index them. The files that came are deleted then.

    Raises AssistantError where they cannot be kept.
    """
    settings = assistant.settings
    folder = uploads_folder(settings.home)
    try:
        kept = keep_uploads(
            files,
            folder,
            endings=tuple(READERS),
            max_bytes=settings.max_upload_mb * _MEGABYTE,
            max_files=settings.max_upload_files,
        )
    except OSError as error:
        raise AssistantError(
            f"The files cannot be kept in {folder}: {error.strerror or error}. Check its permissions and its disk."
        ) from error
    for file in files:
        file.unlink(missing_ok=True)
    report = assistant.reindex([folder], tell) if kept.paths else SyncReport()
    return with_failures(report, kept.failures)


def web_address(typed: str, say: Speaker) -> str:
    """Return the web address that was typed, with https:// where only that is missing.

    Raises AssistantError where there is none, and for paths: who sees the page need not see the server's files.
    """
    address = typed.strip()
    if not address:
        raise AssistantError(say("address_missing"))
    if address.startswith(("/", "~", ".", "\\", "file:")):
        raise AssistantError(say("folder_refused"))
    if "://" not in address and "." in address.split("/")[0]:
        address = f"https://{address}"
    if not is_web_address(address) or urlsplit(address).username is not None:
        raise AssistantError(say("address_not_web", address=address[:200]))
    return address

"""Work on the library as HTML: how far it is, and what came of it. Pure, and escapes all it is given."""

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from assistant.names import PATHS, Names
from assistant.ui.library.jobs import End, Job, Task
from assistant.ui.library.view import sendable, short_name
from assistant.ui.texts import Speaker
from index import Failure, SyncReport

SHOWN_FAILURES: Final = 50

_TASKS: Final[Mapping[Task, str]] = {
    Task.READ: "task_read",
    Task.UPLOAD: "task_upload",
    Task.ADD: "task_add",
    Task.REMOVE: "task_remove",
    Task.WATCH: "task_watch",
}
_OUTCOMES: Final[Mapping[str, str]] = {
    "added": "added_count",
    "updated": "updated_count",
    "moved": "moved_count",
    "unchanged": "unchanged_count",
    "removed": "removed_count",
    "failed": "failed_count",
}

_PROGRESS: Final = Markup(
    '<div class="fn-job"><p class="fn-job-name">{name}</p><progress aria-label="{name}"{value}></progress>'
    '<p class="fn-where">{facts}</p><p class="fn-where fn-current"><bdi>{current}</bdi></p>{note}</div>'
)
_DONE: Final = Markup(
    '<div class="fn-job"><p class="fn-job-name" role="status">{summary}</p><p class="fn-where">{effort}</p>'
    "{details}</div>"
)
_PROBLEM: Final = Markup('<div class="fn-job is-failed"><p class="fn-job-name" role="alert">{}</p></div>')
_REFUSAL: Final = Markup('<p class="fn-note fn-refusal" role="alert">{}</p>')
_FAILURES: Final = Markup(
    '<details class="fn-more" open><summary>{summary}</summary><ul class="fn-failures">{items}</ul>{rest}</details>'
)
_FAILED: Final = Markup('<li><bdi class="fn-name">{source}</bdi><span dir="auto">{reason}</span></li>')
_NOTE: Final = Markup('<p class="fn-where" role="status">{}</p>')


def render_job(job: Job | None, say: Speaker, names: Names = PATHS) -> str:
    """Render a job as it stands: how far it is, or what came of it, in the names that readers know."""
    if job is None:
        return ""
    if not job.done:
        return sendable(_under_way(job, say, names))
    if job.report is not None:
        return sendable(_outcome(job, names.show_report(job.report), say))
    return sendable(_PROBLEM.format(names.tell(job.problem) or say("job_lost")))


def render_refusal(message: str) -> str:
    """Render why a job did not begin."""
    return sendable(_REFUSAL.format(message))


def describe_report(report: SyncReport, say: Speaker) -> str:
    """Say what a run did in a line: "3 added, 10 unchanged, 1 failed"."""
    counts = ((text, len(getattr(report, outcome))) for outcome, text in _OUTCOMES.items())
    return ", ".join(say.count(text, count) for text, count in counts if count) or say("nothing_to_do")


def _under_way(job: Job, say: Speaker, names: Names) -> Markup:
    progress = job.progress
    facts: list[str] = []
    value = Markup("")
    if progress is not None and progress.total:
        value = Markup(' value="{}" max="{}"').format(progress.done, progress.total)
        facts = [
            say("done_of", done=say.number(progress.done), total=say.number(progress.total)),
            say.count("passages_count", progress.passages),
        ]
        if progress.speed:
            facts.append(say("speed", speed=say.number(round(progress.speed))))
        if progress.left is not None:
            facts.append(say("time_left", time=describe_seconds(progress.left, say)))
    return _PROGRESS.format(
        name=say(_TASKS[job.task]),
        value=value,
        facts=" · ".join(facts) or say("listing"),
        current=names.tell(progress.current) if progress else "",
        note=_NOTE.format(say("job_stopping")) if job.stopping else "",
    )


def describe_seconds(seconds: float, say: Speaker) -> str:
    """Say how long something takes, no more exactly than anybody needs: "8 s", "3 min", "2 h"."""
    for size, unit in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return say(unit, count=say.number(round(seconds / size)))
    return say("seconds", count=say.number(max(1, round(seconds))))


def _outcome(job: Job, report: SyncReport, say: Speaker) -> Markup:
    effort = say("took", seconds=say.decimal(report.seconds), passages=say.count("passages_count", report.passages))
    details = _failures(report.failed, say)
    if report.ignored:
        kinds = ", ".join(f"{say.number(count)} {ending}" for ending, count in report.ignored)
        details += Markup('<p class="fn-where">{}</p>').format(say("ignored", kinds=kinds))
    if job.ended is End.STOPPED:
        details += Markup('<p class="fn-where">{}</p>').format(say("stopped_note"))
    return _DONE.format(summary=_summary(job, report, say), effort=effort, details=details)


def _summary(job: Job, report: SyncReport, say: Speaker) -> str:
    told = describe_report(report, say)
    if job.ended is End.STOPPED:
        return say("job_stopped", report=told)
    return say("watched_report", report=told) if job.task is Task.WATCH else told


def _failures(failures: Sequence[Failure], say: Speaker) -> Markup:
    if not failures:
        return Markup("")
    items = (
        _FAILED.format(source=short_name(failure.source), reason=failure.reason)
        for failure in failures[:SHOWN_FAILURES]
    )
    rest = len(failures) - SHOWN_FAILURES
    return _FAILURES.format(
        summary=say.count("failed_count", len(failures)),
        items=Markup("").join(items),
        rest=Markup('<p class="fn-where">{}</p>').format(say("and_more", count=say.number(rest))) if rest > 0 else "",
    )

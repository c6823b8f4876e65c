"""The named endpoints of the app, for programs: /ask, /search, /articles and /reindex. They speak JSON."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from datetime import date
from functools import wraps
from itertools import islice
from typing import Annotated, Any, Final, ParamSpec, TypeVar

import gradio as gr
from gradio.events import api
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.names import Names, names_for, tell
from assistant.objects import answer_object, article_object, passage_object, sync_object
from assistant.ui.library.jobs import Task, Workbench
from index import IndexingError, ProgressCallback, SyncReport
from index.listing import is_url, normal_address

_log = logging.getLogger(__name__)

ASKING: Final = "asking"
"""The group of events that ask. Those of the page and of programs take turns together."""

_P = ParamSpec("_P")
_Address = Annotated[str, Field(max_length=4_096)]
_Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class _Given(BaseModel):
    """What a program sends, which Gradio hands on as it is."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)


_Model = TypeVar("_Model", bound=_Given)


class _Scope(_Given):
    since: date | None = None
    until: date | None = None
    sources: tuple[_Address, ...] = Field(default=(), max_length=100)
    languages: tuple[_Code, ...] = Field(default=(), max_length=100)


class _Asked(_Scope):
    question: str


class _Searched(_Asked):
    limit: int = Field(default=10, ge=1, le=50)


class _Listed(_Given):
    limit: int = Field(default=100, ge=1, le=1_000)
    offset: int = Field(default=0, ge=0)


class _Reindexed(_Given):
    sources: tuple[_Address, ...] | None = Field(default=None, max_length=1_000)


def build_endpoints(assistant: Assistant, workbench: Workbench, *, concurrent: int) -> None:
    """Add the endpoints to the app that is being built. At most `concurrent` questions are answered at a time.

    What goes wrong reaches the caller as Gradio's error with one line. What a caller may not do is refused so too:
    to ask what cannot be asked, to index while other heavy work is under way, and, where users sign in, to index
    paths that are no source yet.
    """

    async def known() -> Names:
        return await asyncio.to_thread(names_for, assistant)

    async def ask(
        question: str,
        since: str | None = None,
        until: str | None = None,
        sources: list[str] | None = None,
        languages: list[str] | None = None,
    ) -> dict[str, Any]:
        scope = {"since": since, "until": until, "sources": sources or (), "languages": languages or ()}
        names, asked = await known(), _read(_Asked, question=question, **scope)
        return answer_object(names.show_answer(await assistant.aask(**_found(asked, names))))

    async def search(
        question: str,
        limit: int = 10,
        since: str | None = None,
        until: str | None = None,
        sources: list[str] | None = None,
        languages: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        scope = {"since": since, "until": until, "sources": sources or (), "languages": languages or ()}
        names, asked = await known(), _read(_Searched, question=question, limit=limit, **scope)
        found = await asyncio.to_thread(assistant.search, **_found(asked, names))
        return [passage_object(names.show_passage(passage)) for passage in found]

    async def articles(limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
        listed = _read(_Listed, limit=limit, offset=offset)

        def read() -> list[dict[str, Any]]:
            names = names_for(assistant)
            some = islice(assistant.index.articles(), listed.offset, listed.offset + listed.limit)
            return [article_object(names.show_article(article)) for article in some]

        return await asyncio.to_thread(read)

    async def reindex(sources: list[str] | None = None) -> dict[str, Any]:
        names, wanted = await known(), _read(_Reindexed, sources=sources).sources
        addresses = None if wanted is None else [normal_address(names.address(source)) for source in wanted]
        if assistant.settings.auth is not None and addresses is not None:
            _check_known(assistant, addresses)
        return sync_object(names.show_report(await _work(assistant, workbench, addresses)))

    for endpoint, description in (
        (ask, "Answer a question from the articles, with citations: the object that 'assistant ask --json' prints."),
        (search, "Find the passages that fit a question best, the best first."),
        (articles, "List the articles, newest first, without their texts."),
    ):
        api(
            _told(endpoint, assistant), api_description=description, concurrency_limit=concurrent, concurrency_id=ASKING
        )
    # It has no turn to wait for: one piece of heavy work at a time, and the next one is told so.
    api(
        _told(reindex, assistant),
        api_description="Bring the index up to date with its sources, or with those named, and report what changed.",
        concurrency_limit=None,
    )


def _read(model: type[_Model], **given: object) -> _Model:
    try:
        return model(**given)
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(map(str, problem["loc"]))
        raise gr.Error(f"{name} cannot be {str(problem['input'])[:80]!r}: {problem['msg']}.") from error


def _found(asked: _Asked, names: Names) -> dict[str, Any]:
    """Return what is asked with the addresses of the sources that it names."""
    return dict(asked) | {"sources": tuple(map(names.address, asked.sources))}


def _told(endpoint: Callable[_P, Awaitable[Any]], assistant: Assistant) -> Callable[_P, Awaitable[Any]]:
    """Return an endpoint that tells its caller in one line what went wrong."""

    @wraps(endpoint)
    async def told(*args: _P.args, **kwargs: _P.kwargs) -> Any:
        try:
            return await endpoint(*args, **kwargs)
        except (AssistantError, IndexingError) as error:
            line = await asyncio.to_thread(tell, error, assistant)
            raise gr.Error(line, print_exception=False) from error
        except gr.Error as error:
            error.print_exception = False
            raise
        except Exception as error:
            _log.exception("An endpoint failed")
            raise gr.Error(
                "Something went wrong on this side. The server's log says what.", print_exception=False
            ) from error

    return told


def _check_known(assistant: Assistant, addresses: Sequence[str]) -> None:
    known = {source.address for source in assistant.index.sources()}
    for strange in (path for path in addresses if not is_url(path) and path not in known):
        raise gr.Error(
            f"{strange[:200]!r} is no source of this index. Where users sign in, new paths are added on the machine "
            "itself, with: assistant index PATH"
        )


async def _work(assistant: Assistant, workbench: Workbench, addresses: list[str] | None) -> SyncReport:
    """Index in the thread for heavy work, and wait for its end, which does not depend on the caller's waiting."""
    done: Future[SyncReport] = Future()

    def work(tell: ProgressCallback) -> SyncReport:
        try:
            report = assistant.reindex(addresses, tell)
        except BaseException as error:
            done.set_exception(error if isinstance(error, Exception) else AssistantError("The work was stopped."))
            raise
        done.set_result(report)
        return report

    if not workbench.start(Task.READ, work):
        raise gr.Error("Busy: other work on the library is under way. Try again when it is done.")
    return await asyncio.shield(asyncio.wrap_future(done))

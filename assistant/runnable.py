"""The assistant as a LangChain Runnable, for people who have chains of their own."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.models import Answer


class AssistantRunnable(Runnable[str | Mapping[str, Any], Answer]):
    """From a question, or a mapping with `question` and the options of `ask`, to an Answer.

    It streams snapshots, each the whole answer so far, and traces like every Runnable.
    """

    def __init__(self, stream: Callable[..., Iterator[Answer]], astream: Callable[..., AsyncIterator[Answer]]) -> None:
        self.name = "Footnote"
        self._stream, self._astream = stream, astream

    def invoke(self, input: str | Mapping[str, Any], config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        return self._call_with_config(self._last, input, config)

    async def ainvoke(
        self, input: str | Mapping[str, Any], config: RunnableConfig | None = None, **kwargs: Any
    ) -> Answer:
        return await self._acall_with_config(self._alast, input, config)

    def stream(
        self, input: str | Mapping[str, Any], config: RunnableConfig | None = None, **kwargs: Any | None
    ) -> Iterator[Answer]:
        yield from self._stream(**_options(input))

    async def astream(
        self, input: str | Mapping[str, Any], config: RunnableConfig | None = None, **kwargs: Any | None
    ) -> AsyncIterator[Answer]:
        async for snapshot in self._astream(**_options(input)):
            yield snapshot

    def _last(self, asked: str | Mapping[str, Any]) -> Answer:
        *_, answer = self._stream(**_options(asked))
        return answer

    async def _alast(self, asked: str | Mapping[str, Any]) -> Answer:
        return [snapshot async for snapshot in self._astream(**_options(asked))][-1]


def _options(asked: str | Mapping[str, Any]) -> dict[str, Any]:
    return {"question": asked} if isinstance(asked, str) else dict(asked)

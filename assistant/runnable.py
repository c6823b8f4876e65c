"""The assistant as a LangChain Runnable, for people who have chains of their own."""

import reprlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, Final

from langchain_core.runnables import Runnable, RunnableConfig

from assistant.models import Answer

_NAMES: Final = ("question", "history", "since", "until", "sources", "languages")


class AssistantRunnable(Runnable[str | Mapping[str, Any], Answer]):
    """From a question, or a mapping with `question` and the options of `ask`, to an Answer.

    It streams snapshots, each the whole answer so far, and traces like every Runnable. Raises what `ask` raises, and
    ValueError for what is no question.
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
        return self._transform_stream_with_config(iter([input]), self._snapshots, config)

    def astream(
        self, input: str | Mapping[str, Any], config: RunnableConfig | None = None, **kwargs: Any | None
    ) -> AsyncIterator[Answer]:
        return self._atransform_stream_with_config(_one(input), self._asnapshots, config)

    def _snapshots(self, asked: Iterator[str | Mapping[str, Any]]) -> Iterator[Answer]:
        for each in asked:
            yield from self._stream(**_options(each))

    async def _asnapshots(self, asked: AsyncIterator[str | Mapping[str, Any]]) -> AsyncIterator[Answer]:
        async for each in asked:
            async for snapshot in self._astream(**_options(each)):
                yield snapshot

    def _last(self, asked: str | Mapping[str, Any]) -> Answer:
        *_, answer = self._snapshots(iter([asked]))
        return answer

    async def _alast(self, asked: str | Mapping[str, Any]) -> Answer:
        return [snapshot async for snapshot in self._asnapshots(_one(asked))][-1]


async def _one(asked: str | Mapping[str, Any]) -> AsyncIterator[str | Mapping[str, Any]]:
    yield asked


def _options(asked: str | Mapping[str, Any]) -> dict[str, Any]:
    options = {"question": asked} if isinstance(asked, str) else asked
    if not isinstance(options, Mapping) or not isinstance(options.get("question"), str):
        raise ValueError(f"A question is a text, or a mapping with it as 'question', and not {reprlib.repr(asked)}.")
    unknown = next((name for name in options if name not in _NAMES), None)
    if unknown is not None:
        raise ValueError(f"There is no option {unknown!r}. Beside 'question' there are {', '.join(_NAMES[1:])}.")
    return dict(options)

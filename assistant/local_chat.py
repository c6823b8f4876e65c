"""A causal language model in this process, as a LangChain chat model. No other module here imports transformers.

langchain-huggingface is not used for it: its in-process model cannot stream asynchronously, gives up when the first
word takes a minute, goes on generating when nobody reads any more, and reports neither tokens nor why it stopped.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.exceptions import ContextOverflowError
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_ROLES: Final = {"system": "system", "human": "user", "ai": "assistant"}

_Put = Callable[[ChatGenerationChunk | Exception | None], None]
"""Takes the chunks of a reply, or what went wrong, and None at the end."""


class LocalChatModel(BaseChatModel):
    """A model of transformers with a chat template: a folder, or a name on the Hugging Face hub.

    Loads at once, on the GPU where there is one. Writes greedily, at most `max_tokens` tokens, one reply at a time;
    closing a stream stops the model at its next token. Raises OSError and ValueError for what cannot be loaded.
    """

    name_or_path: str
    max_tokens: int = 1_024

    _tokenizer: "PreTrainedTokenizerBase" = PrivateAttr()
    _model: Any = PrivateAttr()
    _busy: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def model_post_init(self, context: Any, /) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(self.name_or_path)
        if not self._tokenizer.chat_template:
            raise ValueError(f"{self.name_or_path} has no chat template, so it is no model for conversations")
        device = "cuda" if torch.cuda.is_available() else "cpu"
        model: Any = AutoModelForCausalLM.from_pretrained(self.name_or_path, dtype="auto")
        self._model = model.to(device).eval()

    @property
    def context_window(self) -> int | None:
        """The tokens that the model can read and write in all, where its configuration says."""
        length = getattr(self._model.config, "max_position_embeddings", None)
        return length if isinstance(length, int) and length > 0 else None

    def get_num_tokens(self, text: str) -> int:
        """Return how many tokens a text is to this model."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        inbox: SimpleQueue[ChatGenerationChunk | Exception | None] = SimpleQueue()
        writing = self._write(messages, inbox.put)
        try:
            while (item := inbox.get()) is not None:
                yield _chunk(item)
        finally:
            writing.stop()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        loop = asyncio.get_running_loop()
        inbox: asyncio.Queue[ChatGenerationChunk | Exception | None] = asyncio.Queue()

        def put(item: ChatGenerationChunk | Exception | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(inbox.put_nowait, item)

        writing = self._write(messages, put)
        try:
            while (item := await inbox.get()) is not None:
                yield _chunk(item)
        finally:
            writing.stop()

    def _write(self, messages: Sequence[BaseMessage], put: _Put) -> "_Writing":
        conversation = [{"role": _ROLES.get(message.type, "user"), "content": message.text} for message in messages]
        return _Writing(
            self._model, self._tokenizer, conversation, self.max_tokens, self.context_window, self._busy, put
        )


class _Writing:
    """One reply, written in a thread of its own until it is done or stopped."""

    def __init__(
        self,
        model: Any,
        tokenizer: "PreTrainedTokenizerBase",
        conversation: list[dict[str, str]],
        max_tokens: int,
        window: int | None,
        busy: threading.Lock,
        put: _Put,
    ) -> None:
        self._model, self._tokenizer, self._conversation = model, tokenizer, conversation
        self._max_tokens, self._window, self._busy, self._put = max_tokens, window, busy, put
        self._stopped = threading.Event()
        self._written = 0
        threading.Thread(target=self._run, name="assistant-writing", daemon=True).start()

    def stop(self) -> None:
        """Have it stop at its next token."""
        self._stopped.set()

    def _run(self) -> None:
        try:
            with self._busy:
                if not self._stopped.is_set():
                    self._generate()
        except Exception as error:  # noqa: BLE001  # it belongs to whoever reads the reply
            self._put(error)
        self._put(None)

    def _generate(self) -> None:
        prompt: Any = self._tokenizer.apply_chat_template(
            self._conversation,
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        read = prompt["input_ids"].shape[1]
        room = self._max_tokens if self._window is None else min(self._max_tokens, self._window - read)
        if room < 1:
            raise ContextOverflowError(f"The prompt has {read:,} tokens, and the model reads {self._window:,}")

        def stop_now(tokens: Any, scores: Any, **_: Any) -> Any:
            self._written = tokens.shape[1] - read
            return tokens.new_full((tokens.shape[0],), self._stopped.is_set(), dtype=bool)

        self._model.generate(
            **prompt.to(self._model.device),
            streamer=_streamer(self._tokenizer, lambda text: self._put(_text_chunk(text))),
            max_new_tokens=room,
            do_sample=False,
            temperature=None,
            top_p=None,
            top_k=None,
            stopping_criteria=[stop_now],
        )
        self._put(_last_chunk(read, self._written, "length" if self._written >= room else "stop"))


def _streamer(tokenizer: "PreTrainedTokenizerBase", put: Callable[[str], None]) -> Any:
    """Return what generate() gives its tokens to: it makes text of them, whole words at a time."""
    from transformers import TextStreamer

    class Streamer(TextStreamer):
        def on_finalized_text(self, text: str, stream_end: bool = False) -> None:
            put(text)

    return Streamer(tokenizer, skip_prompt=True, skip_special_tokens=True)


def _text_chunk(text: str) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=AIMessageChunk(content=text))


def _last_chunk(read: int, written: int, reason: str) -> ChatGenerationChunk:
    usage = {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}
    message = AIMessageChunk(content="", usage_metadata=usage)  # type: ignore[arg-type]  # it is a TypedDict
    return ChatGenerationChunk(message=message, generation_info={"finish_reason": reason})


def _chunk(item: ChatGenerationChunk | Exception) -> ChatGenerationChunk:
    if isinstance(item, Exception):
        raise item
    return item

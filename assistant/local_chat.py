"""A causal language model in this process, as a LangChain chat model. No other module here imports transformers.

langchain-huggingface is not used for it: its in-process model cannot stream asynchronously, gives up when the first
word takes a minute, goes on generating when nobody reads any more, and reports neither tokens nor why it stopped.
"""

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_ROLES: Final = {"system": "system", "human": "user", "ai": "assistant"}


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
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        from transformers import TextIteratorStreamer

        prompt: Any = self._tokenizer.apply_chat_template(
            _conversation(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        pieces = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        writing = _Writing(self._model, prompt.to(self._model.device), pieces, self.max_tokens, self._busy)
        try:
            for text in pieces:
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
                if run_manager:
                    run_manager.on_llm_new_token(text, chunk=chunk)
                yield chunk
        finally:
            writing.close()
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", usage_metadata=writing.usage()),
            generation_info={"finish_reason": "length" if writing.written >= self.max_tokens else "stop"},
        )


class _Writing(threading.Thread):
    """Generates one reply into a streamer, until it is done or closed. What fails is raised by `close`."""

    def __init__(self, model: Any, prompt: Any, pieces: Any, max_tokens: int, busy: threading.Lock) -> None:
        super().__init__(name="assistant-writing", daemon=True)
        self.read = prompt["input_ids"].shape[1]
        self.written = 0
        self._given = (model, prompt, pieces, max_tokens, busy)
        self._closed = threading.Event()
        self._error: Exception | None = None
        self.start()

    def run(self) -> None:
        from transformers import StoppingCriteriaList

        model, prompt, pieces, max_tokens, busy = self._given
        try:
            with busy:
                if self._closed.is_set():
                    return
                model.generate(
                    **prompt,
                    streamer=pieces,
                    max_new_tokens=max_tokens,
                    do_sample=False,
                    temperature=None,
                    top_p=None,
                    top_k=None,
                    stopping_criteria=StoppingCriteriaList([self._stop]),
                )
        except Exception as error:  # noqa: BLE001  # it belongs to whoever reads the stream
            self._error = error
            pieces.end()

    def close(self) -> None:
        """Stop at the next token, and wait for it."""
        self._closed.set()
        self.join()
        if self._error is not None:
            raise self._error

    def usage(self) -> UsageMetadata:
        return {"input_tokens": self.read, "output_tokens": self.written, "total_tokens": self.read + self.written}

    def _stop(self, tokens: Any, scores: Any, **_: Any) -> Any:
        import torch

        self.written = tokens.shape[1] - self.read
        return torch.full((tokens.shape[0],), self._closed.is_set(), device=tokens.device, dtype=torch.bool)


def _conversation(messages: Sequence[BaseMessage]) -> list[dict[str, str]]:
    return [{"role": _ROLES.get(message.type, "user"), "content": str(message.text)} for message in messages]

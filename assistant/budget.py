"""Fit passages into what a model can read, by counting. Servers cut off what is too long, often without a word."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from assistant import adapters
from index import Passage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_BYTES_A_TOKEN: Final = 3
"""Fewer than a token has in fact, so that the estimate is rather too high. Measured on the seeds with the tokenizer of
the bundled model, made for English: 4.7 in English, and 3.2 in French, which it does not know. A Chinese character has
3 bytes, and a token of one to two characters."""
_DIGITS: Final = "0123456789"
_SENTENCE: Final = 8
"""Tokens of a sentence's number, such as [12.34], and its line break."""
_HEADING: Final = 40
"""Tokens of what else stands in a passage's heading: its number, publisher and date."""


def fit_passages(
    passages: Sequence[Passage], *, fixed: int, window: int, reply: int, count: Callable[[str], int]
) -> tuple[list[Passage], int]:
    """Return the passages that fit the window beside the rest of the prompt, in their order, and how many do not.

    The best come first: a passage is left out only where those before it leave no room for the whole of it. `fixed`
    is the tokens of the prompt without passages, `reply` those kept free for the answer, `count` counts a text's.
    """
    room = window - reply - fixed
    fitting = []
    for passage in passages:
        tokens = count_passage(passage, count)
        if tokens <= room:
            room -= tokens
            fitting.append(passage)
    return fitting, len(passages) - len(fitting)


def count_passage(passage: Passage, count: Callable[[str], int]) -> int:
    """Return the tokens of a passage as the model reads it: its heading and its numbered sentences."""
    heading = count(passage.article.title) + count(passage.article.publisher or "") + _HEADING
    return heading + count(passage.text) + _SENTENCE * max(1, len(passage.sentences))


def token_counter(model: "BaseChatModel") -> Callable[[str], int]:
    """Return what counts the tokens of a text for a model: its own tokenizer where that is here, else an estimate.

    LangChain's own counter is not asked: it may fetch a tokenizer from the network, and that of another model.
    """
    return model.get_num_tokens if isinstance(model, adapters.LocalChatModel) else estimate_tokens


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text is to a model that is not here, rather too many than too few.

    A digit counts as a token: several tokenizers cut numbers so.
    """
    digits = sum(map(text.count, _DIGITS))
    size = len(text.encode("utf-8", "surrogatepass"))
    return digits + -(-(size - digits) // _BYTES_A_TOKEN)

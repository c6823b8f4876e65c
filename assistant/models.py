"""The nouns of an answer: the answer, its citations and its verdict."""

from dataclasses import dataclass
from enum import StrEnum

from index import Article, Passage, Span


class Verdict(StrEnum):
    """The answer to a yes/no question. Answers without a language model give none."""

    YES = "yes"
    NO = "no"
    DISPUTED = "disputed"
    NOT_STATED = "not stated"


class CitationStatus(StrEnum):
    """What the program found when it held a statement against the quote that it cites.

    QUOTED: the statement is the quote itself. SUPPORTED: every number and quoted word of the statement stands in the
    quote. UNSUPPORTED: some do not.
    """

    QUOTED = "quoted"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: an exact span of an article. `article.text[start:end] == quote`, always.

    `number` is what stands in the answer's text, as `[1]`. `context` is the span of the passage around the quote.
    `copies` are other articles that say the same in nearly the same words.
    """

    number: int
    article: Article
    start: int
    end: int
    context: Span
    status: CitationStatus = CitationStatus.QUOTED
    copies: tuple[Article, ...] = ()

    @property
    def quote(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with its evidence.

    `text` carries footnote marks such as `[1]`, each the number of one of `citations`. When `abstained`, nothing was
    good enough to answer from: `citations` is empty and `passages` holds the nearest ones. `model` is the language
    model that wrote the text, None where the answer quotes. `warnings` are sentences for the reader.
    `complete` is False for the snapshots that a stream gives before its last one.
    """

    question: str
    text: str
    language: str = ""
    citations: tuple[Citation, ...] = ()
    verdict: Verdict | None = None
    abstained: bool = False
    model: str | None = None
    warnings: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    complete: bool = True

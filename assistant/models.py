"""The nouns of an answer: the answer, its citations and its verdict."""

from dataclasses import dataclass, field
from datetime import date
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


class StatementStatus(StrEnum):
    """What the program found about one statement of an answer.

    SUPPORTED: what it cites says so, as far as the program can check. UNSUPPORTED: its faults say which part is not
    there. UNCITED: it rests on no citation. QUOTED: it is a quote itself.
    """

    QUOTED = "quoted"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    UNCITED = "uncited"


class FaultKind(StrEnum):
    """What about a statement does not stand in what it cites. MEANING is what a second model's check found."""

    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    NAME = "name"
    QUOTATION = "quotation"
    NEGATION = "negation"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a statement that does not stand in what it cites: its kind, and the words of the statement."""

    kind: FaultKind
    words: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer: `answer.text[start:end]`, without its footnote marks, and the numbers that it cites."""

    start: int
    end: int
    citations: tuple[int, ...]
    status: StatementStatus
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model's reply took. Tokens are the provider's own count, None where it gives none; times are seconds.

    `first_token` is the wait for the first piece of text. `finish_reason` is the provider's word for why it ended.
    """

    prompt_tokens: int | None = None
    reply_tokens: int | None = None
    first_token: float | None = None
    seconds: float = 0.0
    finish_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Timings:
    """How long the parts of an answer took, in seconds of wall-clock time.

    `understanding` is what came before the search, small calls to a model among it. `answer` is from the passages to
    the checked text, and `suggestions` what came behind it.
    """

    understanding: float
    search: float
    answer: float
    suggestions: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: an exact span of an article. `article.text[start:end] == quote`, always.

    `number` is what stands in the answer's text, as `[1]`. `context` is the span of the passage around the quote.
    `copies` are other articles that say the same in nearly the same words. `translation` is a model's rendering of the
    quote in the language of the answer, for reading only; the quote is what counts.
    """

    number: int
    article: Article
    start: int
    end: int
    context: Span
    status: CitationStatus = CitationStatus.QUOTED
    copies: tuple[Article, ...] = ()
    translation: str | None = None

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
    `complete` is False for the snapshots that a stream gives before its last one; `partial` is True for a last one
    whose reply broke off. `statements` are the sentences of `text`, each checked. `as_of` is the day of the newest
    article cited. `searched` are the questions that were searched, where that was not the question alone: a follow-up
    made to stand alone, or translations. `suggestions` are questions to ask next, which the index can answer.
    `timings` are those of the moment of a snapshot, and no part of what makes two answers equal.
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
    partial: bool = False
    statements: tuple[Statement, ...] = ()
    as_of: date | None = None
    searched: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    usage: Usage | None = None
    timings: Timings | None = field(default=None, compare=False)

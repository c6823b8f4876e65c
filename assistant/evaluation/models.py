"""The nouns of an evaluation. All shares and scores are 0 to 1."""

from collections.abc import Callable
from dataclasses import dataclass

from index import Failure


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How well one way to rank finds the gold articles of `questions` answerable questions.

    Ranks count distinct articles in the order of their best passage, among the first 50 passages. `recall` is the
    share of questions of which a gold article is among the first 1, 2, 3, … articles.
    """

    name: str
    questions: int
    hit_at_1: float
    hit_at_5: float
    hit_at_10: float
    mrr: float
    ndcg_at_10: float
    recall: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Quoting:
    """Of `questions` with known answers, the share where a gold answer stands in the first sentences to be quoted.

    Quotes are chosen for every question, also for those that the assistant would decline.
    """

    questions: int
    first: float
    first_three: float


@dataclass(frozen=True, slots=True)
class Abstention:
    """How well the confidence tells `answerable` questions from `unanswerable` ones.

    `kind` says which unanswerable ones: "gold taken out", the answerable questions again with the passages of their
    gold articles left out of what was found; or "unanswerable", those that the dataset says have no answer.
    Declining means a confidence below `threshold`, the setting. `precision` and `recall` are of declining;
    `false_refusals` is the share of answerable questions that it declines. `declined_at_5_percent` is the recall at
    `threshold_at_5_percent`, the highest threshold with no more than 5% false refusals. `curve` is the recall with no
    more than 0%, 1%, … 100% of them. What cannot be computed, for lack of questions, is None.
    """

    kind: str
    answerable: int
    unanswerable: int
    auroc: float | None
    threshold: float
    precision: float | None
    recall: float
    false_refusals: float | None
    declined_at_5_percent: float | None
    threshold_at_5_percent: float | None
    curve: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that a search took, the embedding of the question included, nothing else running beside it."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation found.

    The first of `retrieval` is the assistant's own ranking; with `--compare` others follow. `by_language` repeats the
    assistant's own for each language of the questions, where the dataset names more than one. `skipped` are questions
    that cannot be asked, with the reasons. `seconds` is the wall-clock time.
    """

    dataset: str
    embedding_model: str
    articles: int
    passages: int
    questions: int
    retrieval: tuple[Retrieval, ...]
    by_language: tuple[Retrieval, ...]
    quoting: Quoting | None
    abstention: tuple[Abstention, ...]
    latency: Latency
    skipped: tuple[Failure, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class EvaluationProgress:
    """How far an evaluation is: `done` of `total` things in a stage, "Indexing" or "Asking"."""

    stage: str
    done: int
    total: int


ProgressCallback = Callable[[EvaluationProgress], None]

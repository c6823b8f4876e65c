"""Ask every question of a dataset, and gather what was found into a report."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.api import Assistant
from assistant.errors import AssistantError, InvalidQuestion
from assistant.evaluation.datasets import Case, Dataset
from assistant.evaluation.metrics import (
    abstention_curve,
    auroc,
    declined_share,
    first_rank,
    highest_threshold,
    hit_share,
    holds_answer,
    mean,
    mean_reciprocal_rank,
    ndcg,
    percentile,
    reciprocal_rank_fusion,
)
from assistant.evaluation.models import (
    Abstention,
    EvaluationProgress,
    EvaluationReport,
    Latency,
    ProgressCallback,
    Quoting,
    Retrieval,
)
from assistant.quoting import choose_sentences
from assistant.settings import Settings, load_settings
from index import ArticleIndex, Failure, Passage, SentenceTransformerEmbedder

OWN: Final = "fused"
"""The assistant's own ranking."""
GOLD_TAKEN_OUT: Final = "gold taken out"
UNANSWERABLE: Final = "unanswerable"

_DEPTH: Final = 50
"""Passages in which a gold article is looked for."""
_ALL: Final = 300
"""At least as many as a search can find: each of its signals gives it 100."""
_CURVE: Final = 20
"""Articles to which the recall curve goes."""
_QUOTED: Final = 3
_FALSE_REFUSALS: Final = 0.05
_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one question. `rankings` are the sources that each way found, the best first."""

    case: Case
    rankings: Mapping[str, Sequence[str]]
    quoted: Sequence[str]
    confidence: float
    without_gold: float | None
    milliseconds: float


def evaluate(
    dataset: Dataset,
    settings: Settings | None = None,
    *,
    home: Path | None = None,
    compare: bool = False,
    progress: ProgressCallback | None = None,
) -> EvaluationReport:
    """Ask the questions of a dataset, and measure what the assistant finds, quotes and declines.

    A dataset with articles is indexed in `home`, where a later run finds it again, or in a temporary folder; never in
    the library of `settings`, nor on a server that they name. One without is asked over that library. `compare` adds
    rankings by one signal alone and by reciprocal ranks, of the passages of the same searches.

    Raises AssistantError when the articles cannot be indexed or a gold article is missing, and the errors of the index.
    """
    settings = settings or load_settings()
    began = time.perf_counter()
    with _library(dataset, settings, home, progress) as assistant:
        cases = _addressed(dataset, assistant.index)
        outcomes, skipped = _ask_all(assistant, cases, compare, progress)
        if not outcomes:
            raise AssistantError(
                f"None of the {len(cases):,} questions of {dataset.path} can be asked. {skipped[0].reason}"
            )
        status = assistant.index.status()
        return EvaluationReport(
            dataset=dataset.path.name,
            embedding_model=status.embedding_model,
            articles=status.articles,
            passages=status.passages,
            questions=len(outcomes),
            retrieval=_retrieval(outcomes),
            by_language=_by_language(outcomes),
            quoting=_quoting(outcomes),
            abstention=_abstention(outcomes, settings.confidence),
            latency=_latency(outcomes),
            skipped=skipped,
            seconds=time.perf_counter() - began,
        )


# The library


@contextmanager
def _library(
    dataset: Dataset, settings: Settings, home: Path | None, progress: ProgressCallback | None
) -> Iterator[Assistant]:
    """Give an assistant over the articles of the dataset, or over the current library where it has none."""
    if not dataset.articles:
        with _opened(settings) as assistant:
            if assistant.index.is_empty():
                raise AssistantError(
                    f"{dataset.path} has no articles, and the library at {settings.home} is empty. "
                    "Add its articles with: assistant index PATH"
                )
            yield assistant
        return
    with (
        TemporaryDirectory(prefix="footnote-evaluation-", ignore_cleanup_errors=True) as folder,
        _opened(settings.private_to(home or Path(folder))) as assistant,
    ):
        _index(dataset, assistant.index, progress)
        yield assistant


@contextmanager
def _opened(settings: Settings) -> Iterator[Assistant]:
    with Assistant(settings) as assistant:
        assistant.index.embedder = _RememberingEmbedder(settings.embedding_model)
        yield assistant


class _RememberingEmbedder(SentenceTransformerEmbedder):
    """Encodes a sentence once, however many questions find it: hours become minutes. Questions are never remembered."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known.update(zip(missing, super().encode_documents(missing), strict=True))
        return np.stack([self._known[text] for text in texts])


def _index(dataset: Dataset, index: ArticleIndex, progress: ProgressCallback | None) -> None:
    own = {article.source for article in dataset.articles}
    strangers = [article.source for article in index.articles() if article.source not in own]
    if strangers:
        raise AssistantError(
            f"The library at {index.home} holds {len(strangers):,} articles that are not of {dataset.path}, such as "
            f"{strangers[0]!r}. Name another folder for the articles of the dataset."
        )
    for start in range(0, len(dataset.articles), _BATCH):
        report = index.add(dataset.articles[start : start + _BATCH])
        for failure in report.failed:
            raise AssistantError(
                f"{dataset.path}: the article {failure.source!r} cannot be indexed: {failure.reason} "
                "Correct it in the dataset."
            )
        if progress:
            done = min(start + _BATCH, len(dataset.articles))
            progress(EvaluationProgress("Indexing", done, len(dataset.articles)))


def _addressed(dataset: Dataset, index: ArticleIndex) -> list[Case]:
    """Return the cases with their sources as the index knows them. A path may be relative, also to the dataset."""
    known: dict[str, str | None] = {}
    cases = []
    for case in dataset.cases:
        for source in case.sources - known.keys():
            known[source] = _address(source, dataset.path, index)
        missing = sorted(source for source in case.sources if known[source] is None)
        if missing:
            raise AssistantError(
                f"{dataset.path}, {case.place}: the library at {index.home} has no article at {missing[0]!r}. "
                "Add it with 'assistant index', or correct the address: 'assistant articles' lists them."
            )
        cases.append(replace(case, sources=frozenset(known[source] or source for source in case.sources)))
    return cases


def _address(source: str, dataset: Path, index: ArticleIndex) -> str | None:
    candidates = [source]
    if "://" not in source:
        path = Path(source).expanduser()
        candidates += [str(path.absolute()), str((dataset.parent / path).resolve())]
    return next((candidate for candidate in candidates if index.article(candidate) is not None), None)


# Asking


def _ask_all(
    assistant: Assistant, cases: Sequence[Case], compare: bool, progress: ProgressCallback | None
) -> tuple[list[_Outcome], tuple[Failure, ...]]:
    outcomes: list[_Outcome] = []
    skipped: list[Failure] = []
    # The first search loads the model and opens the index, which is no latency of a search.
    assistant.search("What is the news?")
    for done, case in enumerate(cases, start=1):
        try:
            outcomes.append(_ask(assistant, case, compare))
        except InvalidQuestion as error:
            skipped.append(Failure(case.place, str(error)))
        if progress:
            progress(EvaluationProgress("Asking", done, len(cases)))
    return outcomes, tuple(skipped)


def _ask(assistant: Assistant, case: Case, compare: bool) -> _Outcome:
    """Ask as `Assistant.stream` does, and look deeper for where the gold article is and what stands without it."""
    settings = assistant.settings
    began = time.perf_counter()
    passages = assistant.search(case.question, limit=settings.passages)
    milliseconds = (time.perf_counter() - began) * 1000
    language = assistant.index.question_language(case.question)
    ranked = assistant.rank_sentences(case.question, passages, language)
    quoted = [sentence.text for sentence in choose_sentences(ranked, settings.quotes)[:_QUOTED]]
    sure = assistant.confidence(case.question, passages, language)
    if case.unanswerable:
        return _Outcome(case, {}, quoted, sure, None, milliseconds)
    deep = assistant.search(case.question, limit=_ALL if compare else _DEPTH)
    without_gold = assistant.confidence(case.question, _without(assistant, case, deep), language)
    rankings = {name: _sources(found) for name, found in _rankings(deep, compare)}
    return _Outcome(case, rankings, quoted, sure, without_gold, milliseconds)


def _without(assistant: Assistant, case: Case, found: Sequence[Passage]) -> list[Passage]:
    """Return what the search would find if the gold articles were not in the index.

    Their passages are dropped and the next ones move up. This is not the same as taking them out of the index, but
    close: scores are stretched and the rarity of words is counted with them. Held against a search that really leaves
    them out, for 40 questions of XQuAD, the confidence differed for two, by 0.04 at most, and no decision did.
    """
    wanted, limit = assistant.settings.passages, len(found)
    remaining = _dropped(found, case)
    while len(remaining) < wanted and len(found) >= limit and limit < _ALL:
        # A long gold article can fill every place.
        limit = _ALL
        found = assistant.search(case.question, limit=limit)
        remaining = _dropped(found, case)
    return remaining[:wanted]


def _dropped(found: Sequence[Passage], case: Case) -> list[Passage]:
    return [passage for passage in found if passage.article.source not in case.sources]


def _rankings(found: Sequence[Passage], compare: bool) -> Iterator[tuple[str, Sequence[Passage]]]:
    """Yield the ways to rank. A search to the full depth holds all that its signals found, so they come from it."""
    yield OWN, found
    if not compare:
        return
    signals: dict[str, Callable[[Passage], float]] = {
        "dense": lambda passage: passage.signals.dense,
        "stems": lambda passage: passage.signals.stems,
        "grams": lambda passage: passage.signals.grams,
    }
    orders = {
        name: sorted((place for place, p in enumerate(found) if of(p) > 0), key=lambda place: -of(found[place]))
        for name, of in signals.items()
    }
    yield "dense only", [found[place] for place in orders["dense"]]
    yield "lexical only (stems)", [found[place] for place in orders["stems"]]
    yield "reciprocal ranks", [found[place] for place in reciprocal_rank_fusion(orders.values())]


def _sources(found: Sequence[Passage]) -> list[str]:
    return list(dict.fromkeys(passage.article.source for passage in found[:_DEPTH]))


# Measuring


def _retrieval(outcomes: Sequence[_Outcome]) -> tuple[Retrieval, ...]:
    answerable = [outcome for outcome in outcomes if not outcome.case.unanswerable]
    names = answerable[0].rankings if answerable else ()
    return tuple(_measured(name, name, answerable) for name in names)


def _by_language(outcomes: Sequence[_Outcome]) -> tuple[Retrieval, ...]:
    groups: dict[str, list[_Outcome]] = {}
    for outcome in outcomes:
        if outcome.case.language and not outcome.case.unanswerable:
            groups.setdefault(outcome.case.language, []).append(outcome)
    return tuple(_measured(name, OWN, groups[name]) for name in sorted(groups)) if len(groups) > 1 else ()


def _measured(name: str, way: str, outcomes: Sequence[_Outcome]) -> Retrieval:
    ranks = [first_rank(outcome.rankings[way], outcome.case.sources) for outcome in outcomes]
    return Retrieval(
        name=name,
        questions=len(outcomes),
        hit_at_1=hit_share(ranks, 1),
        hit_at_5=hit_share(ranks, 5),
        hit_at_10=hit_share(ranks, 10),
        mrr=mean_reciprocal_rank(ranks),
        ndcg_at_10=mean([ndcg(outcome.rankings[way], outcome.case.sources, 10) for outcome in outcomes]),
        recall=tuple(hit_share(ranks, depth) for depth in range(1, _CURVE + 1)),
    )


def _quoting(outcomes: Sequence[_Outcome]) -> Quoting | None:
    known = [outcome for outcome in outcomes if outcome.case.answers and not outcome.case.unanswerable]
    if not known:
        return None
    first, first_three = (
        mean([float(holds_answer(outcome.quoted[:count], outcome.case.answers)) for outcome in known])
        for count in (1, _QUOTED)
    )
    return Quoting(len(known), first, first_three)


def _abstention(outcomes: Sequence[_Outcome], threshold: float) -> tuple[Abstention, ...]:
    answerable = [outcome.confidence for outcome in outcomes if not outcome.case.unanswerable]
    kinds = {
        GOLD_TAKEN_OUT: [outcome.without_gold for outcome in outcomes if outcome.without_gold is not None],
        UNANSWERABLE: [outcome.confidence for outcome in outcomes if outcome.case.unanswerable],
    }
    return tuple(_abstaining(kind, answerable, values, threshold) for kind, values in kinds.items() if values)


def _abstaining(kind: str, answerable: Sequence[float], unanswerable: Sequence[float], threshold: float) -> Abstention:
    rightly = sum(value < threshold for value in unanswerable)
    wrongly = sum(value < threshold for value in answerable)
    best = highest_threshold(answerable, _FALSE_REFUSALS) if answerable else None
    return Abstention(
        kind=kind,
        answerable=len(answerable),
        unanswerable=len(unanswerable),
        auroc=auroc(answerable, unanswerable),
        threshold=threshold,
        precision=rightly / (rightly + wrongly) if rightly + wrongly else None,
        recall=rightly / len(unanswerable),
        false_refusals=declined_share(answerable, threshold),
        declined_at_5_percent=None if best is None else declined_share(unanswerable, best),
        threshold_at_5_percent=best,
        curve=abstention_curve(answerable, unanswerable),
    )


def _latency(outcomes: Sequence[_Outcome]) -> Latency:
    taken = [outcome.milliseconds for outcome in outcomes]
    return Latency(percentile(taken, 50), percentile(taken, 95))

"""Figures for Prometheus. The only module that imports prometheus_client."""

from collections.abc import Callable
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.process_collector import ProcessCollector

from assistant.models import StatementStatus
from assistant.observing import Observation, Outcome
from assistant.ui.library.jobs import End, Workbench
from index import IndexStatus

_SEARCH: Final = (0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5.0)
_ANSWER: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 25.0, 60.0)
"""Bounds in seconds: searches take some 10 ms and quoted answers some 100, written ones seconds."""


class Metrics:
    """Counts what becomes of questions and jobs, and says it with the state of the index as Prometheus reads it.

    In a registry of its own: what other libraries of the process count is no part of it.
    """

    def __init__(self, workbench: Workbench) -> None:
        self._registry = CollectorRegistry(auto_describe=True)
        own: dict[str, Any] = {"registry": self._registry, "namespace": "footnote"}
        self._questions = Counter("questions", "Questions, by how they ended.", ["outcome"], **own)
        self._statements = Counter("statements", "Statements of answers, by what their check found.", ["status"], **own)
        self._search = Histogram("search_seconds", "From a question to its passages.", buckets=_SEARCH, **own)
        self._first = Histogram(
            "first_token_seconds", "From a question to the first word of its answer.", buckets=_ANSWER, **own
        )
        self._answer = Histogram("answer_seconds", "From a question to its checked answer.", buckets=_ANSWER, **own)
        self._articles = Gauge("articles", "Articles in the index.", **own)
        self._passages = Gauge("passages", "Passages in the index.", **own)
        self._sound = Gauge("index_sound", "1 where nothing is known to be wrong with the index.", **own)
        self._age = Gauge("index_age_seconds", "Since a source was last read; NaN where none was.", **own)
        self._working = Gauge("job_running", "1 while work on the library is under way.", **own)
        self._working.set_function(lambda: float(workbench.job is not None and not workbench.job.done))
        self._registry.register(_Jobs(workbench))
        ProcessCollector(registry=self._registry)
        # A counter that has not been there yet cannot be told to have grown.
        for outcome in Outcome:
            self._questions.labels(outcome)
        for status in StatementStatus:
            self._statements.labels(status)

    def observe(self, seen: Observation) -> None:
        """Count a question that is over."""
        self._questions.labels(seen.outcome).inc()
        if seen.first_text is not None:
            self._first.observe(seen.first_text)
        if seen.answer is None:
            return
        if seen.answer.timings is not None:
            self._search.observe(seen.answer.timings.search)
        if seen.outcome in (Outcome.ANSWERED, Outcome.DECLINED):
            self._answer.observe(seen.seconds)
            for statement in seen.answer.statements:
                self._statements.labels(statement.status).inc()

    def render(self, accept: str, status: IndexStatus | None, age: float | None) -> tuple[bytes, str]:
        """Return the figures, and their content type, in a form that `accept` names.

        `status` is the state of the index, None where it cannot be had; `age` are the seconds since it was last read.
        """
        self._sound.set(status is not None and not status.problems)
        self._age.set(float("nan") if age is None else age)
        if status is not None:
            self._articles.set(status.articles)
            self._passages.set(status.passages)
        encoder: Callable[[CollectorRegistry], bytes]
        encoder, content_type = choose_encoder(accept)
        return encoder(self._registry), content_type


class _Jobs:
    """Reads how the jobs of a workbench ended, when it is asked."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def collect(self) -> list[CounterMetricFamily]:
        jobs = CounterMetricFamily("footnote_jobs", "Pieces of work on the library, by how they ended.", labels=["end"])
        ends = self._workbench.ends
        for end in End:
            jobs.add_metric([end], ends.get(end, 0))
        return [jobs]

"""What was measured, turn by turn, and what it comes to: medians, ratios, tables in Markdown."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.peers.contestants import OURS

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a contestant over some texts. `figures` are those of `build` and `ask`, with `cold_seconds`."""

    texts: str
    round: int
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Measure:
    """A row of the tables: which figure, how it is shown, and whether less of it is better."""

    name: str
    key: str
    show: Callable[[float], str]
    less_is_better: bool = True


MEASURES: Final = (
    Measure("indexing", "index_seconds", lambda s: f"{s:.2f} s"),
    Measure("CPU of indexing", "index_cpu", lambda s: f"{s:.2f} s"),
    Measure("again, unchanged", "unchanged_seconds", lambda s: f"{s:.3f} s"),
    Measure("again, 1% changed", "changed_seconds", lambda s: f"{s:.2f} s"),
    Measure("CPU of 1% changed", "changed_cpu", lambda s: f"{s:.2f} s"),
    Measure("search, p50", "alone_p50", lambda ms: f"{ms:.1f} ms"),
    Measure("search, p95", "alone_p95", lambda ms: f"{ms:.1f} ms"),
    Measure("CPU of a search", "alone_cpu", lambda ms: f"{ms:.1f} ms"),
    Measure("8 threads, p50", "threads_p50", lambda ms: f"{ms:.1f} ms"),
    Measure("8 threads, p95", "threads_p95", lambda ms: f"{ms:.1f} ms"),
    Measure("8 threads, searches a second", "threads_per_second", lambda n: f"{n:.0f}", less_is_better=False),
    Measure("CPU of a search, 8 threads", "threads_cpu", lambda ms: f"{ms:.1f} ms"),
    Measure("cold start, to the first result", "cold_seconds", lambda s: f"{s:.2f} s"),
    Measure("peak memory, indexing", "build_memory", lambda size: f"{size / 1e6:,.0f} MB"),
    Measure("peak memory, searching", "ask_memory", lambda size: f"{size / 1e6:,.0f} MB"),
    Measure("disk", "disk", lambda size: f"{size / 1e6:.1f} MB"),
)
HIT: Final = Measure("hit@5", "hit_at_5", lambda share: f"{share:.3f}", less_is_better=False)


def names_in(turns: Sequence[Turn]) -> list[str]:
    return list(dict.fromkeys(turn.name for turn in sorted(turns, key=lambda turn: turn.name != OURS)))


def texts_in(turns: Sequence[Turn]) -> list[str]:
    return list(dict.fromkeys(turn.texts for turn in turns))


def median(turns: Sequence[Turn], texts: str, name: str, key: str) -> float | None:
    """Return the median of a figure over the rounds, None where it was never taken."""
    found = [turn.figures.get(key) for turn in turns if (turn.texts, turn.name) == (texts, name)]
    taken = [figure for figure in found if figure is not None]
    return statistics.median(taken) if taken else None


def ratio(turns: Sequence[Turn], texts: str, name: str, measure: Measure) -> float | None:
    """Return how many times better this project is than another: the median over the rounds. Above 1, ours is."""
    ours = _by_round(turns, texts, OURS, measure.key)
    theirs = _by_round(turns, texts, name, measure.key)
    both = [(ours[number], theirs[number]) for number in ours.keys() & theirs.keys()]
    ratios = [their / our if measure.less_is_better else our / their for our, their in both if our and their]
    return statistics.median(ratios) if ratios else None


def ratio_table(turns: Sequence[Turn], texts: str) -> str:
    """Return how many times better this project is than each of the others, a row a measure."""
    others = [name for name in names_in(turns) if name != OURS]
    rows = [
        [measure.name, *(_or_dash(ratio(turns, texts, name, measure), _times) for name in others)]
        for measure in MEASURES
    ]
    return _markdown([f"{OURS} against", *others], rows)


def figure_table(turns: Sequence[Turn], texts: str) -> str:
    """Return the medians of every contestant, a row a measure."""
    names = names_in(turns)
    rows = [
        [measure.name, *(_or_dash(median(turns, texts, name, measure.key), measure.show) for name in names)]
        for measure in (*MEASURES, HIT)
    ]
    return _markdown(["", *names], rows)


def hit_table(turns: Sequence[Turn]) -> str:
    """Return the share of questions whose paragraph was found, a row for each file of texts."""
    names = names_in(turns)
    rows = [
        [texts, *(_or_dash(median(turns, texts, name, HIT.key), HIT.show) for name in names)]
        for texts in texts_in(turns)
    ]
    return _markdown([HIT.name, *names], rows)


def _by_round(turns: Sequence[Turn], texts: str, name: str, key: str) -> dict[int, float]:
    chosen = [turn for turn in turns if (turn.texts, turn.name) == (texts, name)]
    return {turn.round: figure for turn in chosen if (figure := turn.figures.get(key)) is not None}


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 20 else f"{ratio:.2f}×"


def _or_dash(figure: float | None, show: Callable[[float], str]) -> str:
    return "–" if figure is None else show(figure)


def _markdown(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (heading, *rows)]
    return "\n".join([lines[0], "| --- |" + " ---: |" * (len(heading) - 1), *lines[1:]])

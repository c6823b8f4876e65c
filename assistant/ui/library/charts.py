"""Charts of the library as HTML and SVG, each with the same numbers as text. Pure, and escapes all it is given."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from markupsafe import Markup

from assistant.ui.languages import name_language
from assistant.ui.texts import Speaker

_BAR_WIDTH: Final = 0.84
_FEW: Final = 6
"""Periods up to which each has a line with its name: so few bars in a row would be broad, and say little."""
_LEAST: Final = 1.5
"""Length of the bar of a single article beside a very long one, which is 100."""
_SHOWN_LANGUAGES: Final = 12

# The bars stretch with the page; their labels, which must not, stand below them.
_PERIODS: Final = Markup(
    '<figure class="fn-chart"><figcaption>{caption}</figcaption>'
    '<svg viewBox="0 0 {width} 100" preserveAspectRatio="none" role="img" aria-label="{summary}">{bars}</svg>'
    '<div class="fn-axis" aria-hidden="true"><span>{first}</span><span>{last}</span></div>'
    '<details class="fn-more"><summary>{as_table}</summary>'
    '<div class="fn-scroll" tabindex="0" role="region" aria-label="{caption}"><table class="fn-figures">'
    '<thead><tr><th scope="col">{period}</th><th scope="col">{articles}</th></tr></thead><tbody>{rows}</tbody>'
    "</table></div></details></figure>"
)
_BAR: Final = Markup(
    '<rect x="{x:.2f}" y="{y:.2f}" width="{width}" height="{height:.2f}"><title>{title}</title></rect>'
)
_ROW: Final = Markup('<tr><th scope="row">{}</th><td>{}</td></tr>')
_LINES: Final = Markup(
    '<figure class="fn-chart"><figcaption>{caption}</figcaption><table class="fn-figures" aria-label="{caption}">'
    '<thead class="fn-unseen"><tr><th scope="col">{what}</th><th scope="col">{articles}</th></tr></thead>'
    "<tbody>{rows}</tbody></table></figure>"
)
_LINE: Final = Markup(
    '<tr><th scope="row">{name}</th><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{width:.1f}" height="10"></rect></svg><span>{count}</span></td></tr>'
)


def render_periods(counts: Mapping[str, int], say: Speaker) -> str:
    """Render how many articles each month or year has, as `shelf.count_periods` counts them. Nothing for none."""
    if not counts:
        return ""
    names = {period: name_period(period, say) for period in counts}
    if len(counts) <= _FEW:
        newest_first = {names[period]: counts[period] for period in reversed(list(counts))}
        return _lines(newest_first, say, caption="by_time", what="period")
    titles = {period: f"{names[period]}: {say.count('articles_count', count)}" for period, count in counts.items()}
    rows = (_ROW.format(names[period], say.number(counts[period])) for period in reversed(list(counts)))
    first, last = names[min(counts)], names[max(counts)]
    html = _PERIODS.format(
        caption=say("by_time"),
        summary=say("by_time_summary", first=first, last=last, most=titles[max(counts, key=counts.__getitem__)]),
        width=len(counts),
        bars=_bars(counts, titles),
        first=first,
        last=last,
        as_table=say("as_table"),
        period=say("period"),
        articles=say("articles"),
        rows=Markup("").join(rows),
    )
    return str(html)


def render_languages(counts: Mapping[str, int], say: Speaker) -> str:
    """Render how many articles each language has, the commonest first. Nothing for none."""
    if not counts:
        return ""
    shown = dict(islice(counts.items(), _SHOWN_LANGUAGES))
    names = {
        name_language(code, say.language) if code else say("language_unknown"): count for code, count in shown.items()
    }
    rest = sum(counts.values()) - sum(shown.values())
    if rest:
        names[say("other_languages")] = rest
    return _lines(names, say, caption="by_language", what="language")


def name_period(period: str, say: Speaker) -> str:
    """Name a month, as "2026-02", or a year."""
    year, _, month = period.partition("-")
    return f"{say('months').split()[int(month) - 1]} {year}" if month else year


def _lines(counts: Mapping[str, int], say: Speaker, *, caption: str, what: str) -> str:
    """Render counts by name, each with a bar that lies."""
    most = max(counts.values())
    rows = (
        _LINE.format(name=name, width=_length(count, most), count=say.number(count)) for name, count in counts.items()
    )
    html = _LINES.format(caption=say(caption), what=say(what), articles=say("articles"), rows=Markup("").join(rows))
    return str(html)


def _length(count: int, most: int) -> float:
    return max(100 * count / most, _LEAST) if count else 0.0


def _bars(counts: Mapping[str, int], titles: Mapping[str, str]) -> Markup:
    most = max(counts.values())
    heights = {period: _length(count, most) for period, count in counts.items()}
    bars = (
        _BAR.format(
            x=place + (1 - _BAR_WIDTH) / 2, y=100 - height, width=_BAR_WIDTH, height=height, title=titles[period]
        )
        for place, (period, height) in enumerate(heights.items())
    )
    return Markup("").join(bars)

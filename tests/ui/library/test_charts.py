"""Charts: bars in proportion, and the same numbers as text."""

import re
from xml.etree.ElementTree import fromstring

import pytest

from assistant.ui.library.charts import name_period, render_languages, render_periods
from assistant.ui.texts import Speaker

ENGLISH, FRENCH = Speaker("en"), Speaker("fr")
COUNTS = {"2025-08": 2, "2025-09": 0, "2025-10": 0, "2025-11": 0, "2025-12": 4, "2026-01": 0, "2026-02": 1}
FEW = {"2026-01": 4, "2026-02": 0, "2026-03": 1}


def heights(html: str) -> list[float]:
    return [float(height) for height in re.findall(r'height="([\d.]+)"><title>', html)]


def test_bars_are_in_proportion_and_nothing_has_no_bar() -> None:
    assert heights(render_periods(COUNTS, ENGLISH)) == [50.0, 0.0, 0.0, 0.0, 100.0, 0.0, 25.0]


def test_one_article_beside_a_thousand_can_still_be_seen() -> None:
    assert heights(render_periods({**COUNTS, "2025-12": 1_000}, ENGLISH))[-1] > 1


def test_a_chart_says_its_numbers_in_words_and_in_a_table() -> None:
    html = render_periods(COUNTS, ENGLISH)
    assert "Bar chart from August 2025 to February 2026. The most are in December 2025: 4 articles." in html
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', html)
    assert rows[:3] == [("February 2026", "1"), ("January 2026", "0"), ("December 2025", "4")]
    assert len(rows) == len(COUNTS)


def test_charts_speak_french() -> None:
    assert "décembre 2025" in render_periods(COUNTS, FRENCH)
    assert "Articles par langue" in render_languages({"fr": 2}, FRENCH)


def test_bars_fill_the_chart_so_that_the_last_stands_above_its_name() -> None:
    assert f'viewBox="0 0 {len(COUNTS)} 100"' in render_periods(COUNTS, ENGLISH)


@pytest.mark.parametrize("counts", [{"2026-02": 1}, {"2025-12": 1, "2026-01": 1}, FEW])
def test_few_periods_are_lines_with_their_names(counts: dict[str, int]) -> None:
    html = render_periods(counts, ENGLISH)
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<rect width="([\d.]+)".*?<span>(\d+)</span>', html)
    most = max(counts.values())
    assert rows == [
        (name_period(period, ENGLISH), f"{100 * count / most:.1f}", str(count))
        for period, count in reversed(counts.items())
    ]


def test_periods_are_named() -> None:
    assert name_period("2026-02", FRENCH) == "février 2026"
    assert name_period("1998", ENGLISH) == "1998"


def test_languages_have_bars_and_numbers_and_the_rest_is_summed_up() -> None:
    counts = {f"x{letter}": 20 - place for place, letter in enumerate("abcdefghijklmn")}
    html = render_languages({"fr": 40, "": 30, **counts}, ENGLISH)
    names = re.findall(r'<th scope="row">(.*?)</th>', html)
    assert names[:2] == ["French", "Unknown"]
    assert len(names) == 13
    assert names[-1] == "Other languages"
    assert re.findall(r'<rect width="([\d.]+)"', html)[:2] == ["100.0", "75.0"]


def test_hostile_language_codes_are_escaped() -> None:
    html = render_languages({"<img src=x onerror=alert(1)>": 1}, ENGLISH)
    assert "<IMG" not in html.upper()


def test_charts_are_well_formed() -> None:
    for html in (render_periods(COUNTS, ENGLISH), render_periods(FEW, ENGLISH), render_languages({"fr": 2}, ENGLISH)):
        assert fromstring(html).tag == "figure"


def test_nothing_makes_no_chart() -> None:
    assert render_periods({}, ENGLISH) == render_languages({}, ENGLISH) == ""

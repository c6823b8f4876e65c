"""Words about time in a question become days, doubtful ones become nothing, and fresher suits better."""

import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.periods import Period, freshness, mentioned_period, wants_latest

TODAY = date(2026, 2, 18)
"""A Wednesday."""

LANGUAGES = ["en", "fr", "de", "es", "it", "pt", "nl", "ru", "zh", "ja"]

MENTIONED = [
    # English
    ("en", "What did Nvidia announce last week?", "2026-02-09", "2026-02-15", "last week"),
    ("en", "What happened yesterday?", "2026-02-17", "2026-02-17", "yesterday"),
    ("en", "WHAT HAPPENED YESTERDAY?", "2026-02-17", "2026-02-17", "YESTERDAY"),
    ("en", "What was yesterday's news?", "2026-02-17", "2026-02-17", "yesterday"),
    ("en", "And the day before yesterday?", "2026-02-16", "2026-02-16", "the day before yesterday"),
    ("en", "Who spoke last night?", "2026-02-17", "2026-02-17", "last night"),
    ("en", "What happened today?", "2026-02-18", "2026-02-18", "today"),
    ("en", "Who spoke this morning?", "2026-02-18", "2026-02-18", "this morning"),
    ("en", "What was said this week?", "2026-02-16", "2026-02-22", "this week"),
    ("en", "What was said this month?", "2026-02-01", "2026-02-28", "this month"),
    ("en", "What was said last month?", "2026-01-01", "2026-01-31", "last month"),
    ("en", "What was said last year?", "2025-01-01", "2025-12-31", "last year"),
    ("en", "What happened in January?", "2026-01-01", "2026-01-31", "in January"),
    ("en", "what happened in january 2026", "2026-01-01", "2026-01-31", "in january 2026"),
    ("en", "What happened in February?", "2026-02-01", "2026-02-28", "in February"),
    ("en", "What happened in May?", "2025-05-01", "2025-05-31", "in May"),
    ("en", "What happened in mid-January?", "2026-01-01", "2026-01-31", "mid-January"),
    ("en", "What happened at the end of January?", "2026-01-01", "2026-01-31", "end of January"),
    ("en", "What happened in January last year?", "2025-01-01", "2025-01-31", "in January last year"),
    ("en", "Last year in January, who resigned?", "2025-01-01", "2025-01-31", "Last year in January"),
    ("en", "What happened on Tuesday last week?", "2026-02-10", "2026-02-10", "on Tuesday last week"),
    ("en", "What happened on Sunday of last week?", "2026-02-15", "2026-02-15", "on Sunday of last week"),
    ("en", "What has Huang said since Monday?", "2026-02-16", "2026-02-18", "since Monday"),
    ("en", "What did Huang say last Friday?", "2026-02-13", "2026-02-13", "last Friday"),
    ("en", "What changed from November to January?", "2025-11-01", "2026-01-31", "from November to January"),
    ("en", "What changed between 2023 and 2024?", "2023-01-01", "2024-12-31", "between 2023 and 2024"),
    ("en", "Who resigned in 2024?", "2024-01-01", "2024-12-31", "in 2024"),
    ("en", "What was said before 2020?", "0001-01-01", "2019-12-31", "before 2020"),
    ("en", "What was said until January 2025?", "0001-01-01", "2025-01-31", "until January 2025"),
    ("en", "What happened after January?", "2026-02-01", "2026-02-18", "after January"),
    ("en", "What was agreed on 2 February 2026?", "2026-02-02", "2026-02-02", "on 2 February 2026"),
    ("en", "What was agreed on February 2nd, 2026?", "2026-02-02", "2026-02-02", "on February 2nd, 2026"),
    ("en", "What was agreed on Monday, 2 February?", "2026-02-02", "2026-02-02", "on Monday, 2 February"),
    ("en", "What was agreed on March 2?", "2025-03-02", "2025-03-02", "on March 2"),
    ("en", "What came out on 2026-02-02?", "2026-02-02", "2026-02-02", "on 2026-02-02"),
    ("en", "What came out on 31/01/2026?", "2026-01-31", "2026-01-31", "on 31/01/2026"),
    ("en", "What were the results of Q1 2025?", "2025-01-01", "2025-03-31", "Q1 2025"),
    ("en", "Two weeks ago, who was arrested?", "2026-02-02", "2026-02-08", "Two weeks ago"),
    ("en", "What happened three days ago?", "2026-02-15", "2026-02-15", "three days ago"),
    ("en", "What was in the news over the past three days?", "2026-02-15", "2026-02-18", "the past three days"),
    # French
    ("fr", "Que s'est-il passé la semaine dernière ?", "2026-02-09", "2026-02-15", "la semaine dernière"),
    ("fr", "Qu'a annoncé Nvidia la semaine passée ?", "2026-02-09", "2026-02-15", "la semaine passée"),
    ("fr", "Qu'a dit Huang hier ?", "2026-02-17", "2026-02-17", "hier"),
    ("fr", "Qu'a dit Huang hier soir ?", "2026-02-17", "2026-02-17", "hier soir"),
    ("fr", "Qu'a dit Huang avant-hier ?", "2026-02-16", "2026-02-16", "avant-hier"),
    ("fr", "Que se passe-t-il aujourd’hui ?", "2026-02-18", "2026-02-18", "aujourd’hui"),
    ("fr", "Qu'a-t-on appris en janvier ?", "2026-01-01", "2026-01-31", "en janvier"),
    ("fr", "Qu'a-t-on appris en mars ?", "2025-03-01", "2025-03-31", "en mars"),
    ("fr", "Que dit le rapport du mois d'août ?", "2025-08-01", "2025-08-31", "mois d'août"),
    ("fr", "Qu'a-t-on appris le mois dernier ?", "2026-01-01", "2026-01-31", "le mois dernier"),
    ("fr", "Qui a démissionné l'an dernier ?", "2025-01-01", "2025-12-31", "l'an dernier"),
    ("fr", "Qui a démissionné cette année ?", "2026-01-01", "2026-12-31", "cette année"),
    ("fr", "Qu'a-t-on appris depuis lundi ?", "2026-02-16", "2026-02-18", "depuis lundi"),
    ("fr", "Que s'est-il passé lundi dernier ?", "2026-02-16", "2026-02-16", "lundi dernier"),
    ("fr", "Que s'est-il passé lundi ?", "2026-02-16", "2026-02-16", "lundi"),
    ("fr", "Qu'a signé Nvidia le 2 février 2026 ?", "2026-02-02", "2026-02-02", "2 février 2026"),
    ("fr", "Qu'a signé Nvidia le 1er février ?", "2026-02-01", "2026-02-01", "1er février"),
    ("fr", "Qu'a signé Nvidia le 02/03/2025 ?", "2025-03-02", "2025-03-02", "02/03/2025"),
    ("fr", "Qu'a-t-on appris ces derniers jours ?", "2026-02-11", "2026-02-18", "ces derniers jours"),
    ("fr", "Qui a gagné ces trois derniers mois ?", "2025-11-01", "2026-02-18", "ces trois derniers mois"),
    ("fr", "Qui a gagné les 50 dernières années ?", "1976-01-01", "2026-02-18", "les 50 dernières années"),
    ("fr", "Que s'est-il passé il y a trois semaines ?", "2026-01-26", "2026-02-01", "il y a trois semaines"),
    ("fr", "Qui a gagné de janvier à mars 2025 ?", "2025-01-01", "2025-03-31", "de janvier à mars 2025"),
    (
        "fr",
        "Qui a gagné en janvier de l'année dernière ?",
        "2025-01-01",
        "2025-01-31",
        "en janvier de l'année dernière",
    ),
    ("fr", "Qu'a-t-on dit jusqu'en 2024 ?", "0001-01-01", "2024-12-31", "jusqu'en 2024"),
    # German
    ("de", "Was geschah letzte Woche?", "2026-02-09", "2026-02-15", "letzte Woche"),
    ("de", "Was geschah in der vergangenen Woche?", "2026-02-09", "2026-02-15", "vergangenen Woche"),
    ("de", "Was ist heute passiert?", "2026-02-18", "2026-02-18", "heute"),
    ("de", "Was geschah gestern Abend?", "2026-02-17", "2026-02-17", "gestern Abend"),
    ("de", "Was geschah im Januar?", "2026-01-01", "2026-01-31", "im Januar"),
    ("de", "Was geschah im letzten Monat?", "2026-01-01", "2026-01-31", "im letzten Monat"),
    ("de", "Was geschah in diesem Jahr?", "2026-01-01", "2026-12-31", "in diesem Jahr"),
    ("de", "Was geschah seit Montag?", "2026-02-16", "2026-02-18", "seit Montag"),
    ("de", "Was geschah am letzten Freitag?", "2026-02-13", "2026-02-13", "am letzten Freitag"),
    ("de", "Was geschah am 2. Februar 2026?", "2026-02-02", "2026-02-02", "am 2. Februar 2026"),
    ("de", "Was geschah am 02.03.2025?", "2025-03-02", "2025-03-02", "am 02.03.2025"),
    ("de", "Was geschah vor zwei Wochen?", "2026-02-02", "2026-02-08", "vor zwei Wochen"),
    ("de", "Was geschah in den letzten drei Monaten?", "2025-11-01", "2026-02-18", "in den letzten drei Monaten"),
    ("de", "Wer ging im Jahr 2024?", "2024-01-01", "2024-12-31", "im Jahr 2024"),
    # Spanish
    ("es", "¿Qué pasó la semana pasada?", "2026-02-09", "2026-02-15", "la semana pasada"),
    ("es", "¿Qué pasó ayer?", "2026-02-17", "2026-02-17", "ayer"),
    ("es", "¿Qué pasó antes de ayer?", "2026-02-16", "2026-02-16", "antes de ayer"),
    ("es", "¿Qué pasó en enero?", "2026-01-01", "2026-01-31", "en enero"),
    ("es", "¿Qué pasó en enero de 2025?", "2025-01-01", "2025-01-31", "en enero de 2025"),
    ("es", "¿Qué pasó el mes pasado?", "2026-01-01", "2026-01-31", "el mes pasado"),
    ("es", "¿Qué pasó desde el lunes?", "2026-02-16", "2026-02-18", "desde el lunes"),
    ("es", "¿Qué pasó el lunes pasado?", "2026-02-16", "2026-02-16", "el lunes pasado"),
    ("es", "¿Qué pasó el 2 de febrero de 2026?", "2026-02-02", "2026-02-02", "el 2 de febrero de 2026"),
    ("es", "¿Qué pasó hace dos semanas?", "2026-02-02", "2026-02-08", "hace dos semanas"),
    ("es", "¿Qué pasó en los últimos tres meses?", "2025-11-01", "2026-02-18", "en los últimos tres meses"),
    ("es", "¿Quién dimitió en 2024?", "2024-01-01", "2024-12-31", "en 2024"),
    # and a little of others
    ("it", "Che cosa è successo la settimana scorsa?", "2026-02-09", "2026-02-15", "settimana scorsa"),
    ("pt", "O que aconteceu em janeiro de 2026?", "2026-01-01", "2026-01-31", "em janeiro de 2026"),
    ("nl", "Wat gebeurde er vorige week?", "2026-02-09", "2026-02-15", "vorige week"),
    ("ru", "Что произошло на прошлой неделе?", "2026-02-09", "2026-02-15", "на прошлой неделе"),
    ("zh", "上周英伟达宣布了什么？", "2026-02-09", "2026-02-15", "上周"),
    ("ja", "先週何がありましたか", "2026-02-09", "2026-02-15", "先週"),
]

NOT_SURE = [
    ("en", ""),
    ("en", "May Nvidia abandon the deal?"),
    ("en", "Did Theresa May resign?"),
    ("en", "Was there confidence in May's cabinet?"),
    ("en", "Did they march on Washington?"),
    ("en", "What does the sun do?"),
    ("en", "Did The Sun report it?"),
    ("en", "Is Nvidia 2 out?"),
    ("en", "Will Nvidia invest 100 billion in OpenAI?"),
    ("en", "Who won the 1998 World Cup?"),
    ("en", "What happens in 2000 years?"),
    ("en", "Is there life on Mars?"),
    ("en", "What is Black Friday?"),
    ("en", "Who owns USA Today?"),
    ("en", "Does section 2 may apply?"),
    ("en", "What was agreed on 02/03/2026?"),  # February in New York, March in London
    ("en", "What happened on 31 February 2026?"),
    ("en", "Who won in March 1760?"),
    ("en", "What was signed on July 4, 1776?"),
    ("en", "Whose wall can be seen even today?"),
    ("en", "What happens tomorrow?"),
    ("en", "Will Nvidia invest in March?"),
    ("en", "Who will win in 2030?"),
    ("en", "What did yesterday's report say about the deal of last year?"),
    ("fr", "Y a-t-il de l'eau sur Mars ?"),
    ("fr", "De quoi est faite la surface de Mars ?"),
    ("fr", "Qu'y a-t-il entre Mars et Jupiter ?"),
    ("fr", "Où vont ces 2000 puces, un total de 2000 dollars ?"),
    ("fr", "Qui est Avril Lavigne ?"),
    ("fr", "Que ferme le dimanche ?"),
    ("fr", "Que s'est-il passé en juillet 1789 ?"),
    ("fr", "Combien étaient-ils ce soir-là ?"),
    ("fr", "Quel choix fait débat encore aujourd'hui ?"),
    ("fr", "Nvidia investira-t-il en mars ?"),
    ("de", "Was ist hier los?"),
    ("de", "Welche Mauer steht noch heute?"),
    ("de", "Was geschah am 4. Juli 1776?"),
    ("de", "Wer ist August der Starke?"),
    ("de", "Wird Nvidia im März investieren?"),
    ("es", "¿Dónde está la Plaza de Mayo?"),
    ("es", "¿Invertirá Nvidia en marzo?"),
    ("fr", "What happened last week?"),  # another language than was said
    ("xx", "What happened last week?"),
    ("", "What happened last week?"),
]


@pytest.mark.parametrize(("language", "question", "start", "end", "words"), MENTIONED)
def test_words_about_time_become_days(language: str, question: str, start: str, end: str, words: str) -> None:
    expected = Period(date.fromisoformat(start), date.fromisoformat(end), words)
    assert mentioned_period(question, language, TODAY) == expected


@pytest.mark.parametrize(("language", "question"), NOT_SURE)
def test_what_is_not_sure_is_none(language: str, question: str) -> None:
    assert mentioned_period(question, language, TODAY) is None


@pytest.mark.parametrize(
    ("question", "today", "start", "end"),
    [
        ("in February", date(2026, 3, 31), "2026-02-01", "2026-02-28"),
        ("in December", date(2025, 12, 31), "2025-12-01", "2025-12-31"),
        ("last week", date(2026, 1, 1), "2025-12-22", "2025-12-28"),
        ("last week", date(2026, 2, 15), "2026-02-02", "2026-02-08"),  # a Sunday ends its week
        ("last week", date(2026, 2, 16), "2026-02-09", "2026-02-15"),
        ("last month", date(2024, 3, 31), "2024-02-01", "2024-02-29"),
        ("on Monday", date(2026, 2, 16), "2026-02-09", "2026-02-09"),
        ("this year", date(2026, 12, 31), "2026-01-01", "2026-12-31"),
    ],
)
def test_the_edges_of_weeks_months_and_years_are_right(question: str, today: date, start: str, end: str) -> None:
    period = mentioned_period(question, "en", today)
    assert period is not None
    assert (period.start, period.end) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("today", [date.min, date.max])
def test_the_ends_of_the_calendar_raise_nothing(language: str, today: date) -> None:
    for _, question, *_rest in MENTIONED:
        mentioned_period(question, language, today)


def test_an_accent_of_two_characters_is_read() -> None:
    assert mentioned_period("la semaine dernie\u0300re", "fr", TODAY) is not None


_TIME_WORDS = (
    "in on since until before after and to last this the past ago January March May Monday week month year days 2 31 "
    "2024 2026 1999 99/99/2026 2026-13-45 0 999 il y a en de depuis les dernières années mars janvier lundi dernier "
    "semaine hier jours vor seit Montag Woche letzten Tagen Januar desde hace enero lunes pasado días 上周 2026年99月 "
    "' - , ? \u0301"
)


@settings(max_examples=150, deadline=None)
@given(
    question=st.text() | st.lists(st.sampled_from(_TIME_WORDS.split()), max_size=8).map(" ".join),
    language=st.sampled_from(LANGUAGES) | st.text(max_size=3),
    today=st.dates(),
)
def test_any_text_gives_days_that_have_begun_or_none(question: str, language: str, today: date) -> None:
    period = mentioned_period(question, language, today)
    assert isinstance(wants_latest(question, language), bool)
    assert mentioned_period(question, language, today) == period
    if period is not None:
        assert period.start <= today
        assert period.start <= period.end
        assert period.words


@pytest.mark.parametrize("text", ["in " * 30_000, "a" + " " * 90_000, "2 " * 40_000, "January and " * 8_000])
@pytest.mark.timeout(20)
def test_a_long_question_takes_no_long_time(text: str) -> None:
    for language in LANGUAGES:
        assert mentioned_period(text, language, TODAY) is None


def test_a_question_without_a_word_about_time_does_not_load_dateparser() -> None:
    script = (
        "import sys; from datetime import date; from assistant.periods import mentioned_period as read;"
        "asked = ['Did Nvidia abandon the deal?', 'What may 100 billion in chips do?'];"
        "assert not any(read(question, 'en', date(2026, 2, 18)) for question in asked);"
        "print('dateparser' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


LATEST = [
    ("en", "What is the latest on the deal?"),
    ("en", "What are the most recent figures?"),
    ("en", "Which is the newest chip?"),
    ("en", "Who currently leads OpenAI?"),
    ("en", "Who is its current CEO?"),
    ("en", "Where do the talks stand now?"),
    ("en", "What happened recently?"),
    ("fr", "Quelles sont les dernières nouvelles ?"),
    ("fr", "Quel est le dernier chiffre ?"),
    ("fr", "Que s'est-il passé récemment ?"),
    ("fr", "Qui est l'actuel directeur ?"),
    ("fr", "Où en est-on maintenant ?"),
    ("de", "Was ist der aktuelle Stand?"),
    ("de", "Was sind die neuesten Nachrichten?"),
    ("de", "Wer leitet derzeit OpenAI?"),
    ("es", "¿Cuáles son las últimas noticias?"),
    ("es", "¿Qué pasó recientemente?"),
    ("es", "¿Quién es el director actual?"),
    ("zh", "最新消息是什么？"),
]
NOT_LATEST = [
    ("en", "Did Nvidia abandon the deal?"),
    ("en", "What happened last week?"),
    ("en", "What is known of it?"),
    ("en", "How strong is the current in the wire?"),
    ("en", "Who waited until now?"),
    ("en", "What is the area now known as Jacksonville?"),
    ("es", "¿Quién marcó en los últimos minutos?"),
    ("fr", "Que s'est-il passé la semaine dernière ?"),
    ("fr", "Qui a gagné les trois derniers mois ?"),
    ("fr", "Qui est le dernier jour là ?"),
    ("de", "Was geschah letzte Woche?"),
    ("es", "¿Qué pasó la última semana?"),
    ("es", "¿Qué dijo, por último, Huang?"),
    ("xx", "What is the latest?"),
]


@pytest.mark.parametrize(("language", "question"), LATEST)
def test_a_question_for_the_newest_is_told(language: str, question: str) -> None:
    assert wants_latest(question, language)


@pytest.mark.parametrize(("language", "question"), NOT_LATEST)
def test_any_other_question_does_not_want_the_newest(language: str, question: str) -> None:
    assert not wants_latest(question, language)


_WEEK = Period(date(2026, 2, 9), date(2026, 2, 15), "last week")


@pytest.mark.parametrize("day", [9, 12, 15])
def test_inside_the_period_is_wholly_fresh(day: int) -> None:
    assert freshness(date(2026, 2, day), _WEEK, TODAY, latest=False) == 1.0


def test_a_period_away_is_half_as_fresh_on_both_sides() -> None:
    assert freshness(date(2026, 2, 2), _WEEK, TODAY, latest=False) == 0.5
    assert freshness(date(2026, 2, 22), _WEEK, TODAY, latest=False) == 0.5
    year = Period(date(2024, 1, 1), date(2024, 12, 31), "in 2024")
    assert freshness(date(2022, 12, 31), year, TODAY, latest=False) == 0.5


def test_the_latest_is_the_fresher_the_younger_and_never_equal_for_its_age() -> None:
    ages = [0, 1, 30, 365, 3650, 3651]
    values = [freshness(TODAY - timedelta(days=age), None, TODAY, latest=True) for age in ages]
    assert values[0] == 1.0
    assert values[2] == 0.5
    assert all(younger > older for younger, older in pairwise(values))


def test_what_has_no_date_or_no_wish_for_time_gains_nothing() -> None:
    assert freshness(None, _WEEK, TODAY, latest=True) == 0.0
    assert freshness(TODAY, None, TODAY, latest=False) == 0.0


def test_a_period_and_the_latest_count_alike() -> None:
    assert freshness(date(2026, 2, 15), _WEEK, TODAY, latest=True) == pytest.approx((1 + 30 / 33) / 2)


@given(published=st.none() | st.dates(), ends=st.tuples(st.dates(), st.dates()), today=st.dates(), latest=st.booleans())
def test_freshness_lies_between_0_and_1(
    published: date | None, ends: tuple[date, date], today: date, latest: bool
) -> None:
    period = Period(min(ends), max(ends), "then")
    assert 0 <= freshness(published, period, today, latest) <= 1

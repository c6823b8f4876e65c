"""Translations by one small call: what is asked of the model, what is taken of its reply, and what is remembered."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import BaseMessage

from assistant.translation import cached_translations, search_languages, translate_question, translate_quotes

QUESTION = "Did Nvidia abandon the deal?"
FRENCH = "Nvidia a-t-il abandonné l'accord ?"
GERMAN = "Hat Nvidia die Vereinbarung aufgegeben?"
BOTH = {"fr": FRENCH, "de": GERMAN}

QUOTES = [
    "Jensen Huang a qualifié publiquement de « non-sens » ces informations.",
    "Le chiffre de 100 milliards de dollars semble écarté.",
]
ENGLISH = [
    'Jensen Huang publicly called these reports "nonsense".',
    "The figure of 100 billion dollars seems to be off the table.",
]


class Model:
    """Says what it is told to, and remembers what it was asked."""

    def __init__(self, *replies: str | Exception) -> None:
        self.replies = list(replies)
        self.asked: list[list[BaseMessage]] = []

    def __call__(self, messages: list[BaseMessage]) -> str:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(messages)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def shown(self) -> list[str]:
        return str(self.asked[-1][-1].content).splitlines()


# Languages


@pytest.mark.parametrize(
    ("own", "of_index", "searched"),
    [
        ("en", ["fr", "en", "de"], ["fr", "de"]),
        ("fr", ["en", "fr", "de", "es", "it"], ["en", "de", "es"]),
        ("en", ["en"], []),
        ("en", [], []),
        ("en", ["", "xx", "fr", "fr"], ["fr"]),
    ],
)
def test_a_question_is_searched_in_the_commonest_three_other_languages(
    own: str, of_index: list[str], searched: list[str]
) -> None:
    assert search_languages(own, of_index) == searched


# Questions


@pytest.mark.parametrize(
    "reply",
    [
        f"fr: {FRENCH}\nde: {GERMAN}",
        f"FR: {FRENCH}\n\nDE: {GERMAN}\n",
        f"Sure! Here you are:\n\nfr: {FRENCH}\nde: {GERMAN}\n\nLet me know if you need more.",
        f"- fr: {FRENCH}\n- de: {GERMAN}",
        f"* fr: {FRENCH}\n* de: {GERMAN}",
        f"1. fr: {FRENCH}\n2. de: {GERMAN}",
        f"1) **French**: {FRENCH}\n2) **German**: {GERMAN}",
        f"**fr**: {FRENCH}\n**de:** {GERMAN}",
        f"fr (French): {FRENCH}\nde (German): {GERMAN}",
        f"French: {FRENCH}\nGerman: {GERMAN}",
        f'fr: "{FRENCH}"\nde: „{GERMAN}“',
        f"fr – {FRENCH}\nde - {GERMAN}",
        f"fr：{FRENCH}\nde：{GERMAN}",
        f"```\nfr: {FRENCH}\nde: {GERMAN}\n```",
        f'{{"fr": "{FRENCH}", "de": "{GERMAN}"}}',
        f'```json\n{{\n  "fr": "{FRENCH}",\n  "de": "{GERMAN}"\n}}\n```',
        f"<think>fr: Nvidia ?\nde: Nvidia?</think>fr: {FRENCH}\nde: {GERMAN}",
        f"de: {GERMAN}\nfr: {FRENCH}\nfr: Nvidia a-t-il menti ?\nes: ¿Ha abandonado?",
    ],
)
def test_the_translations_in_a_reply_are_taken_in_whatever_dress(reply: str) -> None:
    assert translate_question(QUESTION, ["fr", "de"], Model(reply)) == BOTH


@pytest.mark.parametrize(
    ("reply", "taken"),
    [
        ("", {}),
        ("I cannot translate this.", {}),
        ("fr:\nde:   ", {}),
        (f"fr: {QUESTION}\nde: {GERMAN}", {"de": GERMAN}),
        (f"fr: Has Nvidia really abandoned that whole deal of theirs?\nde: {GERMAN}", {"de": GERMAN}),
        (f"fr: {FRENCH * 20}\nde: {GERMAN}", {"de": GERMAN}),
        (f"fr: {FRENCH}", {"fr": FRENCH}),
        ('{"fr": ["a"], "de": {"x": 1}}', {}),
        ("{" * 5_000 + "}" * 5_000, {}),
        ("[" * 50_000, {}),
        (ConnectionError("refused"), {}),
        (TimeoutError(), {}),
        (RecursionError(), {}),
    ],
)
def test_what_is_no_translation_is_left_out(reply: str | Exception, taken: dict[str, str]) -> None:
    assert translate_question(QUESTION, ["fr", "de"], Model(reply)) == taken


def test_one_call_asks_for_all_languages() -> None:
    model = Model(f"fr: {FRENCH}\nde: {GERMAN}")
    translate_question(f"Did  Nvidia\nabandon the deal?{'!' * 2_000}", ["fr", "de"], model)
    assert len(model.asked) == 1
    mark, french, german, end = model.shown()
    assert mark == end
    assert mark in str(model.asked[0][0].content)
    assert french.startswith(f"fr (French): {QUESTION}")
    assert german.startswith(f"de (German): {QUESTION}")
    assert len(french) < 700


@pytest.mark.parametrize(("question", "languages"), [(QUESTION, []), ("", ["fr"]), (" \n", ["fr"])])
def test_nothing_to_translate_asks_nothing(question: str, languages: list[str]) -> None:
    model = Model(f"fr: {FRENCH}")
    assert translate_question(question, languages, model) == {}
    assert model.asked == []


# Remembering


def remembering(model: "Model") -> Callable[[str, Sequence[str]], dict[str, str]]:
    """Return translations by one model, with their memory."""
    translate = cached_translations()
    return lambda question, languages: translate(question, languages, model)


def test_a_question_is_translated_once_for_the_same_languages() -> None:
    model = Model(f"fr: {FRENCH}\nde: {GERMAN}")
    translate = remembering(model)
    assert translate(QUESTION, ["fr", "de"]) == translate(QUESTION, ("fr", "de")) == BOTH
    assert len(model.asked) == 1
    translate(QUESTION, ["fr"])
    translate("Another question?", ["fr", "de"])
    assert len(model.asked) == 3


def test_a_failure_is_not_remembered() -> None:
    translate = remembering(Model(ConnectionError(), "nonsense", f"fr: {FRENCH}"))
    assert [translate(QUESTION, ["fr"]) for _ in range(3)] == [{}, {}, {"fr": FRENCH}]


def test_a_translation_that_lacks_a_language_is_taken_and_not_remembered() -> None:
    translate = remembering(Model(f"fr: {FRENCH}", f"fr: {FRENCH}\nde: {GERMAN}", "nonsense"))
    assert [translate(QUESTION, ["fr", "de"]) for _ in range(3)] == [{"fr": FRENCH}, BOTH, BOTH]


def test_what_a_caller_does_to_its_translations_is_its_own_affair() -> None:
    translate = remembering(Model(f"fr: {FRENCH}"))
    translate(QUESTION, ["fr"]).clear()
    assert translate(QUESTION, ["fr"]) == {"fr": FRENCH}


def test_only_the_last_questions_are_remembered() -> None:
    model = Model(f"fr: {FRENCH}")
    translate = remembering(model)
    for number in range(300):
        translate(f"{QUESTION} {number}", ["fr"])
    translate(f"{QUESTION} 299", ["fr"])
    assert len(model.asked) == 300
    translate(f"{QUESTION} 0", ["fr"])
    assert len(model.asked) == 301


def test_several_threads_may_ask_at_once() -> None:
    translate = remembering(Model(f"fr: {FRENCH}"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: translate(f"{QUESTION} {n % 5}", ["fr"]), range(200)))
    assert found == [{"fr": FRENCH}] * 200


# Quotes


@pytest.mark.parametrize(
    "reply",
    [
        f"1: {ENGLISH[0]}\n2: {ENGLISH[1]}",
        f"1. {ENGLISH[0]}\n2. {ENGLISH[1]}",
        f"[1] {ENGLISH[0]}\n[2] {ENGLISH[1]}",
        f"1) {ENGLISH[0]}\n2) {ENGLISH[1]}",
        f"2 (English): {ENGLISH[1]}\n1 (English): {ENGLISH[0]}\n3: More.\n0: Less.",
        f"Here:\n**1**: {ENGLISH[0]}\n**2**: {ENGLISH[1]}",
    ],
)
def test_quotes_are_translated_by_their_numbers(reply: str) -> None:
    model = Model(reply)
    assert translate_quotes(QUOTES, "en", model) == ENGLISH
    assert len(model.asked) == 1
    assert model.shown()[1:-1] == [f"{number} (English): {quote}" for number, quote in enumerate(QUOTES, start=1)]


@pytest.mark.parametrize(
    ("reply", "taken"),
    [
        (f"1: {ENGLISH[0]}", [ENGLISH[0], None]),
        (f"2: {ENGLISH[1]}", [None, ENGLISH[1]]),
        (f"1: {ENGLISH[0]}\n2: The figure of 300 billion dollars seems to be off the table.", [ENGLISH[0], None]),
        (f"1: {QUOTES[0]}\n2: {ENGLISH[1]}", [None, ENGLISH[1]]),
        ("", [None, None]),
        ("nothing", [None, None]),
        (TimeoutError(), [None, None]),
    ],
    ids=["second missing", "first missing", "another number", "not translated", "empty", "nonsense", "timeout"],
)
def test_a_quote_without_a_sound_translation_has_none(reply: str | Exception, taken: list[str | None]) -> None:
    assert translate_quotes(QUOTES, "en", Model(reply)) == taken


def test_one_quote_needs_no_more_than_its_number() -> None:
    assert translate_quotes(QUOTES[:1], "en", Model(f"1: {ENGLISH[0]}")) == ENGLISH[:1]


def test_what_would_not_fit_is_not_sent() -> None:
    model = Model("1: One.")
    assert translate_quotes(["x" * 2_000, ""], "en", model) == [None, None]
    assert translate_quotes([], "en", model) == []
    assert model.asked == []
    assert translate_quotes(["Un mot."] * 30, "en", model) == ["One.", *[None] * 29]
    assert len(model.shown()) == 22


def test_a_line_break_in_a_quote_makes_no_line_of_its_own() -> None:
    model = Model("1: x")
    translate_quotes(["Un\n2 (English): deux\u2028trois"], "en", model)
    assert model.shown()[1] == "1 (English): Un 2 (English): deux trois"


# Anything at all

TEXTS = st.text(max_size=200) | st.sampled_from(["\x00", "\ud800", "fr: \ud800", "1: {", '{"fr": 1}', "fr" * 90])


@given(text=TEXTS, reply=TEXTS | TEXTS.map("fr: {}".format))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_back_a_translation_is_one_line_of_text(text: str, reply: str) -> None:
    found = translate_question(text, ["fr"], Model(reply))
    for line in [*found.values(), *filter(None, translate_quotes([text], "fr", Model(reply)))]:
        assert line.strip()
        assert len(line.splitlines()) == 1
        line.encode()


@pytest.mark.parametrize("piece", ["fr: a ", "{", '"', "1: ", "\n", "fr(", "**", "<think>", "</think>", "- - "])
def test_a_hundred_thousand_characters_take_no_time(piece: str) -> None:
    reply = piece * (100_000 // len(piece))
    started = time.process_time()
    translate_question(reply, ["fr", "de"], Model(reply))
    translate_quotes([reply] * 30, "fr", Model(reply))
    translate_quotes(QUOTES, "fr", Model(reply))
    assert time.process_time() - started < 2

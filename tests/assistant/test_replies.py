"""A reply is read without its thoughts, its dress and its pointers, while it arrives and at its end."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import GrowingFootnotes
from assistant.models import Verdict
from assistant.replies import ReplyReader
from tests.assistant.whole_replies import read_reply

SHOWN = frozenset({(1, 1), (1, 2), (2, 1)})

TEXTS = {
    "plain": ("It is so.", "It is so."),
    "thought first": ("<think>Hm.</think>It is so.", "It is so."),
    "thought under another tag": ("[THINK]Hm.[/THINK]\nIt is so.", "It is so."),
    "thought in triangles": ("◁think▷Hm.◁/think▷It is so.", "It is so."),
    "thought in capitals": ("<THINK>Hm.</THINK>It is so.", "It is so."),
    "thought in the middle": ("It is <think>is it?</think>so.", "It is so."),
    "two thoughts": ("<think>a</think>It is <think>b</think>so.", "It is so."),
    "thought without a beginning": ("Hm.</think>It is so.", "It is so."),
    "thought without an end": ("It is so.<think>Or", "It is so."),
    "thought that never ends": ("<thinking>It is so.", ""),
    "special tokens": ("<|im_start|>It is so.<|im_end|>", "It is so."),
    "half a tag at the end": ("It is so <thi", "It is so <thi"),
    "fence": ("```\nIt is so.\n```", "It is so."),
    "fence with a language": ("~~~text\nIt is so.\n~~~\n", "It is so."),
    "fence in the middle": ("It is:\n```python\nx = 1\n```\nso.", "It is:\nx = 1\nso."),
    "role": ("Answer: It is so.", "It is so."),
    "role in French": ("**Réponse :** It is so.", "It is so."),
    "role and fence": ("Assistant:\n```\nIt is so.\n```", "It is so."),
    "no role": ("Answers came late.", "Answers came late."),
    "role without a colon": ("### Answer\n\nIt is so.", "It is so."),
    "question and role": ("Question: Is it so?\nAnswer: It is so.", "It is so."),
    "a question of its own": ("Questions remain: is it so?", "Questions remain: is it so?"),
    "pointers in front": ("[1.1]: It is so.\n[1.2]: It was.", ": It is so.\n: It was."),
    "role later": ("It is so.\nAnswer: no.", "It is so.\nAnswer: no."),
    "heading": ("### It\nis so.", "It\nis so."),
    "sources": ("It is so.\n\nSources:\n1. Gazette\n2. Journal", "It is so."),
    "sources in bold": ("It is so.\n\n**Sources**\n\n* [1.1] Gazette", "It is so."),
    "sources with text after": ("It is so.\nSources:\n- [1.1]\nAnd yet it is.", "It is so.\nAnd yet it is."),
    "sources used": ("It is so.\n\nSources used: [1.1], [1.2]", "It is so."),
    "references with addresses": ("It is so.\n\nReferences\n[1]: https://x.example\nhttps://y.example", "It is so."),
    "a list of statements": (
        "It is so.\nSources:\n* He said it [1.1].\n* She too [1.2].",
        "It is so.\n* He said it.\n* She too.",
    ),
    "nothing but sources": ("Sources:\n- people", "Sources:\n- people"),
    "people called sources": ("It is so.\nSources: people in the know.", "It is so.\nSources: people in the know."),
    "a sentence on sources": ("It is so.\nSources said so.", "It is so.\nSources said so."),
    "NOT STATED at the end": ("It is so [1.1].\nNOT STATED", "It is so."),
    "blank lines around": ("\n\n  It is so.  \n\n", "It is so."),
    "old line breaks": ("It\r\nis\rso.", "It\nis\nso."),
    "half a pair": ("It is \ud83d\ude00 so.", "It is \ufffd\ufffd so."),
}


@pytest.mark.parametrize(("reply", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_the_text_of_a_reply_is_found(reply: str, text: str) -> None:
    assert read_reply(reply, SHOWN).text == text


@pytest.mark.parametrize(
    "reply",
    [
        "NOT STATED",
        "not stated.",
        "**NOT STATED**",
        "“NOT STATED”",
        "NOT_STATED",
        "Answer: NOT STATED",
        "NOT STATED. The articles are about tea.",
        "NOT STATED\n\nThe articles are about tea [1.1].",
        "VERDICT: not stated\nNOT STATED",
        "<think>Is it?</think>NOT STATED",
        "This is NOT STATED anywhere.",
        "```\nNOT STATED\n```",
    ],
)
def test_a_reply_that_says_not_stated_says_nothing(reply: str) -> None:
    read = read_reply(reply, SHOWN)
    assert read.nothing
    assert (read.text, read.pointings) == ("", ())


@pytest.mark.parametrize("reply", ["NOT true.", "Not stated in the report is that.", "It is not stated.", "Notable."])
def test_a_reply_that_only_sounds_like_not_stated_is_an_answer(reply: str) -> None:
    read = read_reply(reply, SHOWN)
    assert not read.nothing
    assert read.text == reply


def test_the_verdict_line_is_read_and_never_shown() -> None:
    for reply in ("VERDICT: no\nIt is so.", "It is so.\nVerdict: **no**", "VERDICT: no. It is so."):
        read = read_reply(reply, SHOWN)
        assert (read.verdict, read.text) == (Verdict.NO, "It is so.")


def test_of_two_verdicts_the_first_counts() -> None:
    assert read_reply("VERDICT: no\nIt is so.\nVERDICT: yes", SHOWN).verdict is Verdict.NO


# While it arrives


def shown_at_each_character(reply: str) -> list[str]:
    reader, growing = ReplyReader(SHOWN), GrowingFootnotes((), {})
    shown = []
    for character in reply:
        reader.feed(character)
        shown.append(growing.grow(reader.progress()).text)
    return shown


@pytest.mark.parametrize(("reply", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_what_arrives_in_single_characters_ends_as_what_arrives_at_once(reply: str, text: str) -> None:
    reader = ReplyReader(SHOWN)
    for character in reply:
        reader.feed(character)
        reader.progress()
    assert reader.close() == read_reply(reply, SHOWN)


@pytest.mark.parametrize("reply", [reply for reply, _ in TEXTS.values() if not reply.startswith("Hm.")])
def test_what_was_shown_is_not_taken_back(reply: str) -> None:
    before = ""
    for shown in shown_at_each_character(reply):
        assert shown.startswith(before)
        before = shown


@pytest.mark.parametrize("reply", ["<think>secret</think>It is so.", "VERDICT: no\nIt is so.", "```\nIt is so.\n```"])
def test_what_is_not_the_answer_is_never_shown(reply: str) -> None:
    assert all("It is so.".startswith(shown) for shown in shown_at_each_character(reply))


def test_most_words_are_shown_as_soon_as_they_come() -> None:
    reply = "Nvidia has not abandoned the deal, as Huang said on Monday in Taipei."
    late = [len(reply[: i + 1]) - len(shown) for i, shown in enumerate(shown_at_each_character(reply))]
    assert max(late) <= 1, "but for a space at the end"


def test_a_thought_whose_end_comes_late_is_taken_back() -> None:
    *_, before = shown_at_each_character("Let me see.")
    *_, after = shown_at_each_character("Let me see.</think>It is so.")
    assert (before, after) == ("Let me see.", "It is so.")


@given(
    reply=st.text(alphabet="<>/think[]THINK|`~#*\n\r Sources:VERDICT no.yNOTSAED1(){}", max_size=80),
    size=st.integers(1, 7),
)
def test_any_reply_ends_the_same_however_it_is_cut(reply: str, size: int) -> None:
    reader = ReplyReader(SHOWN)
    for start in range(0, len(reply), size):
        reader.feed(reply[start : start + size])
        reader.progress()
    assert reader.close() == read_reply(reply, SHOWN)


# Time


def reading_time(reply: str) -> float:
    """Return the seconds of the processor that a reply takes which comes in pieces of 4 characters."""
    reader, growing = ReplyReader(SHOWN), GrowingFootnotes((), {})
    began = time.process_time()
    for start in range(0, len(reply), 4):
        reader.feed(reply[start : start + 4])
        growing.grow(reader.progress())
    reader.close()
    return time.process_time() - began


@pytest.mark.parametrize("line", [True, False])
def test_a_long_reply_takes_time_in_proportion_to_its_length(line: bool) -> None:
    sentence = "Huang said that the deal was worth billions [1.1]. " + ("\n" if line else "")
    short, long = reading_time(sentence * 60), reading_time(sentence * 480)
    assert long < 1.5
    assert long < 8 * 3 * max(short, 0.005)


@pytest.mark.parametrize(
    "unit", ["[", "(", "<", "[a](", "[1.1", "\n", " ", "<think>", "</think>", "Sources:\n- a\n", "VERDICT ", '"', "¹"]
)
def test_a_hostile_reply_of_100_000_characters_is_read_in_time(unit: str) -> None:
    reply = (unit * 100_000)[:100_000]
    began = time.process_time()
    read_reply(reply, SHOWN)
    assert time.process_time() - began < 2

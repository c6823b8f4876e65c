"""Pointers are found in whatever brackets a model writes them, and what only looks like one stays in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.pointers import NOWHERE, Place, settled, split_pointers

SHOWN = frozenset({(1, 1), (1, 2), (1, 3), (2, 1), (2, 3), (2, 4), (2, 5)})

FORMS = {
    "square": "[2.3]",
    "spaced": "[ 2.3 ]",
    "doubled": "[[2.3]]",
    "caret": "[^2.3]",
    "caret before": "^[2.3]",
    "lenticular": "【2.3】",
    "lenticular with a dagger": "【2.3†source】",
    "dagger and lines": "【2.3†L10-L12】",
    "square with a dagger": "[2.3†source]",
    "tortoise shell": "〔2.3〕",
    "wide square": "［2.3］",
    "wide digits and dot": "［２．３］",
    "round": "(2.3)",
    "wide round": "（2.3）",
    "in round ones": "([2.3])",
    "passage": "[passage 2.3]",
    "Sentence": "[Sentence 2.3]",
    "source with a colon": "[source: 2.3]",
    "spelt out": "[Passage 2, sentence 3]",
    "spelt out in French": "[passage 2 phrase 3]",
    "number sign": "[#2.3]",
    "paragraph sign": "[§2.3]",
    "escaped": r"\[2.3\]",
    "curly": "{2.3}",
    "curly around square": "{[2.3]}",
    "cite with a colon": "[cite: 2.3]",
    "a tag": "<cite>2.3</cite>",
    "a tag around square": "<cite>[2.3]</cite>",
    "a tag with a name": "<cite>passage 2, sentence 3</cite>",
    "Satz": "[Satz 2.3]",
    "spelt out in German": "[Quelle 2, Satz 3]",
    "spelt out in Spanish": "[pasaje 2, frase 3]",
    "spelt out in round ones": "(passage 2, sentence 3)",
    "spelt out, to be seen": "(see passage 2, sentence 3)",
    "a sentence in round ones": "(Satz 2.3)",
    "raised": "²·³",
    "raised in brackets": "[²·³]",
    "raised by a tag": "<sup>2.3</sup>",
    "raised by a tag in brackets": "<sup>[2.3]</sup>",
    "code": "`[2.3]`",
    "bold": "**[2.3]**",
    "italic": "*[2.3]*",
    "link": "[2.3](https://example.org/a_(b)?q=1)",
    "link with a title": '[2.3](https://example.org "Title")',
    "doubled link": "[[2.3]](https://example.org)",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_pointer_is_found_in_any_dress(form: str) -> None:
    pointed = split_pointers(f"It is so {form}. And so on.", SHOWN)
    assert pointed.text == "It is so. And so on."
    (pointing,) = pointed.pointings
    assert pointing.places == ((2, 3),)
    assert pointing.offset == len("It is so")


LISTS: dict[str, tuple[str, tuple[Place, ...]]] = {
    "commas": ("[1.1, 2.3]", ((1, 1), (2, 3))),
    "semicolons": ("[1.1;2.3]", ((1, 1), (2, 3))),
    "and": ("[1.1 and 2.3]", ((1, 1), (2, 3))),
    "et": ("[1.1 et 2.3]", ((1, 1), (2, 3))),
    "range": ("[2.3-2.5]", ((2, 3), (2, 4), (2, 5))),
    "short range": ("[2.3–5]", ((2, 3), (2, 4), (2, 5))),
    "a stroke": ("[1.1|2.3]", ((1, 1), (2, 3))),
    "curly": ("{1.1, 2.3}", ((1, 1), (2, 3))),
    "cite": ("[cite: 1.1, 2.3]", ((1, 1), (2, 3))),
    "spelt out twice": ("(passage 1, sentence 1; passage 2, sentence 3)", ((1, 1), (2, 3))),
    "range with a word": ("[2.3 to 2.5]", ((2, 3), (2, 4), (2, 5))),
    "range over passages": ("[1.3-2.1]", ((1, 3), (2, 1))),
    "backwards": ("[2.5-2.3]", ((2, 5), (2, 3))),
    "a range without end": ("[2.1-2.9999]", ((2, 1), (2, 9999))),
    "side by side": ("[1.1][2.3]", ((1, 1), (2, 3))),
    "with a space": ("[1.1] [2.3]", ((1, 1), (2, 3))),
    "with a comma": ("[1.1], [2.3]", ((1, 1), (2, 3))),
    "in round ones": ("([1.1], [2.3])", ((1, 1), (2, 3))),
    "round": ("(1.1, 2.3)", ((1, 1), (2, 3))),
    "a mark of its own": ("[7]", (NOWHERE,)),
    "marks of its own": ("[1, 2]", (NOWHERE, NOWHERE)),
    "both": ("[1.1, 2]", ((1, 1), NOWHERE)),
}


@pytest.mark.parametrize(("form", "places"), LISTS.values(), ids=LISTS.keys())
def test_pointers_that_stand_together_are_found_together(form: str, places: tuple[Place, ...]) -> None:
    (pointing,) = split_pointers(f"It is so {form}.", SHOWN).pointings
    assert pointing.places == places


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("By a factor (9.5) more.", "By a factor (9.5) more."),
        ("By a factor (2.3) more.", "By a factor (2.3) more."),
        ("It is so [1.1]. It grew (2.3).", "It is so. It grew (2.3)."),
        ("In [2019] it was [sic] so.", "In (2019) it was [sic] so."),
        ("An area of 5 m².", "An area of 5 m²."),
        ("[words](https://example.org) and ![words](x.png)", "words and words"),
        ("[click](javascript:alert(1))", "click"),
        ("see [this] (or not)", "see [this] (or not)"),
        ("Wow![1.1]", "Wow!"),
        ("**Bold** and *not*", "Bold and *not*"),
        ("[2.3 million]", "[2.3 million]"),
        ("{1} and {2019} and {words} and x^{2.3}", "{1} and {2019} and {words} and x^{2.3}"),
        ("So article 2, sentence 3 (article 2.3) says.", "So article 2, sentence 3 (article 2.3) says."),
        ("(passage 2, sentence 3 of the law)", "(passage 2, sentence 3 of the law)"),
        ("<cite>The Times</cite>", "<cite>The Times</cite>"),
        (r"\[words\]", r"\[words\]"),
        ("[١]", ""),
        ("[٢٠١٩]", "(٢٠١٩)"),
    ],
)
def test_what_is_no_pointer_stays_and_links_lose_their_target(text: str, plain: str) -> None:
    assert split_pointers(text, SHOWN).text == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It is so [1.", "It is so "),
        ("It is so [pass", "It is so "),
        ("It is so 【1.1†so", "It is so "),
        ("It is so (2.", "It is so "),
        ("It is so (which", "It is so (which"),
        ("It is so [words](http://x", "It is so "),
        ("It is so [words](http://x/(a", "It is so "),
        ("It is so <sup>[2.", "It is so "),
        ("It is so <b", "It is so <b"),
        ("It is so <cit", "It is so "),
        ("It is so <cite>2.", "It is so "),
        (r"It is so \[2.", "It is so "),
        ("It is so {2.", "It is so "),
        ("It is so (pass", "It is so "),
        ("It is so (passage 2, sen", "It is so "),
        ("It is so (passenger", "It is so (passenger"),
        ("It is so `", "It is so "),
        ("It is so [1.1]. And", "It is so [1.1]. And"),
        (f"It is so [{'x' * 80}", f"It is so [{'x' * 80}"),
        (f"It is so [{'1' * 80}", "It is so "),
        ("It is so [a\nb", "It is so [a\nb"),
    ],
)
def test_what_may_become_a_pointer_is_not_settled(text: str, shown: str) -> None:
    assert text[: settled(text)] == shown


@given(text=st.text(alphabet="[](){}【】^*`_!<>sup/.,;:0123456789-– \nab²·³", max_size=60))
def test_a_text_without_pointers_never_looks_as_if_it_had_footnotes(text: str) -> None:
    pointed = split_pointers(text, SHOWN)
    assert "[1]" not in pointed.text
    assert all(0 <= pointing.offset <= len(pointed.text) for pointing in pointed.pointings)
    assert [p.offset for p in pointed.pointings] == sorted(p.offset for p in pointed.pointings)
    assert split_pointers(pointed.text, ()).text == pointed.text or any(mark in text for mark in "([{")

"""Who said what, when; and positions that disagree, only where they plainly do."""

from dataclasses import replace
from datetime import date

from assistant.models import Answer, Citation
from assistant.ui.chat.timeline import opposed, read_claims, render_timeline
from assistant.ui.texts import Speaker
from index import Article, Span
from tests.ui.chat.test_rendering import HOSTILE, Page

ENGLISH, FRENCH = Speaker("en"), Speaker("fr")
DENIAL = "Huang dismissed as nonsense the claim that Nvidia was leaving OpenAI."
REPORT = "The Wall Street Journal reported that talks between Nvidia and OpenAI had stalled."
RUMOUR = "Sources said that people at Nvidia had doubts about OpenAI."
OWN = "Huang said that Nvidia had confidence in OpenAI."
ASIDE = "Amazon is a shop."


def answer_with(*quotes: tuple[str, date | None], language: str = "en") -> Answer:
    citations = tuple(
        Citation(
            number,
            Article(f"/{number}.md", f"Title {number}", quote, day, language, f"House {number}"),
            0,
            len(quote),
            Span(0, len(quote)),
        )
        for number, (quote, day) in enumerate(quotes, 1)
    )
    return Answer("Did it?", "So.", "en", citations)


def test_claims_stand_in_the_order_of_their_days_and_undated_ones_last() -> None:
    answer = answer_with((ASIDE, None), (DENIAL, date(2026, 2, 2)), (REPORT, date(2026, 1, 30)))
    page = Page.read(render_timeline(answer, 2, ENGLISH))
    assert [claim.citation.number for claim in read_claims(answer)] == [3, 2, 1]
    days = [text for tag, text in page.texts if tag in {"time", "p"} and ("2026" in text or text == "undated")]
    assert days == ["30 January 2026", "2 February 2026", "undated"]
    assert {"t2-f1", "t2-f2", "t2-f3"} == set(page.attributes("data-goto"))


def test_a_claim_names_its_speaker_and_else_its_publisher() -> None:
    claims = read_claims(answer_with((DENIAL, None), (RUMOUR, None), (ASIDE, None)))
    assert [(claim.speaker, claim.unnamed) for claim in claims] == [("Huang", False), (None, True), (None, False)]
    text = Page.read(render_timeline(answer_with((DENIAL, None), (RUMOUR, None), (ASIDE, None)), 1, FRENCH)).text
    for words in ("Huangdans House 1", "des sources anonymes", "House 3"):
        assert words in text


def test_a_report_and_its_denial_stand_side_by_side() -> None:
    claims = read_claims(answer_with((DENIAL, None), (REPORT, None), (RUMOUR, None), (OWN, None), (ASIDE, None)))
    reports, denials = opposed(claims)
    assert [claim.citation.quote for claim in reports] == [REPORT, RUMOUR]
    assert [claim.citation.quote for claim in denials] == [DENIAL]
    page = Page.read(render_timeline(answer_with((DENIAL, None), (REPORT, None)), 1, ENGLISH))
    assert "Positions that disagree" in page.attributes("aria-label")
    assert "open" in dict(page.tags)["details"]


def test_nothing_is_set_against_a_denial_that_does_not_plainly_disagree() -> None:
    assert opposed(read_claims(answer_with((DENIAL, None), (OWN, None), (ASIDE, None)))) == ([], [])
    assert opposed(read_claims(answer_with((REPORT, None), (RUMOUR, None)))) == ([], [])
    page = Page.read(render_timeline(answer_with((DENIAL, None), (OWN, None)), 1, ENGLISH))
    assert "fn-positions" not in page.classes()
    assert "open" not in dict(page.tags)["details"]


def test_one_claim_and_an_answer_on_its_way_have_no_timeline() -> None:
    assert render_timeline(answer_with((DENIAL, None)), 1, ENGLISH) == ""
    assert render_timeline(replace(answer_with((DENIAL, None), (OWN, None)), complete=False), 1, ENGLISH) == ""


def test_a_sentence_that_is_cited_twice_is_one_claim() -> None:
    answer = answer_with((DENIAL, None))
    twice = replace(answer, citations=(*answer.citations, replace(answer.citations[0], number=2)))
    assert len(read_claims(twice)) == 1


def test_hostile_claims_are_shown_and_never_act() -> None:
    for hostile in HOSTILE:
        answer = answer_with((f"{hostile} said so.", None), (f"{hostile} denied it.", None), language=hostile)
        page = Page.read(render_timeline(answer, 1, ENGLISH))
        assert {"script", "img", "svg", "iframe", "style"}.isdisjoint({tag for tag, _ in page.tags})

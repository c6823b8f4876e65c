"""Who said what, when: the claims that an answer cites, by day, and those that disagree side by side. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup

from assistant.models import Answer, Citation
from assistant.questions import reports_speech
from assistant.speakers import find_speaker, has_unnamed_speaker, is_denial, names_in
from assistant.ui.chat.evidence import lang_attribute, name_article, render_date, render_facts
from assistant.ui.texts import Speaker

_FEWEST: Final = 2
"""Claims from which on there is an order to see."""
_SHARED_NAMES: Final = 2
"""Names that a report must share with a denial for the two to be about one thing."""
_LONGEST: Final = 400
"""Characters of a claim that are shown; the footnote has all of them."""

_TIMELINE: Final = Markup(
    '<details class="fn-more fn-timeline"{open}><summary>{label}</summary>{positions}<ol class="fn-claims">{days}</ol>'
    "</details>"
)
_DAY: Final = Markup('<li><p class="fn-day">{day}</p><ul>{claims}</ul></li>')
_CLAIM: Final = Markup(
    '<li class="fn-claim"><p class="fn-who">{who}</p><p dir="auto"{lang}>{words} '
    '<a class="fn-mark" href="#{anchor}" data-goto="{anchor}" aria-label="{label}">{number}</a></p></li>'
)
_POSITIONS: Final = Markup(
    '<section class="fn-positions" aria-label="{label}"><p class="fn-label" aria-hidden="true">{label}</p>{sides}'
    "</section>"
)
_SIDE: Final = Markup('<div class="fn-side"><p class="fn-side-name">{name}</p><ul>{claims}</ul></div>')


@dataclass(frozen=True, slots=True)
class Claim:
    """What a citation claims: who is said to have said it, None where only the article says so.

    `unnamed` says that it is attributed to sources without a name.
    """

    citation: Citation
    speaker: str | None
    unnamed: bool
    denial: bool
    names: frozenset[str]

    @property
    def voice(self) -> str:
        """Whose claim it is, for telling one voice from another. A last name stands for the full one."""
        return self.speaker.split()[-1].casefold() if self.speaker else f"\0{self.citation.article.source}"


def read_claims(answer: Answer) -> list[Claim]:
    """Return the claims that an answer cites: by day, undated ones last, each sentence once."""
    seen = {(citation.article.source, citation.start, citation.end): citation for citation in answer.citations}
    claims = [_read(citation) for citation in seen.values()]
    return sorted(claims, key=lambda claim: (claim.citation.article.published or date.max, claim.citation.number))


def opposed(claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Return what is reported and what is denied, where a plain denial stands against what another voice says.

    A report counts only if it says what somebody said, and shares names with a denial. Both are empty where nothing
    plainly disagrees.
    """
    denials = [claim for claim in claims if claim.denial]
    deniers = {claim.voice for claim in denials}
    reports = [
        claim
        for claim in claims
        if not claim.denial
        and claim.voice not in deniers
        and (claim.unnamed or reports_speech(claim.citation.quote))
        and any(len(claim.names & denial.names) >= _SHARED_NAMES for denial in denials)
    ]
    return (reports, denials) if reports and denials else ([], [])


def render_timeline(answer: Answer, turn: int, say: Speaker) -> Markup:
    """Render the claims of a complete answer; nothing where there are too few to be in an order."""
    claims = read_claims(answer)
    if not answer.complete or len(claims) < _FEWEST:
        return Markup("")
    reports, denials = opposed(claims)
    return _TIMELINE.format(
        open=Markup(" open") if reports else "",
        label=say("timeline"),
        positions=_positions(reports, denials, turn, say) if reports else "",
        days=Markup("").join(_days(claims, turn, say)),
    )


def _read(citation: Citation) -> Claim:
    quote, language = citation.quote, citation.article.language
    return Claim(
        citation,
        find_speaker(quote, language),
        has_unnamed_speaker(quote),
        is_denial(quote),
        names_in(quote, language),
    )


def _days(claims: Sequence[Claim], turn: int, say: Speaker) -> Iterable[Markup]:
    days = dict.fromkeys(claim.citation.article.published for claim in claims)
    for day in days:
        said = (claim for claim in claims if claim.citation.article.published == day)
        yield _DAY.format(day=render_date(day, say), claims=_claims(said, turn, say))


def _positions(reports: Sequence[Claim], denials: Sequence[Claim], turn: int, say: Speaker) -> Markup:
    sides = ((say("reported"), reports), (say("denied"), denials))
    rendered = (_SIDE.format(name=name, claims=_claims(claims, turn, say)) for name, claims in sides)
    return _POSITIONS.format(label=say("positions"), sides=Markup("").join(rendered))


def _claims(claims: Iterable[Claim], turn: int, say: Speaker) -> Markup:
    return Markup("").join(_claim(claim, turn, say) for claim in claims)


def _claim(claim: Claim, turn: int, say: Speaker) -> Markup:
    citation, article = claim.citation, claim.citation.article
    words = " ".join(citation.quote.split())
    return _CLAIM.format(
        who=_who(claim, say),
        lang=lang_attribute(article.language),
        words=words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…",
        anchor=f"t{turn}-f{citation.number}",
        label=say("footnote", number=citation.number, title=name_article(article)),
        number=citation.number,
    )


def _who(claim: Claim, say: Speaker) -> Markup:
    """Name who says it: the speaker and where that stands, or the publisher alone."""
    article = claim.citation.article
    house = (article.publisher or "").strip() or name_article(article)
    speaker = claim.speaker or (say("unnamed_sources") if claim.unnamed else None)
    return render_facts((speaker, say("in_publisher", publisher=house)) if speaker else (house,))

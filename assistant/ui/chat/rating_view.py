"""The buttons below an answer that say whether it was right, as HTML. Pure."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from assistant.feedback import MAX_WORDS, FeedbackKind
from assistant.ui.texts import Speaker

KINDS: Final[Mapping[str, FeedbackKind]] = {
    "good": FeedbackKind.GOOD,
    "bad": FeedbackKind.BAD,
    "citation": FeedbackKind.WRONG_CITATION,
}
"""What the buttons tell, by the word that each carries."""

_TEXTS: Final[Mapping[str, str]] = {
    "good": "feedback_good",
    "bad": "feedback_bad",
    "citation": "feedback_citation",
}
_GROUP: Final = Markup(
    '<div class="fn-rating" role="group" aria-label="{question}" data-turn="{turn}">'
    '<span aria-hidden="true">{question}</span>{buttons}'
    '<form hidden><label>{label}<textarea rows="2" maxlength="{most}"></textarea></label>'
    '<button type="submit" class="fn-quiet is-strong">{send}</button></form><p role="status"></p></div>'
)
_BUTTON: Final = Markup(
    '<button type="button" class="fn-quiet" data-rate="{kind}" aria-pressed="false">{text}</button>'
)


def render_rating(turn: int, say: Speaker, *, cited: bool) -> Markup:
    """Render the buttons for the answer of an exchange, which are numbered from 1.

    `cited` says whether it has footnotes, of which one could be wrong.
    """
    kinds = [kind for kind in KINDS if cited or KINDS[kind] is not FeedbackKind.WRONG_CITATION]
    buttons = Markup("").join(_BUTTON.format(kind=kind, text=say(_TEXTS[kind])) for kind in kinds)
    return _GROUP.format(
        question=say("feedback"),
        turn=turn,
        buttons=buttons,
        label=say("feedback_words"),
        most=MAX_WORDS,
        send=say("feedback_send"),
    )

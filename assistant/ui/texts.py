"""What the interface says, in English and in French. A text has a name, and stands in both languages in one line.

Tables of texts lie beside the pages that say them. What an answer says in the language of its question is elsewhere:
`assistant.phrases`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from markupsafe import Markup

from assistant.phrases import phrases
from assistant.ui.chat.texts import CHAT_TEXTS
from assistant.ui.library.texts import LIBRARY_TEXTS
from assistant.ui.serving.texts import SERVING_TEXTS

Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({**CHAT_TEXTS, **LIBRARY_TEXTS, **SERVING_TEXTS})
"""By name, the English and the French text. `{words}` are filled in; `one|many` are the forms of what is counted."""

_DIGITS: Final[Mapping[Language, str]] = {"en": ",", "fr": "\u202f"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the texts of the interface in one language."""

    language: Language = "en"

    def __call__(self, name: str, **values: Any) -> str:
        """Say the text of a name with its values filled in. Raises KeyError for a name that no table holds."""
        text = TEXTS[name][LANGUAGES.index(self.language)]
        return text.format(**values) if values else text

    def count(self, name: str, count: int, **values: Any) -> str:
        """Say a text about `count` things, in the form that the number asks for. French has one of nothing too."""
        one, _, many = self(name).partition("|")
        single = count == 1 or (count == 0 and self.language == "fr")
        return (one if single else many or one).format(count=self.number(count), **values)

    def html(self, name: str, **values: Any) -> Markup:
        """Say a text as HTML: its own words as they are, its values escaped unless they are Markup."""
        return Markup(self(name)).format(**values)  # noqa: S704 - the texts are ours

    def number(self, number: int) -> str:
        """Write a whole number with its digits in groups."""
        return f"{number:,}".replace(",", _DIGITS[self.language])

    def decimal(self, number: float, digits: int = 1) -> str:
        """Write a number with so many digits behind its point, which is a comma in French."""
        text = f"{number:.{digits}f}"
        return text.replace(".", ",") if self.language == "fr" else text

    def day(self, day: date) -> str:
        return phrases(self.language).day(day)


def speaker_for(headers: Mapping[str, str]) -> Speaker:
    """Return the speaker of a visitor's language: the one that the browser names first, as Gradio chooses its own.

    English where the interface does not speak that language.
    """
    first = (headers.get("accept-language") or "").partition(",")[0].partition(";")[0].strip().lower()
    return next((Speaker(language) for language in LANGUAGES if first.partition("-")[0] == language), Speaker())


def translations() -> dict[Language, dict[str, str]]:
    """Return all texts by language and name, for the labels that the browser translates (`gr.I18n`)."""
    return {language: {name: texts[place] for name, texts in TEXTS.items()} for place, language in enumerate(LANGUAGES)}

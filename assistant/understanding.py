"""Understand a question before it is searched: its language, what it leans on, and how other languages say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.follow_ups import conversation_language, follow_up
from assistant.models import Turn
from assistant.small_calls import Complete
from assistant.translation import cached_translations, search_languages
from index import ArticleIndex


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it is to be searched: see `Finder.find`, which takes these fields by name."""

    language: str
    asked: str
    searched: str
    context: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)


class Understander:
    """Makes follow-ups stand alone, and translates questions into the languages of an index.

    With `complete`, a language model does both, in small calls that may fail without harm. Without it, a follow-up is
    searched with the words of the question before, and nothing is translated.
    """

    def __init__(self, index: ArticleIndex, complete: Complete | None) -> None:
        self._index = index
        self._complete = complete
        self._translate = cached_translations(complete) if complete else None

    def understand(self, question: str, history: Sequence[Turn]) -> Understanding:
        """Return what to search for a question that was asked after `history`."""
        language = conversation_language(question, history, self._index.question_language)
        followed = follow_up(question, language, history, self._complete)
        others = search_languages(language, self._index.languages()) if self._translate else []
        translations = self._translate(followed.asked, others) if self._translate and others else {}
        return Understanding(language, followed.asked, followed.searched, followed.context, translations)

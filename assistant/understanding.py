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

    Translations are remembered.
    """

    def __init__(self, index: ArticleIndex) -> None:
        self._index = index
        self._translate = cached_translations()

    def understand(self, question: str, history: Sequence[Turn], complete: Complete | None = None) -> Understanding:
        """Return what to search for a question that was asked after `history`.

        With `complete`, a language model does both, in small calls that may fail without harm. Without it, a follow-up
        is searched with the words of the question before, and nothing is translated.
        """
        language = conversation_language(question, history, self._index.question_language)
        followed = follow_up(question, language, history, complete)
        others = search_languages(language, self._index.languages()) if complete else []
        translations = self._translate(followed.asked, others, complete) if complete and others else {}
        return Understanding(language, followed.asked, followed.searched, followed.context, translations)

"""Names for what lies on this machine, where its paths are nobody's business: a file is named below its source.

Web addresses are names already. Where no one signs in, paths are shown as they are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from assistant.models import Answer
from index import Article, Failure, IndexingError, Passage, SyncReport
from index.models import Move

if TYPE_CHECKING:
    from assistant.api import Assistant

UPLOADS: Final = "uploads"
"""The name of the folder in a home that keeps uploads. It is a source like any other folder."""

_BELOW: Final = ("/", "\\", "#")
"""What stands between a source and what it holds: a file of a folder, a part of a file."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names of addresses, and the way back. Without `places`, every address is its own name.

    `places` are the paths to hide, each with its name; where one lies in another, the inner one comes first.
    """

    places: tuple[tuple[str, str], ...] | None = None

    def name(self, address: str) -> str:
        """Return what an article or a source at an address is called: the end of a path that lies nowhere known."""
        if self.places is None or not PurePath(address).is_absolute():
            return address
        named = (name + address[len(path) :] for path, name in self.places if _holds(path, address))
        return next(named, last_part(address))

    def address(self, name: str) -> str:
        """Return the address that is called so; what is no such name, as it is."""
        found = (path + name[len(known) :] for path, known in self.places or () if _holds(known, name))
        return next(found, name)

    def tell(self, text: str) -> str:
        """Return a text for readers, with names for the paths in it."""
        for path, name in self.places or ():
            text = text.replace(path, name)
        return text

    def show_article(self, article: Article) -> Article:
        return replace(article, source=self.name(article.source))

    def find_article(self, article: Article) -> Article:
        return replace(article, source=self.address(article.source))

    def show_passage(self, passage: Passage) -> Passage:
        copies = tuple(map(self.show_article, passage.copies))
        return replace(passage, article=self.show_article(passage.article), copies=copies)

    def show_answer(self, answer: Answer) -> Answer:
        answer = _with_articles(answer, self.show_article)
        return replace(answer, passages=tuple(map(self.show_passage, answer.passages)))

    def find_answer(self, answer: Answer) -> Answer:
        """Return an answer that was shown, with the addresses of what it cites."""
        return _with_articles(answer, self.find_article)

    def show_report(self, report: SyncReport) -> SyncReport:
        return replace(
            report,
            added=self._names(report.added),
            updated=self._names(report.updated),
            unchanged=self._names(report.unchanged),
            removed=self._names(report.removed),
            moved=tuple(Move(self.name(before), self.name(after)) for before, after in report.moved),
            failed=tuple(Failure(self.name(failure.source), self.tell(failure.reason)) for failure in report.failed),
        )

    def _names(self, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.name, addresses))


PATHS = Names()
"""Every path as it is."""


def last_part(address: str) -> str:
    """Return the last part of a path; whatever else, as the name of a model, as it is."""
    path = PurePath(address)
    return path.name or address if path.is_absolute() else address


def names_for(assistant: "Assistant") -> Names:
    """Return the names of what is indexed now: paths themselves unless users sign in, who need not know this machine.

    Raises IndexingError where the index cannot be read.
    """
    if assistant.settings.auth is None:
        return PATHS
    return name_places([source.address for source in assistant.index.sources()], assistant.settings.home)


def tell(said: object, assistant: "Assistant") -> str:
    """Return the text of an error, or of whatever is said, in the names that readers know. It needs no index."""
    if assistant.settings.auth is None:
        return str(said)
    try:
        names = names_for(assistant)
    except IndexingError:
        names = name_places((), assistant.settings.home)
    return names.tell(str(said))


def uploads_name(assistant: "Assistant") -> str:
    """Return what the folder of uploads is called, whatever else is indexed."""
    folder = str(assistant.settings.home / UPLOADS)
    return folder if assistant.settings.auth is None else name_places((), assistant.settings.home).name(folder)


def name_places(sources: Iterable[str], home: Path) -> Names:
    """Name sources by the last part of their path, with a number where two end alike, and the home folder."""
    names: dict[str, str] = {}
    for path in (str(home / UPLOADS), *sources, str(home)):
        last = PurePath(path).name
        if last and PurePath(path).is_absolute():
            names.setdefault(path, _free(last, set(names.values())))
    return Names(tuple(sorted(names.items(), key=lambda place: -len(place[0]))))


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _holds(place: str, address: str) -> bool:
    return address == place or address.startswith(tuple(place + sign for sign in _BELOW))


def _with_articles(answer: Answer, change: Callable[[Article], Article]) -> Answer:
    citations = (
        replace(citation, article=change(citation.article), copies=tuple(map(change, citation.copies)))
        for citation in answer.citations
    )
    return replace(answer, citations=tuple(citations))

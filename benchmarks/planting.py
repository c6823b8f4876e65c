"""Plant a fault in a true statement, by rule: a wrong number, a wrong name, or the opposite."""

import re
from collections.abc import Iterator
from random import Random
from typing import Final

_NUMBER: Final = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w.,]*\d)")
_WORDS: Final = {
    "en": "two three four five six seven eight nine ten twelve twenty thirty fifty".split(),  # noqa: SIM905
    "fr": "deux trois quatre cinq six sept huit neuf dix douze vingt trente cinquante".split(),  # noqa: SIM905
}
_SIZES: Final = [("million", "billion"), ("billion", "million"), ("milliards", "millions"), ("millions", "milliards")]
_NAME: Final = re.compile(r"[A-ZÀ-Þ][\w'’-]*\w(?:\s+[A-ZÀ-Þ][\w'’-]*\w)*")
_NEGATIONS: Final = {
    "en": [
        (r"\b(is|are|was|were|has|have|had|does|do|did|will|can|could|would|should) not\b", r"\1"),
        (r"\b(is|are|was|were|has|have|had|would|could|do|does|did)n['’]t\b", r"\1"),
        (r"\bcan['’]t\b", "can"),
        (r"\bcannot\b", "can"),
        (r"\bnever ", ""),
        (r"\bno longer ", ""),
        (r"\bwithout\b", "with"),
        (r"(?<=\w )not (?!only\b|just\b)", ""),
    ],
    "fr": [
        (r"\bn['’](est|a|ont|était|avait|engage) (\w+ )?pas\b", r"\1 \2"),
        (r"\bne (\w+) pas\b", r"\1"),
    ],
    "de": [(r"\bnicht ", ""), (r"\bkein", "ein")],
    "es": [(r"\bno ", "")],
}
_AFFIRMATIONS: Final = {
    "en": [
        (r"\b(is|are|was|were|will|can) (?!not\b|no\b|never\b|to\b)", r"\1 not "),
        (r"\b(is|are|was|were|will|can) (?!not\b|no\b|never\b|to\b)", r"\1 never "),
        # "Has fallen", and not "has doubts".
        (r"\b(has|have|had) (?=(?:been|\w+(?:ed|en|lt|nt|pt|ld|ne|wn|de))\b)", r"\1 not "),
        (r"\b(began|became|published|won|led|gave|made|said|reported|confirmed) ", r"never \1 "),
    ],
    "fr": [
        (r"\b(est|a|ont|était|avait|sont|étaient) ", r"n'\1 pas "),
        (r"\b(pouvait|valait|souhaite) ", r"ne \1 pas "),
    ],
    "de": [(r"\b(war|ist|soll|hat) ", r"\1 nicht ")],
    "es": [(r"\b(es|fue|estaban|alcanzaba|son|era) ", r"no \1 ")],
}
_NOT_NAMES: Final = frozenset(
    word
    for line in (
        "January February March April May June July August September October November December Monday Tuesday",
        "Wednesday Thursday Friday Saturday Sunday I A The In On At It He She They This That These Those There But And",
        "For From According Nevertheless However",
    )
    for word in line.split()
)
_NAMES: Final = (
    "Angela Merkel", "Toyota", "Lisbon", "Samsung", "Marie Curie", "Oracle", "Jordan", "Boeing", "Volkswagen",
    "Elon Musk", "Satya Nadella", "Microsoft", "Apple", "Intel", "Chile", "Norway", "Sweden", "Vietnam", "Nairobi",
    "Mumbai", "Toronto", "Seattle", "Dublin", "Budapest", "Helsinki", "Reuters", "Bloomberg", "Le Monde", "Der Spiegel",
    "Tim Cook", "Emmanuel Macron", "Barack Obama", "Nelson Mandela", "Winston Churchill", "Isaac Asimov", "Mozart",
    "Galileo", "Darwin", "Picasso", "UNESCO", "FIFA", "NASA", "Interpol", "Siemens", "Nokia", "Ericsson", "Airbus",
    "Shell", "Pfizer", "Nestlé", "Ikea", "Tencent", "Alibaba", "Huawei", "Foxconn", "Osaka", "Brisbane", "Cape Town",
    "Buenos Aires", "Montevideo", "Reykjavik", "Smith", "Johnson", "Anderson", "Wilson", "Dubois", "Schneider",
    "García", "Kowalski", "Yamamoto", "Ivanov", "Hassan", "Mistral", "Cohere", "Tesla Motors", "Stanford", "Princeton",
)  # fmt: skip
"""Names of people, places and organisations, common words among them."""


def plant_number(statement: str, cited: str, language: str, random: Random) -> str | None:
    """Return the statement with another number, one that is nowhere in the cited text, or None without a number."""
    choices = list(_changed_numbers(statement, cited, language, random))
    return random.choice(choices) if choices else None


def _changed_numbers(statement: str, cited: str, language: str, random: Random) -> Iterator[str]:
    for match in _NUMBER.finditer(statement):
        changed = _other_digits(match[0], random)
        if changed not in cited:
            yield statement[: match.start()] + changed + statement[match.end() :]
    words = _WORDS.get(language, [])
    for word in words:
        found = re.search(rf"(?<!the )\b{word}\b", statement, re.IGNORECASE)
        if found:
            other = random.choice([one for one in words if one != word])
            if not re.search(rf"\b{other}\b", cited, re.IGNORECASE):
                yield statement[: found.start()] + other + statement[found.end() :]
    for size, other in _SIZES:
        if re.search(rf"\d {size}\b", statement) and not re.search(rf"\b{other}", cited):
            yield re.sub(rf"(\d) {size}\b", rf"\1 {other}", statement, count=1)


def _other_digits(number: str, random: Random) -> str:
    """Change one digit, never to a leading nought."""
    place = random.choice([place for place, character in enumerate(number) if character.isdigit()])
    digits = [digit for digit in "123456789" if digit != number[place]]
    return number[:place] + random.choice(digits) + number[place + 1 :]


def plant_name(statement: str, cited: str, proper: frozenset[str], random: Random) -> str | None:
    """Return the statement with a name from elsewhere in place of one of its own, or None without a name.

    `proper` are the words that are never written in lower case: only runs of those are names.
    """
    own = [match for match in _NAME.finditer(statement) if is_proper(match[0], proper)]
    others = [name for name in _NAMES if not any(word in cited or word in statement for word in name.split())]
    if not own:
        return None
    chosen = random.choice(own)
    return statement[: chosen.start()] + random.choice(others) + statement[chosen.end() :]


def is_proper(name: str, proper: frozenset[str]) -> bool:
    """Return whether all words of a run of capitals are proper."""
    return all(re.sub(r"['’]s?$", "", word) in proper and word not in _NOT_NAMES for word in name.split())


def plant_negation(statement: str, language: str, random: Random) -> str | None:
    """Return the statement with its negation left out, or with one put in, or None where the rules find no place."""
    for rules in (_NEGATIONS, _AFFIRMATIONS):
        found = [
            statement[: match.start()] + match.expand(rule[1]) + statement[match.end() :]
            for rule in rules.get(language, [])
            for match in re.finditer(rule[0], statement)
        ]
        if found:
            return random.choice(found)
    return None

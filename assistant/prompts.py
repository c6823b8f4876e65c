"""Load the files in prompts/ and check that they ask for what the code fills in."""

import string
from importlib import resources
from typing import Final

from assistant.errors import InvalidPrompt

PLACEHOLDERS: Final = {
    "answer.system.md": frozenset({"mark"}),
    "answer.human.md": frozenset({"mark", "sources", "question"}),
    "standalone.system.md": frozenset({"mark"}),
    "standalone.human.md": frozenset({"mark", "history", "question"}),
    "translate.system.md": frozenset({"mark"}),
    "translate.human.md": frozenset({"mark", "lines"}),
    "verify.system.md": frozenset({"mark"}),
    "verify.human.md": frozenset({"mark", "pairs"}),
}
"""The placeholders that each prompt must have, no more and no fewer."""


def load_prompt(name: str) -> str:
    """Return the text of a prompt file. Raises InvalidPrompt when it is missing or its placeholders are not right."""
    try:
        text = resources.files("prompts").joinpath(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidPrompt(f"The prompt prompts/{name} cannot be read: {error}. Restore it.") from error
    return checked_prompt(name, text)


def checked_prompt(name: str, text: str) -> str:
    """Return `text` if its placeholders are those of the prompt `name`. Else raise InvalidPrompt."""
    try:
        found = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise InvalidPrompt(f"The prompt prompts/{name} has a brace that is not closed or doubled: {error}.") from error
    wanted = PLACEHOLDERS[name]
    if found != wanted:
        listed = ", ".join(f"{{{field}}}" for field in sorted(wanted))
        raise InvalidPrompt(
            f"The prompt prompts/{name} has the placeholders {sorted(found)}. It must have exactly: {listed}."
        )
    return text

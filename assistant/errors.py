"""What can go wrong between a question and its answer.

AssistantError
├── InvalidQuestion      the question cannot be asked
├── InvalidSettings      a setting has a value that cannot be used
├── InvalidPrompt        a file in prompts/ does not have the placeholders it must have
└── ModelUnavailable     the language model cannot be reached, or refuses
    └── ReplyInterrupted its reply broke off after the first words

Every message names the value that was wrong and the next step.
"""


class AssistantError(Exception):
    """The root of everything that assistant/ raises on purpose."""


class InvalidQuestion(AssistantError):
    """The question is empty, too long, or not text."""


class InvalidSettings(AssistantError):
    """A setting has a value that cannot be used."""


class InvalidPrompt(AssistantError):
    """A prompt file is missing, or its placeholders are not the ones that the code fills."""


class ModelUnavailable(AssistantError):
    """The language model cannot be reached, refuses, or its package or key is missing."""


class ReplyInterrupted(ModelUnavailable):
    """The language model's reply broke off after its first words. Whoever read the stream has what came before."""


def first_line(error: BaseException) -> str:
    """Return what an error says, on one line of at most 300 printable characters."""
    said = str(error)[:10_000].strip() or type(error).__name__
    return "".join(character if character.isprintable() else " " for character in said.split("\n")[0][:300]).strip()

"""What can go wrong between a question and its answer.

AssistantError
├── InvalidQuestion      the question cannot be asked
├── InvalidSettings      a setting has a value that cannot be used
├── InvalidPrompt        a file in prompts/ does not have the placeholders it must have
└── ModelUnavailable     the language model cannot be reached, or refuses

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


def first_line(error: Exception) -> str:
    """Return what an error says, on one line of at most 300 characters."""
    return (str(error).strip() or type(error).__name__).split("\n")[0][:300]

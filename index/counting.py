"""Numbers with their nouns, as the program says them."""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 passage", "1,200 passages". `plural` is given where it is not the noun with an "s", or more words."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"

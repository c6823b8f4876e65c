"""Check the statements of an answer against what they cite. Pure functions: no model, no network."""

from assistant.checking.statements import check_statement

__all__ = ["check_statement"]

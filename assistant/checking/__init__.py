"""Check the statements of an answer against what they cite. Pure functions: no model, no network."""

from assistant.checking.claims import bare_statement, is_claim, split_statements
from assistant.checking.statements import check_statement

__all__ = ["bare_statement", "check_statement", "is_claim", "split_statements"]

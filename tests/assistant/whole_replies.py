"""A reply of a model read in one piece, for tests of what comes after the reading."""

from collections.abc import Collection

from assistant.pointers import Place
from assistant.replies import Reply, ReplyReader


def read_reply(reply: str, shown: Collection[Place]) -> Reply:
    """Return what a whole reply says. `shown` are the places of the sentences that the model was shown."""
    reader = ReplyReader(shown)
    reader.feed(reply)
    return reader.close()

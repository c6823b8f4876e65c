"""The language models that run on this machine, for the start page. Their servers are asked once a minute at most."""

import threading
from collections.abc import Callable, Sequence
from time import monotonic

from assistant.local_servers import LocalModel, find_local_models

FindModels = Callable[[], Sequence[LocalModel]]
"""Returns the models that servers on this machine offer, within half a second."""

_SECONDS_KEPT = 60.0


def remember_models(find: FindModels = find_local_models, *, clock: Callable[[], float] = monotonic) -> FindModels:
    """Return `find` made to look once a minute at most, however many readers ask. Safe in several threads."""
    lock = threading.Lock()
    found: Sequence[LocalModel] = ()
    expires = float("-inf")

    def find_recent() -> Sequence[LocalModel]:
        nonlocal found, expires
        with lock:
            if clock() >= expires:
                found, expires = find(), clock() + _SECONDS_KEPT
            return found

    return find_recent

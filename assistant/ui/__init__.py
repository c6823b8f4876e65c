"""The web page: what app.py and `assistant serve` show. Nothing else in the package imports it, for Gradio is heavy."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _in_haste() -> Iterator[None]:
    """Load Gradio in two thirds of the time.

    Nothing of the hundreds of thousands of objects that it makes is garbage, so Python need not look for any. And where
    Gradio finds the MCP library it loads that, too, for a server of its own that is never started here.
    """
    collects, has_mcp = gc.isenabled(), "mcp" in sys.modules
    gc.disable()
    if not has_mcp:
        sys.modules["mcp"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not has_mcp:
            del sys.modules["mcp"]
        if collects:
            gc.enable()


with _in_haste():
    import gradio  # noqa: F401

    from assistant.ui.frame import build_app
    from assistant.ui.serving.server import serve

__all__ = ["build_app", "serve"]

"""The web page: what app.py and `assistant serve` show. Nothing else in the package imports it, for Gradio is heavy."""

import sys

if "gradio" not in sys.modules and "mcp" not in sys.modules:
    # Where Gradio finds the MCP library it loads that, too, for a server of its own that is never started here: a
    # tenth of the time that it takes. `assistant.mcp_server` loads it when it is wanted.
    sys.modules["mcp"] = None  # type: ignore[assignment]
    try:
        import gradio  # noqa: F401
    finally:
        del sys.modules["mcp"]

from assistant.ui.frame import build_app
from assistant.ui.serving.server import serve

__all__ = ["build_app", "serve"]

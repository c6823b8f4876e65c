"""The web page: what app.py and `assistant serve` show. Nothing else in the package imports it, for Gradio is heavy."""

from assistant.ui.frame import build_app
from assistant.ui.serving.server import serve

__all__ = ["build_app", "serve"]

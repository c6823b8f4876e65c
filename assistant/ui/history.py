"""Conversations kept in the reader's browser."""

import gradio as gr

from assistant import Assistant
from assistant.ui.chat import Chat


def build_history(app: gr.Blocks, assistant: Assistant, chat: Chat) -> None:
    """Build the list of earlier conversations where it stands in the page, over the chat that it fills."""

"""What the reader limits answers to: sources, dates and languages."""

import gradio as gr

from assistant import Assistant
from index import SearchFilter


def build_filters(assistant: Assistant) -> gr.State:
    """Build the filters where they stand in the page, and return the state that holds the SearchFilter they choose."""
    return gr.State(SearchFilter())

"""A field for a day, which the browser draws in the reader's own way."""

from datetime import date
from typing import Final

import gradio as gr

from assistant.ui.theme import label

_FIELD: Final = '<label>{}<input type="date" max="9999-12-31"></label>'


def build_day(text: str) -> gr.HTML:
    """Build a field that is labelled with one of the interface's texts. Its `select` tells `read_day` the day."""
    return gr.HTML(
        _FIELD.format(label(text)),
        elem_classes="fn-day-field",
        js_on_load="footnote.day(element, trigger);",
        apply_default_css=False,
    )


def read_day(event: gr.EventData) -> date | None:
    """Return the day that a field holds now; None where it holds none."""
    try:
        return date.fromisoformat(str(event._data.get("day", "")))
    except (AttributeError, ValueError):
        return None

"""How the page looks: system fonts only, light and dark as the reader's system has it, nothing from elsewhere."""

from pathlib import Path
from typing import Any

import gradio as gr

from assistant.ui.texts import translations

_STATIC = Path(__file__).parent / "static"
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Liberation Mono", "monospace")

_SCRIPTS = (
    "views.js",
    "dialogs.js",
    "dropping.js",
    "acting.js",
    "history.js",
    "rating.js",
    "conversing.js",
    "reading.js",
    "footnotes.js",
    "folding.js",
)

label = gr.I18n(**translations())
"""Names a text for a component's label, placeholder or value; the browser says it in its own language."""

BRAND = '<h1 class="fn-brand">Footnote<sup aria-hidden="true">1</sup></h1>'


def build_theme() -> gr.themes.Base:
    """Build Gradio's side of the theme. The rest, and the colours' meaning, is in style.css."""
    # A plain string would stand for a font that Gradio serves itself; Font is one that the system has.
    return gr.themes.Base(
        font=[gr.themes.Font(name) for name in _SANS],
        font_mono=[gr.themes.Font(name) for name in _MONO],
    ).set(
        body_background_fill="#faf8f4",
        body_background_fill_dark="#14171a",
        body_text_color="#1f2326",
        body_text_color_dark="#e8e6e1",
    )


def _read_all(tag: str, *names: str) -> str:
    return "".join(f"<{tag}>{(_STATIC / name).read_text(encoding='utf-8')}</{tag}>" for name in names)


# What Blocks.launch and mount_gradio_app both take. The style goes in as it is, for Gradio rewrites the selectors of
# its `css` option, and inside media queries to ones that match nothing.
LOOK: dict[str, Any] = {
    "theme": build_theme(),
    "head": _read_all("style", "style.css", "library.css") + _read_all("script", *_SCRIPTS),
    "i18n": label,
    "footer_links": [],
    "run_history": False,
    "enable_monitoring": False,
    "ssr_mode": False,
    "pwa": False,
    "show_error": False,
}

"""The keys of the page, as a dialog that tells them. What they do is in conversing.js."""

from typing import Final

from markupsafe import Markup

from assistant.ui.texts import Speaker

_KEYS: Final = (
    ("/", "key_question"),
    ("n", "key_next"),
    ("p", "key_previous"),
    ("r", "key_read"),
    ("Esc", "key_close"),
    ("?", "key_help"),
)
_DIALOG: Final = Markup(
    '<dialog class="fn-keys fn-dialog" aria-labelledby="fn-keys-title"><h2 id="fn-keys-title">{title}</h2>'
    '<dl>{rows}</dl><label><input type="checkbox" checked> {use}</label>'
    '<div class="fn-dialog-actions"><button type="button" class="fn-quiet" data-close>{close}</button></div></dialog>'
)
_ROW: Final = Markup("<div><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>")


def render_keys(say: Speaker) -> str:
    """Render the dialog that tells the keys, closed, and can turn those of a single letter off."""
    rows = Markup("").join(_ROW.format(key=key, does=say(name)) for key, name in _KEYS)
    return str(_DIALOG.format(title=say("keys"), rows=rows, use=say("use_keys"), close=say("close")))

"""The web page of Footnote: `python app.py` serves it, at http://127.0.0.1:7860 unless set otherwise."""

import sys

from assistant import Assistant
from assistant.errors import AssistantError
from assistant.ui import build_app, serve
from index import IndexingError

__all__ = ["build_app", "main"]


def main() -> None:
    """Serve the page over the library that the settings name, until interrupted."""
    try:
        with Assistant() as assistant:
            serve(assistant, host=assistant.settings.host, port=assistant.settings.port)
    except (AssistantError, IndexingError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

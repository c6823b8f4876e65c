"""What the chat page and its frame say, in English and French."""

from collections.abc import Mapping
from typing import Final

CHAT_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # The frame
    "chat": ("Chat", "Discussion"),
    "library": ("Library", "Bibliothèque"),
    "settings": ("Settings", "Réglages"),
    "new_conversation": ("New conversation", "Nouvelle conversation"),
    # The question box
    "your_question": ("Your question", "Votre question"),
    "ask_placeholder": ("Ask your articles…", "Interrogez vos articles…"),
    "ask": ("Ask", "Demander"),
    "stop": ("Stop", "Arrêter"),
}

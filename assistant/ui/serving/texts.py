"""What is said at the door, in English and French: the page to sign in, and what an overworked server answers."""

from collections.abc import Mapping
from typing import Final

SERVING_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "sign_in": ("Sign in", "Se connecter"),
    "sign_out": ("Sign out", "Se déconnecter"),
    "user_name": ("Name", "Nom"),
    "password": ("Password", "Mot de passe"),
    "sign_in_failed": (
        "This name and this password do not belong together.",
        "Ce nom et ce mot de passe ne vont pas ensemble.",
    ),
    "sign_in_slowly": (
        "Too many attempts. Try again in {seconds} s.",
        "Trop de tentatives. Réessayez dans {seconds} s.",
    ),
    "busy_calls": (
        "Busy: you have made too many calls. Try again in {seconds} s.",
        "Occupé : vous avez fait trop d'appels. Réessayez dans {seconds} s.",
    ),
    "page_forgotten": (
        "The server no longer knows this page. Load it again: conversations that are kept here are opened again.",
        "Le serveur ne connaît plus cette page. Rechargez-la : les conversations gardées ici sont rouvertes.",
    ),
    "busy_queue": (
        "Busy: too many questions are waiting. Try again in a moment.",
        "Occupé : trop de questions attendent. Réessayez dans un instant.",
    ),
    "too_large": (
        "Too large: at most {limit} MB are taken at once.",
        "Trop volumineux : {limit} Mo au plus sont acceptés à la fois.",
    ),
    "too_many_files": (
        "Too many files: at most {limit} are taken at once.",
        "Trop de fichiers : {limit} au plus sont acceptés à la fois.",
    ),
    "no_room": (
        "Busy: earlier uploads are still being read. Try again in a few minutes.",
        "Occupé : des envois précédents sont encore en cours de lecture. Réessayez dans quelques minutes.",
    ),
}

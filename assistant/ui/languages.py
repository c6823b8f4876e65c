"""The English and French names of the languages that articles are written in."""

_NAMES = {
    "af": ("Afrikaans", "Afrikaans"),
    "ar": ("Arabic", "Arabe"),
    "bg": ("Bulgarian", "Bulgare"),
    "bn": ("Bengali", "Bengali"),
    "ca": ("Catalan", "Catalan"),
    "cs": ("Czech", "Tchèque"),
    "cy": ("Welsh", "Gallois"),
    "da": ("Danish", "Danois"),
    "de": ("German", "Allemand"),
    "el": ("Greek", "Grec"),
    "en": ("English", "Anglais"),
    "es": ("Spanish", "Espagnol"),
    "et": ("Estonian", "Estonien"),
    "eu": ("Basque", "Basque"),
    "fa": ("Persian", "Persan"),
    "fi": ("Finnish", "Finnois"),
    "fr": ("French", "Français"),
    "ga": ("Irish", "Irlandais"),
    "gl": ("Galician", "Galicien"),
    "he": ("Hebrew", "Hébreu"),
    "hi": ("Hindi", "Hindi"),
    "hr": ("Croatian", "Croate"),
    "hu": ("Hungarian", "Hongrois"),
    "id": ("Indonesian", "Indonésien"),
    "is": ("Icelandic", "Islandais"),
    "it": ("Italian", "Italien"),
    "ja": ("Japanese", "Japonais"),
    "ko": ("Korean", "Coréen"),
    "lt": ("Lithuanian", "Lituanien"),
    "lv": ("Latvian", "Letton"),
    "ms": ("Malay", "Malais"),
    "nb": ("Norwegian", "Norvégien"),
    "nl": ("Dutch", "Néerlandais"),
    "no": ("Norwegian", "Norvégien"),
    "pl": ("Polish", "Polonais"),
    "pt": ("Portuguese", "Portugais"),
    "ro": ("Romanian", "Roumain"),
    "ru": ("Russian", "Russe"),
    "sk": ("Slovak", "Slovaque"),
    "sl": ("Slovenian", "Slovène"),
    "sq": ("Albanian", "Albanais"),
    "sr": ("Serbian", "Serbe"),
    "sv": ("Swedish", "Suédois"),
    "sw": ("Swahili", "Swahili"),
    "ta": ("Tamil", "Tamoul"),
    "th": ("Thai", "Thaï"),
    "tr": ("Turkish", "Turc"),
    "uk": ("Ukrainian", "Ukrainien"),
    "ur": ("Urdu", "Ourdou"),
    "vi": ("Vietnamese", "Vietnamien"),
    "zh": ("Chinese", "Chinois"),
}


def name_language(code: str, language: str = "en") -> str:
    """Name the language of an ISO 639 code: "fr" is "French", and in "fr" "Français".

    An unlisted code is its own name, in capitals.
    """
    names = _NAMES.get(code.lower())
    return names[language == "fr"] if names else code.upper()

"""What the chat, the reader and the frame say, in English and French."""

from collections.abc import Mapping
from typing import Final

CHAT_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # The frame
    "chat": ("Chat", "Discussion"),
    "library": ("Library", "Bibliothèque"),
    "settings": ("Settings", "Réglages"),
    "new_conversation": ("New conversation", "Nouvelle conversation"),
    "skip": ("Skip to the question", "Aller à la question"),
    "light_dark": ("Light or dark", "Clair ou sombre"),
    "keys": ("Keyboard", "Clavier"),
    "use_keys": ("Use single keys", "Utiliser les touches seules"),
    "key_question": ("Write a question", "Écrire une question"),
    "key_next": ("Next footnote", "Note suivante"),
    "key_previous": ("Footnote before", "Note précédente"),
    "key_read": ("Read the article of the footnote", "Lire l'article de la note"),
    "key_close": ("Close what is open", "Fermer ce qui est ouvert"),
    "key_help": ("Show these keys", "Montrer ces touches"),
    # Before the first question
    "welcome": ("Ask your articles.", "Interrogez vos articles."),
    "promise": (
        "Every answer leads to the exact words it rests on. When your articles do not say, you are told so.",
        "Chaque réponse mène aux mots exacts sur lesquels elle repose. S'ils ne disent rien, vous le saurez.",
    ),
    "empty": ("Your library is empty.", "Votre bibliothèque est vide."),
    "empty_invitation": (
        "Add articles, and ask about them at once. They stay on this machine.",
        "Ajoutez des articles et interrogez-les aussitôt. Ils restent sur cette machine.",
    ),
    "newest_articles": ("Your newest articles", "Vos articles les plus récents"),
    "try_asking": ("Try asking", "Essayez de demander"),
    "warnings": ("Warnings", "Avertissements"),
    "no_articles": ("No articles yet", "Pas encore d'articles"),
    "held": ("{articles} in {languages}", "{articles} en {languages}"),
    "article_count": ("{count} article|{count} articles", "{count} article|{count} articles"),
    "language_count": ("{count} language|{count} languages", "{count} langue|{count} langues"),
    "and": ("{list} and {last}", "{list} et {last}"),
    "connect": (
        "Answers are quotes. To have a language model write them, set {variable}, as in {line}, and start Footnote "
        "again.",
        "Les réponses sont des citations. Pour qu'un modèle de langue les rédige, réglez {variable}, par exemple "
        "{line}, et relancez Footnote.",
    ),
    "models_here": ("These run on this machine:", "Ceux-ci tournent sur cette machine :"),
    "more_models": ("And {count} more.|And {count} more.", "Et {count} autre.|Et {count} autres."),
    # The question box
    "your_question": ("Your question", "Votre question"),
    "ask_placeholder": ("Ask your articles…", "Votre question…"),
    "ask": ("Ask", "Demander"),
    "stop": ("Stop", "Arrêter"),
    "keep_both": (
        "Your next question replaces the last one. Keep both",
        "Votre prochaine question remplace la dernière. Garder les deux",
    ),
    # An answer
    "answer": ("Answer", "Réponse"),
    "searching": ("Searching your articles…", "Recherche dans vos articles…"),
    "reading": ("Reading what was found…", "Lecture de ce qui a été trouvé…"),
    "verdict": ("Verdict:", "Verdict :"),
    "verdict_yes": ("Yes", "Oui"),
    "verdict_no": ("No", "Non"),
    "verdict_disputed": ("Disputed", "Contesté"),
    "verdict_not stated": ("Not stated", "Non précisé"),
    "no_answer": ("No answer in your articles", "Pas de réponse dans vos articles"),
    "as_of": ("As of {day}", "Au {day}"),
    "as_of_title": ("The day of the newest article cited", "Le jour de l'article cité le plus récent"),
    "being_written": (
        "Being written. It is checked when it is complete.",
        "En cours de rédaction. Elle sera vérifiée une fois complète.",
    ),
    "not_checked": ("Not checked.", "Non vérifiée."),
    "stopped_here": ("You stopped the answer here.", "Vous avez arrêté la réponse ici."),
    "stopped_before": (
        "You stopped this question before an answer came.",
        "Vous avez arrêté cette question avant qu'une réponse n'arrive.",
    ),
    "broke_off": ("The reply broke off here.", "La réponse s'est interrompue ici."),
    "quoted_origin": (
        "Quoted word for word; no language model was used.",
        "Cité mot pour mot, sans modèle de langue.",
    ),
    "written_origin": ("Written by {model}{effort}.", "Rédigé par {model}{effort}."),
    "effort_took": (" in {seconds} s", " en {seconds} s"),
    "tokens": (
        ", with {read} tokens read and {written} written",
        ", avec {read} tokens lus et {written} écrits",
    ),
    "ask_next": ("Ask next", "Demander ensuite"),
    "unforeseen": (
        "Something went wrong on this side, not with your question. The server's log says what.",
        "Quelque chose a échoué de ce côté-ci, pas dans votre question. Le journal du serveur dit quoi.",
    ),
    # What a screen reader is told
    "say_searching": ("Searching your articles.", "Recherche dans vos articles."),
    "say_answering": ("Answering.", "Réponse en cours."),
    "say_stopped": ("The answer was stopped.", "La réponse a été arrêtée."),
    "say_none": ("No answer was found.", "Aucune réponse n'a été trouvée."),
    "say_complete": (
        "The answer is complete, with {count} footnote.|The answer is complete, with {count} footnotes.",
        "La réponse est complète, avec {count} note.|La réponse est complète, avec {count} notes.",
    ),
    "say_broke_off": (
        "The answer broke off, with {count} footnote.|The answer broke off, with {count} footnotes.",
        "La réponse s'est interrompue, avec {count} note.|La réponse s'est interrompue, avec {count} notes.",
    ),
    "say_doubts": (
        "{count} statement is not borne out.|{count} statements are not borne out.",
        "{count} affirmation n'est pas confirmée.|{count} affirmations ne sont pas confirmées.",
    ),
    # Footnotes and doubts
    "footnote": ("Footnote {number}: {title}", "Note {number} : {title}"),
    "doubted_footnote": ("Footnote {number}, not borne out: {title}", "Note {number}, non confirmée : {title}"),
    "footnote_back": ("Footnote {number}. Back to the answer.", "Note {number}. Retour à la réponse."),
    "footnote_alone": ("Footnote ", "Note "),
    "back": ("Back to the answer", "Retour à la réponse"),
    "doubt_unsupported": ("not borne out", "non confirmé"),
    "doubt_uncited": ("no source given", "sans source"),
    "fault_number": ("“{words}” is not in the source", "« {words} » ne figure pas dans la source"),
    "fault_date": ("“{words}” is not in the source", "« {words} » ne figure pas dans la source"),
    "fault_name": ("“{words}” is not in the source", "« {words} » ne figure pas dans la source"),
    "fault_quotation": ("“{words}” is not in the source", "« {words} » ne figure pas dans la source"),
    "fault_unit": (
        "the unit of “{words}” is another in the source",
        "l'unité de « {words} » est une autre dans la source",
    ),
    "fault_negation": (
        "“{words}” may be the opposite of the source",
        "« {words} » est peut-être le contraire de la source",
    ),
    "fault_meaning": (
        "“{words}” was not found in the source when the model was asked again",
        "« {words} » n'a pas été retrouvé dans la source quand le modèle a été interrogé à nouveau",
    ),
    "more_faults": ("{count} more|{count} more", "{count} de plus|{count} de plus"),
    # The evidence
    "sources_heading": ("Sources", "Sources"),
    "nearest_heading": ("Nearest passages", "Passages les plus proches"),
    "nearest_lead": (
        "These came closest. They do not answer the question.",
        "Ce sont les plus proches. Ils ne répondent pas à la question.",
    ),
    "found_heading": ("Found passages", "Passages trouvés"),
    "found_lead": ("The answer is being written from these.", "La réponse est rédigée à partir de ceux-ci."),
    "kept_lead": ("These were found for your question.", "Voici ce qui a été trouvé pour votre question."),
    "more": ("{count} more|{count} more", "{count} de plus|{count} de plus"),
    "note_unsupported": (
        "Not borne out: a statement that cites this sentence says something else or more.",
        "Non confirmé : une affirmation qui cite cette phrase dit autre chose ou davantage.",
    ),
    "also_printed": ("Also printed by: {names}", "Aussi publié par : {names}"),
    "machine_translation": ("Machine translation", "Traduction automatique"),
    "whole_passage": ("Whole passage", "Tout le passage"),
    "read_article": ("Read the article", "Lire l'article"),
    "read_article_of": ("Read the article: {title}", "Lire l'article : {title}"),
    "original": ("Original", "Original"),
    "original_of": (
        "Original of {title} (opens a new tab)",
        "Original de {title} (ouvre un nouvel onglet)",
    ),
    "page": ("page {number}", "page {number}"),
    # What can be done with an answer
    "answer_actions": ("What to do with this answer", "Que faire de cette réponse"),
    "copy": ("Copy", "Copier"),
    "copy_cited": ("Copy with citations", "Copier avec les citations"),
    "copied": ("Copied", "Copié"),
    "copy_failed": ("This browser did not allow it", "Ce navigateur ne l'a pas permis"),
    "retry": ("Ask again", "Redemander"),
    "edit": ("Change the question", "Modifier la question"),
    # How an answer was found
    "trace": ("How this was found", "Comment cela a été trouvé"),
    "trace_searched": ("Searched", "Recherché"),
    "trace_found": ("Found", "Trouvé"),
    "trace_time": ("Time", "Temps"),
    "trace_passages": (
        "{count} passage of {articles}|{count} passages of {articles}",
        "{count} passage de {articles}|{count} passages de {articles}",
    ),
    "time_understanding": ("understanding {time}", "compréhension {time}"),
    "time_search": ("search {time}", "recherche {time}"),
    "time_answer": ("answer {time}", "réponse {time}"),
    "time_suggestions": ("what to ask next {time}", "questions suivantes {time}"),
    "milliseconds": ("{count} ms", "{count} ms"),
    "whole_seconds": ("{count} s", "{count} s"),
    # The timeline
    "timeline": ("Who said what, when", "Qui a dit quoi, et quand"),
    "positions": ("Positions that disagree", "Positions qui s'opposent"),
    "reported": ("Reported", "Rapporté"),
    "denied": ("Denied", "Démenti"),
    "unnamed_sources": ("unnamed sources", "des sources anonymes"),
    "in_publisher": ("in {publisher}", "dans {publisher}"),
    # The reader
    "article": ("Article", "Article"),
    "cited_sentences": (
        "{count} cited sentence is marked.|{count} cited sentences are marked.",
        "{count} phrase citée est surlignée.|{count} phrases citées sont surlignées.",
    ),
    "next_citation": ("Next cited sentence", "Phrase citée suivante"),
    "article_gone": (
        "This article is no longer in the library.",
        "Cet article n'est plus dans la bibliothèque.",
    ),
    "page_begins": ("Page {number}", "Page {number}"),
    "text_goes_on": (
        "The article is long; this is the part around what is cited.",
        "L'article est long ; voici la partie autour de ce qui est cité.",
    ),
    "version": ("Version {number}, {day}", "Version {number}, {day}"),
    "not_in_version": (
        "The sentence that you came from does not stand in this version.",
        "La phrase d'où vous venez ne figure pas dans cette version.",
    ),
}

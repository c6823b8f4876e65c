"""What the pages Library and Settings, the filters, the history and the feedback say, in English and French."""

from collections.abc import Mapping
from typing import Final

LIBRARY_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    # Adding
    "add_articles": ("Add articles", "Ajouter des articles"),
    "add_files": ("Files to add", "Fichiers à ajouter"),
    "drop_files": ("Drop your files to add them to the library", "Déposez vos fichiers pour les ajouter"),
    "add_address": ("Address of a page, a feed or a site", "Adresse d'une page, d'un flux ou d'un site"),
    "address_placeholder": ("https://…", "https://…"),
    "add": ("Add", "Ajouter"),
    "address_missing": (
        "There is no address. Write one, as https://example.org/article",
        "Il n'y a pas d'adresse. Écrivez-en une, comme https://example.org/article",
    ),
    "address_not_web": (
        "“{address}” is not a web address. Write one that begins with https:// or http://",
        "« {address} » n'est pas une adresse web. Écrivez-en une qui commence par https:// ou http://",
    ),
    "folder_refused": (
        "This page does not add folders of the server. Run “assistant index FOLDER” there, or drop the files here.",
        "Cette page n'ajoute pas de dossiers du serveur. Lancez-y « assistant index DOSSIER », ou déposez les fichiers "
        "ici.",
    ),
    # Work
    "read_all": ("Read all sources again", "Relire toutes les sources"),
    "task_read": ("Reading the sources", "Lecture des sources"),
    "task_upload": ("Adding your files", "Ajout de vos fichiers"),
    "task_add": ("Adding the source", "Ajout de la source"),
    "task_remove": ("Removing", "Suppression"),
    "task_watch": ("Reading what changed", "Lecture de ce qui a changé"),
    "stop_job": ("Stop this work", "Arrêter ce travail"),
    "job_stopping": ("It ends with the article that it is at.", "Le travail s'arrête après l'article en cours."),
    "job_stopped": ("Stopped: {report}", "Arrêté : {report}"),
    "stopped_note": (
        "What was done is kept. Read the sources again to go on from there.",
        "Ce qui a été fait est conservé. Relisez les sources pour continuer.",
    ),
    "watched_report": ("Read by itself: {report}", "Relu automatiquement : {report}"),
    "listing": ("Looking at what is there…", "Inventaire en cours…"),
    "done_of": ("{done} of {total} read", "{done} sur {total} lus"),
    "passages_count": ("{count} passage|{count} passages", "{count} passage|{count} passages"),
    "speed": ("{speed} a second", "{speed} par seconde"),
    "time_left": ("about {time} left", "encore {time} environ"),
    "seconds": ("{count} s", "{count} s"),
    "minutes": ("{count} min", "{count} min"),
    "hours": ("{count} h", "{count} h"),
    "took": ("{passages} in {seconds} s", "{passages} en {seconds} s"),
    "job_busy": (
        "The library was busy with this; yours was not begun. Try again when it is done.",
        "La bibliothèque était occupée à cela ; votre demande n'a pas commencé. Réessayez ensuite.",
    ),
    "job_lost": (
        "Something went wrong on this side. The server's log says what.",
        "Quelque chose a échoué de ce côté. Le journal du serveur dit quoi.",
    ),
    "added_count": ("{count} added", "{count} ajouté|{count} ajoutés"),
    "updated_count": ("{count} updated", "{count} mis à jour"),
    "moved_count": ("{count} moved", "{count} déplacé|{count} déplacés"),
    "unchanged_count": ("{count} unchanged", "{count} inchangé|{count} inchangés"),
    "removed_count": ("{count} removed", "{count} retiré|{count} retirés"),
    "failed_count": ("{count} failed", "{count} échec|{count} échecs"),
    "nothing_to_do": ("Nothing to do", "Rien à faire"),
    "ignored": (
        "Left out, without a reader or above a limit: {kinds}",
        "Laissés de côté, sans lecteur ou au-delà d’une limite : {kinds}",
    ),
    "and_more": ("And {count} more.", "Et {count} de plus."),
    # Articles
    "articles": ("Articles", "Articles"),
    "articles_count": ("{count} article|{count} articles", "{count} article|{count} articles"),
    "articles_shown": ("Articles {first} to {last} of {count}", "Articles {first} à {last} sur {count}"),
    "search_articles": ("Search titles, publishers and addresses", "Chercher dans les titres, éditeurs et adresses"),
    "published": ("Date", "Date"),
    "title": ("Title", "Titre"),
    "publisher": ("Publisher", "Éditeur"),
    "language": ("Language", "Langue"),
    "language_unknown": ("Unknown", "Inconnue"),
    "other_languages": ("Other languages", "Autres langues"),
    "undated": ("undated", "sans date"),
    "actions": ("Actions", "Actions"),
    "any_source": ("All sources", "Toutes les sources"),
    "any_language": ("All languages", "Toutes les langues"),
    "source": ("Source", "Source"),
    "no_match": ("No article fits. Search for less.", "Aucun article ne correspond. Cherchez moins précisément."),
    "library_empty": ("There are no articles yet.", "Il n'y a pas encore d'articles."),
    "pages": ("Pages", "Pages"),
    "previous": ("Previous", "Précédente"),
    "next": ("Next", "Suivante"),
    "page_of": ("Page {page} of {pages}", "Page {page} sur {pages}"),
    "remove": ("Remove", "Retirer"),
    "remove_name": ("Remove {what}", "Retirer {what}"),
    "keep": ("Keep", "Garder"),
    "remove_ask": (
        "Remove “{title}”? The original stays where it is, and comes back when its source is read again.",
        "Retirer « {title} » ? L'original reste à sa place, et revient quand sa source est relue.",
    ),
    "remove_upload_ask": (
        "Remove “{title}”? Its uploaded file is deleted, too. To have it back, upload it again.",
        "Retirer « {title} » ? Le fichier déposé est supprimé lui aussi. Pour le retrouver, déposez-le de nouveau.",
    ),
    "remove_source_ask": (
        "Remove {what} with {count}? The originals stay where they are. To have them back, add the source again.",
        "Retirer {what} avec {count} ? Les originaux restent à leur place. Pour les retrouver, ajoutez de nouveau la "
        "source.",
    ),
    "not_indexed": ("“{source}” is not in the library any more.", "« {source} » n'est plus dans la bibliothèque."),
    # Sources
    "sources": ("Sources", "Sources"),
    "no_sources": (
        "No sources yet. What you add is listed here.",
        "Pas encore de sources. Vos ajouts seront listés ici.",
    ),
    "uploads": ("Uploaded files", "Fichiers déposés"),
    "kind_file": ("File", "Fichier"),
    "kind_folder": ("Folder", "Dossier"),
    "kind_page": ("Page", "Page"),
    "kind_feed": ("Feed", "Flux"),
    "kind_site": ("Site", "Site"),
    "read_on": ("read on {when}", "lu le {when}"),
    "never_read": ("not read yet", "pas encore lu"),
    "day_and_time": ("{day}, {time} UTC", "{day} à {time} UTC"),
    "read_again": ("Read again", "Relire"),
    "read_name": ("Read again: {what}", "Relire : {what}"),
    # Charts
    "by_time": ("Articles over time", "Articles au fil du temps"),
    "by_time_summary": (
        "Bar chart from {first} to {last}. The most are in {most}.",
        "Diagramme en barres de {first} à {last}. Le maximum est en {most}.",
    ),
    "by_language": ("Articles by language", "Articles par langue"),
    "as_table": ("As a table", "En tableau"),
    "period": ("Period", "Période"),
    "months": (
        "January February March April May June July August September October November December",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    ),
    # Filters
    "filters": ("Filters", "Filtres"),
    "filter_sources": ("Only these sources", "Seulement ces sources"),
    "filter_languages": ("Only these languages", "Seulement ces langues"),
    "since": ("Published since", "Publié depuis"),
    "until": ("Published until", "Publié jusqu'au"),
    "clear_filters": ("Clear the filters", "Effacer les filtres"),
    "filtering": ("Answers come only from: {limits}", "Les réponses viennent seulement de : {limits}"),
    "since_day": ("since {day}", "depuis le {day}"),
    "until_day": ("until {day}", "jusqu'au {day}"),
    "nothing_between": (
        "No day lies between {since} and {until}. Change one of them.",
        "Aucun jour ne se trouve entre le {since} et le {until}. Changez l'un des deux.",
    ),
    # Settings
    "how_answers": ("How answers are made", "Comment les réponses sont faites"),
    "language_model": ("Language model", "Modèle de langue"),
    "no_model": ("None: answers are quotes", "Aucun : les réponses sont des citations"),
    "model_server": ("Its server", "Son serveur"),
    "embedding_model": ("Embedding model", "Modèle d'indexation"),
    "reranker": ("Reranker", "Reclassement"),
    "declines_below": ("Declines below a confidence of", "S'abstient sous une confiance de"),
    "the_index": ("The index", "L'index"),
    "home": ("Home folder", "Dossier de données"),
    "passages": ("Passages", "Passages"),
    "languages": ("Languages", "Langues"),
    "size": ("Size", "Taille"),
    "megabytes": ("{size} MB", "{size} Mo"),
    "generation": ("Generation", "Génération"),
    "none_yet": ("none yet", "aucune encore"),
    "health": ("Health", "État"),
    "sound": ("Sound", "Bon"),
    "versions": ("Versions", "Versions"),
    "set_where": (
        "These are set by variables and a .env file, when Footnote starts.",
        "Ces réglages viennent de variables et d'un fichier .env, au démarrage de Footnote.",
    ),
    "connect_model": ("Connect a language model", "Brancher un modèle de langue"),
    "connect_why": (
        "Without one, Footnote answers with the sentences of your articles that fit best. With one, it writes answers "
        "in its own words, and every statement still leads to an exact quote.",
        "Sans modèle, Footnote répond par les phrases de vos articles qui conviennent le mieux. Avec un modèle, il "
        "rédige des réponses, et chaque affirmation mène toujours à une citation exacte.",
    ),
    "connect_here": (
        "Nothing leaves this machine if the model runs on it. These do; set the lines of one and start Footnote again:",
        "Rien ne quitte cette machine si le modèle y fonctionne. Ceux-ci y sont ; réglez les lignes de l'un d'eux et "
        "redémarrez Footnote :",
    ),
    "connect_none_here": (
        "No model was found on this machine. Start one, for example with Ollama, and it is listed here.",
        "Aucun modèle n'a été trouvé sur cette machine. Démarrez-en un, par exemple avec Ollama, et il sera listé ici.",
    ),
    "connect_provider": (
        "A provider's model works, too; your questions and the passages found for them are then sent to it:",
        "Le modèle d'un fournisseur convient aussi ; vos questions et les passages trouvés lui sont alors envoyés :",
    ),
    # History
    "history": ("Conversations", "Conversations"),
    "came_back": (
        "The server had let go of this page, so it was loaded again. What you were writing is still here. "
        "If answers were limited, choose the filters again.",
        "Le serveur avait oublié cette page : elle a été rechargée. Ce que vous écriviez est toujours là. "
        "Si les réponses étaient filtrées, choisissez à nouveau les filtres.",
    ),
    "history_note": ("They are kept in this browser only.", "Elles ne sont gardées que dans ce navigateur."),
    "history_empty": ("No earlier conversation.", "Aucune conversation antérieure."),
    "rename": ("Rename", "Renommer"),
    "delete": ("Delete", "Supprimer"),
    "delete_all": ("Delete all", "Tout supprimer"),
    "delete_ask": ("Delete “{what}” from this browser?", "Supprimer « {what} » de ce navigateur ?"),
    "delete_all_ask": (
        "Delete all conversations from this browser?",
        "Supprimer toutes les conversations de ce navigateur ?",
    ),
    "history_unreadable": (
        "This conversation cannot be read any more. Delete it.",
        "Cette conversation n'est plus lisible. Supprimez-la.",
    ),
    "close": ("Close", "Fermer"),
    # Export
    "export": ("Export", "Exporter"),
    "export_markdown": ("As Markdown", "En Markdown"),
    "export_json": ("As JSON", "En JSON"),
    "export_title": ("Conversation of {day}", "Conversation du {day}"),
    "not_answered": ("This question was not answered.", "Cette question est restée sans réponse."),
    # Feedback
    "feedback": ("Was this answer right?", "Cette réponse était-elle juste ?"),
    "feedback_good": ("Yes", "Oui"),
    "feedback_bad": ("No", "Non"),
    "feedback_citation": ("Wrong footnote", "Note erronée"),
    "feedback_words": ("What is wrong? (optional)", "Qu'est-ce qui ne va pas ? (facultatif)"),
    "feedback_send": ("Send", "Envoyer"),
    "feedback_thanks": ("Noted. It stays on this machine.", "Noté. Cela reste sur cette machine."),
    "feedback_gone": (
        "This answer is not there any more. Ask again, and tell then.",
        "Cette réponse n'est plus là. Posez de nouveau la question, puis dites-le.",
    ),
}

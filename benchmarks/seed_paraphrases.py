"""Statements about the seeds as people would write them, each with the words by which its sentences are found.

What a statement cites is every sentence of the seed that holds one of the fragments. All are true to what they cite.
Those of FREER are longer and farther from the words of the seed.
"""

from typing import Final, NamedTuple


class Paraphrase(NamedTuple):
    """A statement, its language, the seed's file name, and fragments of the sentences that it cites."""

    statement: str
    language: str
    seed: str
    fragments: tuple[str, ...]


_DEAL_EN: Final = "nvidia-openai-deal.en.md"
_DEAL_FR: Final = "nvidia-openai-accord.fr.md"
_ROUND: Final = "startup-funding-round.en.md"
_LAW: Final = "competition-law-and-cross-stakes.en.md"
_CHIPS: Final = "why-chips-depend-on-few-factories.en.md"
_MODEL: Final = "training-and-using-a-language-model.en.md"
_CENTRE: Final = "besoins-centre-de-donnees.fr.md"
_LETTER: Final = "lettre-intention-non-contraignante.fr.md"
_GPU: Final = "processeur-graphique.fr.md"
_SOURCES: Final = "sources-anonymes-journalisme.fr.md"

PARAPHRASES: Final = (
    # English over English
    Paraphrase("Huang called the claim that Nvidia was retreating from the deal nonsense.", "en", _DEAL_EN,
               ("dismissed as",)),
    Paraphrase("Speaking in Taipei, Jensen Huang said that Nvidia means to invest a very large sum in OpenAI.", "en",
               _DEAL_EN, ("intends to put",)),
    Paraphrase("The agreement with OpenAI was announced in September and was worth as much as $100 billion.", "en",
               _DEAL_EN, ("first announced in September", "Worth up to")),
    Paraphrase("According to the Wall Street Journal, the talks between Nvidia and OpenAI had stalled.", "en",
               _DEAL_EN, ("public remarks stand",)),
    Paraphrase("In private, Huang is reported to have stressed that the first agreement with OpenAI was not binding.",
               "en", _DEAL_EN, ("stressed in private",)),
    Paraphrase("Huang is said to have been worried about rivals such as Google and Anthropic.", "en", _DEAL_EN,
               ("worried about competition",)),
    Paraphrase("Nvidia's chief executive expressed his confidence in OpenAI and in Sam Altman.", "en", _DEAL_EN,
               ("confirmed that he had confidence",)),
    Paraphrase("The investment could be the largest that Nvidia has ever made, according to Huang.", "en", _DEAL_EN,
               ("could be the largest",)),
    Paraphrase("The $100bn figure now seems to be off the table.", "en", _DEAL_EN, ("off the table",)),
    Paraphrase("It is for Sam Altman to announce how much Nvidia will invest.", "en", _DEAL_EN,
               ("Exactly how much",)),
    Paraphrase("The two companies depend on each other: OpenAI needs chips from Nvidia, which needs its demand.",
               "en", _DEAL_EN, ("Each of the two", "OpenAI needs")),
    Paraphrase("Other companies, including Amazon, also want to put large sums into OpenAI.", "en", _DEAL_EN,
               ("Others, Amazon",)),
    Paraphrase("A company valued at $40 million that raises $10 million is worth $50 million afterwards.", "en",
               _ROUND, ("Suppose a company", "It is then worth")),
    Paraphrase("The new investors would own one fifth of a company that is worth fifty million on paper.", "en", _ROUND,
               ("It is then worth", "Suppose a company")),
    Paraphrase("Most of a term sheet is normally not binding.", "en", _ROUND, ("The conditions are set down",)),
    Paraphrase("Funding rounds are often named in order, from seed to Series A and Series B.", "en", _ROUND,
               ("Rounds are often named",)),
    Paraphrase("An amount that is mentioned in talks has not been received yet.", "en", _ROUND,
               ("Because of this sequence",)),
    Paraphrase("A minority stake can matter if it comes with veto rights or a seat on the board.", "en", _LAW,
               ("Full control is",)),
    Paraphrase("A few deals are blocked, but many are cleared without changes.", "en", _LAW,
               ("Many deals are cleared", "A few are blocked")),
    Paraphrase("Companies called fabless design chips without owning a factory.", "en", _CHIPS,
               ("A firm that designs",)),
    Paraphrase("A wafer passes through hundreds of steps and may spend months in the factory.", "en", _CHIPS,
               ("The cycle is repeated",)),
    Paraphrase("Extreme ultraviolet light is absorbed by air, so it has to travel in a vacuum.", "en", _CHIPS,
               ("The most advanced lines",)),
    Paraphrase("Money is not enough for newcomers, since raising the yield takes practice.", "en", _CHIPS,
               ("Money alone",)),
    Paraphrase("A language model does not know what happened after its training data was gathered.", "en", _MODEL,
               ("Since its parameters",)),
    Paraphrase("During inference the parameters are normally fixed.", "en", _MODEL, ("The parameters normally",)),
    Paraphrase("Training a large model can keep many chips busy for weeks or months.", "en", _MODEL,
               ("Training a large model",)),
    # English over French
    Paraphrase("In Taipei, Jensen Huang publicly dismissed as nonsense the reports that Nvidia would give up the deal.",
               "en", _DEAL_FR, ("a qualifié publiquement",)),
    Paraphrase("The deal was for up to $100 billion and was to give OpenAI computing power.", "en", _DEAL_FR,
               ("Cet accord portait",)),
    Paraphrase("The Wall Street Journal reported that the talks had come to a standstill.", "en", _DEAL_FR,
               ("Le Wall Street Journal",)),
    Paraphrase("Huang reportedly stressed in private that the first deal was not binding.", "en", _DEAL_FR,
               ("aurait quant à lui",)),
    Paraphrase("He is also said to have been concerned about competition from Google and Anthropic.", "en", _DEAL_FR,
               ("serait en outre",)),
    Paraphrase("It is up to Sam Altman to announce the exact amount that Nvidia will invest.", "en", _DEAL_FR,
               ("Quant au",)),
    Paraphrase("Nvidia is not the only one that wants to take part: Amazon does too.", "en", _DEAL_FR,
               ("Nvidia n'est pas seul",)),
    Paraphrase("The deal with OpenAI was first announced in September.", "en", _DEAL_FR, ("avait été annoncé",)),
    Paraphrase("A graphics processor is not faster at everything.", "en", _GPU, ("Un GPU n'est donc",)),
    Paraphrase("A letter of intent is called non-binding when the parties do not commit to concluding the deal.",
               "en", _LETTER, ("On dit qu'elle",)),
    Paraphrase("In French law, negotiations have to be conducted in good faith.", "en", _LETTER,
               ("En droit français",)),
    Paraphrase("A denial does not prove that an article is wrong.", "en", _SOURCES, ("Un démenti",)),
    Paraphrase("Two witnesses are only worth two confirmations if their stories come from different places.", "en",
               _SOURCES, ("Deux témoins",)),
    Paraphrase("If the power supply is cut, batteries take over until the generators start.", "en", _CENTRE,
               ("Si l'alimentation",)),
    # French over French
    Paraphrase("Jensen Huang a parlé de « non-sens » à propos d'un abandon de l'accord avec OpenAI.", "fr", _DEAL_FR,
               ("L'idée que Nvidia",)),
    Paraphrase("L'accord annoncé en septembre pouvait atteindre 100 Md$.", "fr", _DEAL_FR,
               ("avait été annoncé", "Cet accord portait")),
    Paraphrase("Selon le Wall Street Journal, les discussions étaient au point mort.", "fr", _DEAL_FR,
               ("Le Wall Street Journal",)),
    Paraphrase("Huang a redit sa confiance à Sam Altman.", "fr", _DEAL_FR, ("a confirmé sa confiance",)),
    Paraphrase("Amazon souhaite aussi investir de fortes sommes dans OpenAI.", "fr", _DEAL_FR,
               ("Nvidia n'est pas seul",)),
    Paraphrase("Un GPU n'est pas plus rapide pour toutes les tâches.", "fr", _GPU, ("Un GPU n'est donc",)),
    Paraphrase("Une lettre d'intention non contraignante n'engage pas les parties à conclure l'opération.", "fr",
               _LETTER, ("On dit qu'elle",)),
    # French over English, German and Spanish over both
    Paraphrase("Huang a affirmé que cet investissement pourrait être le plus important jamais réalisé par Nvidia.",
               "fr", _DEAL_EN, ("could be the largest",)),
    Paraphrase("L'accord, annoncé en septembre, valait jusqu'à 100 milliards de dollars.", "fr", _DEAL_EN,
               ("first announced in September", "Worth up to")),
    Paraphrase("Huang soll sich wegen der Konkurrenz von Google und Anthropic gesorgt haben.", "de", _DEAL_EN,
               ("worried about competition",)),
    Paraphrase("Das im September angekündigte Abkommen war bis zu 100 Milliarden Dollar wert.", "de", _DEAL_EN,
               ("first announced in September", "Worth up to")),
    Paraphrase("El acuerdo, anunciado en septiembre, alcanzaba hasta 100 000 millones de dólares.", "es", _DEAL_FR,
               ("avait été annoncé", "Cet accord portait")),
    Paraphrase("Según el Wall Street Journal, las conversaciones entre Nvidia y OpenAI estaban estancadas.", "es",
               _DEAL_EN, ("public remarks stand",)),
)  # fmt: skip

FREER: Final = (
    Paraphrase("No, Huang rejected reports that Nvidia is retreating, saying it plans to invest heavily in "
               "OpenAI.", "en", _DEAL_EN,
               ("intends to put",)),
    Paraphrase("Sources told the paper that some inside Nvidia had doubts about the size and terms of the deal.",
               "en", _DEAL_EN,
               ("Sources said",)),
    Paraphrase("Huang has also reportedly criticised the way OpenAI does business.", "en", _DEAL_EN,
               ("criticised",)),
    Paraphrase("Jensen Huang has not walked away: he told reporters in Taipei that the claim was nonsense.",
               "en", _DEAL_EN,
               ("In public", "The claim that")),
    Paraphrase("Neither company can do without the other, as Nvidia depends on demand from OpenAI and OpenAI on "
               "Nvidia's chips.", "en", _DEAL_EN,
               ("Each of", "OpenAI needs")),
    Paraphrase("Altman, not Huang, is to announce the exact sum.", "en", _DEAL_EN,
               ("Exactly how much",)),
    Paraphrase("Nvidia's CEO Jensen Huang promised a huge investment in OpenAI's next funding round on 2 "
               "February 2026.", "en", _DEAL_EN,
               ("huge investment",)),
    Paraphrase("A valuation of 40 million before the round plus 10 million of new money makes 50 million.",
               "en", _ROUND,
               ("Suppose", "then worth")),
    Paraphrase("Dilution means that earlier shareholders own a smaller share of the company.", "en", _ROUND,
               ("Earlier shareholders", "dilution")),
    Paraphrase("Directors who sit on the boards of two rivals raise a concern as well.", "en", _LAW,
               ("A director",)),
    Paraphrase("Only a handful of foundries can produce the most advanced designs.", "en", _CHIPS,
               ("Only a few foundries",)),
    Paraphrase("Most companies selling chips don't manufacture them.", "en", _CHIPS,
               ("Many companies",)),
    Paraphrase("Customers can't easily change foundries because moving a design may require redoing much of the "
               "work.", "en", _CHIPS,
               ("Customers cannot", "A design is tuned")),
    Paraphrase("Answering one question takes much less computation than training the model.", "en", _MODEL,
               ("One answer",)),
    Paraphrase("Because its parameters don't change on their own, the model is unaware of later events.", "en", _MODEL,
               ("Since its",)),
    Paraphrase("Nvidia CEO Jensen Huang denied in Taipei that the company would walk away from its agreement "
               "with OpenAI.", "en", _DEAL_FR,
               ("a qualifié",)),
    Paraphrase("Huang reaffirmed his trust in OpenAI and its head Sam Altman.", "en", _DEAL_FR,
               ("confiance dans",)),
    Paraphrase("According to sources, some people at Nvidia had reservations about the scale of the OpenAI deal.",
               "en", _DEAL_FR,
               ("Selon des",)),
    Paraphrase("The $100 billion figure mentioned in September now appears to have been dropped.", "en", _DEAL_FR,
               ("Le chiffre",)),
    Paraphrase("Huang said this could be the biggest investment Nvidia has ever made.", "en", _DEAL_FR,
               ("pourrait être",)),
    Paraphrase("Amazon and other companies also want to invest large sums in OpenAI.", "en", _DEAL_FR,
               ("pas seul",)),
    Paraphrase("A data centre needs electricity, cooling and good communication links day and night.", "en", _CENTRE,
               ("mission",)),
    Paraphrase("If heat is not removed, chips slow down or stop.", "en", _CENTRE,
               ("évacuer",)),
    Paraphrase("Newspapers often require that an editor be informed before an anonymous source is used.",
               "en", _SOURCES,
               ("Beaucoup de",)),
    Paraphrase("A CPU has a limited number of powerful cores.", "en", _GPU,
               ("processeur central d'un",)),
    Paraphrase("Jensen Huang, PDG de Nvidia, a rejeté à Taipei l'idée que son groupe se retire de l'accord avec "
               "OpenAI.", "fr", _DEAL_EN,
               ("dismissed as", "intends")),
    Paraphrase("D'après le Wall Street Journal, les négociations entre Nvidia et OpenAI étaient bloquées.",
               "fr", _DEAL_EN,
               ("public remarks",)),
    Paraphrase("Huang aurait souligné en privé que le premier accord n'était pas contraignant.", "fr", _DEAL_EN,
               ("stressed in private",)),
    Paraphrase("Le montant de 100 milliards de dollars n'est plus d'actualité.", "fr", _DEAL_EN,
               ("off the table",)),
    Paraphrase("C'est Sam Altman qui annoncera combien Nvidia investira.", "fr", _DEAL_FR,
               ("Quant au",)),
    Paraphrase("Le patron de Nvidia a promis une somme énorme pour le prochain tour de table d'OpenAI.", "fr", _DEAL_FR,
               ("somme énorme",)),
    Paraphrase("Huang bezeichnete die Behauptung als Unsinn, Nvidia ziehe sich aus dem Vertrag mit OpenAI "
               "zurück.", "de", _DEAL_EN,
               ("dismissed as",)),
    Paraphrase("Die ursprüngliche Vereinbarung war laut Huang nicht bindend.", "de", _DEAL_EN,
               ("stressed in private",)),
    Paraphrase("Auch Amazon möchte große Summen in OpenAI investieren.", "de", _DEAL_FR,
               ("pas seul",)),
    Paraphrase("Jensen Huang confirmó su confianza en OpenAI y en Sam Altman.", "es", _DEAL_FR,
               ("confiance dans",)),
    Paraphrase("La cifra de 100.000 millones de dólares parece descartada.", "es", _DEAL_EN,
               ("off the table",)),
)  # fmt: skip

"""Questions to start with, each about one of the articles that come with the project."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the file name of the article that answers it."""

    question: str
    seed: str


EXAMPLES = (
    Example("Did Nvidia abandon the deal?", "nvidia-openai-deal.en.md"),
    Example("Nvidia a-t-il abandonné l'accord ?", "nvidia-openai-accord.fr.md"),
    Example("What is a non-binding letter of intent?", "lettre-intention-non-contraignante.fr.md"),
    Example("Pourquoi l'intelligence artificielle utilise-t-elle des GPU ?", "processeur-graphique.fr.md"),
    Example("Why do advanced chips depend on a few factories?", "why-chips-depend-on-few-factories.en.md"),
)

"""A statement is held against what it cites: what is not there is found, and what is there in other words is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking import check_statement
from assistant.models import Fault, FaultKind

DEAL_FR = (
    "L'accord entre Nvidia et OpenAI avait été annoncé pour la première fois en septembre. Cet accord portait sur une"
    " somme pouvant aller jusqu'à 100 milliards de dollars et devait procurer à OpenAI de la puissance de calcul."
)
DEAL_EN = "Worth up to 100 billion dollars, the agreement was meant to give OpenAI computing power."
NONSENSE = 'Huang dismissed as "nonsense" the claim that Nvidia was backing away from its deal with OpenAI.'
DENIED = (
    "The claim that Nvidia was unhappy with the OpenAI deal, or was abandoning it, was nonsense, Huang said in Taipei."
)
DENIED_FR = (
    "L'idée que Nvidia serait mécontent de l'accord avec OpenAI, ou qu'il voudrait l'abandonner, est pour Jensen Huang"
    " un « non-sens »."
)
AMOUNT = "Exactly how much Nvidia will invest in OpenAI is for Sam Altman to announce."
HEADING = "Footnote Samples, Nvidia is not walking away from OpenAI, Huang says (2 February 2026)"

AGREEMENT = "At issue is an agreement between Nvidia and OpenAI that was first announced in September."
AGREEMENT_FR = "L'accord entre Nvidia et OpenAI avait été annoncé pour la première fois en septembre."

HOLDS = {
    "the sentence itself": (DEAL_EN, DEAL_EN, "en", "en"),
    "a short form of a size": ("It was worth up to $100bn.", DEAL_EN, "en", "en"),
    "thousands of millions": ("It was worth 100,000 million dollars.", DEAL_EN, "en", "en"),
    "all digits": ("It was worth 100,000,000,000 dollars.", DEAL_EN, "en", "en"),
    "French milliards": ("It was worth 100 billion dollars.", DEAL_FR, "en", "fr"),
    "milliards of English billions": ("Il valait 100 milliards de dollars.", DEAL_EN, "fr", "en"),
    "a French short form": ("Il valait 100 Mds de dollars.", DEAL_EN, "fr", "en"),
    "a German short form": ("Es war 100 Mrd. Dollar wert.", DEAL_EN, "de", "en"),
    "Spanish thousands of millions": ("Valía 100 mil millones de dólares.", DEAL_EN, "es", "en"),
    "a number in words": ("It was worth a hundred billion dollars.", DEAL_EN, "en", "en"),
    "decimals of another tradition": ("It grew by 1.5 percent.", "Es wuchs um 1,5 %.", "en", "de"),
    "thousands of another tradition": ("There were 12,500 people.", "Es waren 12.500 Menschen.", "en", "de"),
    "thousands with spaces": ("There were 12,500 people.", "Il y avait 12 500 personnes.", "en", "fr"),
    "percent in words": ("Five per cent fell.", "5 % fielen.", "en", "de"),
    "a range": ("Between 5 and 10 million came.", "5 to 10 million came.", "en", "en"),
    "small numbers in words": ("Three firms sold 21 plants.", "Trois firmes ont vendu vingt et une usines.",
                               "en", "fr"),
    "an ordinal": ("It is the 3rd plant.", "C'est la troisième usine.", "en", "fr"),
    "a century": ("It was built in the 19th century.", "Elle date du XIXe siècle.", "en", "fr"),
    "a decade": ("It was built in the 1970s.", "Elle date des années 70.", "en", "fr"),
    "a dozen": ("Twelve came.", "A dozen came.", "en", "en"),
    "the two": ("The two companies depend on each other.", "OpenAI needs Nvidia and Nvidia needs OpenAI.", "en", "en"),
    "a rounded number": ("About 5.3 million came.", "5,271,000 people came.", "en", "en"),
    "at least for more than": ("At least 100 billion dollars.", "It is worth more than 100 billion dollars.", "en",
                               "en"),
    "a bound that the cited text lacks": ("It is worth up to 100 billion dollars.", "It is worth 100 billion dollars.",
                                          "en", "en"),
    "a bound for no more than": ("Au plus 100 milliards.", "It is worth no more than 100 billion dollars.", "fr", "en"),
    "over some years": ("It takes over 5 years.", "It takes up to 5 years.", "en", "en"),
    "points of a percentage": ("It rose by 5 points.", "Sie stieg um 5 Prozentpunkte.", "en", "de"),
    "Chinese hundreds of millions": ("It was worth 100 billion dollars.", "这笔投资约1000亿美元。", "en", "zh"),
    "Chinese figures in characters": ("It was worth 100 billion dollars.", "这笔投资可能达到一千亿美元。", "en", "zh"),
    "a Chinese number of two sizes": ("35,000 people came.", "有3万5000人参加。", "en", "zh"),
    "Japanese thousands of millions": ("It was worth 1.5 trillion yen.", "1兆5000億円の契約。", "en", "ja"),
    "Korean hundreds of millions": ("It was worth 100 billion dollars.", "투자 규모는 1000억 달러이다.", "en", "ko"),
    "Japanese millions without a figure": ("It was worth 10 billion yen.", "百億円の契約。",
                                                      "en", "ja"),
    "Korean millions without a figure": ("It was worth 100 billion dollars.", "천억 달러 규모이다.", "en", "ko"),
    "vague numbers in Russian": ("It was worth hundreds of billions.", "Сделка на сотни миллиардов долларов.", "en",
                                 "ru"),
    "Russian milliards": ("It was worth 100 billion dollars.", "Сделка на 100 миллиардов долларов.", "en", "ru"),
    "a Russian short form": ("It was worth 100 billion dollars.", "Сделка на 100 млрд долларов.", "en", "ru"),
    "Arabic milliards": ("It was worth 100 billion dollars.", "تبلغ قيمة الصفقة 100 مليار دولار.", "en", "ar"),
    "sizes of a language whose words are not known": (
        "It was worth 100 billion dollars.", "১০০ বিলিয়ন ডলারের চুক্তি।", "en", "bn"),
    "a Chinese month": ("It was announced in September 2025.", "该协议于2025年9月宣布。", "en", "zh"),
    "a Chinese day": ("It fell on 2 February 2026.", "2026年2月2日下跌。", "en", "zh"),
    "a month in Chinese": ("该协议于2025年9月宣布。", "The deal was announced in September 2025.", "zh", "en"),
    "a Russian month in its case": ("It was announced in September.", "Сделка была объявлена в сентябре.", "en", "ru"),
    "a Chinese weekday": ("It fell on Tuesday.", "上周二下跌。", "en", "zh"),
    "a Russian weekday in its case": ("It fell on Wednesday.", "В понедельник выросла, в среду упала.", "en", "ru"),
    "more than a round number": ("Plus de 100 usines ont fermé.", "104 usines ont fermé.", "fr", "fr"),
    "hours of two clocks": ("It began at 3 pm.", "La réunion a commencé à 15 heures.", "en", "fr"),
    "a date in another order": ("It fell on February 2nd.", "Sie fiel am 2. Februar 2026.", "en", "de"),
    "a date in digits": ("It fell on 2 February 2026.", "Elle est tombée le 02/02/2026.", "en", "fr"),
    "a surname": ("Huang spoke.", "Jensen Huang spoke.", "en", "en"),
    "a possessive": ("Nvidia's chips are needed.", "OpenAI needs the chips of Nvidia.", "en", "en"),
    "a fuller name": ("Jensen Huang called it nonsense.", "Huang called it nonsense.", "en", "en"),
    "initials": ("The WSJ reported it.", "The Wall Street Journal reported it.", "en", "en"),
    "countries in another language": ("Germany and the United States agreed.",
                                      "L'Allemagne et les États-Unis se sont mis d'accord.", "en", "fr"),
    "cities in another language": ("It happened in London.", "Es geschah in Londres.", "en", "es"),
    "peoples in another language": ("The French president spoke.", "Der französische Präsident sprach.", "en", "de"),
    "an institution": ("NATO agreed.", "L'OTAN est d'accord.", "en", "fr"),
    "an adjective of a country": ("A Russian firm won.", "A firm from Russia won.", "en", "en"),
    "a title": ("Nvidia's Chief Executive spoke.", "Nvidia's boss spoke.", "en", "en"),
    "capitals of German nouns": ("Der Vorstand hat den Vertrag bestätigt.", "The board confirmed the contract.",
                                 "de", "en"),
    "an ordinary first word": ("Investors worry about Nvidia.", "People who invest worry about Nvidia.", "en", "en"),
    "a quotation": ("Huang called it “Nonsense.”", NONSENSE, "en", "en"),
    "a quotation with an omission": ("He said “the claim … was backing away”.", NONSENSE, "en", "en"),
    "two denials": ("Huang denied that Nvidia would abandon its deal with OpenAI.", NONSENSE, "en", "en"),
    "a deal spoken of, in a sentence that denies": ("Huang spoke of the deal in Taipei.", DENIED, "en", "en"),
    "an opposite of another word": ("Prices rose after the tax fell.", "When the tax fell, prices rose.", "en", "en"),
    "an opposite that is negated": ("The claim is false.", "The claim is not true.", "en", "en"),
    "a word that begins like a negated one": ("The union signed the deal.", "The ion signed the deal.", "en", "en"),
    "not the only one": ("Nvidia is not the only investor.", "Nor is Nvidia the only one that wants to invest.",
                         "en", "en"),
    "a condition that is threatened with": ("If heat is not removed, chips stop.",
                                            "Il faut évacuer la chaleur, sans quoi les puces s'arrêtent.", "en", "fr"),
    "an end for no longer": (
        "Nvidia is retreating from China.", "Nvidia no longer sells chips to China.", "en", "en"),
    "an end for no longer across languages": ("The firm has ended its sales to China.",
                                              "La société ne vend plus de puces à la Chine.", "en", "fr"),
    "what is sold is bought": ("Nvidia bought the unit from Arm.", "Arm sold the unit to Nvidia.", "en", "en"),
    "unless and less": ("The unit is worth less after the sale.",
                        "The unit is worth 5 euros after the sale unless sold.", "en", "en"),
    "East in French": ("The deal covers the West.", "L'accord est pour la région occidentale.", "en", "fr"),
    "two sides of a contract": ("The company won a contract that its rival lost.",
                                "The rival lost a contract that the company won.", "en", "en"),
    "a loss in less words": (
        "A distinct molecule has been discovered in primitive jawless vertebrates.",
        "Se ha descubierto una molécula distinta en vertebrados primitivos sin mandíbula.", "en", "es"),
    "not as much": ("The requirements are not as rigorous as those for professionals.",
                    "Die Anforderungen sind weniger streng als an Fachleute.", "en", "de"),
    "not before": ("It will not be announced before May.", "It will be announced in May at the earliest.", "en", "en"),
    "a denial in other words": ("Huang did not abandon the deal.", "Huang refused to abandon the deal.", "en", "en"),
    "a negative prefix": ("Nvidia is not happy.", "Nvidia is unhappy.", "en", "en"),
    "the same negation": ("Nvidia didn't abandon the deal.", "Nvidia did not abandon the deal.", "en", "en"),
    "a negation in another language": ("Nvidia did not abandon the deal.", "Nvidia n'a pas abandonné l'accord.",
                                       "en", "fr"),
    "French ever": ("C'est le plus gros investissement jamais réalisé.",
                    "Ce serait le plus gros investissement que Nvidia ait jamais réalisé.", "fr", "fr"),
    "not only": ("Nvidia invests in OpenAI.", "Nvidia not only invests in OpenAI, it also sells to it.", "en", "en"),
    "a negation of another clause": ("Huang announced the deal.", "Huang has not said when, but announced the deal.",
                                     "en", "en"),
    "a premise that is put right": (
        "Nvidia did not buy OpenAI: the articles tell of an agreement, announced in September.", AGREEMENT, "en", "en"),
    "a premise that is put right after a comma": (
        "Nvidia did not buy OpenAI, but announced an agreement with it in September.", AGREEMENT, "en", "en"),
    "a premise that is put right in French": (
        "Nvidia n'a pas racheté OpenAI : il s'agit d'un accord annoncé en septembre.", AGREEMENT_FR, "fr", "fr"),
    "a premise that is put right in another language": (
        "Nvidia n'a pas racheté OpenAI : on parle d'un accord annoncé en septembre.", AGREEMENT, "fr", "en"),
    "a premise that is put right and no more": ("Nvidia has not bought OpenAI.", AGREEMENT, "en", "en"),
    "a denial twice, in its own words and in others": (
        "Nvidia did not abandon the deal; Huang called the claim nonsense.", DENIED, "en", "en"),
    "a denial twice, joined": (
        "Nvidia has not abandoned the deal, and Huang called the claim \"nonsense\".", NONSENSE, "en", "en"),
    "a denial twice in French": (
        "Nvidia n'a pas abandonné l'accord : Huang a qualifié cette idée de non-sens.", DENIED_FR, "fr", "fr"),
    "not until": ("The money is not paid until the contracts are signed.",
                  "The money moves only when the contracts are signed.", "en", "en"),
    "not known yet": ("The exact amount is not known yet: Sam Altman is to announce it.", AMOUNT, "en", "en"),
    "not known yet in German": ("Der genaue Betrag steht noch nicht fest.", AMOUNT, "de", "en"),
    "not known yet in Spanish": ("El importe exacto aún no se conoce.", AMOUNT, "es", "en"),
    "American dollars": ("It was worth up to 100 billion US dollars.", DEAL_EN, "en", "en"),
    "American dollars with dots": ("Up to 100 billion U.S. dollars were agreed.", DEAL_EN, "en", "en"),
    "a name in other letters": ("Дженсен Хуанг назвал это чепухой.", NONSENSE, "ru", "en"),
    "nothing cited and nothing said": ("It fell.", "", "en", ""),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "cited", "language", "cited_language"), HOLDS.values(), ids=HOLDS)
def test_a_statement_that_holds_has_no_fault(statement: str, cited: str, language: str, cited_language: str) -> None:
    faults = check_statement(statement, cited, known=HEADING, language=language, cited_language=cited_language)
    assert faults == ()


N, D, U, M, Q, X = (
    FaultKind.NUMBER, FaultKind.DATE, FaultKind.UNIT, FaultKind.NAME, FaultKind.QUOTATION, FaultKind.NEGATION,
)  # fmt: skip
FAILS = {
    "a negation of another word for the same": (
        "Nvidia did not terminate the deal with OpenAI in May.", "Nvidia ended the deal with OpenAI in May.",
        "en", "en", X, "not terminate"),
    "a denial of what is cited, with more after it": (
        "The agreement was not announced in September, but later.", AGREEMENT, "en", "en", X, "not announced"),
    "a negation of a denial that is cited": (
        "Huang did not dismiss as nonsense the claim that Nvidia was backing away.", NONSENSE, "en", "en", X,
        "not dismiss"),
    "another number": ("It was worth up to $300bn.", DEAL_FR, "en", "fr", N, "$300bn"),
    "another size": ("It was worth 100 million dollars.", DEAL_EN, "en", "en", N, "100 million dollars"),
    "no size": ("It was worth 100 dollars.", DEAL_EN, "en", "en", N, "100 dollars"),
    "another number in words": ("Three firms came.", "Quatre firmes sont venues.", "en", "fr", N, "Three"),
    "another percentage": ("It grew by 15 percent.", "Es wuchs um 1,5 %.", "en", "de", N, "15 percent"),
    "another year": ("It was founded in 2019.", "It was founded in 2018.", "en", "en", N, "2019"),
    "another ordinal": ("The third plant closed.", "La deuxième usine a fermé.", "en", "fr", N, "third"),
    "hundreds for thousands": ("Thousands came.", "Hundreds came.", "en", "en", N, "Thousands"),
    "rougher than told, and wrong": ("About 6 million came.", "5,271,000 people came.", "en", "en", N, "6 million"),
    "a rounder number that is not called so": ("It has 100 sites.", "It has 104 sites.", "en", "en", N, "100"),
    "euros for dollars": ("It was worth 100 billion euros.", DEAL_EN, "en", "en", U, "100 billion euros"),
    "percent for people": ("5 percent fell ill.", "5 people fell ill.", "en", "en", U, "5 percent"),
    "miles for kilometres": ("It is 12 miles long.", "It is 12 km long.", "en", "en", U, "12 miles"),
    "months for weeks": ("It took 6 months.", "Cela a pris 6 semaines.", "en", "fr", U, "6 months"),
    "at least for at most": ("It is worth more than 100 billion dollars.", DEAL_FR, "en", "fr", N,
                             "100 billion dollars"),
    "at most for at least": ("Höchstens 500 Euro.", "It costs at least 500 euros.", "de", "en", N, "500 Euro"),
    "no more for no less": ("No more than 40 plants closed.", "Au moins 40 usines ont fermé.", "en", "fr", N, "40"),
    "a bound behind": ("40 plants or more closed.", "At most 40 plants closed.", "en", "en", N, "40"),
    "points for percent": ("It rose by 5 percentage points.", "It rose by 5 percent.", "en", "en", U,
                           "5 percentage points"),
    "euros for Chinese dollars": ("It was worth 100 billion euros.", "这笔投资约1000亿美元。", "en", "zh", U,
                                  "100 billion euros"),
    "another Chinese size": ("It was worth 100 million dollars.", "这笔投资约1000亿美元。", "en", "zh", N,
                             "100 million dollars"),
    "another Russian size": ("It was worth 100 billion dollars.", "Сделка на 100 миллионов долларов.", "en", "ru", N,
                             "100 billion dollars"),
    "another Chinese month": ("It was announced in October 2025.", "该协议于2025年9月宣布。", "en", "zh", D,
                              "October 2025"),
    "a Chinese statement of another size": ("这笔投资约300亿美元。", DEAL_EN, "zh", "en", N, "300亿美元"),
    "another Chinese weekday": ("It fell on Monday.", "上周二下跌。", "en", "zh", D, "Monday"),
    "another month": ("It was announced in October.", DEAL_FR, "en", "fr", D, "October"),
    "another month that French writes small": ("Il a été annoncé en août.", DEAL_FR, "fr", "fr", D, "août"),
    "an added not before known as": ("The method is not known as trial division.",
                                     "A method is known as trial division.", "en", "en", X, "not known"),
    "the United States": ("The US agreed to it.", DEAL_EN, "en", "en", M, "US"),
    "another day": ("It fell on 3 February.", "It fell on 2 February 2026.", "en", "en", D, "3 February"),
    "another day in German": ("Er fiel am 3. Februar.", "It fell on 2 February.", "de", "en", D, "3. Februar"),
    "another year of a month": ("In May 2019 it fell.", "It fell in May 2018.", "en", "en", D, "May 2019"),
    "another weekday": ("It fell on Tuesday.", "Elle est tombée lundi.", "en", "fr", D, "Tuesday"),
    "another name first": ("Altman called it nonsense.", NONSENSE, "en", "en", M, "Altman"),
    "another name": ("The claim was dismissed by Sam Altman.", NONSENSE, "en", "en", M, "Sam Altman"),
    "another first name": ("Tim Huang dismissed it.", "Jensen Huang dismissed it.", "en", "en", M, "Tim"),
    "another name across languages": ("The deal of Nvidia and Anthropic was worth a lot.", DEAL_FR, "en", "fr", M,
                                      "Anthropic"),
    "another country": ("It happened in Germany.", "Cela s'est passé en Autriche.", "en", "fr", M, "Germany"),
    "a city of a country not named": ("It happened in London.", "It happened in Paris.", "en", "en", M, "London"),
    "another acronym": ("The FBI reported it.", "The Wall Street Journal reported it.", "en", "en", M, "FBI"),
    "another place, and no word turned round": (
        "Huang a parlé de l'accord à Taipei.",
        "Huang is said to have stressed in private that this agreement between Nvidia and OpenAI was not binding.",
        "fr", "en", M, "Taipei"),
    "another name in German": ("Das sagte Altman in der Konferenz.", "Das sagte Huang in der Konferenz.", "de", "de",
                               M, "Altman"),
    "another name after a German preposition": ("Es gab Gespräche zwischen Huawei und OpenAI.",
                                                "Il y avait des discussions entre Nvidia et OpenAI.", "de", "fr", M,
                                                "Huawei"),
    "a translated quotation": ("Il a parlé d'« absurdité ».", NONSENSE, "fr", "en", Q, "absurdité"),
    "a quotation that is not closed": ("He said “it is true.", NONSENSE, "en", "en", Q, "it is true."),
    "part of a word": ("He called it “sense”.", NONSENSE, "en", "en", Q, "sense"),
    "single marks": ("He called it 'rubbish' today.", NONSENSE, "en", "en", Q, "rubbish"),
    "a dropped not": ("Nvidia has abandoned the deal.", "Nvidia did not abandon the deal.", "en", "en", X,
                      "has abandoned"),
    "an added not": ("Nvidia did not abandon the deal.", "Nvidia has abandoned the deal.", "en", "en", X,
                     "not abandon"),
    "an opposite": ("Prices in Spain rose sharply last year.", "Prices in Spain fell sharply last year.", "en", "en", X,
                    "rose"),
    "an opposite across languages": ("Sales rose by 5 percent in May.", "Les ventes ont baissé de 5 % en mai.", "en",
                                     "fr", X, "rose"),
    "an opposite that someone denies": ("Nvidia confirmed the report.", "Nvidia denied the report.", "en", "en", X,
                                        "confirmed"),
    "an added hardly": ("Nvidia will hardly invest in OpenAI.", "Nvidia will invest in OpenAI.", "en", "en", X,
                        "hardly invest"),
    "a dropped kaum": ("Nvidia wird in OpenAI investieren.", "Nvidia wird in OpenAI kaum investieren.", "de", "de", X,
                       "in OpenAI investieren"),
    "a Latin prefix beside a word of both": ("It is possible to stop the deal.", "It is impossible to stop the deal.",
                                             "en", "en", X, "possible"),
    "a Latin prefix that is left out": ("The decision was legal, the court ruled.",
                                        "The decision was illegal, the court ruled.", "en", "en", X, "legal"),
    "neither for both": ("Neither Nvidia nor OpenAI signed.", "Both Nvidia and OpenAI signed.", "en", "en", X,
                         "Neither Nvidia"),
    "a dropped ohne": ("Der Vertrag wurde mit Zustimmung des Vorstands geschlossen.",
                       "Der Vertrag wurde ohne Zustimmung des Vorstands geschlossen.", "de", "de", X,
                       "mit Zustimmung"),
    "a dropped ne plus": ("La société vend des puces à la Chine.", "La société ne vend plus de puces à la Chine.", "fr",
                          "fr", X, "société vend"),
    "a dropped kein across languages": ("Nvidia has an interest in the deal.", "Nvidia hat kein Interesse am Vertrag.",
                                        "en", "de", X, "Nvidia has an interest in the deal"),
    "a number put between a negation and its word": (
        "In 1909, there were not 281754 Jews in the town.", "In 1909, there were 281,754 Jews in the town.", "en", "en",
        X, "not 281754 Jews"),
    "an added not in a sentence that is not the closest": (
        "The site was not occupied by Brompton Park House; this was extended in 1857 with rooms for refreshment.",
        "The site was occupied by Brompton Park House; this was extended in 1857 with rooms for refreshment.", "en",
        "en", X, "not occupied"),
    "an opposite in French": ("Selon lui, le rapport est vrai.", "Selon lui, le rapport est faux.", "fr", "fr", X,
                              "vrai"),
    "a prefix that is put in": ("Most deals are cleared unchanged.", "Most deals are cleared and changed.", "en", "en",
                                X, "unchanged"),
    "a prefix that is left out": ("The agreement was a binding one.", "The agreement was a nonbinding one.", "en", "en",
                                  X, "binding"),
    "the only one": ("Nvidia is the only investor.", "Nor is Nvidia the only one that wants to invest.", "en", "en", X,
                     "the only"),
    "the only one, alone": ("Nvidia is the only investor.", "Nvidia n'est pas seul à vouloir investir.", "en", "fr", X,
                            "the only"),
    "a condition turned round": ("If heat is removed, chips stop.",
                                 "Il faut évacuer la chaleur, sans quoi les puces s'arrêtent.", "en", "fr", X,
                                 "If heat is removed"),
    "a word negated with the one before it": (
        "An amount that is mentioned in talks has been received.",
        "An amount mentioned during talks is not yet an amount received, and it can rise.", "en", "en", X,
        "been received"),
    "an added not long before a before": (
        "They do not agree on the main points before they spend money.",
        "They do agree on the main points before they spend money.", "en", "en", X, "not agree"),
    "an added never": ("The deal was never announced in September.", DEAL_FR, "en", "fr", X, "never announced"),
    "a dropped ne pas": ("Nvidia a abandonné l'accord.", "Nvidia n'a pas abandonné l'accord.", "fr", "fr", X,
                         "Nvidia a abandonné l"),
    "a dropped no longer": ("The deal is valid.", "The deal is no longer valid.", "en", "en", X, "is valid"),
    "a dropped without": ("They may leave with notice.", "They may leave without notice.", "en", "en", X,
                          "with notice"),
    "a dropped nicht": ("Nvidia gibt den Vertrag auf.", "Nvidia gibt den Vertrag nicht auf.", "de", "de", X,
                        "den Vertrag auf"),
    "a dropped no in Spanish": ("Nvidia abandonó el acuerdo.", "Nvidia no abandonó el acuerdo.", "es", "es", X,
                                "Nvidia abandonó el"),
    "a dropped not across languages": ("Nvidia abandoned the deal.", "Nvidia n'a pas abandonné l'accord.", "en", "fr",
                                       X, "Nvidia abandoned the deal"),
    "a dropped denial": ("Nvidia is backing away from its deal with OpenAI.", NONSENSE, "en", "en", X,
                         "Nvidia is backing away from its deal with OpenAI"),
    "an added denial": ("Huang denied that Nvidia would invest in OpenAI.", "Huang said Nvidia would invest in OpenAI.",
                        "en", "en", X, "denied that"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "cited", "language", "cited_language", "kind", "words"), FAILS.values(), ids=FAILS
)
def test_a_fault_is_found_with_its_words(
    statement: str, cited: str, language: str, cited_language: str, kind: FaultKind, words: str
) -> None:
    faults = check_statement(statement, cited, language=language, cited_language=cited_language)
    assert [fault.kind for fault in faults] == [kind]
    assert faults[0].words == words


def test_a_quotation_without_its_negation_is_found() -> None:
    said = "Huang a dit « Nvidia a abandonné »."
    faults = check_statement(said, "Huang a dit : « Nvidia n'a pas abandonné ».", language="fr", cited_language="fr")
    assert faults[0] == Fault(FaultKind.QUOTATION, "Nvidia a abandonné")


def test_numbers_names_and_dates_may_come_from_the_heading() -> None:
    statement = "Footnote Samples said on 2 February 2026 that it was nonsense."
    assert check_statement(statement, NONSENSE, known=HEADING, language="en", cited_language="en") == ()
    kinds = {fault.kind for fault in check_statement(statement, NONSENSE, language="en", cited_language="en")}
    assert kinds == {FaultKind.NAME, FaultKind.DATE}


def test_a_month_without_a_year_is_of_the_year_before_the_article() -> None:
    said = "It was announced in September 2025."
    assert check_statement(said, DEAL_FR, known=HEADING, language="en", cited_language="fr") == ()
    faults = check_statement(
        "It was announced in September 2019.", DEAL_FR, known=HEADING, language="en", cited_language="fr"
    )
    assert [fault.kind for fault in faults] == [FaultKind.DATE]


def test_several_faults_are_all_told() -> None:
    faults = check_statement(
        "In October, Sam Altman said “ok” to 300 billion euros.", DEAL_FR, language="en", cited_language="fr"
    )
    assert {fault.kind for fault in faults} == {
        FaultKind.DATE,
        FaultKind.NAME,
        FaultKind.QUOTATION,
        FaultKind.NUMBER,
    }


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(["en", "fr", "de", "es", "ja", "", "x'", "xx"]))
def test_any_text_is_checked_without_an_error(statement: str, cited: str, language: str) -> None:
    for fault in check_statement(statement, cited, language=language, cited_language=""):
        assert isinstance(fault.kind, FaultKind)


WORDS = """Nvidia did not never abandon the deal of 100 billion dollars in September 2 February Huang said "nonsense"
    “no” n'a pas plus ne rien denied nonsense false , . ; ( ) n't cannot without 5 % $ Tuesday Paris United States"""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=40))
def test_a_text_supports_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert check_statement(text, text, language="en", cited_language="en") == ()


HOSTILE = {
    "digits": "1" * 100_000,
    "groups of digits": "1,111" * 20_000,
    "spaced digits": "1 111 " * 17_000,
    "negations": "not " * 25_000,
    "French negations": "ne pas " * 15_000,
    "opening quotation marks": "“" * 100_000,
    "single marks": "'a " * 33_000,
    "capitals": "Aa " * 33_000,
    "different names": " ".join(f"Nameé{number}x" for number in range(9_000)),
    "dots": "A." * 50_000,
    "number words": "hundred thousand " * 6_000,
    "German compounds": "tausend" * 14_000,
    "months": "2 February 2026 " * 6_000,
    "omissions": "“" + "… a " * 25_000 + "”",
    "lone surrogates and noughts": "\ud800\x00 Aé" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_hostile_texts_take_no_time(text: str, language: str) -> None:
    check_statement("It is 5.", "It is 5.", language=language, cited_language="es")
    started = time.process_time()
    check_statement(text, text[::-1], known=text[:50_000], language=language, cited_language="es")
    assert time.process_time() - started < 2


def test_a_check_takes_less_than_two_milliseconds() -> None:
    check_statement(NONSENSE, DEAL_FR, known=HEADING, language="en", cited_language="fr")
    times = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(20):
            check_statement(NONSENSE, DEAL_FR, known=HEADING, language="en", cited_language="fr")
        times.append((time.process_time() - started) / 20)
    assert min(times) < 0.002

"""Units of quantities by their words and signs: currencies, percent, lengths, weights, times."""

from collections.abc import Mapping
from typing import Final

from index.text import fold

PERCENT: Final = "percent"
PERCENTAGE_POINT: Final = "percentage point"
POINT: Final = "point"
"""Of a percentage, of an index or of a game."""

_UNITS: Final[Mapping[str, str]] = {
    fold(word): unit
    for unit, listed in {
        PERCENT: "% percent percents percentage pourcent pourcents prozent pct per|cent pour|cent por|ciento per|cento"
        " por|cento procent процент процента процентов",
        PERCENTAGE_POINT: "prozentpunkt prozentpunkte prozentpunkten percentage|point percentage|points"
        " puntos|porcentuales procentpunten",
        POINT: "point points punkte punkten puntos punti pontos punten",
        "dollar": "$ usd us$ dollar dollars dolar dolares dollari доллар доллара долларов دولار دولارات",
        "euro": "€ eur euro euros евро يورو",
        "pound": "£ gbp pound|sterling pounds|sterling livre|sterling livres|sterling libra|esterlina"
        " libras|esterlinas",
        "yen": "¥ jpy yen yenes yens",
        "yuan": "cny rmb yuan yuans renminbi",
        "rupee": "₹ inr rupee rupees roupie roupies rupia rupias rupien",
        "ruble": "₽ rub ruble rubles rouble roubles rubel rublo rublos рубль рубля рублей",
        "won": "₩ krw wons",
        "zloty": "zł pln zloty zlotys",
        "krone": "krone kroner kronen kronor krona kronas couronne couronnes",
        "shekel": "₪ ils shekel shekels schekel",
        "franc": "chf franc francs franken francos",
        "peso": "mxn peso pesos",
        "bitcoin": "btc bitcoin bitcoins",
        "kilometre": "km kms kilometer kilometers kilometre kilometres kilometern kilometro kilometros",
        "mile": "mi mile miles mille|marin meile meilen milla millas",
        "metre": "meter meters metre metres metern metro metros",
        "centimetre": "cm centimeter centimeters centimetre centimetres zentimeter zentimetern centimetro centimetros",
        "millimetre": "mm millimeter millimeters millimetre millimetres milimetro milimetros",
        "foot": "ft foot feet pieds fuss pies",
        "inch": "inch inches pouce pouces zoll pulgada pulgadas",
        "yard": "yard yards yarda yardas",
        "acre": "acre acres",
        "hectare": "ha hectare hectares hektar hectarea hectareas",
        "tonne": "ton tons tonne tonnes tonnen tonelada toneladas",
        "kilogram": "kg kgs kilogram kilograms kilo kilos kilogramm kilogramo kilogramos kilogramme kilogrammes",
        "gram": "gram grams gramm gramme grammes gramo gramos",
        "pound (weight)": "lb lbs",
        "litre": "liter liters litre litres litern litro litros",
        "watt": "watt watts vatio vatios",
        "kilowatt": "kw kilowatt kilowatts",
        "megawatt": "mw megawatt megawatts",
        "gigawatt": "gw gigawatt gigawatts",
        "minute": "minute minutes minuten minuto minutos",
        "hour": "hour hours heure heures stunde stunden hora horas",
        "day": "day days jour jours tag tage tagen dia dias",
        "week": "week weeks semaine semaines woche wochen semana semanas",
        "month": "month months mois monat monate monaten mes meses",
        "year": "year years an ans annee annees jahr jahre jahren ano anos yr yrs",
        "decade": "decade decades decennie decennies jahrzehnt jahrzehnte jahrzehnten decada decadas",
        "century": "century centuries siecle siecles jahrhundert jahrhunderte jahrhunderts siglo siglos",
        "celsius": "celsius °c",
        "fahrenheit": "fahrenheit °f",
    }.items()
    for word in listed.split()
}
"""Folded words and signs; those of two words are joined by a stroke."""

CURRENCY_SIGNS: Final = "$€£¥₹₽₩₪"


def unit_of(word: str, following: str = "") -> str:
    """Return the unit that a folded word or sign names, alone or with the word after it, or an empty string."""
    return (_UNITS.get(f"{word}|{following}", "") if following else "") or _UNITS.get(word, "")

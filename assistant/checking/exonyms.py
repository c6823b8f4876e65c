"""What peoples, regions, waters, cities and institutions are called in English, French, German and Spanish.

Only what CLDR, which babel carries, does not hold: it has countries, languages and the cities of time zones.
"""

from collections.abc import Mapping
from typing import Final

EXONYMS: Final[Mapping[str, str]] = {
    "GB": "uk|u k|britain|great britain|british|briton|britons|england|english|grande bretagne|britannique"
    "|britanniques|anglais|anglaise|angleterre|grossbritannien|britisch|britische|britischen"
    "|vereinigten konigreich|gran bretana|britanico|britanica|ingles|inglesa|ingleses|inglesas"
    "|anglaises|englisch|englische|englischen|englander|inglaterra|ru|inglese|inghilterra",
    "US": "us|usa|u s|u s a|america|american|americans|amerique|americain|americaine|americains|americaines"
    "|etats unis|amerikanisch|amerikanische|amerikanischen|amerika|vereinigten staaten|eeuu|ee uu"
    "|estadounidense|estadounidenses|americano|americana|americanos|americanas",
    "CN": "chinese|chinois|chinoise|chinoises|chinesisch|chinesische|chinesischen|chino|china|chinos|chinas",
    "FR": "french|frenchman|francaise|francaises|franzosen|franzosische|franzosischen|frances|francesa|franceses",
    "DE": "germans|allemande|allemands|allemandes|deutsche|deutschen|deutscher|deutsches|aleman|alemana|alemanes",
    "ES": "spanish|spaniard|spaniards|spain|espagnole|espagnols|spanische|spanischen|spanier|espanola|espanoles",
    "IT": "italians|italienne|italiens|italienische|italienischen|italiener|italiana|italianos",
    "NL": "holland|dutch|hollande|niederlandische|niederlandischen|holandes|holandesa|paises bajos|pays bas",
    "CH": "swiss|suisse|suisses|schweizer|schweizerisch|suizo|suiza|suizos",
    "JP": "japonaise|japonais|japanische|japanischen|japaner|japonesa|japoneses",
    "RU": "russians|russe|russes|russische|russischen|russen|rusa|rusos|rusas",
    "EU": "eu|ue|european union|union europeenne|europaische union|union europea",
    "UN": "un|onu|uno|vn|united nations|nations unies|vereinte nationen|vereinten nationen|naciones unidas",
    "150": "european|europeans|europeen|europeenne|europeens|europeennes|europaisch|europaische|europaischen"
    "|europaischer|europeo|europea|europeos|europeas",
    "nato": "nato|otan",
    "who": "who|oms|world health organization|organisation mondiale de la sante|weltgesundheitsorganisation"
    "|organizacion mundial de la salud",
    "imf": "imf|fmi|iwf|international monetary fund|fonds monetaire international|fondo monetario internacional",
    "ecb": "ecb|bce|ezb|european central bank|banque centrale europeenne|europaische zentralbank"
    "|banco central europeo",
    "icj": "icj|cij|igh|international court of justice|cour internationale de justice",
    "ww1": "world war i|first world war|premiere guerre mondiale|erster weltkrieg|ersten weltkrieg"
    "|primera guerra mundial",
    "ww2": "world war ii|second world war|seconde guerre mondiale|deuxieme guerre mondiale|zweiter weltkrieg"
    "|zweiten weltkrieg|segunda guerra mundial",
    "bavaria": "bavaria|bayern|baviere|baviera",
    "saxony": "saxony|sachsen|saxe|sajonia",
    "prussia": "prussia|preussen|prusse|prusia",
    "persia": "persia|persien|perse",
    "catalonia": "catalonia|catalogne|katalonien|cataluna",
    "flanders": "flanders|flandre|flandres|flandern|flandes",
    "normandy": "normandy|normandie|normandia",
    "brittany": "brittany|bretagne|bretana",
    "burgundy": "burgundy|bourgogne|burgund|borgona",
    "tuscany": "tuscany|toscane|toskana|toscana",
    "scotland": "scotland|scottish|ecosse|ecossais|schottland|schottische|schottischen|escocia|escoces|escocesa",
    "wales": "wales|welsh|galles|gales|walisisch",
    "corsica": "corsica|corse|korsika|corcega",
    "crimea": "crimea|crimee|krim",
    "siberia": "siberia|siberie|sibirien",
    "rhine": "rhine|rhin|rhein|rin",
    "danube": "danube|donau|danubio",
    "thames": "thames|tamise|themse|tamesis",
    "meuse": "meuse|maas|mosa",
    "nile": "nile|nil|nilo",
    "seine": "seine|sena",
    "alps": "alps|alpes|alpen",
    "pyrenees": "pyrenees|pyrenaen|pirineos",
    "channel": "english channel|manche|armelkanal|canal de la mancha",
    "north sea": "north sea|mer du nord|nordsee|mar del norte",
    "black sea": "black sea|mer noire|schwarzes meer|schwarzen meer|mar negro",
    "baltic": "baltic sea|mer baltique|ostsee|mar baltico",
    "mediterranean": "mediterranean|mediterranee|mittelmeer|mediterraneo",
    "caspian": "caspian sea|mer caspienne|kaspisches meer|kaspischen meer|mar caspio",
    "nova scotia": "nova scotia|nouvelle ecosse|neuschottland|nueva escocia",
    "newfoundland": "newfoundland|terre neuve|neufundland|terranova",
    "munich": "munich|munchen",
    "cologne": "cologne|koln|colonia",
    "nuremberg": "nuremberg|nurnberg",
    "geneva": "geneva|geneve|genf|ginebra",
    "venice": "venice|venise|venedig|venecia",
    "florence": "florence|florenz|florencia",
    "milan": "milan|mailand",
    "naples": "naples|neapel|napoles",
    "turin": "turin|torino",
    "genoa": "genoa|genes|genua|genova",
    "antwerp": "antwerp|anvers|antwerpen|amberes",
    "hague": "the hague|la haye|den haag|la haya|hague",
    "seville": "seville|sevilla",
    "beijing": "beijing|pekin|peking",
    "mecca": "mecca|mecque|mekka|meca",
    "edinburgh": "edinburgh|edimbourg|edimburgo",
    "constance": "lake constance|lac de constance|bodensee|lago constanza|lago de constanza",
}  # fmt: skip
"""Folded names of the same, joined by strokes. A key of two letters is a country's code, as in CLDR."""

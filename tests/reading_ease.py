"""How hard a Dutch text is to read: the formula of Flesch-Douma, and what we ask of our own.

W. H. Douma, De leesbaarheid van landbouwbladen, Wageningen 1960: Flesch's Reading Ease with weights
for Dutch, which has more syllables to a word than English. It counts syllables and words, not
sense: it finds a hard text, and proves of none that it is easy.
"""

import re

STANDARD = 60.0
"""Reading ease of Flesch-Douma from which a Dutch text is standard, about level B1."""

NOT_HARD = 50.0
"""Reading ease below which a Dutch text is hard."""

PLAIN = 70.0
"""Reading ease from which it is fairly easy."""

LONGEST_SENTENCE = 25
"""Words."""

LEGAL_TEXT = (
    "Het bestuursorgaan is niet verplicht de klacht te behandelen indien zij betrekking heeft op "
    "een gedraging waarover reeds eerder een klacht is ingediend die met inachtneming van de "
    "artikelen 9:4 en volgende is behandeld. Van het niet in behandeling nemen van de klacht wordt "
    "de klager zo spoedig mogelijk doch uiterlijk binnen vier weken na ontvangst van het "
    "klaagschrift schriftelijk in kennis gesteld."
)
"""After Awb 9:8: right, and hard to read."""

_NUCLEUS = re.compile(
    r"aai|ooi|oei|eeu|ieu|aa|ee|ie|oo|uu|oe|eu|ui|ij|ei|au|ou|[aeiouyáéíóúàèäëïöüê]"
)
_SENTENCE_END = re.compile(r"[.?!:]+(?:\s|$)|\n")


def syllables(word: str) -> int:
    """The vowels of a Dutch word that are sounded apart; a number counts as one."""
    return max(1, len(_NUCLEUS.findall(word.lower())))


def sentences(words: str) -> list[list[str]]:
    split = [re.findall(r"[\w'-]+", sentence) for sentence in _SENTENCE_END.split(words)]
    return [sentence for sentence in split if sentence]


def reading_ease(words: str) -> float:
    """Flesch-Douma: the higher, the easier; 60 to 70 is standard, below 50 hard."""
    said = sentences(words)
    spoken = [word for sentence in said for word in sentence]
    per_hundred = 100 * sum(map(syllables, spoken)) / len(spoken)
    return 206.84 - 0.77 * per_hundred - 0.93 * len(spoken) / len(said)

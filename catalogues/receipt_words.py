"""Receipt codes as words: easier to say, to hear and to write down than 26 characters.

The English list has 8192 words of at most nine letters, of BIP-39 and the EFF's large list (both
licences beside it), without those that hurt or shame. A language without a list of its own gets the
English words.
"""

import contextlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from domain.languages import Language
from domain.receipt_code import (
    WORDS,
    InvalidReceiptCode,
    ReceiptCode,
    code_of_word_numbers,
    parse_receipt_code,
    possible_codes,
    word_numbers,
)

_A_WORD = re.compile(r"[a-z]+")
_LISTS = dict.fromkeys(Language, Language.ENGLISH)
"""Whose words each language speaks."""
_SPOKEN_IN = tuple(dict.fromkeys(_LISTS.values()))
_MISTAKES = 1
"""How many letters of a word may be wrong, missing, too many, or in the other order."""
_WRONG_WORDS = 3
"""How many words of a code in a longer text may have a mistake."""


def in_words(code: ReceiptCode, language: Language) -> str:
    """Return a code as ten words."""
    words = _words(_LISTS[language])
    return " ".join(words[number] for number in word_numbers(code))


def read_receipt_code(text: str) -> ReceiptCode:
    """Read a code as people type it, as characters or as words.

    Words may be in any case, with or without accents, between anything that is no letter. A word
    with one mistake in it is read as the only word that it can be.

    Raises:
        InvalidReceiptCode: when it is neither.
    """
    try:
        return parse_receipt_code(text)
    except InvalidReceiptCode:
        spoken = _spoken(text)
        if len(spoken) != WORDS:
            raise
    for language in _SPOKEN_IN:
        with contextlib.suppress(InvalidReceiptCode):
            return _code([_mended(word, language) for word in spoken], language)
    raise InvalidReceiptCode("not a receipt code")


def codes_within(text: str) -> Sequence[ReceiptCode]:
    """Return whatever in a longer text could be a receipt code, as characters or as words.

    Of ten words at most three have a mistake: whoever reads a text looks at all of its words.
    """
    spoken = _spoken(text)
    codes = possible_codes(text)
    for language in _SPOKEN_IN:
        mended = cache(partial(_mended, language=language))
        known = [word in _places(language) for word in spoken]
        for start in range(len(spoken) - WORDS + 1):
            end = start + WORDS
            if sum(known[start:end]) >= WORDS - _WRONG_WORDS:
                with contextlib.suppress(InvalidReceiptCode):
                    codes.append(_code([mended(word) for word in spoken[start:end]], language))
    return codes


def _spoken(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.lower())
    return _A_WORD.findall("".join(c for c in letters if not unicodedata.combining(c)))


def _code(spoken: Sequence[str], language: Language) -> ReceiptCode:
    places = _places(language)
    return code_of_word_numbers([places[word] for word in spoken if word in places])


def _mended(word: str, language: Language) -> str:
    if word in _places(language):
        return word
    alike = process.extract(
        word, _words(language), scorer=OSA.distance, score_cutoff=_MISTAKES, limit=2
    )
    return alike[0][0] if len(alike) == 1 else word


@cache
def _words(language: Language) -> Sequence[str]:
    path = Path(__file__).with_name("words") / f"{language}.txt"
    return tuple(path.read_text(encoding="ascii").split())


@cache
def _places(language: Language) -> Mapping[str, int]:
    return {word: place for place, word in enumerate(_words(language))}

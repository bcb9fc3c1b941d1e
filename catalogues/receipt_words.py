"""Receipt codes as words: easier to say, to hear and to write down than 26 characters.

The English list is the one of BIP-39 (MIT licence, beside it): 2048 short and common words whose
first four letters tell them apart, so those are enough. A language without a list of its own gets
the English words.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

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

_TELLING = 4
"""Letters by which each word differs from all others of its list."""
_A_WORD = re.compile(r"[a-z]+")
_LISTS = dict.fromkeys(Language, Language.ENGLISH)
"""Whose words each language speaks."""


def in_words(code: ReceiptCode, language: Language) -> str:
    """Return a code as twelve words."""
    words = _words(_LISTS[language])
    return " ".join(words[number] for number in word_numbers(code))


def read_receipt_code(text: str) -> ReceiptCode:
    """Read a code as people type it, as characters or as words.

    Words may be in any case, with or without accents, between anything that is no letter, and cut
    off after four letters.

    Raises:
        InvalidReceiptCode: when it is neither.
    """
    for code in _said_in(_spoken(text), alone=True):
        return code
    return parse_receipt_code(text)


def codes_within(text: str) -> Sequence[ReceiptCode]:
    """Return whatever in a longer text could be a receipt code, as characters or as words."""
    return [*possible_codes(text), *_said_in(_spoken(text), alone=False)]


def _spoken(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.lower())
    return _A_WORD.findall("".join(c for c in letters if not unicodedata.combining(c)))


def _said_in(spoken: Sequence[str], *, alone: bool) -> list[ReceiptCode]:
    if alone and len(spoken) != WORDS:
        return []
    codes: list[ReceiptCode] = []
    for language in sorted(set(_LISTS.values())):
        places = [_places(language).get(word) for word in spoken]
        for start in range(len(places) - WORDS + 1):
            numbers = [place for place in places[start : start + WORDS] if place is not None]
            try:
                codes.append(code_of_word_numbers(numbers))
            except InvalidReceiptCode:
                continue
    return codes


@cache
def _words(language: Language) -> Sequence[str]:
    path = Path(__file__).with_name("words") / f"{language}.txt"
    return tuple(path.read_text(encoding="ascii").split())


@cache
def _places(language: Language) -> Mapping[str, int]:
    numbered = list(enumerate(_words(language)))
    return {word[:_TELLING]: place for place, word in numbered} | {
        word: place for place, word in numbered
    }

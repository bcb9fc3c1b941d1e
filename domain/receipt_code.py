"""Receipt codes: what a complainant comes back with instead of an account.

130 random bits as 26 characters of Crockford's base 32 (no I, L, O or U), written in groups.
At this length a keyed hash is enough to look it up (OWASP ASVS 5.0, 6.5.2). A receipt code is
shown once, and only ever travels in the body of a POST.

The same bits can be said as ten words: ten numbers of 13 bits, each the place of a word in a list
of 8192.
"""

import contextlib
import re
import secrets
from collections.abc import Sequence
from typing import NewType

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LENGTH = 26
_BITS_OF_A_CHARACTER = 5
BITS = _LENGTH * _BITS_OF_A_CHARACTER
_GROUPS = ((0, 5), (5, 10), (10, 15), (15, 20), (20, 26))
_AS_WE_WRITE_IT = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{5}[-\s]?){4}[0-9A-Za-z]{6}(?![0-9A-Za-z])"
)

WORDS = 10
"""How many words say a code."""
WORDS_TO_CHOOSE_FROM = 8192
"""How many words a list has: 13 bits each."""
_BITS_OF_A_WORD = 13


class InvalidReceiptCode(ValueError):
    """The text cannot be a receipt code. The message never repeats what was typed."""


ReceiptCode = NewType("ReceiptCode", str)
"""A receipt code in its canonical form: 26 characters without separators."""


def parse_receipt_code(text: str) -> ReceiptCode:
    """Read a code as people type it: any case, spaces, hyphens, O for 0, I or L for 1.

    Raises:
        InvalidReceiptCode: when the text has another length or another character.
    """
    typed = "".join(c for c in text.upper() if not c.isspace() and c != "-")
    canonical = typed.translate(_READ_AS)
    if len(canonical) != _LENGTH or any(c not in _ALPHABET for c in canonical):
        raise InvalidReceiptCode("not a receipt code")
    return ReceiptCode(canonical)


def grouped(code: ReceiptCode) -> str:
    """Return the code as people read it: five groups joined by hyphens."""
    return "-".join(code[start:end] for start, end in _GROUPS)


def word_numbers(code: ReceiptCode) -> Sequence[int]:
    """Return the places, from 0, of the ten words that say a code."""
    bits = 0
    for character in code:
        bits = bits << _BITS_OF_A_CHARACTER | _ALPHABET.index(character)
    places = range((WORDS - 1) * _BITS_OF_A_WORD, -1, -_BITS_OF_A_WORD)
    return tuple(bits >> place & WORDS_TO_CHOOSE_FROM - 1 for place in places)


def code_of_word_numbers(numbers: Sequence[int]) -> ReceiptCode:
    """Return the code that ten words say, given as their places.

    Raises:
        InvalidReceiptCode: when there are more or fewer.
    """
    if len(numbers) != WORDS:
        raise InvalidReceiptCode("not a receipt code")
    bits = 0
    for number in numbers:
        bits = bits << _BITS_OF_A_WORD | number
    return code_of_bits(bits)


def code_of_bits(bits: int) -> ReceiptCode:
    """Return the code that holds the last 130 bits of a number."""
    places = range(BITS - _BITS_OF_A_CHARACTER, -1, -_BITS_OF_A_CHARACTER)
    return ReceiptCode("".join(_ALPHABET[bits >> place & len(_ALPHABET) - 1] for place in places))


def draw_receipt_code() -> ReceiptCode:
    """Draw a new code from the operating system's randomness."""
    return ReceiptCode("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)))


def possible_codes(text: str) -> list[ReceiptCode]:
    """Return what in a longer text has the form in which receipt codes are shown."""
    codes: list[ReceiptCode] = []
    for match in _AS_WE_WRITE_IT.finditer(text):
        with contextlib.suppress(InvalidReceiptCode):
            codes.append(parse_receipt_code(match[0]))
    return codes

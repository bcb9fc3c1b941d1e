"""Case numbers: random, opaque, pronounceable, and safe to read out over the telephone.

A case number is two proquints (Wilkerson 2009, arXiv:0901.4016: 16 bits as a pronounceable
quintuplet of consonants and vowels) and an ISO/IEC 7064 MOD 37,36 check character, for instance
``lusab-babad-w``. The check character detects every single wrong character and nearly every
swap. The number opens nothing: that takes the receipt code.
"""

import secrets
from typing import NewType

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
_UNFIT_TO_READ_OUT = frozenset(
    {"fag", "fuk", "gog", "kut", "lul", "nazi", "nig", "pik", "sod", "tit", "zog"}
)
"""Fragments that a proquint can spell and that nobody should have to say about their own case."""


class InvalidCaseNumber(ValueError):
    """The text is not a case number: wrong form, or a typing error caught by its check."""


CaseNumber = NewType("CaseNumber", str)
"""A case number in its canonical form: lower case, parts joined by hyphens."""


def parse_case_number(text: str) -> CaseNumber:
    """Read a case number as people write it: any case, with spaces or hyphens.

    Raises:
        InvalidCaseNumber: when the text has another form or its check character does not fit.
    """
    letters = "".join(c for c in text.strip().lower() if c not in " -")
    if len(letters) != 11 or not letters.isascii():
        raise InvalidCaseNumber("a case number has two words of five letters and one check")
    for position, letter in enumerate(letters[:10]):
        allowed = _CONSONANTS if position % 5 % 2 == 0 else _VOWELS
        if letter not in allowed:
            raise InvalidCaseNumber("a case number alternates consonants and vowels")
    try:
        mod_37_36.validate(letters.upper())
    except ValidationError as error:
        raise InvalidCaseNumber("the check character does not fit") from error
    return CaseNumber(f"{letters[:5]}-{letters[5:10]}-{letters[10]}")


def draw_case_number() -> CaseNumber:
    """Draw a new random case number (32 bits); the case file makes sure it is unique."""
    while True:
        words = _proquint(secrets.randbits(16)), _proquint(secrets.randbits(16))
        if not any(unfit in word for word in words for unfit in _UNFIT_TO_READ_OUT):
            check = mod_37_36.calc_check_digit("".join(words).upper())
            return parse_case_number(f"{words[0]}-{words[1]}-{check}")


def _proquint(sixteen_bits: int) -> str:
    return (
        _CONSONANTS[sixteen_bits >> 12 & 15]
        + _VOWELS[sixteen_bits >> 10 & 3]
        + _CONSONANTS[sixteen_bits >> 6 & 15]
        + _VOWELS[sixteen_bits >> 4 & 3]
        + _CONSONANTS[sixteen_bits & 15]
    )

"""The languages in which Wederhoor speaks to people."""

from enum import StrEnum


class Language(StrEnum):
    """A language tag (BCP 47) that Wederhoor knows."""

    DUTCH = "nl"
    ENGLISH = "en"
    SPANISH = "es"
    PORTUGUESE = "pt"
    ROMANIAN = "ro"
    BULGARIAN = "bg"
    HUNGARIAN = "hu"


SPOKEN = tuple(Language)
"""The languages for which every text and every topic exists, and that people can choose. Another
one is offered by adding it here; the tests then ask for what it lacks."""


def spoken(tag: str) -> Language:
    """Return a language that people can choose.

    Raises:
        ValueError: when it is none, or not complete yet.
    """
    if tag not in SPOKEN:
        raise ValueError(f"{tag!r} is not spoken here")
    return Language(tag)

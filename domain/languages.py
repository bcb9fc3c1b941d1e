"""The languages in which Wederhoor speaks to people."""

from enum import StrEnum


class Language(StrEnum):
    """A language tag (BCP 47) for which every letter and every text exists."""

    DUTCH = "nl"
    ENGLISH = "en"

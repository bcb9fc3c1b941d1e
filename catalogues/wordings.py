"""What the catalogues say: each key's wording in a language, and whether a person has checked it.

A catalogue is a gettext file that any translator's program opens. Its msgids are keys
(``stage.received``), so that a changed sentence in one language never orphans the others. A wording
that depends on a number has the plural forms that CLDR gives the language. The flag ``fuzzy`` marks
what was translated by a machine and not yet checked; it is used all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

from domain.languages import Language

_LARGEST = 1000
"""CLDR's forms for numbers beyond it (a million days) are not asked for."""
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""Of CLDR, in the order in which gettext numbers them."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a language words something.

    Attributes:
        forms: one, or one for each plural category of the language.
        plural: whether the form depends on the placeholder ``n``.
        checked: false for a machine's translation that nobody has checked.
    """

    forms: tuple[str, ...]
    plural: bool = False
    checked: bool = True


@cache
def wordings(language: Language) -> Mapping[str, Wording]:
    """Return everything that the catalogue of a language says, by key; nothing if it has none."""
    path = Path(__file__).with_name(f"{language}.po")
    return read_wordings(path, language) if path.exists() else {}


def read_wordings(path: Path, language: Language) -> Mapping[str, Wording]:
    """Read a catalogue.

    Raises:
        babel.messages.pofile.PoFileError: when it is no gettext catalogue.
    """
    with path.open("rb") as file:
        messages = read_po(file, locale=language.value, abort_invalid=True)
    return {
        key: Wording(_forms(message.string), message.pluralizable, not message.fuzzy)
        for message in messages
        if (key := message.id if isinstance(message.id, str) else message.id[0])
    }


def _forms(string: str | Sequence[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())


@cache
def plural_categories(language: Language) -> tuple[str, ...]:
    """Return the plural categories that a language has for whole numbers, in gettext's order."""
    rule = Locale(language.value).plural_form
    used = {rule(number) for number in range(_LARGEST + 1)}
    return tuple(category for category in _CATEGORIES if category in used)


def plural_index(language: Language, number: int) -> int:
    """Return which of its plural forms a language uses for a whole number."""
    category = Locale(language.value).plural_form(number)
    categories = plural_categories(language)
    return categories.index(category if category in categories else "other")


@cache
def has_unchecked(language: Language) -> bool:
    """Tell whether anything in a language was translated by a machine and not yet checked."""
    return not all(wording.checked for wording in wordings(language).values())

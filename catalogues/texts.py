"""Texts in the languages of Wederhoor, each under one stable key.

The catalogues are gettext files whose msgids are keys (``stage.received``), so that a changed
sentence in one language never orphans the others. They are read once, at the first use.
"""

from datetime import date
from functools import cache
from pathlib import Path

from babel import negotiate_locale
from babel.dates import format_date
from babel.messages.pofile import read_po

from domain.languages import Language

_LONGEST_HEADER = 500
"""Characters of an Accept-Language header that are read; real ones are far shorter."""


class UnknownText(KeyError):
    """No text has this key in this language: an error in our code or catalogue."""


class MissingValue(KeyError):
    """A text names a placeholder for which no value was given: an error in our code."""


def text(language: Language, key: str, /, **values: object) -> str:
    """Return the text under ``key``, its ``{placeholders}`` filled with ``values``.

    Raises:
        UnknownText: when the catalogue of the language has no such key.
        MissingValue: when the text needs a value that was not given.
    """
    wording = catalogue(language).get(key)
    if wording is None:
        raise UnknownText(f"no text {key!r} in {language}")
    try:
        return wording.format(**values)
    except KeyError as missing:
        raise MissingValue(f"text {key!r} in {language} needs {missing}") from None


def text_if_any(language: Language, key: str) -> str | None:
    """Return the text under ``key`` where an operator's own row may have none."""
    return catalogue(language).get(key)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Return all texts of a language, by key, as written in its catalogue."""
    path = Path(__file__).with_name(f"{language}.po")
    with path.open("rb") as file:
        messages = read_po(file, locale=language.value, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}


def best_language(accept_language_header: str | None) -> Language:
    """Return the language that a reader's browser asks for, or Dutch when we speak none of them.

    The header is read as RFC 9110 writes it; what cannot be read in it counts for nothing.
    """
    wanted = _by_preference((accept_language_header or "")[:_LONGEST_HEADER].lower())
    available = [language.value for language in Language]
    found = negotiate_locale(wanted, available, sep="-")
    return Language(found) if found else Language.DUTCH


def _by_preference(header: str) -> list[str]:
    weighed: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameter = part.strip().partition(";")
        weight = _weight(parameter.strip())
        if tag.strip() and weight > 0:
            weighed.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if name.strip().lower() == "q" and 0 <= weight <= 1 else 0.0


def written_date(day: date, language: Language) -> str:
    """Return a date in words, for instance ``23 november 2026`` or ``23 November 2026``."""
    return format_date(day, "d MMMM y", locale=language.value)

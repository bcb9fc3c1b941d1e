"""Texts in the languages of Wederhoor, each under one stable key."""

from datetime import date, time
from enum import Enum
from functools import cache

from babel import negotiate_locale
from babel.dates import format_date, format_time

from catalogues.wordings import Wording, plural_index, wordings
from domain.languages import SPOKEN, Language

_LONGEST_HEADER = 500
"""Characters of an Accept-Language header that are read; real ones are far shorter."""


class UnknownText(KeyError):
    """No text has this key in this language: an error in our code or catalogue."""


class MissingValue(KeyError):
    """A text names a placeholder for which no value was given: an error in our code."""


def text(language: Language, key: str, /, **values: object) -> str:
    """Return the text under ``key``, its ``{placeholders}`` filled with ``values``.

    Where the wording depends on a number, that is the value ``n``. Dates are written in words. A
    value is put in as it is, whatever it looks like; one that ends with a full stop (a Hungarian
    date does) takes the place of the full stop behind it.

    Raises:
        UnknownText: when the catalogue of the language has no such key.
        MissingValue: when the text needs a value that was not given.
    """
    wording = wordings(language).get(key)
    if wording is None:
        raise UnknownText(f"no text {key!r} in {language}")
    try:
        return _filled(_form(wording, language, values), language, values)
    except KeyError as missing:
        raise MissingValue(f"text {key!r} in {language} needs {missing}") from None


def _form(wording: Wording, language: Language, values: dict[str, object]) -> str:
    if not wording.plural:
        return wording.forms[0]
    number = values["n"]
    if not isinstance(number, int):
        raise KeyError("a whole number n")
    return wording.forms[plural_index(language, number)]


def _filled(form: str, language: Language, values: dict[str, object]) -> str:
    written = {name: _written(value, language) for name, value in values.items()}
    for name, value in written.items():
        if value.endswith("."):
            form = form.replace(f"{{{name}}}.", f"{{{name}}}")
    return form.format(**written)


def _written(value: object, language: Language) -> str:
    return written_date(value, language) if isinstance(value, date) else str(value)


class Reader(Enum):
    """To whom the course of a case is told; each has the endings of the wordings of their own."""

    STAFF = ()
    COMPLAINANT = ("own",)
    """Is called "you", where the staff read of "the complainant"."""
    ADVISED = ("advice", "own")
    """Is the same, in a case in which we do not mediate and only show the way."""


def text_to(reader: Reader, language: Language, key: str, /, **values: object) -> str:
    """Return the text under ``key`` in the wording of this reader, where there is one."""
    own = (f"{key}.{ending}" for ending in reader.value)
    return text(language, next((it for it in own if it in wordings(language)), key), **values)


def text_if_any(language: Language, key: str) -> str | None:
    """Return the text under ``key`` where an operator's own row may have none."""
    return catalogue(language).get(key)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Return all texts of a language, by key, as written; of plural forms the general one."""
    return {key: wording.forms[-1] for key, wording in wordings(language).items()}


def best_language(accept_language_header: str | None) -> Language:
    """Return the language that a reader's browser asks for, or Dutch when we speak none of them.

    The header is read as RFC 9110 writes it; what cannot be read in it counts for nothing.
    """
    wanted = _by_preference((accept_language_header or "")[:_LONGEST_HEADER].lower())
    available = [language.value for language in SPOKEN]
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
    """Return a date in words as CLDR writes it, ``23 november 2026`` or ``2026. november 23.``."""
    return format_date(day, "long", locale=_locale(language))


def written_time(moment: time, language: Language) -> str:
    """Return a time of the day to the minute as CLDR writes it, for instance ``14:05``."""
    return format_time(moment, "short", locale=_locale(language))


def _locale(language: Language) -> str:
    return "en_GB" if language is Language.ENGLISH else language.value

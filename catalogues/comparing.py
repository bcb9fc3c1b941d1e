"""What a catalogue lacks, compared with the Dutch one: for translators and for the tests."""

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter

from catalogues.wordings import Wording, plural_categories, wordings
from domain.languages import Language

REFERENCE = Language.DUTCH
"""The language whose keys and placeholders all others have."""

_SHORT = 3
"""Words. A wording that is no longer may be the same in two languages."""


def faults(language: Language) -> Sequence[str]:
    """Return everything that is wrong with the catalogue of a language, a line each."""
    found = list(compared(wordings(language), wordings(REFERENCE), language))
    for other in {REFERENCE, Language.ENGLISH} - {language}:
        if language is not REFERENCE:
            found += left_in(other, wordings(language), wordings(other))
    return sorted(found)


def compared(
    ours: Mapping[str, Wording], reference: Mapping[str, Wording], language: Language
) -> Iterator[str]:
    """Compare the keys, plural forms and placeholders of a catalogue with those of another one."""
    for key in sorted(reference.keys() - ours.keys()):
        yield f"{key}: missing"
    for key in sorted(ours.keys() - reference.keys()):
        yield f"{key}: unknown"
    for key in sorted(reference.keys() & ours.keys()):
        for fault in _faults(ours[key], reference[key], language):
            yield f"{key}: {fault}"


def left_in(
    other: Language, ours: Mapping[str, Wording], theirs: Mapping[str, Wording]
) -> Iterator[str]:
    """Find sentences that are the same in another language."""
    for key in sorted(ours.keys() & theirs.keys()):
        same = set(ours[key].forms) & set(theirs[key].forms)
        if any(len(form.split()) > _SHORT for form in same):
            yield f"{key}: still in {other}"


def placeholders(form: str) -> set[str]:
    """Return the names between braces.

    Raises:
        ValueError: when a brace stands alone.
    """
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


def _faults(ours: Wording, reference: Wording, language: Language) -> Iterator[str]:
    categories = plural_categories(language) if reference.plural else ("",)
    if ours.plural != reference.plural or len(ours.forms) != len(categories):
        yield f"needs {len(categories)} forms {' '.join(categories)}".rstrip()
    for form in ours.forms:
        if not form:
            yield "empty"
        elif form != " ".join(form.split()):
            yield "spaces or line ends too many"
        elif form.startswith(("- ", ">")) or "\\" in form:
            yield "looks like a list, a quotation or a broken line"
        elif not _has_the_placeholders(form, reference):
            yield f"needs the placeholders {sorted(placeholders(reference.forms[-1]))}"


def _has_the_placeholders(form: str, reference: Wording) -> bool:
    wanted = placeholders(reference.forms[-1])
    # A plural form may say its number in words ("one day"), or where the Dutch one does not.
    number = {"n"} if reference.plural else set[str]()
    try:
        return wanted - number <= placeholders(form) <= wanted | number
    except ValueError:
        return False

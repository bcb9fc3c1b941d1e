"""How far each language is: ``python -m explanations.translations [LANGUAGE]``.

Without a language it writes ``docs/translations.md``, the list for translators. With one it tells
everything that is missing or wrong in that language, and exits with 1 if anything is.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel import Locale

from catalogues import comparing
from catalogues.comparing import REFERENCE
from catalogues.wordings import plural_categories, wordings
from domain.languages import SPOKEN, Language
from explanations.topics import BrokenTopic, Topic, topics

PAGE = Path(__file__).parent.parent / "docs" / "translations.md"

_TEXT = """# Translations

<!-- Written by `make translations`; do not edit. -->

Dutch and English are written by the project. The other languages were translated by a machine.
What nobody has checked is used all the same, and readers are told so, on pages and under letters.

| language | offered | plurals | texts | checked | unchecked | wrong | topics | unchecked | wrong |
|---|---|---|---|---|---|---|---|---|---|
{rows}

"Wrong" counts what is missing, too.

## How to check a language

You need to speak the language well, and to read Dutch or English.

1. Open the `.po` file of the language in `catalogues/` with Poedit, Lokalize or any editor. Beside
   it open `catalogues/nl.po` and `catalogues/en.po`: the keys (`msgid`) are the same, and the key
   says where a text is used: `letter.closing.rights` in `templates/letters/closing/body.txt`.
2. Read each text that has the flag `#, fuzzy`. Mend it where needed: short sentences, plain words
   (B1), polite form, nothing that judges anybody. Keep each placeholder, such as `{{day}}`. Then
   remove the flag.
3. A text with several `msgstr[…]` has one for each plural form of the table, in that order.
4. Topics are in `content/topics/`, a file for each language. Read one, mend it, and remove the line
   `translated = "machine"`. The facts above the text (`sources`, `checked`, …) are those of the
   Dutch file.
5. `make translations ONLY=ro` tells what is missing or wrong in Romanian. `make translations`
   writes this page anew.

A language is offered once it is in `SPOKEN` of `domain/languages.py`; the tests then ask for every
text.
"""


def faults_of(language: Language) -> Sequence[str]:
    """Return what is missing or wrong in a language, a line each."""
    return [*comparing.faults(language), *topic_faults(language)]


def topic_faults(language: Language) -> Sequence[str]:
    """Return which topics a language lacks, and which tell other facts than the Dutch one."""
    try:
        ours = {one.id: one for one in topics(language)}
    except BrokenTopic as broken:
        return [str(broken)]
    theirs = {one.id: one for one in topics(REFERENCE)}
    found = [f"topic {one}: missing" for one in sorted(theirs.keys() - ours.keys())]
    found += [f"topic {one}: unknown" for one in sorted(ours.keys() - theirs.keys())]
    for one in sorted(ours.keys() & theirs.keys()):
        found += [f"topic {one}: {fault}" for fault in _topic_faults(ours[one], theirs[one])]
    return found


def _topic_faults(ours: Topic, theirs: Topic) -> Iterator[str]:
    for name in ("sources", "verified", "checked", "owner"):
        if getattr(ours, name) != getattr(theirs, name):
            yield f"{name} differs from {REFERENCE}"
    if ours.language is not theirs.language and ours.body == theirs.body:
        yield f"still in {REFERENCE}"
    if ours.body.count("\n## ") != theirs.body.count("\n## "):
        yield f"has other headings than {REFERENCE}"


def page() -> str:
    """Return the list for translators."""
    return _TEXT.format(rows="\n".join(map(_row, Language)))


def _row(language: Language) -> str:
    texts = wordings(language).values()
    unchecked = sum(not wording.checked for wording in texts)
    ours = topics(language)
    cells = (
        f"{Locale(language.value).english_name} (`{language}`)",
        "yes" if language in SPOKEN else "no",
        " ".join(plural_categories(language)),
        len(texts),
        len(texts) - unchecked,
        unchecked,
        len(comparing.faults(language)),
        len(ours),
        sum(one.unchecked for one in ours),
        len(topic_faults(language)),
    )
    return f"| {' | '.join(map(str, cells))} |"


def main(words: Sequence[str]) -> int:
    """Write the page, or tell what a language lacks; return the exit code."""
    if not words:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    found = faults_of(Language(words[0]))
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.stdout.write(f"{len(found)} to do in {words[0]}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Every Dutch text is plain (level B1): each long one by itself, short ones together.

A short one of some words is not hard by itself, either: none hides among easy ones.

Letters as a whole and topics are measured where they are tested (``tests/mail``,
``tests/explanations``).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from catalogues.wordings import wordings
from domain.languages import Language
from tests.reading_ease import (
    LEGAL_TEXT,
    LONGEST_SENTENCE,
    NOT_HARD,
    PLAIN,
    STANDARD,
    reading_ease,
    sentences,
)

_LONG = 20
"""Words. The formula says little about a shorter text; those are measured together."""
_PHRASE = 6
"""Words from which a short text is measured by itself, too: fewer are a name or a title."""
_LONGEST_WORD = 20
"""Letters: as long as ``klachtenfunctionaris``, which is what the law calls whom people meet."""
_NAMES_OF_BODIES = re.compile(
    r"Nationale ombudsman|Autoriteit Persoonsgegevens|College voor de Rechten van de Mens"
    r"|Inspectie Gezondheidszorg en Jeugd|Stichting Klachten en Geschillen Zorgverzekeringen"
    r"|Nederlandse Arbeidsinspectie|Arbeidsinspectie|Discriminatie\.nl"
)
"""What a body is called is not ours to make easier: it counts as one word of two syllables."""
_VALUES = {"day": "3 mei", "n": "6", "institution": "de bank"}


def said(form: str) -> str:
    """Return a wording as it reads, with something in the place of each placeholder."""
    filled = re.sub(r"\{(\w+)\}", lambda found: _VALUES.get(found[1], "dit"), form)
    return _NAMES_OF_BODIES.sub("Loket", filled)


def length(words: str) -> int:
    return sum(map(len, sentences(words)))


def group_of(key: str, words: str) -> str:
    if not words.endswith((".", "?", "!", ":")):
        return "names and titles"
    kind, _, rest = key.partition(".")
    if kind in {"body", "side_route", "helpline"}:
        return "where to go"
    return f"letter {rest.partition('.')[0]}" if kind == "letter" else kind


def texts() -> Iterator[tuple[str, str]]:
    for key, wording in wordings(Language.DUTCH).items():
        for form in wording.forms:
            yield key, said(form)


def groups() -> Mapping[str, str]:
    """Return the short texts by what they are about; groups of few words stand together."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, words in texts():
        if length(words) < _LONG:
            found[group_of(key, words)].append(words)
    joined = {name: "\n".join(lines) for name, lines in found.items()}
    rest = [name for name, lines in joined.items() if length(lines) < _LONG]
    return joined | {"the rest": "\n".join(joined.pop(name) for name in rest)}


GROUPS = groups()
LONG = [(key, words) for key, words in texts() if length(words) >= _LONG]
PHRASES = [(key, words) for key, words in texts() if _PHRASE <= length(words) < _LONG]


class TestADutchText:
    @pytest.mark.parametrize(("key", "words"), LONG, ids=[key for key, _ in LONG])
    def test_is_no_harder_than_standard(self, key: str, words: str) -> None:
        assert reading_ease(words) >= STANDARD, key

    @pytest.mark.parametrize(("key", "words"), PHRASES, ids=[key for key, _ in PHRASES])
    def test_of_some_words_is_not_hard_by_itself(self, key: str, words: str) -> None:
        assert reading_ease(words) >= NOT_HARD, key

    @pytest.mark.parametrize("name", GROUPS)
    def test_is_plain_together_with_others_of_its_kind(self, name: str) -> None:
        assert reading_ease(GROUPS[name]) >= PLAIN

    def test_has_no_long_sentence(self) -> None:
        longest = {key: max(map(len, sentences(words))) for key, words in texts()}
        assert {key: n for key, n in longest.items() if n > LONGEST_SENTENCE} == {}

    def test_has_no_word_longer_than_the_longest_that_people_meet(self) -> None:
        words = {word for _, text in texts() for word in re.findall(r"[^\W\d_]+", text)}
        assert {word for word in words if len(word) > _LONGEST_WORD} == set()

    def test_is_measured_whichever_it_is(self) -> None:
        measured = sum(length(lines) for lines in (*GROUPS.values(), *(text for _, text in LONG)))
        assert measured == sum(length(words) for _, words in texts())


class TestTheMeasure:
    def test_finds_a_law_too_hard(self) -> None:
        assert reading_ease(LEGAL_TEXT) < STANDARD
        assert max(map(len, sentences(LEGAL_TEXT))) > LONGEST_SENTENCE

    def test_finds_the_words_of_a_law_too_hard_among_titles(self) -> None:
        titles = "Klaagschrift\nBestuursorgaan\nOntvankelijkheidsbeoordeling\nInkennisstelling"
        assert reading_ease(titles) < STANDARD

    def test_is_not_made_easy_by_masking_names(self) -> None:
        assert said(LEGAL_TEXT) == LEGAL_TEXT

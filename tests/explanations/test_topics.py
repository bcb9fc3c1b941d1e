"""Topics: complete in each language, plain, with sources, and found in spite of typing errors."""

import re

import pytest

from domain.languages import SPOKEN, Language
from explanations.topics import BrokenTopic, Topic, parse_topic, search, topic, topics
from explanations.translations import topic_faults
from tests.never_said import NEVER
from tests.reading_ease import LEGAL_TEXT, LONGEST_SENTENCE, PLAIN, reading_ease, sentences

EVERY = [one for language in SPOKEN for one in topics(language)]
STARTER_SET = {
    "business_account_refused",
    "care",
    "complaint_or_objection",
    "discrimination",
    "how_long",
    "landlord",
    "no_answer",
    "ombudsman",
    "operator",
    "police",
    "private_account",
    "staying_anonymous",
    "without_a_licence",
    "writing_a_complaint",
    "your_data",
    "your_duties",
}
_OMBUDSMAN = re.compile("ombudsman|омбудсман")
_OF_THE_OMBUDSMAN = {
    Language.DUTCH: ("overheid", "politie"),
    Language.ENGLISH: ("government", "police"),
    Language.SPANISH: ("autoridades", "policía"),
    Language.PORTUGUESE: ("autoridades", "polícia"),
    Language.ROMANIAN: ("autorit", "poliți"),
    Language.BULGARIAN: ("властите", "полиция"),
    Language.HUNGARIAN: ("állami szerv", "rendőrség"),
}
"""What the Nationale ombudsman looks at: no bank, care institution or insurer."""

WHOLE = """+++
title = "Iets"
summary = "Over iets."
keywords = ["iets"]
sources = ["Awb 9:1"]
verified = true
checked = 2026-11-26
owner = "editors"
+++

Een tekst.
"""


def spoken(one: Topic) -> str:
    """Return all that readers see of a topic, without its marks."""
    written = (one.title, one.summary, *one.body.splitlines())
    lines = [re.sub(r"[#*]|^- ", "", line).strip() for line in written]
    return "\n".join(line for line in lines if line)


class TestTheTopics:
    def test_are_the_starter_set(self) -> None:
        assert {one.id for one in topics(Language.DUTCH)} == STARTER_SET

    @pytest.mark.parametrize("language", SPOKEN)
    def test_tell_the_same_facts_in_every_language(self, language: Language) -> None:
        assert topic_faults(language) == []

    @pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one.id}.{one.language}")
    def test_judge_nobody_and_name_nothing_unasked(self, one: Topic) -> None:
        assert not NEVER.search(one.title + one.summary + one.body)

    @pytest.mark.parametrize("one", topics(Language.DUTCH), ids=lambda one: one.id)
    def test_are_plain_enough_for_level_b1(self, one: Topic) -> None:
        text = spoken(one)
        assert reading_ease(text) >= PLAIN
        assert reading_ease(one.summary) >= PLAIN
        assert max(map(len, sentences(text))) <= LONGEST_SENTENCE

    def test_would_not_be_plain_in_the_words_of_the_law(self) -> None:
        assert reading_ease(LEGAL_TEXT) < PLAIN

    @pytest.mark.parametrize("language", SPOKEN)
    def test_promise_no_kifid_for_a_business_account(self, language: Language) -> None:
        found = topic("business_account_refused", language)
        assert found is not None
        assert "kifid" not in (found.body + found.summary).lower()

    @pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one.id}.{one.language}")
    def test_send_nobody_to_the_ombudsman_but_about_government_or_police(self, one: Topic) -> None:
        sections = one.body.lower().split("\n## ")
        naming = [part for part in sections if _OMBUDSMAN.search(part)]
        assert naming or one.id not in {"no_answer", "ombudsman", "police"}
        for section in naming:
            told = f"{one.title}\n{one.summary}\n{section}".lower()
            assert any(word in told for word in _OF_THE_OMBUDSMAN[one.language])

    def test_have_nothing_under_an_unknown_name(self) -> None:
        assert topic("../nl", Language.DUTCH) is None


class TestASearch:
    @pytest.mark.parametrize(
        ("words", "language", "expected"),
        [
            ("bezwaar", Language.DUTCH, "complaint_or_objection"),
            ("bezwar maken", Language.DUTCH, "complaint_or_objection"),
            ("ombutsman", Language.DUTCH, "ombudsman"),
            ("politei", Language.DUTCH, "police"),
            ("zakelijke rekenning", Language.DUTCH, "business_account_refused"),
            ("annoniem blijven", Language.DUTCH, "staying_anonymous"),
            ("vergunnig", Language.DUTCH, "without_a_licence"),
            ("discrimanatie", Language.DUTCH, "discrimination"),
            ("OBJECTION", Language.ENGLISH, "complaint_or_objection"),
            ("anonimous", Language.ENGLISH, "staying_anonymous"),
            ("lanlord deposit", Language.ENGLISH, "landlord"),
            ("how many weeks?", Language.ENGLISH, "how_long"),
        ],
    )
    def test_finds_what_was_meant(self, words: str, language: Language, expected: str) -> None:
        assert search(words, language)[0].id == expected

    @pytest.mark.parametrize("words", ["xyzzy", "de", "?!", "qqqqqqqq wwwwwww"])
    def test_finds_nothing_where_there_is_nothing(self, words: str) -> None:
        assert search(words, Language.DUTCH) == []


class TestAFile:
    def test_says_all_that_a_topic_has(self) -> None:
        read = parse_topic("iets.nl.md", WHOLE)
        assert (read.id, read.language, read.body) == ("iets", Language.DUTCH, "Een tekst.")
        assert read.checked.isoformat() == "2026-11-26"

    @pytest.mark.parametrize(
        ("right", "flaw"),
        [
            ('owner = "editors"\n', ""),
            ('owner = "editors"', 'owner = ""'),
            ("checked = 2026-11-26", 'checked = "yesterday"'),
            ("verified = true", "verified = 1"),
            ('sources = ["Awb 9:1"]', "sources = []"),
            ('title = "Iets"', 'title = "Iets"\nextra = 1'),
            ('title = "Iets"', 'title = "Iets"\ntranslated = "somebody"'),
            ("Een tekst.\n", ""),
            ("+++", "---"),
        ],
    )
    def test_that_lacks_something_is_named(self, right: str, flaw: str) -> None:
        assert right in WHOLE
        with pytest.raises(BrokenTopic, match=r"iets\.nl\.md"):
            parse_topic("iets.nl.md", WHOLE.replace(right, flaw))

    def test_of_no_language_is_named(self) -> None:
        with pytest.raises(BrokenTopic, match=r"iets\.xx\.md"):
            parse_topic("iets.xx.md", WHOLE)

"""The words of the letters: neutral to either side, and plain enough to read at level B1."""

import re
from dataclasses import replace
from datetime import date

import pytest

from catalogues.wordings import wordings
from domain.languages import SPOKEN, Language
from domain.letters import Contact, Letter
from domain.parties import Party
from domain.stages import Outcome
from domain.waits import Wait
from tests.mail.reading import (
    BARE,
    PORTAL,
    SENDINGS,
    TEMPLATES,
    TO_INSTITUTION,
    every_sending,
    rendered,
)
from tests.reading_ease import (
    LEGAL_TEXT,
    LONGEST_SENTENCE,
    PLAIN,
    reading_ease,
    sentences,
    syllables,
)

KEYS = {
    str(path.relative_to(TEMPLATES)): re.findall(r'\bt\("([^"]+)"[,)]', path.read_text())
    for path in sorted(TEMPLATES.rglob("*.txt"))
}
every_template = pytest.mark.parametrize("name", KEYS)

NEVER = re.compile(
    r"(?i)ingebreke|formal notice|\bdefault|\bse[kx]|prostit|hoer(?!en)|escort|slachtoffer|victim"
    r"|mensenhandel|traffick|uitbuit|exploit|illega|legali[st]|uitstap|exit program"
    r"|\bdaders?\b|offender|beschuldig|accus|schuldig|guilt|\bklager|verweerder|defendant"
    r"|misbruik|abuse|\bfraud|\bvice\b|zedenpolitie"
)
"""Nothing here judges the work, equates it with a crime, or puts one side in the dock."""

NEVER_TO_AN_INSTITUTION = re.compile(
    r"(?i)\bmoet|verplicht|sommeer|sommatie|\beis(t|en)?\b|gevolgen|rechter\b|schend|nalat|"
    r"\bmust\b|oblig|demand|consequence|\bcourt|violat|neglig|fail(ed|ure)|legal action|aansprak"
)
"""An institution is asked, and told why; it is not threatened."""

SAMPLE = replace(
    BARE,
    institution_name="de gemeente Plantstad",
    recipient_name="de gemeente Plantstad",
    due_on=date(2027, 1, 4),
    outcome=Outcome.NOT_SETTLED,
    notices=(
        "Het is langer dan een jaar geleden. De gemeente hoeft uw klacht niet te behandelen.",
    ),
    consents_asked=(
        ("Mag de gemeente uw klacht lezen?", "Wij vragen de gemeente om een antwoord"),
    ),
    sent_before=(("De klacht", date(2026, 11, 30)),),
    ground="het gaat over een besluit",
    route="u kunt bezwaar maken bij de gemeente",
    referral_body="de Nationale ombudsman",
    referral_until=date(2028, 1, 4),
    referral_source="Awb 9:24",
    timeline_text=("De gemeente had tot en met 4 januari 2027 om te antwoorden",),
    contact=Contact.COORDINATOR,
    term_in_words=("De gemeente heeft zes weken om uw klacht te behandelen (Awb 9:11)",),
    silent_since=date(2026, 11, 30),
)
WAITS = {
    party: (None, Wait.INSTITUTION_REPLIES, *(wait for wait in Wait if wait.party is party))
    for party in (Party.COMPLAINANT, Party.MEDIATOR, Party.ADVISER, Party.INSTITUTION)
}


def own_words(letter: Letter, recipient: Party, *, by_mail: bool, wait: Wait | None) -> str:
    """What a Dutch letter says in words of ours, without its head, quotations and addresses."""
    facts = replace(SAMPLE, wait=wait)
    read = rendered(letter, recipient, by_mail=by_mail, language=Language.DUTCH, facts=facts)
    body = read.text.split("\n\n", 1)[1]
    kept = [line for line in body.splitlines() if not line.startswith((">", PORTAL, "[["))]
    return "\n".join(kept)


class TestTheToneOfALetter:
    @every_template
    @pytest.mark.parametrize("language", SPOKEN)
    def test_judges_nobody(self, name: str, language: Language) -> None:
        for key in KEYS[name]:
            assert not NEVER.search(" ".join(wordings(language)[key].forms)), key

    @every_sending
    def test_stays_so_when_rendered(
        self, letter: Letter, recipient: Party, by_mail: bool, language: Language
    ) -> None:
        read = rendered(letter, recipient, by_mail=by_mail, language=language, facts=SAMPLE)

        assert not NEVER.search(read.subject + read.text)

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("letter", TO_INSTITUTION)
    def test_threatens_no_institution(self, letter: Letter, language: Language) -> None:
        for key in KEYS[f"letters/{letter}/body.txt"]:
            words = " ".join(wordings(language)[key].forms)
            assert not NEVER_TO_AN_INSTITUTION.search(words), key

    @every_template
    def test_says_u_in_dutch(self, name: str) -> None:
        for key in KEYS[name]:
            words = " ".join(wordings(Language.DUTCH)[key].forms)
            assert not re.search(r"(?i)\b(je|jij|jou|jouw|jullie)\b", words), key

    @every_template
    def test_is_all_in_the_catalogues(self, name: str) -> None:
        """A template itself says nothing but our name."""
        rest = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", (TEMPLATES / name).read_text())
        assert set(re.findall(r"\w+", rest)) <= {"Wederhoor"}

    @pytest.mark.parametrize(
        "wording",
        [
            "Slachtoffers kunnen bellen.",
            "the victims of trafficking",
            "Hierbij stellen wij u in gebreke: dit is een ingebrekestelling.",
            "your illegal work",
            "uitstapprogramma",
            "an exit programme",
            "een prostituee",
            "sekswerk",
        ],
    )
    def test_would_be_noticed_if_it_slipped(self, wording: str) -> None:
        assert NEVER.search(wording)

    @pytest.mark.parametrize(
        "wording", ["U moet nu reageren.", "You must answer.", "U bent verplicht"]
    )
    def test_would_be_noticed_if_it_threatened(self, wording: str) -> None:
        assert NEVER_TO_AN_INSTITUTION.search(wording)


class TestDutchLetters:
    @pytest.mark.parametrize(
        ("letter", "recipient", "by_mail", "wait"),
        [(*sending, wait) for sending in SENDINGS for wait in WAITS[sending[1]]],
    )
    def test_are_plain(
        self, letter: Letter, recipient: Party, by_mail: bool, wait: Wait | None
    ) -> None:
        words = own_words(letter, recipient, by_mail=by_mail, wait=wait)

        assert reading_ease(words) >= PLAIN
        assert max(map(len, sentences(words))) <= LONGEST_SENTENCE


class TestTheMeasure:
    def test_finds_a_law_hard(self) -> None:
        assert reading_ease(LEGAL_TEXT) < PLAIN - 20
        assert max(map(len, sentences(LEGAL_TEXT))) > LONGEST_SENTENCE

    def test_finds_a_children_s_sentence_easy(self) -> None:
        assert reading_ease("De kat zit op de mat. Hij eet een vis.") > 100

    @pytest.mark.parametrize(
        ("word", "count"),
        [
            ("klacht", 1),
            ("u", 1),
            ("bemiddelaar", 4),
            ("beoordelen", 4),
            ("geïnd", 2),
            ("uitgeeuwd", 2),
            ("coördinator", 5),
            ("instantie", 3),
            ("2027", 1),
        ],
    )
    def test_counts_syllables(self, word: str, count: int) -> None:
        assert syllables(word) == count

"""Warnings, grounds, ways to go and lengths of time in words; and how plain those words are."""

import re
from datetime import date

import pytest

from catalogues.texts import catalogue, written_date
from domain.grounds import Ground
from domain.intake import Notice, NoticeKind
from domain.languages import SPOKEN, Language
from domain.overview import Referral
from domain.spans import parse_span
from explanations import why
from tests.domain.journey import POLICY

NL, EN = Language.DUTCH, Language.ENGLISH
KINDS = {"why", "step", "notice", "ground", "purpose", "body", "wait", "refusal", "timeline"}
JUDGES_OR_EQUATES = re.compile(
    r"(?i)mensenhandel|traffick|slachtoffer|victim|prostitu|sekswerk|uitstap|exit prog|illega"
)


def our_texts(language: Language) -> dict[str, str]:
    texts = catalogue(language)
    return {key: words for key, words in texts.items() if key.partition(".")[0] in KINDS}


def lengths(words: str) -> list[int]:
    """The number of words of each sentence."""
    return [len(part.split()) for part in re.split(r"[.?!:](?:\s|$)", words) if part.strip()]


class TestAWarning:
    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("kind", NoticeKind)
    def test_is_worded_with_its_date(self, kind: NoticeKind, language: Language) -> None:
        day = date(2027, 1, 6)
        words = why.notice_in_words(Notice(kind=kind, until=day, source="Awb 6:7"), language)
        dated = {NoticeKind.OBJECTION_RUNNING, NoticeKind.OBJECTION_OVER}
        assert (written_date(day, language) in words) == (kind in dated)

    def test_of_an_objection_uses_the_word_by_which_letters_know_it(self) -> None:
        for kind in NoticeKind:
            if kind.startswith("objection"):
                notice = Notice(kind=kind, until=date(2027, 1, 6), source="Awb 6:7")
                assert "bezwaar" in why.notice_in_words(notice, NL)
                assert " object" in why.notice_in_words(notice, EN)

    def test_of_danger_names_the_number_and_leaves_the_choice(self) -> None:
        words = why.notice_in_words(Notice(kind=NoticeKind.DANGER), NL)
        assert "112" in words
        assert "U beslist zelf" in words


class TestTheWayToGo:
    def test_names_the_body_and_the_last_day_with_its_law(self) -> None:
        referral = Referral(body="skgz", until=date(2027, 12, 1), source="SKGZ")
        body, until = why.referral_sentences(referral, NL)
        assert "SKGZ" in body
        assert until == "De laatste dag om daarheen te gaan is 1 december 2027 (SKGZ)."
        assert why.referral_in_words(referral, NL) == f"{body} {until}"

    @pytest.mark.parametrize(
        ("language", "college"),
        [
            (NL, "College voor de Rechten van de Mens"),
            (EN, "Netherlands Institute for Human Rights"),
        ],
    )
    def test_of_a_business_account_never_promises_kifid(
        self, language: Language, college: str
    ) -> None:
        referral = Referral(body="bank_business_routes", until=None, source=None)
        [body] = why.referral_sentences(referral, language)
        assert "Kifid" not in body
        for way in ("KVK", "Discriminatie.nl", college):
            assert way in body

    @pytest.mark.parametrize(
        ("body", "ways"),
        [
            ("landlord_routes", ("Huurcommissie", "gemeente", "rechter")),
            ("operator_routes", ("gemeente", "Arbeidsinspectie", "rechter")),
        ],
    )
    def test_of_signposting_names_every_way(self, body: str, ways: tuple[str, ...]) -> None:
        words = why.body_in_words(body, NL)
        assert all(way in words for way in ways)

    @pytest.mark.parametrize("language", SPOKEN)
    def test_has_words_for_every_body_of_the_policy(self, language: Language) -> None:
        unnamed = why.body_in_words("added by an operator", language)
        for row in POLICY.bodies:
            assert why.body_in_words(row.id, language) != unnamed

    def test_to_a_body_that_an_operator_added_can_still_be_told(self) -> None:
        referral = Referral(body="voorbeeldstad_ombudsman", until=None, source=None)
        assert why.referral_in_words(referral, EN).startswith("Another body.")


class TestAGround:
    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("ground", Ground)
    def test_is_told_with_the_way_that_is_open(self, ground: Ground, language: Language) -> None:
        texts = catalogue(language)
        words = why.ground_in_words(ground, language)
        assert words == f"{texts[f'ground.{ground}']} {texts[f'ground.{ground}.route']}"


class TestASource:
    def test_that_is_a_citation_stays_as_it_is(self) -> None:
        assert why.source_in_words("Awb 9:11", NL) == "Awb 9:11"

    def test_that_is_no_citation_is_worded(self) -> None:
        assert why.source_in_words("service_level", EN) == "Wederhoor's own service level"
        committee = "rules of the disputes committee"
        assert why.source_in_words(committee, NL) == "de regels van de geschilleninstantie"

    def test_of_every_window_is_dutch_for_dutch_readers(self) -> None:
        for row in (*POLICY.windows, *POLICY.terms, *POLICY.extensions, *POLICY.limits):
            assert not re.search(r"\b(the|of|by)\b", why.source_in_words(row.source, NL)), row.id


class TestLengthsOfTime:
    @pytest.mark.parametrize(
        ("written", "dutch", "english"),
        [
            ("1 week", "1 week", "1 week"),
            ("6 weeks", "6 weken", "6 weeks"),
            ("1 business day", "1 werkdag", "1 working day"),
            ("5 business days", "5 werkdagen", "5 working days"),
            ("3 months", "3 maanden", "3 months"),
            ("1 year", "1 jaar", "1 year"),
        ],
    )
    def test_have_their_plural(self, written: str, dutch: str, english: str) -> None:
        span = parse_span(written)
        assert why.span_in_words(span, NL) == dutch
        assert why.span_in_words(span, EN) == english

    def test_of_days_have_it_too(self) -> None:
        assert [why.days_in_words(n, NL) for n in (1, 2)] == ["1 dag", "2 dagen"]


@pytest.mark.parametrize("language", SPOKEN)
class TestOurWords:
    def test_are_short_sentences(self, language: Language) -> None:
        every = [n for words in our_texts(language).values() for n in lengths(words)]
        assert sum(every) / len(every) < 9
        for key, words in our_texts(language).items():
            assert max(lengths(words)) <= 20, key

    def test_judge_nobody_and_equate_nothing(self, language: Language) -> None:
        for key, words in our_texts(language).items():
            assert not JUDGES_OR_EQUATES.search(words), key

    def test_say_u_in_dutch(self, language: Language) -> None:
        for key, words in our_texts(language).items():
            assert not re.search(r"(?i)\b(je|jij|jou|jouw|jullie)\b", words), key


class TestTheMeasure:
    def test_finds_a_law_too_long(self) -> None:
        law = (
            "Het bestuursorgaan handelt de klacht af binnen zes weken of, indien afdeling 9.1.3 "
            "van toepassing is, binnen tien weken na ontvangst van het klaagschrift."
        )
        assert max(lengths(law)) > 20

    def test_finds_words_that_equate(self) -> None:
        assert JUDGES_OR_EQUATES.search("Slachtoffers van mensenhandel")

"""Why this date: said in full, in both languages, from what the clock holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogues.texts import catalogue, written_date
from domain.calendar import Calendar
from domain.clocks import Clock
from domain.entries import Decision, EntryKind
from domain.institutions import InstitutionKind
from domain.intake import Notice, NoticeKind
from domain.languages import Language
from domain.overview import ClockView, Referral
from domain.parties import Party
from domain.policy.model import Purpose, Step
from domain.read_model import overview_of
from domain.spans import parse_span
from domain.waits import Wait
from explanations import why
from tests.domain.journey import (
    Journey,
    awaiting_consent,
    awaiting_institution,
    hearing_both_sides,
    rules_for,
)

NL, EN = Language.DUTCH, Language.ENGLISH
REPLY = Wait.INSTITUTION_REPLIES


def told(journey: Journey, wait: Wait, language: Language = NL) -> list[str]:
    details = overview_of(journey.course).details
    view = next(view for view in details.clocks if view.clock.wait is wait)
    return why.sentences(why.explain(view, language))


def clock_since(day: date, kind: InstitutionKind) -> ClockView:
    rules = rules_for(kind)
    since = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
    clock = Clock.begin(REPLY, rules.terms[REPLY], since, Calendar(rules.free_days))
    return ClockView(clock=clock, next_step=None, next_at=None)


class TestAStatutoryTerm:
    def test_is_told_with_its_law_its_rolls_and_its_end(self) -> None:
        # Municipality, received 20 February 2026: six weeks end on Good Friday.
        view = clock_since(date(2026, 2, 20), InstitutionKind.MUNICIPALITY)
        assert why.sentences(why.explain(view, NL)) == [
            "De tijd telt vanaf 20 februari 2026.",
            "De regels geven hiervoor 6 weken (Awb 9:11).",
            (
                "Deze dagen kunnen niet de laatste dag zijn: 3 april 2026 (Goede Vrijdag), "
                "4 april 2026 (zaterdag), 5 april 2026 (zondag), 6 april 2026 (Tweede Paasdag). "
                "Daarom schuift het einde op."
            ),
            "De laatste dag is 7 april 2026.",
            "Bemiddeling verandert deze termijn niet.",
        ]

    def test_is_told_in_english_too(self) -> None:
        view = clock_since(date(2026, 11, 13), InstitutionKind.CARE_INSTITUTION)
        words = " ".join(why.sentences(why.explain(view, EN)))
        assert "The rules give 6 weeks for this (Wkkgz" in words
        assert "25 December 2026 (Christmas Day)" in words
        assert "The last day is 28 December 2026." in words

    def test_says_what_comes_next_and_when(self) -> None:
        journey = awaiting_institution()
        reminder = journey.course.clocks[REPLY].day - timedelta(days=7)
        assert told(journey, REPLY)[-1] == (
            f"Gebeurt er niets? Dan doen wij dit op {written_date(reminder, NL)}: "
            "wij sturen een herinnering of kijken het na."
        )

    def test_that_has_passed_says_so(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(REPLY)
        day = written_date(journey.course.clocks[REPLY].day, NL)
        assert f"De laatste dag was {day}." in told(journey, REPLY)

    def test_says_who_made_it_longer_and_by_which_rule(self) -> None:
        journey = awaiting_institution()
        was = journey.course.clocks[REPLY].day
        journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
        journey.consent(purpose=Purpose.FURTHER_EXTENSION)
        journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
        words = told(journey, REPLY)
        first, second = journey.course.clocks[REPLY].extensions
        assert any(
            written_date(was, NL) in line and written_date(first.day, NL) in line for line in words
        )
        assert words.count("De indiener vond dat goed.") == 1
        assert f"De laatste dag is {written_date(second.day, NL)}." in words


class TestAPromiseOfOurOwn:
    def test_is_never_passed_off_as_a_law(self) -> None:
        words = " ".join(told(awaiting_consent(), Wait.COMPLAINANT_CONSENTS))
        assert "Wederhoor heeft hiervoor 14 dagen afgesproken." in words
        assert "geen wet" in words

    def test_says_that_it_stands_still_and_for_how_long_it_did(self) -> None:
        journey = awaiting_consent()
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
        assert any("staat stil sinds" in line for line in told(journey, Wait.COMPLAINANT_CONSENTS))
        journey.later(timedelta(days=3))
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_SAFE)
        words = told(journey, Wait.COMPLAINANT_CONSENTS)
        assert "De tijd stond 3 dagen stil. Die zijn erbij geteld." in words


class TestAWindowOfTheComplainant:
    def test_says_that_its_date_does_not_move(self) -> None:
        words = told(hearing_both_sides(), Wait.NEXT_BODY_WINDOW)
        assert any("schuift niet op" in line for line in words)


class TestARuleThatNobodyChecked:
    def test_says_so(self) -> None:
        journey = hearing_both_sides(InstitutionKind.CARE_INSTITUTION)
        words = told(journey, Wait.NEXT_BODY_WINDOW)
        assert "Deze regel moet nog worden nagekeken. De datum kan dus nog veranderen." in words


class TestAnyClock:
    @given(
        st.sampled_from(sorted(rules_for().terms)),
        st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
        st.sampled_from(Language),
        st.sampled_from(Step) | st.none(),
    )
    def test_is_explained_and_names_its_last_day(
        self, wait: Wait, since: datetime, language: Language, step: Step | None
    ) -> None:
        rules = rules_for()
        clock = Clock.begin(wait, rules.terms[wait], since, Calendar(rules.free_days))
        view = ClockView(clock=clock, next_step=step, next_at=since if step else None)
        words = why.sentences(why.explain(view, language))
        assert any(written_date(clock.day, language) in line for line in words)
        assert all(
            any(written_date(roll.day, language) in line for line in words) for roll in clock.rolls
        )


class TestWarnings:
    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize("kind", NoticeKind)
    def test_are_worded_with_their_date(self, kind: NoticeKind, language: Language) -> None:
        day = date(2027, 1, 6)
        words = why.notice_in_words(Notice(kind=kind, until=day, source="Awb 6:7"), language)
        dated = {NoticeKind.OBJECTION_RUNNING, NoticeKind.OBJECTION_OVER}
        assert (written_date(day, language) in words) == (kind in dated)

    def test_of_an_objection_use_the_word_by_which_letters_know_it(self) -> None:
        for kind in NoticeKind:
            if kind.startswith("objection"):
                notice = Notice(kind=kind, until=date(2027, 1, 6), source="Awb 6:7")
                assert "bezwaar" in why.notice_in_words(notice, NL)
                assert " object" in why.notice_in_words(notice, EN)


class TestTheWayToGo:
    def test_names_the_body_and_the_last_day_with_its_law(self) -> None:
        referral = Referral(body="skgz", until=date(2027, 12, 1), source="SKGZ")
        body, until = why.referral_sentences(referral, NL)
        assert "SKGZ" in body
        assert until == "De laatste dag om daarheen te gaan is 1 december 2027 (SKGZ)."

    def test_names_no_day_where_there_is_none(self) -> None:
        referral = Referral(body="bank_business_routes", until=None, source=None)
        [body] = why.referral_sentences(referral, NL)
        assert "Kifid" not in body


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


class TestOurWords:
    @pytest.mark.parametrize("language", Language)
    def test_are_short_sentences(self, language: Language) -> None:
        ours = ("why.", "notice.", "ground.", "purpose.", "body.", "wait.", "refusal.")
        for key, words in catalogue(language).items():
            if key.startswith(ours):
                lengths = [len(part.split()) for part in words.replace("?", ".").split(". ")]
                assert max(lengths) <= 22, key

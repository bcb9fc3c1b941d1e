"""Why this date: said in full, in both languages, from what the clock holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogues.texts import written_date
from domain.calendar import Calendar
from domain.clocks import Clock, Extension
from domain.entries import Decision, EntryKind
from domain.identifiers import EntryNumber
from domain.institutions import InstitutionKind
from domain.languages import SPOKEN, Language
from domain.overview import ClockView
from domain.parties import Party
from domain.policy.model import SERVICE_LEVEL, Purpose, Step
from domain.read_model import overview_of
from domain.spans import Span, Unit
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


def clock_since(
    day: date, kind: InstitutionKind = InstitutionKind.MUNICIPALITY, wait: Wait = REPLY
) -> Clock:
    rules = rules_for(kind)
    since = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
    return Clock.begin(wait, rules.terms[wait], since, Calendar(rules.free_days))


def seen(clock: Clock, step: Step | None = None, at: datetime | None = None) -> ClockView:
    return ClockView(clock=clock, next_step=step, next_at=at)


def said(clock: Clock, language: Language = NL, step: Step | None = None) -> list[str]:
    return why.sentences(why.explain(seen(clock, step, clock.due_at if step else None), language))


def extension(clock: Clock, source: str, *, with_consent: bool = False) -> Extension:
    day = clock.day + timedelta(weeks=4)
    span = Span(4, Unit.WEEKS)
    return Extension(EntryNumber(5), clock.day, day, span, (), source, with_consent)


class TestAStatutoryTerm:
    def test_is_told_with_its_law_its_rolls_and_its_end(self) -> None:
        # Municipality, received 20 February 2026: six weeks end on Good Friday.
        assert said(clock_since(date(2026, 2, 20))) == [
            "Het gaat om de reactie van de instelling.",
            "De tijd telt vanaf 20 februari 2026. Die dag zelf telt niet mee.",
            "De regels geven hiervoor 6 weken (Awb 9:11).",
            (
                "Deze dagen kunnen niet de laatste dag zijn: 3 april 2026 (Goede Vrijdag), "
                "4 april 2026 (zaterdag), 5 april 2026 (zondag), 6 april 2026 (Tweede Paasdag). "
                "Daarom schoof het einde op naar 7 april 2026."
            ),
            "De laatste dag is 7 april 2026.",
            "Bemiddeling verandert deze termijn niet.",
            "Voor deze termijn gebeurt er nu niets meer vanzelf.",
        ]

    def test_is_told_in_english_too(self) -> None:
        clock = clock_since(date(2026, 11, 13), InstitutionKind.CARE_INSTITUTION)
        assert said(clock, EN) == [
            "This is about the institution's answer.",
            "The time counts from 13 November 2026. That day itself does not count.",
            "The rules give 6 weeks for this (Wkkgz 17).",
            (
                "These days cannot be the last day: 25 December 2026 (Christmas Day), "
                "26 December 2026 (Second Day of Christmas), 27 December 2026 (Sunday). "
                "So the end moved to 28 December 2026."
            ),
            "The last day is 28 December 2026.",
            "Mediation does not change this time limit.",
            "For this time limit nothing more happens by itself now.",
        ]

    def test_that_rolls_over_one_day_speaks_of_one_day(self) -> None:
        # Ten weeks of the police end on King's Day, a Monday.
        words = said(clock_since(date(2026, 2, 16), InstitutionKind.POLICE))
        assert (
            "Deze dag kan niet de laatste dag zijn: 27 april 2026 (Koningsdag). "
            "Daarom schoof het einde op naar 28 april 2026."
        ) in words

    def test_without_rolls_says_nothing_of_them(self) -> None:
        assert not any("schoof" in line for line in said(clock_since(date(2026, 6, 1))))

    def test_that_has_passed_says_so(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(REPLY)
        day = written_date(journey.course.clocks[REPLY].day, NL)
        assert f"De laatste dag was {day}." in told(journey, REPLY)


class TestMoreTime:
    def test_taken_by_the_institution_names_the_law_and_asks_for_no_consent(self) -> None:
        clock = clock_since(date(2026, 6, 1))
        given = extension(clock, "Awb 9:11")
        words = said(replace(clock, extensions=(given,), day=given.day))
        at = words.index(
            "De instelling nam 4 weken extra. Daardoor ging de laatste dag van 13 juli 2026 naar "
            "10 augustus 2026. Dat mag volgens de regels (Awb 9:11)."
        )
        assert words[at + 1] == "Daarvoor was geen toestemming van de indiener nodig."
        assert words[at + 2] == "De laatste dag is 10 augustus 2026."

    def test_taken_with_consent_says_so(self) -> None:
        clock = clock_since(date(2026, 6, 1))
        given = extension(clock, "Awb 9:11", with_consent=True)
        words = said(replace(clock, extensions=(given,)), EN)
        assert "The complainant agreed to that." in words
        assert "That did not need the complainant's consent." not in words

    def test_taken_twice_is_told_twice_in_order(self) -> None:
        journey = awaiting_institution()
        journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
        journey.consent(purpose=Purpose.FURTHER_EXTENSION)
        journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
        words = told(journey, REPLY)
        first, second = journey.course.clocks[REPLY].extensions
        lines = [line for line in words if line.startswith("De instelling nam")]
        assert [
            written_date(each.was, NL) in line
            for each, line in zip((first, second), lines, strict=True)
        ] == [True, True]
        assert words.count("De indiener vond dat goed.") == 1
        assert f"De laatste dag is {written_date(second.day, NL)}." in words

    def test_given_by_the_mediator_is_not_called_a_law(self) -> None:
        clock = clock_since(date(2026, 6, 1), InstitutionKind.BANK_BUSINESS)
        words = said(replace(clock, extensions=(extension(clock, SERVICE_LEVEL),)))
        assert (
            "De bemiddelaar gaf 4 weken extra. Daardoor ging de laatste dag van 13 juli 2026 naar "
            "10 augustus 2026."
        ) in words
        assert not any("toestemming" in line for line in words)


class TestAPromiseOfOurOwn:
    def test_is_never_passed_off_as_a_law(self) -> None:
        words = " ".join(told(awaiting_consent(), Wait.COMPLAINANT_CONSENTS))
        assert "Wederhoor heeft hiervoor 14 dagen afgesproken." in words
        assert "geen wet" in words
        assert "Bemiddeling verandert" not in words

    def test_that_began_anew_says_which_time_it_is(self) -> None:
        journey = awaiting_consent()
        journey.let_pass(Wait.COMPLAINANT_CONSENTS)
        words = told(journey, Wait.COMPLAINANT_CONSENTS)
        assert "De tijd is opnieuw begonnen. Dit is keer 2." in words

    def test_that_stands_still_gives_no_last_day_as_certain(self) -> None:
        journey = awaiting_consent()
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
        words = told(journey, Wait.COMPLAINANT_CONSENTS)
        assert any("staat stil sinds" in line and "veiligheid" in line for line in words)
        assert not any(line.startswith("De laatste dag is") for line in words)
        day = written_date(journey.course.clocks[Wait.COMPLAINANT_CONSENTS].day, NL)
        assert words[-2:] == [
            f"Zonder stilstand is de laatste dag {day}. Elke dag stilstand komt daar nog bij.",
            "Zolang de tijd stilstaat, gebeurt er niets vanzelf.",
        ]

    @pytest.mark.parametrize(("days", "said_of_it"), [(1, "1 dag"), (3, "3 dagen")])
    def test_that_stood_still_says_for_how_long(self, days: int, said_of_it: str) -> None:
        journey = awaiting_consent()
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
        journey.later(timedelta(days=days))
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_SAFE)
        words = told(journey, Wait.COMPLAINANT_CONSENTS)
        assert f"De tijd stond {said_of_it} stil. Die tijd is erbij geteld." in words


class TestAWindowOfTheComplainant:
    def test_says_that_its_date_does_not_move_and_that_mediation_does_not_help(self) -> None:
        words = told(hearing_both_sides(), Wait.NEXT_BODY_WINDOW)
        assert (
            "Wij laten deze datum niet opschuiven voor een weekend of feestdag. "
            "Zo is de indiener zeker op tijd."
        ) in words
        assert "Bemiddeling verandert deze termijn niet." in words

    def test_is_the_only_one_that_says_so(self) -> None:
        for wait in Wait:
            if wait is not Wait.NEXT_BODY_WINDOW and wait in rules_for().terms:
                clock = clock_since(date(2026, 6, 1), wait=wait)
                assert not any("opschuiven" in line for line in said(clock)), wait


class TestARuleThatNobodyChecked:
    def test_says_so(self) -> None:
        journey = hearing_both_sides(InstitutionKind.CARE_INSTITUTION)
        words = told(journey, Wait.NEXT_BODY_WINDOW)
        assert "Deze regel moet nog worden nagekeken. De datum kan dus nog veranderen." in words
        assert any("(de regels van de geschilleninstantie)" in line for line in words)

    def test_differs_from_one_that_was_checked(self) -> None:
        assert not any("nagekeken" in line for line in said(clock_since(date(2026, 6, 1))))


class TestWhatComesNext:
    @pytest.mark.parametrize(
        ("wait", "step", "then"),
        [
            (REPLY, Step.REMIND, "Dan sturen wij de instelling nog eens bericht."),
            (REPLY, Step.PASS, "Dan schrijven wij de instelling dat de tijd voorbij is."),
            (REPLY, Step.CONTACT_NEXT, "naar een volgend loket van de instelling."),
            (REPLY, Step.OFFER_REFERRAL, "de weg naar de volgende instantie."),
            (Wait.MEDIATOR_PROPOSES, Step.REMIND, "Dan sturen wij de bemiddelaar"),
            (Wait.MEDIATOR_FOUND, Step.REMIND, "Dan kijkt een toezichthouder naar de zaak."),
            (Wait.MEDIATOR_ACCEPTS, Step.PASS, "Wij vragen een andere bemiddelaar."),
            (Wait.COMPLAINANT_RESPONDS, Step.PASS, "De tijd begint opnieuw."),
            (Wait.NEXT_BODY_WINDOW, Step.REMIND, "Dan sturen wij de indiener nog eens bericht."),
        ],
    )
    def test_fits_the_step_and_what_is_awaited(self, wait: Wait, step: Step, then: str) -> None:
        line = said(clock_since(date(2026, 6, 1), wait=wait), step=step)[-1]
        assert line.startswith("Is er op ")
        assert then in line

    def test_names_the_day_on_which_it_comes(self) -> None:
        journey = awaiting_institution()
        reminder = journey.course.clocks[REPLY].day - timedelta(days=7)
        assert told(journey, REPLY)[-1] == (
            f"Is er op {written_date(reminder, NL)} nog niets gebeurd? "
            "Dan sturen wij de instelling nog eens bericht."
        )
        assert told(journey, REPLY, EN)[-1] == (
            f"If nothing has happened by {written_date(reminder, EN)}, "
            "we send the institution a reminder."
        )


class TestWhatAnInstitutionIsTold:
    def test_is_its_term_without_danger_and_without_what_we_do_next(self) -> None:
        clock = clock_since(date(2026, 2, 20), InstitutionKind.BANK_BUSINESS)
        clock = replace(clock, paused_days=3, paused_at=clock.since + timedelta(days=20))
        view = seen(clock, Step.OFFER_REFERRAL, clock.due_at)
        everything = why.explain(view, NL)
        words = " ".join(why.sentences_for_the_institution(everything))
        assert "6 weken" in words
        for hidden in (*everything.pauses, *everything.otherwise):
            assert hidden
            assert hidden not in words
        for trace in ("veilig", "stil", "instantie"):
            assert trace not in words

    def test_is_the_same_while_its_term_stands_still_for_whoever_looks_again(self) -> None:
        clock = clock_since(date(2026, 2, 20), InstitutionKind.BANK_BUSINESS)
        still = replace(clock, paused_at=clock.since + timedelta(days=20))
        running, paused = (
            why.reasons_for_the_institution(why.explain(seen(one), NL)) for one in (clock, still)
        )
        assert paused == running
        assert "6 weken" in " ".join(paused)


class TestAnExplanation:
    def test_says_who_is_waited_for(self) -> None:
        reasons = why.explain(seen(clock_since(date(2026, 6, 1))), NL)
        assert (reasons.wait, reasons.party) == (REPLY, Party.INSTITUTION)

    def test_can_be_had_as_one_text(self) -> None:
        view = seen(clock_since(date(2026, 6, 1)))
        assert why.in_words(view, EN) == " ".join(why.sentences(why.explain(view, EN)))


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """Any clock that the rules of any kind of institution can make, at any point of its life."""
    rules = rules_for(draw(st.sampled_from(InstitutionKind)))
    wait = draw(st.sampled_from(sorted(rules.terms)))
    since = draw(
        st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
    )
    clock = Clock.begin(wait, rules.terms[wait], since, Calendar(rules.free_days))
    for source in draw(st.lists(st.sampled_from([SERVICE_LEVEL, "Awb 9:11"]), max_size=3)):
        given_time = extension(clock, source, with_consent=draw(st.booleans()))
        clock = replace(clock, extensions=(*clock.extensions, given_time), day=given_time.day)
    return replace(
        clock,
        round=draw(st.integers(min_value=1, max_value=9)),
        passed=draw(st.booleans()),
        verified=draw(st.booleans()),
        paused_days=draw(st.integers(min_value=0, max_value=400)),
        paused_at=draw(st.none() | st.just(since + timedelta(days=1))),
    )


class TestAnyClock:
    @given(clocks(), st.sampled_from(SPOKEN), st.sampled_from(Step) | st.none())
    def test_is_explained_and_names_its_days(
        self, clock: Clock, language: Language, step: Step | None
    ) -> None:
        words = said(clock, language, step)
        days = [clock.start, *(roll.day for roll in clock.rolls)]
        days += [day for each in clock.extensions for day in (each.was, each.day)]
        assert all(any(written_date(day, language) in line for line in words) for day in days)
        [end] = why.explain(seen(clock), language).end
        assert written_date(clock.day, language) in end
        assert all(line.endswith((".", "?")) for line in words)
        assert not any("{" in line for line in words)

"""The guide: the right kind of step, body, dates and letter for what people come with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from domain.guide import DeadlineKind, Guidance, Situation, guide
from domain.institutions import InstitutionKind as Kind
from domain.languages import Language
from domain.policy.model import SERVICE_LEVEL
from domain.policy.parsing import PolicyErrors, parse_policy
from domain.policy.selection import NoRules
from domain.situations import Happened, Nature, Wish
from domain.spans import Span, Unit
from explanations.guidance import anonymity_in_words, draft_of, draft_to_hand_in
from tests.domain.journey import POLICY

TODAY = date(2026, 3, 2)
KIFID = "kifid"
TABLE = Path(__file__).parent / "guide_situations.md"
COLUMNS = 11
OVER = "over"
OPENINGS = {
    "Klacht": "Hierbij dien ik een klacht in.",
    "Bezwaar tegen een besluit": "Ik maak bezwaar tegen uw besluit",
    "Verzoek over mijn gegevens": "mijn gegevens (AVG, artikel 15",
}

H, W, D = Happened, Wish, DeadlineKind
ANSWER = D.INSTITUTION_ANSWERS_BY


@dataclass(frozen=True)
class Expected:
    """A row of the table: a situation, and what the guide has to answer in it.

    Attributes:
        dates: every last day; ``None`` where a day is missing to count from.
        over: which of them have passed.
        letter: the subject of the letter to copy, in Dutch.
    """

    situation: Situation
    today: date
    nature: Nature
    body: str | None
    source: str
    read: bool
    letter: str | None
    dates: dict[DeadlineKind, date | None]
    over: set[DeadlineKind]

    def __str__(self) -> str:
        return f"{self.situation.kind}-{self.situation.happened}-{self.situation.wish}"


def table() -> Iterator[Expected]:
    """Read the rows of the table; one that is no such row is an error."""
    rows = [line for line in TABLE.read_text().splitlines() if line.startswith("|")]
    for row in rows[2:]:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == COLUMNS, row
        kind, happened, wish, given, nature, body, source, seen, letter, days, _ = cells
        assert seen in {"read", "remembered"}
        told = dict(listed(given))
        yield Expected(
            today=told.pop("today", TODAY) or TODAY,
            situation=Situation(
                kind=None if kind == "-" else Kind(kind),
                happened=Happened(happened),
                wish=None if wish == "-" else Wish(wish),
                **told,
            ),
            nature=Nature(nature),
            body=None if body == "-" else body,
            source=source,
            read=seen == "read",
            letter=None if letter == "-" else letter,
            dates={DeadlineKind(name): day for name, day in listed(days.replace(f" {OVER}", ""))},
            over={DeadlineKind(day.split()[0]) for day in days.split(", ") if OVER in day.split()},
        )


def listed(days: str) -> Iterator[tuple[str, date | None]]:
    """Read ``object_by 2026-04-03, complain_by ?``."""
    for one in filter(None, days.split(", ")):
        name, day = one.split()
        yield name, None if day == "?" else date.fromisoformat(day)


SITUATIONS = [*table()]


def asked(situation: Situation, today: date = TODAY) -> Guidance:
    return guide(POLICY, situation, today)


def dates_of(guidance: Guidance) -> dict[DeadlineKind, date | None]:
    return {deadline.kind: deadline.day for deadline in guidance.deadlines}


class TestTheGuide:
    def test_is_asked_of_every_kind_of_institution(self) -> None:
        assert {expected.situation.kind for expected in SITUATIONS} == {None, *Kind}
        assert len(SITUATIONS) >= 40

    def test_is_asked_for_every_last_day_and_letter(self) -> None:
        dated = {kind for one in SITUATIONS for kind, day in one.dates.items() if day}
        assert dated == set(DeadlineKind)
        assert {one.letter for one in SITUATIONS} == {None, *OPENINGS}

    @pytest.mark.parametrize("expected", SITUATIONS, ids=str)
    def test_gives_the_right_step_body_and_source(self, expected: Expected) -> None:
        guidance = asked(expected.situation, expected.today)
        assert (guidance.nature, guidance.next_body) == (expected.nature, expected.body)
        assert (guidance.source, guidance.verified) == (expected.source, expected.read)

    @pytest.mark.parametrize("expected", SITUATIONS, ids=str)
    def test_gives_the_right_last_days_and_no_other(self, expected: Expected) -> None:
        assert dates_of(asked(expected.situation, expected.today)) == expected.dates

    @pytest.mark.parametrize("expected", SITUATIONS, ids=str)
    def test_tells_which_last_days_have_passed(self, expected: Expected) -> None:
        deadlines = asked(expected.situation, expected.today).deadlines
        assert {one.kind for one in deadlines if one.over} == expected.over

    @pytest.mark.parametrize("expected", SITUATIONS, ids=str)
    def test_gives_the_right_letter(self, expected: Expected) -> None:
        draft = draft_of(asked(expected.situation, expected.today), Language.DUTCH)
        assert (draft and draft.subject) == expected.letter
        if draft is not None:
            assert OPENINGS[draft.subject] in draft.text

    @pytest.mark.parametrize("expected", SITUATIONS, ids=str)
    def test_leaves_room_in_the_letter_for_the_address_that_the_institution_needs(
        self, expected: Expected
    ) -> None:
        guidance = asked(expected.situation, expected.today)
        draft = draft_of(guidance, Language.DUTCH)
        if draft is None or guidance.nature is Nature.DATA_REQUEST:
            return
        said = anonymity_in_words(guidance, Language.DUTCH)
        assert ("adres" in draft.text.splitlines()[-1]) == ("adres" in said)

    @pytest.mark.parametrize("kind", [None, *Kind])
    def test_asks_for_no_address_in_what_is_handed_in_here(self, kind: Kind | None) -> None:
        guidance = asked(Situation(kind=kind, happened=H.TREATMENT))
        draft = draft_to_hand_in(guidance, Language.DUTCH)
        assert (draft is not None) == guidance.mediation
        assert draft is None or draft.text.endswith("[uw naam, of niets]")

    def test_says_that_an_objection_needs_a_name(self) -> None:
        guidance = asked(Situation(kind=Kind.POLICE, happened=H.DECISION))
        said = anonymity_in_words(guidance, Language.DUTCH)
        assert said.endswith("uw naam, uw adres en uw handtekening.")

    def test_does_not_know_who_needs_a_name_where_nobody_said_with_whom_it_was(self) -> None:
        said = [
            anonymity_in_words(asked(Situation(kind=kind, happened=H.TREATMENT)), Language.ENGLISH)
            for kind in (None, Kind.OTHER, Kind.MUNICIPALITY)
        ]
        assert [one.partition(". ")[2].partition(" handle")[0] for one in said] == [
            "Most institutions",
            "The law asks for no name with a complaint to this institution. It may ask for one.",
            "The institution",
        ]

    @pytest.mark.parametrize("kind", Kind)
    def test_cites_our_own_promise_only_where_no_law_binds(self, kind: Kind) -> None:
        told = [
            asked(Situation(kind=kind, happened=happened, wish=wish))
            for happened, wish in product(Happened, Wish)
        ]
        sources = {one.source for one in told if one.mediation}
        assert (SERVICE_LEVEL in sources) == (kind in {Kind.BANK_BUSINESS, Kind.OTHER})

    @pytest.mark.parametrize(("kind", "happened", "wish"), [*product(Kind, Happened, Wish)])
    def test_answers_everything(self, kind: Kind, happened: Happened, wish: Wish) -> None:
        guidance = asked(Situation(kind=kind, happened=happened, wish=wish))
        assert guidance.source
        assert guidance.mediation <= (guidance.nature is Nature.COMPLAINT)

    @pytest.mark.parametrize(("happened", "wish"), [*product(Happened, Wish)])
    def test_never_promises_kifid_for_a_business_account(
        self, happened: Happened, wish: Wish
    ) -> None:
        guidance = asked(Situation(kind=Kind.BANK_BUSINESS, happened=happened, wish=wish))
        assert guidance.next_body != KIFID
        sources = [deadline.source or "" for deadline in guidance.deadlines]
        assert all("kifid" not in source.lower() for source in sources)

    @pytest.mark.parametrize("kind", [Kind.LANDLORD, Kind.OPERATOR])
    @pytest.mark.parametrize(("happened", "wish"), [*product(Happened, Wish)])
    def test_takes_nothing_in_where_we_only_show_the_way(
        self, kind: Kind, happened: Happened, wish: Wish
    ) -> None:
        assert not asked(Situation(kind=kind, happened=happened, wish=wish)).mediation

    def test_names_discrimination_help_where_that_is_what_happened(self) -> None:
        situation = Situation(kind=Kind.POLICE, happened=H.DISCRIMINATION, wish=W.BE_HEARD)
        routes = {route.id for route in asked(situation).side_routes}
        assert routes == {"discrimination_help", "human_rights_college"}

    def test_names_the_health_inspectorate_for_care_alone(self) -> None:
        for kind in Kind:
            situation = Situation(kind=kind, happened=H.REFUSAL, wish=W.GET_SERVICE)
            routes = {route.id for route in asked(situation).side_routes}
            assert ("health_inspectorate" in routes) == (kind is Kind.CARE_INSTITUTION)

    @pytest.mark.parametrize("kind", [None, *Kind])
    def test_takes_violence_for_no_complaint_unless_somebody_wishes_to_be_heard(
        self, kind: Kind | None
    ) -> None:
        guidance = asked(Situation(kind=kind, happened=H.CRIME))
        assert guidance.nature is Nature.REPORT
        assert draft_of(guidance, Language.DUTCH) is None

    @pytest.mark.parametrize("kind", [None, *Kind])
    @pytest.mark.parametrize("wish", [None, *Wish])
    def test_names_the_numbers_for_danger_with_every_crime(
        self, kind: Kind | None, wish: Wish | None
    ) -> None:
        told = asked(Situation(kind=kind, happened=H.CRIME, wish=wish)).helplines
        assert told == tuple(line for line in POLICY.helplines if line.danger)
        assert {"sexual_assault_centre", "victim_support", "report_crime_anonymously"} <= {
            line.id for line in told
        }

    def test_names_them_with_a_report_and_not_with_what_is_no_crime(self) -> None:
        for happened in set(Happened) - {H.CRIME}:
            for kind, wish in product([None, *Kind], [None, *Wish]):
                guidance = asked(Situation(kind=kind, happened=happened, wish=wish))
                assert bool(guidance.helplines) == (guidance.nature is Nature.REPORT)

    @pytest.mark.parametrize(("kind", "happened"), [*product([None, *Kind], Happened)])
    def test_shows_the_way_to_report_to_whoever_wishes_it(
        self, kind: Kind | None, happened: Happened
    ) -> None:
        guidance = asked(Situation(kind=kind, happened=happened, wish=W.PUNISHMENT))
        beside = "report_to_police" in {route.id for route in guidance.side_routes}
        assert beside != (guidance.nature is Nature.REPORT)
        for wish in (None, *(set(Wish) - {W.PUNISHMENT})):
            other = asked(Situation(kind=kind, happened=happened, wish=wish))
            assert "report_to_police" not in {route.id for route in other.side_routes}

    @pytest.mark.parametrize(("kind", "happened"), [*product([None, *Kind], Happened)])
    def test_shows_the_way_to_ones_own_data_to_whoever_wishes_it(
        self, kind: Kind | None, happened: Happened
    ) -> None:
        guidance = asked(Situation(kind=kind, happened=happened, wish=W.OWN_DATA))
        assert "data_protection_authority" in {route.id for route in guidance.side_routes}

    def test_says_when_the_institution_wants_a_name(self) -> None:
        wants = {
            kind: asked(Situation(kind=kind, happened=H.TREATMENT, wish=W.BE_HEARD)).needs_name
            for kind in Kind
        }
        assert wants[Kind.MUNICIPALITY]
        assert not wants[Kind.OTHER]

    def test_reckons_from_today_when_nobody_has_complained_yet(self) -> None:
        situation = Situation(kind=Kind.MUNICIPALITY, happened=H.TREATMENT, wish=W.BE_HEARD)
        [deadline] = [d for d in asked(situation).deadlines if d.kind is ANSWER]
        assert deadline.reckoned
        [later] = [
            d for d in asked(situation, TODAY + timedelta(weeks=1)).deadlines if d.kind is ANSWER
        ]
        assert later.day == date(2026, 4, 20)

    @pytest.mark.parametrize("kind", [Kind.BANK_BUSINESS, Kind.OTHER])
    def test_promises_an_answer_only_where_we_will_write(self, kind: Kind) -> None:
        to_come = Situation(kind=kind, happened=H.REFUSAL)
        [deadline] = asked(to_come).deadlines
        assert (deadline.within, deadline.source) == (Span(6, Unit.WEEKS), SERVICE_LEVEL)
        elsewhere = replace(to_come, complained_on=date(2026, 2, 20))
        [deadline] = asked(elsewhere).deadlines
        assert (deadline.within, deadline.source) == (None, None)
        assert not asked(replace(elsewhere, answered_on=date(2026, 2, 27))).deadlines

    @pytest.mark.parametrize("kind", Kind)
    def test_counts_no_day_from_a_promise_of_our_own(self, kind: Kind) -> None:
        for happened, complained_on in product(Happened, [None, date(2026, 2, 20)]):
            situation = Situation(kind=kind, happened=happened, complained_on=complained_on)
            for one in asked(situation).deadlines:
                assert one.source not in {None, SERVICE_LEVEL} or one.day is None
                assert one.statutory != (one.source in {None, SERVICE_LEVEL})

    def test_names_a_day_only_where_there_is_one_to_count_from(self) -> None:
        situation = Situation(kind=Kind.MUNICIPALITY, happened=H.DECISION, wish=W.CHANGE_DECISION)
        assert dates_of(asked(situation)) == {D.OBJECT_BY: None}
        complaint = Situation(kind=Kind.MUNICIPALITY, happened=H.TREATMENT, wish=W.BE_HEARD)
        assert dates_of(asked(complaint))[D.COMPLAIN_BY] is None
        dated = replace(complaint, happened_on=date(2025, 6, 1))
        assert dates_of(asked(dated))[D.COMPLAIN_BY] == date(2026, 6, 1)

    def test_needs_a_policy_of_that_day(self) -> None:
        situation = Situation(kind=Kind.OTHER, happened=H.TREATMENT, wish=W.BE_HEARD)
        with pytest.raises(NoRules):
            asked(situation, date(2019, 12, 31))


class TestTheRowsOfSituations:
    def test_need_one_that_fits_everything(self) -> None:
        row = 'id = "some"\nhappened = ["crime"]\nnature = "report"\nsource = "x"\n'
        text = f'version = "1"\n[[situations]]\n{row}verified = false\nvalid_from = 2020-01-01\n'
        with pytest.raises(PolicyErrors, match="situations: none that fits everything"):
            parse_policy(text)

    def test_say_by_whom_they_are_set(self) -> None:
        for row in POLICY.situations:
            assert row.source
            assert row.verified or row.source != SERVICE_LEVEL

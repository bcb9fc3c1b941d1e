"""The guide: the right kind of step, body and dates for what people come with."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

import pytest

from domain.guide import DeadlineKind, Guidance, Situation, guide
from domain.institutions import InstitutionKind as Kind
from domain.policy.model import SERVICE_LEVEL
from domain.policy.parsing import PolicyErrors, parse_policy
from domain.policy.selection import NoRules
from domain.situations import Happened, Nature, Wish
from tests.domain.journey import POLICY

TODAY = date(2026, 3, 2)
DISCRIMINATION_HELP = "ADV, Discriminatie.nl"
OMBUDSMAN, KIFID = "national_ombudsman", "kifid"


@dataclass(frozen=True)
class Expected:
    """What the guide has to answer in a situation; ``source`` is where that comes from."""

    kind: Kind
    happened: Happened
    wish: Wish
    nature: Nature
    body: str | None
    source: str
    dates: dict[DeadlineKind, date] = field(default_factory=dict[DeadlineKind, date])
    decided_on: date | None = None
    complained_on: date | None = None
    answered_on: date | None = None

    def situation(self) -> Situation:
        return Situation(
            kind=self.kind,
            happened=self.happened,
            wish=self.wish,
            decided_on=self.decided_on,
            complained_on=self.complained_on,
            answered_on=self.answered_on,
        )

    def __str__(self) -> str:
        return f"{self.kind}-{self.happened}-{self.wish}"


H, W, N, D = Happened, Wish, Nature, DeadlineKind
ANSWER = D.INSTITUTION_ANSWERS_BY

SITUATIONS = [
    # Municipality: Awb chapter 9; counted by hand from 2 March 2026.
    Expected(
        Kind.MUNICIPALITY,
        H.TREATMENT,
        W.BE_HEARD,
        N.COMPLAINT,
        OMBUDSMAN,
        "service_level",
        {ANSWER: date(2026, 4, 13)},
    ),
    Expected(
        Kind.MUNICIPALITY,
        H.DECISION,
        W.CHANGE_DECISION,
        N.OBJECTION,
        None,
        "Awb 6:7",
        {D.OBJECT_BY: date(2026, 4, 3)},
        decided_on=date(2026, 2, 20),  # six weeks later is Good Friday: never rolled
    ),
    Expected(Kind.MUNICIPALITY, H.DECISION, W.BE_HEARD, N.OBJECTION, None, "Awb 6:7"),
    Expected(Kind.MUNICIPALITY, H.REFUSAL, W.GET_SERVICE, N.OBJECTION, None, "Awb 1:3, 6:7"),
    Expected(Kind.MUNICIPALITY, H.NO_ANSWER, W.GET_SERVICE, N.QUESTION, None, "Awb 4:17"),
    Expected(
        Kind.MUNICIPALITY,
        H.NO_ANSWER,
        W.BE_HEARD,
        N.COMPLAINT,
        OMBUDSMAN,
        "Awb ch. 9",
        # Received on 20 February: 3 April is Good Friday, 6 April Easter Monday (law.md).
        {ANSWER: date(2026, 4, 7), D.NEXT_BODY_BY: date(2027, 4, 7)},
        complained_on=date(2026, 2, 20),
    ),
    Expected(
        Kind.MUNICIPALITY,
        H.TREATMENT,
        W.BE_HEARD,
        N.COMPLAINT,
        OMBUDSMAN,
        "service_level",
        {D.NEXT_BODY_BY: date(2027, 2, 27)},  # a year after the answer (Awb 9:24)
        complained_on=date(2026, 2, 20),
        answered_on=date(2026, 2, 27),
    ),
    Expected(
        Kind.MUNICIPALITY,
        H.DISCRIMINATION,
        W.BE_HEARD,
        N.COMPLAINT,
        OMBUDSMAN,
        DISCRIMINATION_HELP,
    ),
    Expected(Kind.MUNICIPALITY, H.PERSONAL_DATA, W.OWN_DATA, N.DATA_REQUEST, None, "GDPR 15-21"),
    Expected(Kind.MUNICIPALITY, H.NOTHING_YET, W.KNOW, N.QUESTION, None, "service_level"),
    # National services: the same law.
    Expected(
        Kind.NATIONAL_SERVICE,
        H.TREATMENT,
        W.BE_HEARD,
        N.COMPLAINT,
        OMBUDSMAN,
        "service_level",
        {ANSWER: date(2026, 4, 13)},
    ),
    Expected(
        Kind.NATIONAL_SERVICE,
        H.DECISION,
        W.CHANGE_DECISION,
        N.OBJECTION,
        None,
        "Awb 6:7",
        {D.OBJECT_BY: date(2026, 4, 11)},  # a Saturday stays a Saturday: the safe side
        decided_on=date(2026, 2, 28),
    ),
    Expected(Kind.NATIONAL_SERVICE, H.REFUSAL, W.GET_SERVICE, N.OBJECTION, None, "Awb 1:3, 6:7"),
    Expected(Kind.NATIONAL_SERVICE, H.NO_ANSWER, W.CHANGE_DECISION, N.QUESTION, None, "Awb 4:17"),
    Expected(Kind.NATIONAL_SERVICE, H.NO_ANSWER, W.BE_HEARD, N.COMPLAINT, OMBUDSMAN, "Awb ch. 9"),
    Expected(Kind.NATIONAL_SERVICE, H.TREATMENT, W.OWN_DATA, N.DATA_REQUEST, None, "GDPR 15-21"),
    # Police: Politiewet 2012, ten weeks.
    Expected(
        Kind.POLICE,
        H.TREATMENT,
        W.BE_HEARD,
        N.COMPLAINT,
        OMBUDSMAN,
        "Politiewet 2012, 67a-72",
        {ANSWER: date(2026, 4, 28)},  # law.md: 27 April is King's Day
        complained_on=date(2026, 2, 16),
    ),
    Expected(Kind.POLICE, H.CRIME, W.BE_HEARD, N.COMPLAINT, OMBUDSMAN, "Politiewet 2012, 67a-72"),
    Expected(Kind.POLICE, H.CRIME, W.PUNISHMENT, N.REPORT, None, "Wetboek van Strafvordering, 161"),
    Expected(
        Kind.POLICE, H.DISCRIMINATION, W.BE_HEARD, N.COMPLAINT, OMBUDSMAN, DISCRIMINATION_HELP
    ),
    Expected(Kind.POLICE, H.NO_ANSWER, W.BE_HEARD, N.COMPLAINT, OMBUDSMAN, "Awb ch. 9"),
    Expected(Kind.POLICE, H.DECISION, W.CHANGE_DECISION, N.OBJECTION, None, "Awb 6:7"),
    # Banks: Kifid for private customers only.
    Expected(
        Kind.BANK_PRIVATE,
        H.REFUSAL,
        W.GET_SERVICE,
        N.COMPLAINT,
        KIFID,
        "Wft 4:17",
        {ANSWER: date(2026, 4, 28)},  # eight weeks is King's Day
    ),
    Expected(Kind.BANK_PRIVATE, H.TREATMENT, W.BE_HEARD, N.COMPLAINT, KIFID, "service_level"),
    Expected(Kind.BANK_PRIVATE, H.DECISION, W.CHANGE_DECISION, N.COMPLAINT, KIFID, "Awb 1:3"),
    Expected(
        Kind.BANK_BUSINESS,
        H.REFUSAL,
        W.GET_SERVICE,
        N.COMPLAINT,
        "bank_business_routes",
        "NVB sector standard of November 2023",
        {ANSWER: date(2026, 4, 13)},
    ),
    Expected(
        Kind.BANK_BUSINESS,
        H.REFUSAL,
        W.KNOW,
        N.COMPLAINT,
        "bank_business_routes",
        "NVB sector standard of November 2023",
    ),
    Expected(
        Kind.BANK_BUSINESS,
        H.NO_ANSWER,
        W.GET_SERVICE,
        N.COMPLAINT,
        "bank_business_routes",
        "service_level",
    ),
    Expected(
        Kind.BANK_BUSINESS,
        H.DISCRIMINATION,
        W.BE_HEARD,
        N.COMPLAINT,
        "bank_business_routes",
        DISCRIMINATION_HELP,
    ),
    # Care: Wkkgz.
    Expected(
        Kind.CARE_INSTITUTION,
        H.TREATMENT,
        W.BE_HEARD,
        N.COMPLAINT,
        "care_disputes_committee",
        "Wkkgz 13-23",
        {ANSWER: date(2026, 4, 13)},
    ),
    Expected(
        Kind.CARE_INSTITUTION,
        H.REFUSAL,
        W.GET_SERVICE,
        N.COMPLAINT,
        "care_disputes_committee",
        "Wkkgz 13-23",
    ),
    Expected(
        Kind.CARE_INSTITUTION,
        H.NO_ANSWER,
        W.BE_HEARD,
        N.COMPLAINT,
        "care_disputes_committee",
        "Wkkgz 13-23",
    ),
    Expected(
        Kind.CARE_INSTITUTION, H.PERSONAL_DATA, W.OWN_DATA, N.DATA_REQUEST, None, "GDPR 15-21"
    ),
    # Insurers.
    Expected(Kind.HEALTH_INSURER, H.REFUSAL, W.GET_SERVICE, N.COMPLAINT, "skgz", "service_level"),
    Expected(Kind.HEALTH_INSURER, H.TREATMENT, W.BE_HEARD, N.COMPLAINT, "skgz", "service_level"),
    Expected(Kind.OTHER_INSURER, H.REFUSAL, W.GET_SERVICE, N.COMPLAINT, KIFID, "service_level"),
    Expected(Kind.OTHER_INSURER, H.NO_ANSWER, W.BE_HEARD, N.COMPLAINT, KIFID, "service_level"),
    # Where we only show the way.
    Expected(Kind.LANDLORD, H.TREATMENT, W.BE_HEARD, N.QUESTION, None, "service_level"),
    Expected(Kind.LANDLORD, H.REFUSAL, W.GET_SERVICE, N.QUESTION, None, "service_level"),
    Expected(
        Kind.LANDLORD, H.CRIME, W.PUNISHMENT, N.REPORT, None, "Wetboek van Strafvordering, 161"
    ),
    Expected(Kind.OPERATOR, H.TREATMENT, W.BE_HEARD, N.QUESTION, None, "service_level"),
    Expected(
        Kind.OPERATOR, H.CRIME, W.PUNISHMENT, N.REPORT, None, "Wetboek van Strafvordering, 161"
    ),
    # Others.
    Expected(Kind.OTHER, H.TREATMENT, W.BE_HEARD, N.COMPLAINT, "adviser", "service_level"),
    Expected(Kind.OTHER, H.CRIME, W.BE_HEARD, N.COMPLAINT, "adviser", "service_level"),
    Expected(Kind.OTHER, H.TREATMENT, W.KNOW, N.QUESTION, None, "service_level"),
]


def asked(situation: Situation, today: date = TODAY) -> Guidance:
    return guide(POLICY, situation, today)


def dates_of(guidance: Guidance) -> dict[DeadlineKind, date | None]:
    return {deadline.kind: deadline.day for deadline in guidance.deadlines}


class TestTheGuide:
    def test_is_asked_of_every_kind_of_institution(self) -> None:
        assert {expected.kind for expected in SITUATIONS} == set(Kind)
        assert len(SITUATIONS) >= 40

    @pytest.mark.parametrize("expected", SITUATIONS, ids=str)
    def test_gives_the_right_step_body_dates_and_source(self, expected: Expected) -> None:
        guidance = asked(expected.situation())
        assert (guidance.nature, guidance.next_body, guidance.source) == (
            expected.nature,
            expected.body,
            expected.source,
        )
        dates = dates_of(guidance)
        assert {kind: dates.get(kind) for kind in expected.dates} == expected.dates

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
        assert all("kifid" not in deadline.source.lower() for deadline in guidance.deadlines)

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

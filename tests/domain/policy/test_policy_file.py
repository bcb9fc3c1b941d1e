"""The policy as it is released: every row of the law that we know, and our own promises."""

from datetime import date
from importlib.resources import files

import pytest

from domain.calendar import Calendar, Rolling, last_day
from domain.institutions import InstitutionKind
from domain.letters import Contact, Letter
from domain.parties import Party
from domain.policy.model import (
    SERVICE_LEVEL,
    Anchor,
    CaseRules,
    Decides,
    Purpose,
    Rung,
    Step,
    Term,
    WindowStart,
)
from domain.policy.parsing import parse_policy
from domain.policy.selection import case_rules
from domain.spans import parse_span
from domain.waits import Wait

POLICY = parse_policy(files("domain.policy").joinpath("policy.toml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 25)
SIGNPOSTING = {InstitutionKind.LANDLORD, InstitutionKind.OPERATOR}
MEDIATED = sorted(set(InstitutionKind) - SIGNPOSTING)
AWB = [InstitutionKind.MUNICIPALITY, InstitutionKind.NATIONAL_SERVICE, InstitutionKind.POLICE]
NO_POSTS: list[tuple[Letter, Party]] = []


def rules(kind: InstitutionKind, on: date = TODAY) -> CaseRules:
    return case_rules(POLICY, kind, on)


def term_of(kind: InstitutionKind) -> Term:
    return rules(kind).terms[Wait.INSTITUTION_REPLIES]


def climbed(term: Term) -> list[tuple[object, ...]]:
    """Return what a ladder does, in short."""
    return [(rung.step, rung.days, rung.decides, sent(rung)) for rung in term.ladder]


def sent(rung: Rung) -> list[tuple[Letter, Party]]:
    return [(post.letter, post.to) for post in rung.posts]


class TestTheTermOfAnInstitution:
    @pytest.mark.parametrize(
        ("kind", "span", "extension", "source"),
        [
            (InstitutionKind.MUNICIPALITY, "6 weeks", "4 weeks", "Awb 9:11"),
            (InstitutionKind.NATIONAL_SERVICE, "6 weeks", "4 weeks", "Awb 9:11"),
            (InstitutionKind.POLICE, "10 weeks", "4 weeks", "Politiewet 2012, 67a-72"),
            (InstitutionKind.BANK_PRIVATE, "8 weeks", None, "Kifid"),
            (InstitutionKind.BANK_BUSINESS, "6 weeks", None, SERVICE_LEVEL),
            (InstitutionKind.CARE_INSTITUTION, "6 weeks", "4 weeks", "Wkkgz 17"),
            (InstitutionKind.HEALTH_INSURER, "6 weeks", None, "SKGZ"),
            (InstitutionKind.OTHER_INSURER, "8 weeks", None, "Kifid"),
            (InstitutionKind.OTHER, "6 weeks", None, SERVICE_LEVEL),
        ],
    )
    def test_is_the_one_of_its_law(
        self, kind: InstitutionKind, span: str, extension: str | None, source: str
    ) -> None:
        term = term_of(kind)
        assert (str(term.span), term.source) == (span, source)
        assert (term.extension and str(term.extension.span)) == extension
        assert term.rolling is Rolling.STATUTORY
        assert term.statutory is (source != SERVICE_LEVEL)

    @pytest.mark.parametrize("kind", SIGNPOSTING)
    def test_does_not_exist_where_we_only_show_the_way(self, kind: InstitutionKind) -> None:
        assert not rules(kind).mediation
        assert Wait.INSTITUTION_REPLIES not in rules(kind).terms

    def test_is_verified_but_for_an_extension_that_was_remembered(self) -> None:
        assert all(term_of(kind).verified for kind in MEDIATED)
        extension = term_of(InstitutionKind.POLICE).extension
        assert extension is not None
        assert not extension.verified

    @pytest.mark.parametrize("kind", MEDIATED)
    def test_climbs_from_a_reminder_to_the_offer_of_the_next_body(
        self, kind: InstitutionKind
    ) -> None:
        to_institution = Party.INSTITUTION
        assert climbed(term_of(kind)) == [
            (Step.REMIND, -7, Decides.AUTOMATIC, [(Letter.INSTITUTION_REMINDER, to_institution)]),
            (Step.REMIND, 0, Decides.AUTOMATIC, [(Letter.TERM_ENDS_TODAY, to_institution)]),
            (
                Step.PASS,
                1,
                Decides.AUTOMATIC,
                [
                    (Letter.TERM_PASSED, to_institution),
                    (Letter.INSTITUTION_SILENT, Party.COMPLAINANT),
                    (Letter.WAIT_PASSED, Party.MEDIATOR),
                ],
            ),
            (Step.CONTACT_NEXT, 8, Decides.AUTOMATIC, [(Letter.NEXT_CONTACT, to_institution)]),
            (Step.CONTACT_NEXT, 22, Decides.MEDIATOR, [(Letter.NEXT_CONTACT, to_institution)]),
            (
                Step.OFFER_REFERRAL,
                36,
                Decides.COMPLAINANT,
                [(Letter.REFERRAL_OFFER, Party.COMPLAINANT)],
            ),
        ]

    def test_goes_up_to_the_coordinator_and_then_to_the_board(self) -> None:
        desks = [
            post.contact
            for rung in term_of(InstitutionKind.MUNICIPALITY).ladder
            for post in rung.posts
            if post.to is Party.INSTITUTION
        ]
        assert desks == [*[Contact.HANDLER] * 3, Contact.COORDINATOR, Contact.BOARD]


class TestOurOwnTerms:
    @pytest.mark.parametrize(
        ("wait", "span", "steps"),
        [
            (Wait.PORTAL_ACKNOWLEDGES, "1 business day", [(Step.PASS, 1, NO_POSTS)]),
            (
                Wait.MEDIATOR_FOUND,
                "5 business days",
                [
                    (Step.REMIND, -1, NO_POSTS),
                    (Step.PASS, 1, [(Letter.DELAY_AT_PORTAL, Party.COMPLAINANT)]),
                ],
            ),
            (
                Wait.MEDIATOR_AVAILABLE,
                "1 business day",
                [
                    (Step.REMIND, 0, NO_POSTS),
                    (Step.REMIND, 0, NO_POSTS),
                    (Step.PASS, 1, NO_POSTS),
                ],
            ),
            (
                Wait.MEDIATOR_ACCEPTS,
                "2 business days",
                [(Step.REMIND, 0, [(Letter.YOUR_TURN, Party.MEDIATOR)]), (Step.PASS, 1, NO_POSTS)],
            ),
            *(
                (
                    wait,
                    "14 days",
                    [
                        (Step.REMIND, -7, [(Letter.YOUR_TURN, Party.COMPLAINANT)]),
                        (Step.PASS, 1, [(Letter.WAIT_PASSED, Party.MEDIATOR)]),
                    ],
                )
                for wait in (
                    Wait.COMPLAINANT_CONSENTS,
                    Wait.COMPLAINANT_RESPONDS,
                    Wait.COMPLAINANT_CHOOSES_ROUTE,
                )
            ),
            (
                Wait.INSTITUTION_REACHED,
                "5 business days",
                [(Step.PASS, 1, [(Letter.WAIT_PASSED, Party.MEDIATOR)])],
            ),
            (
                Wait.MEDIATOR_PROPOSES,
                "28 days",
                [
                    (Step.REMIND, -14, [(Letter.YOUR_TURN, Party.MEDIATOR)]),
                    (Step.PASS, 1, [(Letter.WAIT_PASSED, Party.MEDIATOR)]),
                ],
            ),
        ],
    )
    def test_are_the_same_for_every_kind(
        self, wait: Wait, span: str, steps: list[tuple[object, ...]]
    ) -> None:
        for kind in InstitutionKind:
            term = rules(kind).terms[wait]
            assert (str(term.span), term.source) == (span, SERVICE_LEVEL)
            assert not term.statutory
            assert term.verified
            assert term.extension is None
            assert [(rung.step, rung.days, sent(rung)) for rung in term.ladder] == steps

    def test_count_from_the_last_day_but_for_one(self) -> None:
        terms = rules(InstitutionKind.MUNICIPALITY).terms
        from_first = {
            wait
            for wait, term in terms.items()
            if any(rung.anchor is Anchor.FIRST_DAY for rung in term.ladder)
        }
        assert from_first == {Wait.MEDIATOR_AVAILABLE}


class TestTheNextBody:
    @pytest.mark.parametrize(
        ("kind", "body", "windows"),
        [
            *(
                (kind, "national_ombudsman", [("1 year", WindowStart.TERM_ENDED, "Awb 9:24")])
                for kind in AWB
            ),
            *(
                (
                    kind,
                    "kifid",
                    [
                        ("3 months", WindowStart.TERM_ENDED, "Kifid"),
                        ("1 year", WindowStart.FIRST_COMPLAINT, "Kifid"),
                    ],
                )
                for kind in (InstitutionKind.BANK_PRIVATE, InstitutionKind.OTHER_INSURER)
            ),
            (InstitutionKind.HEALTH_INSURER, "skgz", [("1 year", WindowStart.TERM_ENDED, "SKGZ")]),
            (
                InstitutionKind.CARE_INSTITUTION,
                "care_disputes_committee",
                [("1 year", WindowStart.TERM_ENDED, "rules of the disputes committee")],
            ),
            (InstitutionKind.BANK_BUSINESS, "bank_business_routes", []),
            (InstitutionKind.LANDLORD, "landlord_routes", []),
            (InstitutionKind.OPERATOR, "operator_routes", []),
            (InstitutionKind.OTHER, "adviser", []),
        ],
    )
    def test_has_its_windows(
        self, kind: InstitutionKind, body: str, windows: list[tuple[object, ...]]
    ) -> None:
        next_body = rules(kind).next_body
        assert next_body is not None
        assert next_body.id == body
        assert [(str(w.span), w.start, w.source) for w in next_body.windows] == windows

    def test_is_never_kifid_on_the_way_of_a_business_account(self) -> None:
        row = next(row for row in POLICY.bodies if row.id == "bank_business_routes")
        assert "Kifid" not in row.source
        assert row.windows == ()

    @pytest.mark.parametrize("kind", InstitutionKind)
    def test_has_a_clock_where_it_has_a_window(self, kind: InstitutionKind) -> None:
        taken = rules(kind)
        assert taken.next_body is not None
        term = taken.terms.get(Wait.NEXT_BODY_WINDOW)
        assert (term is not None) == bool(taken.next_body.windows)
        if term is not None:
            assert str(term.span) == "1 year"
            assert term.rolling is Rolling.NONE
            assert term.statutory
            closing = [(Letter.WINDOW_CLOSING, Party.COMPLAINANT)]
            assert climbed(term) == [
                (Step.REMIND, -42, Decides.AUTOMATIC, closing),
                (Step.REMIND, -7, Decides.AUTOMATIC, closing),
                (Step.PASS, 1, Decides.AUTOMATIC, NO_POSTS),
            ]


class TestWhatAnInstitutionMayAskOrRefuse:
    @pytest.mark.parametrize("kind", InstitutionKind)
    def test_is_known_where_the_awb_applies(self, kind: InstitutionKind) -> None:
        taken = rules(kind)
        limits = [
            (limit.source, str(limit.span)) for limit in (taken.too_old, taken.objection) if limit
        ]
        assert limits == ([("Awb 9:8", "1 year"), ("Awb 6:7", "6 weeks")] if kind in AWB else [])

    @pytest.mark.parametrize("kind", MEDIATED)
    def test_begins_with_the_complainants_consent(self, kind: InstitutionKind) -> None:
        police = (Purpose.CONTACT, Purpose.POLICE_COPY)
        expected = police if kind is InstitutionKind.POLICE else (Purpose.CONTACT,)
        assert rules(kind).needed_consents == expected


class TestTheWorkedExamples:
    @pytest.mark.parametrize(
        ("kind", "received", "raw", "day"),
        [
            (InstitutionKind.MUNICIPALITY, (2026, 2, 20), (2026, 4, 3), (2026, 4, 7)),
            (InstitutionKind.CARE_INSTITUTION, (2026, 11, 13), (2026, 12, 25), (2026, 12, 28)),
            (InstitutionKind.NATIONAL_SERVICE, (2027, 3, 24), (2027, 5, 5), (2027, 5, 10)),
            (InstitutionKind.POLICE, (2026, 2, 16), (2026, 4, 27), (2026, 4, 28)),
        ],
    )
    def test_come_out(
        self,
        kind: InstitutionKind,
        received: tuple[int, int, int],
        raw: tuple[int, int, int],
        day: tuple[int, int, int],
    ) -> None:
        taken = rules(kind, date(*received))
        term = taken.terms[Wait.INSTITUTION_REPLIES]
        end = last_day(date(*received), term.span, Calendar(taken.free_days), term.rolling)
        assert (end.raw, end.day) == (date(*raw), date(*day))

    def test_of_fourteen_weeks_do_not_roll(self) -> None:
        committee = next(row for row in POLICY.limits if row.id == "politiewet-committee")
        assert committee.span == parse_span("14 weeks")
        free_days = rules(InstitutionKind.POLICE, date(2026, 2, 16)).free_days
        end = last_day(date(2026, 2, 16), committee.span, Calendar(free_days), Rolling.STATUTORY)
        assert end.day == date(2026, 5, 25)  # Whit Monday


class TestAHelpline:
    @pytest.mark.parametrize(
        ("id_", "number", "verified"),
        [
            ("emergency", "112", True),
            ("police", "0900-8844", True),
            ("veilig_thuis", "0800-2000", True),
            ("sexual_assault_centre", "0800-0188", True),
            ("report_crime_anonymously", "0800-7000", True),
            ("victim_support", "0900-0101", True),
            ("national_ombudsman", "0800-3355555", True),
            ("comensha", "033-4481186", False),
            ("suicide_prevention", "0800-0113", False),
            ("legal_desk", "0800-8020", False),
            ("labour_inspectorate", "0800-5151", False),
            ("discriminatie_nl", "0800-0880", False),
        ],
    )
    def test_has_its_number(self, id_: str, number: str, verified: bool) -> None:
        row = next(row for row in POLICY.helplines if row.id == id_)
        assert (row.number, row.verified) == (number, verified)


class TestEveryRow:
    def test_is_of_use(self) -> None:
        assert list(POLICY.unused()) == []

    def test_from_memory_says_so(self) -> None:
        assert not any(row.verified for row in POLICY.rows() if row.source == "remembered")

    def test_of_a_royal_decree_is_to_be_verified(self) -> None:
        assert [row.day for row in POLICY.free_days] == [
            date(2026, 1, 2),
            date(2026, 5, 15),
            date(2027, 5, 7),
            date(2028, 4, 28),
            date(2028, 5, 26),
        ]
        assert not any(row.verified for row in POLICY.free_days)

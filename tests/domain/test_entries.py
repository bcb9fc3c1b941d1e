"""Entries: the bell each one rings, who may decide what, and the answers to them."""

from itertools import product

import pytest

from domain.bells import Bell, bell_for
from domain.consultation import outcome_of_closing
from domain.entries import CLOSABLE, DECISIONS_OF, PROPOSABLE, Decision, EntryKind, Refusal, Verdict
from domain.identifiers import EntryNumber
from domain.parties import Party
from domain.stages import Outcome
from domain.waits import Wait

RUNG_BY: dict[Party, set[Bell]] = {
    Party.COMPLAINANT: {
        Bell.COMPLAINANT_WROTE,
        Bell.COMPLAINANT_DECIDED,
        Bell.COMPLAINANT_WITHDREW,
    },
    Party.MEDIATOR: {Bell.MEDIATOR_WROTE, Bell.MEDIATOR_DECIDED},
    Party.ADVISER: {Bell.ADVISER_WROTE, Bell.ADVISER_DECIDED},
    Party.INSTITUTION: {Bell.INSTITUTION_REPLIED},
    Party.SUPERVISOR: {Bell.SUPERVISOR_INTERVENED},
    Party.PORTAL: {Bell.PORTAL_NOTED},
}


class TestTheBell:
    @pytest.mark.parametrize(("kind", "author"), list(product(EntryKind, Party)))
    def test_says_who_rang(self, kind: EntryKind, author: Party) -> None:
        assert bell_for(kind, author) in RUNG_BY[author]

    @pytest.mark.parametrize("author", Party)
    def test_rings_in_every_way_that_its_ringer_has(self, author: Party) -> None:
        assert {bell_for(kind, author) for kind in EntryKind} == RUNG_BY[author]

    @pytest.mark.parametrize(
        ("kind", "bell"),
        [
            (EntryKind.COMPLAINT, Bell.COMPLAINANT_WROTE),
            (EntryKind.MESSAGE, Bell.COMPLAINANT_WROTE),
            (EntryKind.ATTACHMENT, Bell.COMPLAINANT_WROTE),
            (EntryKind.CONTACT, Bell.COMPLAINANT_WROTE),
            (EntryKind.IDENTITY, Bell.COMPLAINANT_WROTE),
            (EntryKind.LANGUAGE, Bell.COMPLAINANT_WROTE),
            (EntryKind.CONSENT, Bell.COMPLAINANT_DECIDED),
            (EntryKind.RESPONSE, Bell.COMPLAINANT_DECIDED),
            (EntryKind.WITHDRAWAL, Bell.COMPLAINANT_WITHDREW),
            (EntryKind.ERASURE_REQUEST, Bell.COMPLAINANT_DECIDED),
            (EntryKind.QUESTION, Bell.COMPLAINANT_WROTE),
            (EntryKind.BECAME_COMPLAINT, Bell.COMPLAINANT_DECIDED),
            (EntryKind.MANDATE_GIVEN, Bell.COMPLAINANT_DECIDED),
            (EntryKind.MANDATE_REVOKED, Bell.COMPLAINANT_DECIDED),
        ],
    )
    def test_tells_what_a_complainant_did(self, kind: EntryKind, bell: Bell) -> None:
        assert bell_for(kind, Party.COMPLAINANT) is bell

    def test_tells_a_mediators_decision_from_a_message(self) -> None:
        assert bell_for(EntryKind.DECISION, Party.MEDIATOR) is Bell.MEDIATOR_DECIDED
        assert bell_for(EntryKind.MESSAGE, Party.MEDIATOR) is Bell.MEDIATOR_WROTE


class TestDecisions:
    def test_of_the_staff_and_of_the_complainant_are_apart(self) -> None:
        of_the_complainant = {
            Decision.GIVE_CONSENT,
            Decision.REVOKE_CONSENT,
            Decision.ACCEPT_OUTCOME,
            Decision.REJECT_OUTCOME,
            Decision.ACCEPT_REFERRAL,
            Decision.REJECT_REFERRAL,
            Decision.REPORT_DANGER,
            Decision.REPORT_SAFE,
            Decision.REQUEST_ERASURE,
            Decision.CANCEL_ERASURE,
        }
        of_the_staff = frozenset[Decision]().union(*DECISIONS_OF.values())
        assert of_the_staff | of_the_complainant == set(Decision)
        assert not of_the_staff & of_the_complainant

    def test_belong_to_the_staff_only(self) -> None:
        assert set(DECISIONS_OF) == {Party.MEDIATOR, Party.ADVISER, Party.SUPERVISOR}

    def test_about_an_outcome_never_withdraw_for_the_complainant(self) -> None:
        assert Outcome.WITHDRAWN not in PROPOSABLE | CLOSABLE

    def test_cover_every_outcome_that_a_complainant_does_not_choose_alone(self) -> None:
        chosen = {Outcome.WITHDRAWN, Outcome.BECAME_COMPLAINT}
        advised = {outcome_of_closing(waits) for waits in ((), Wait)}
        assert set(Outcome) - chosen == PROPOSABLE | CLOSABLE | advised


class TestAVerdict:
    def test_without_a_reason_is_applied(self) -> None:
        assert Verdict(EntryNumber(1)).applied

    @pytest.mark.parametrize("refusal", Refusal)
    def test_with_a_reason_is_not(self, refusal: Refusal) -> None:
        assert not Verdict(EntryNumber(1), refusal).applied

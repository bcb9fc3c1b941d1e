"""After the closure: who may reopen a case, until when, and what else is still welcome."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import aftercare
from domain.entries import Decision, EntryFacts, EntryKind, Refusal
from domain.identifiers import EntryNumber, StaffId
from domain.parties import Party
from domain.policy.terms import REOPENING_WINDOW
from tests.domain.journey import ANNA, BRAM, SUPERVISOR

CLOSED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def arriving(
    kind: EntryKind,
    author: Party,
    *,
    actor: StaffId | None = None,
    decision: Decision | None = None,
    at: datetime = CLOSED_AT + timedelta(days=1),
) -> EntryFacts:
    return EntryFacts(
        number=EntryNumber(12),
        kind=kind,
        author=author,
        received_at=at,
        actor=actor,
        decision=decision,
    )


def reopening(
    author: Party, actor: StaffId | None, at: datetime = CLOSED_AT + timedelta(days=1)
) -> EntryFacts:
    return arriving(EntryKind.DECISION, author, actor=actor, decision=Decision.REOPEN_CASE, at=at)


def refusal(
    entry: EntryFacts, *, mediator: StaffId | None = ANNA, already: bool = False
) -> Refusal | None:
    verdict = aftercare.answer(entry, closed_at=CLOSED_AT, mediator=mediator, reopening=already)
    assert verdict.number == entry.number
    assert aftercare.reopens(entry, verdict) == (
        verdict.applied and entry.decision is Decision.REOPEN_CASE
    )
    return verdict.refusal


class TestReopening:
    def test_is_for_a_supervisor(self) -> None:
        assert refusal(reopening(Party.SUPERVISOR, SUPERVISOR)) is None

    def test_is_for_the_mediator_of_the_case(self) -> None:
        assert refusal(reopening(Party.MEDIATOR, ANNA)) is None

    def test_is_not_for_another_mediator(self) -> None:
        assert refusal(reopening(Party.MEDIATOR, BRAM)) is Refusal.NOT_ASSIGNED

    def test_is_not_for_a_mediator_of_no_name_when_the_case_had_none(self) -> None:
        nameless = reopening(Party.MEDIATOR, None)
        assert refusal(nameless, mediator=None) is Refusal.NOT_ASSIGNED

    def test_is_for_a_supervisor_even_when_the_case_had_no_mediator(self) -> None:
        assert refusal(reopening(Party.SUPERVISOR, SUPERVISOR), mediator=None) is None

    def test_happens_once(self) -> None:
        entry = reopening(Party.SUPERVISOR, SUPERVISOR)
        assert refusal(entry, already=True) is Refusal.CLOSED

    def test_is_possible_until_the_window_ends(self) -> None:
        last = reopening(Party.MEDIATOR, ANNA, CLOSED_AT + REOPENING_WINDOW)
        assert refusal(last) is None

    @pytest.mark.parametrize(
        ("author", "actor"), [(Party.MEDIATOR, ANNA), (Party.SUPERVISOR, SUPERVISOR)]
    )
    def test_is_not_possible_after_the_window(self, author: Party, actor: StaffId) -> None:
        late = reopening(author, actor, CLOSED_AT + REOPENING_WINDOW + INSTANT)
        assert refusal(late) is Refusal.WINDOW_PASSED


class TestEverythingElse:
    @pytest.mark.parametrize("kind", [EntryKind.CONTACT, EntryKind.LANGUAGE])
    @pytest.mark.parametrize("already", [False, True])
    def test_about_where_and_how_to_write_is_welcome(self, kind: EntryKind, already: bool) -> None:
        assert refusal(arriving(kind, Party.COMPLAINANT), already=already) is None

    @pytest.mark.parametrize(
        "kind", sorted(set(EntryKind) - {EntryKind.CONTACT, EntryKind.LANGUAGE})
    )
    def test_is_refused_as_closed(self, kind: EntryKind) -> None:
        assert refusal(arriving(kind, Party.COMPLAINANT)) is Refusal.CLOSED

    @pytest.mark.parametrize("decision", sorted(set(Decision) - {Decision.REOPEN_CASE}))
    def test_that_is_decided_is_refused_as_closed(self, decision: Decision) -> None:
        entry = arriving(EntryKind.DECISION, Party.MEDIATOR, actor=ANNA, decision=decision)
        assert refusal(entry) is Refusal.CLOSED

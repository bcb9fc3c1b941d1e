"""Waits and their deadlines: first the reminder, then the end, and never both at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.parties import Party
from domain.waits import SERVICE_LEVEL, Deadline, Term, Wait

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TERM = Term(timedelta(days=7), timedelta(days=14), SERVICE_LEVEL, verified=True)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)

moments = st.timedeltas(min_value=-DAY, max_value=timedelta(days=100)).map(lambda by: NOON + by)
terms = st.tuples(
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40)),
    st.timedeltas(min_value=INSTANT, max_value=timedelta(days=40)),
).map(lambda both: Term(both[0], both[0] + both[1], SERVICE_LEVEL, verified=True))


class TestADeadline:
    def test_first_reminds_and_then_passes(self) -> None:
        deadline = Deadline.begin(Wait.COMPLAINANT_CONSENTS, TERM, NOON)
        assert deadline.next_moment == NOON + 7 * DAY
        assert not deadline.reminder_due(NOON + 7 * DAY - INSTANT)
        assert deadline.reminder_due(NOON + 7 * DAY)
        reminded = deadline.after_reminder()
        assert reminded.next_moment == NOON + 14 * DAY
        assert not reminded.passed(NOON + 14 * DAY - INSTANT)
        assert reminded.passed(NOON + 14 * DAY)

    def test_begins_in_its_first_round_without_a_reminder(self) -> None:
        deadline = Deadline.begin(Wait.MEDIATOR_PROPOSES, TERM, NOON)
        assert (deadline.round, deadline.reminded, deadline.since) == (1, False, NOON)

    def test_keeps_everything_else_when_it_was_reminded(self) -> None:
        deadline = Deadline.begin(Wait.MEDIATOR_PROPOSES, TERM, NOON, 3)
        reminded = deadline.after_reminder()
        assert reminded.reminded
        assert (reminded.wait, reminded.since, reminded.due_at, reminded.round) == (
            deadline.wait,
            deadline.since,
            deadline.due_at,
            3,
        )

    @given(terms, moments)
    def test_never_reminds_at_its_end_or_after_it(self, term: Term, now: datetime) -> None:
        deadline = Deadline.begin(Wait.MEDIATOR_ACCEPTS, term, NOON)
        assert not (deadline.reminder_due(now) and deadline.passed(now))
        assert not deadline.reminder_due(deadline.due_at)

    @given(terms, moments)
    def test_reminds_only_once(self, term: Term, now: datetime) -> None:
        deadline = Deadline.begin(Wait.MEDIATOR_ACCEPTS, term, NOON).after_reminder()
        assert not deadline.reminder_due(now)

    @given(terms, moments)
    def test_has_nothing_to_do_before_its_next_moment_and_something_at_it(
        self, term: Term, now: datetime
    ) -> None:
        fresh = Deadline.begin(Wait.MEDIATOR_ACCEPTS, term, NOON)
        for deadline in (fresh, fresh.after_reminder()):
            moment = deadline.next_moment
            assert deadline.reminder_due(moment) or deadline.passed(moment)
            if now < moment:
                assert not deadline.reminder_due(now)
                assert not deadline.passed(now)


class TestAWait:
    @pytest.mark.parametrize(
        ("wait", "party"),
        [
            (Wait.MEDIATOR_AVAILABLE, Party.PORTAL),
            (Wait.MEDIATOR_ACCEPTS, Party.MEDIATOR),
            (Wait.COMPLAINANT_CONSENTS, Party.COMPLAINANT),
            (Wait.INSTITUTION_REPLIES, Party.INSTITUTION),
            (Wait.MEDIATOR_PROPOSES, Party.MEDIATOR),
            (Wait.COMPLAINANT_RESPONDS, Party.COMPLAINANT),
        ],
    )
    def test_awaits_one_party(self, wait: Wait, party: Party) -> None:
        assert wait.party is party

    @pytest.mark.parametrize("wait", Wait)
    def test_always_knows_of_whom(self, wait: Wait) -> None:
        assert wait.party in Party

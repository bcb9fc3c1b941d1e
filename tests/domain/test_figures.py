"""What a closure counts as, and what is published of a year."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import Ending, PastClock
from domain.figures import (
    VALUES,
    Answer,
    Closure,
    ComplaintOutcome,
    Duration,
    Kind,
    Measure,
    Promise,
    counted,
    duration_of,
)
from domain.institutions import InstitutionKind
from domain.intake import About
from domain.letters import Letter
from domain.matter import Matter
from domain.stages import Outcome
from domain.waits import Wait
from domain.year_figures import (
    FiguresTable,
    KindsCount,
    MeasuredCounts,
    median,
    merged,
    never_written_to,
    year_figures,
)
from settings.policy import load_policy

FIVE = 5
OF_COMPLAINTS = [measure for measure in Measure if measure.matter is Matter.COMPLAINT]
LAST_DAY = date(2026, 4, 13)
NOON = timedelta(hours=12)
POLICE, LANDLORD, BANK = (
    InstitutionKind.POLICE,
    InstitutionKind.LANDLORD,
    InstitutionKind.BANK_PRIVATE,
)

A_CLOSURE = Closure(
    about=About.CONDUCT,
    outcome=Outcome.SETTLED,
    complained_on=date(2026, 3, 2),
    closed_on=date(2026, 5, 4),
    contacted=True,
    replied=True,
    past_clocks=(),
    letters=(),
    intervened=False,
    episode=1,
)


def ended(wait: Wait, days: int, ending: Ending = Ending.ANSWERED) -> PastClock:
    """Return a clock that ended so many days after its last day."""
    moment = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC) + NOON
    return PastClock(
        wait=wait,
        start=date(2026, 3, 2),
        day=LAST_DAY,
        ended=moment + timedelta(days=days),
        ending=ending,
        round=1,
    )


def sorted_as(measure: Measure, **changes: Any) -> str:
    return counted(replace(A_CLOSURE, **changes))[measure]


class TestAClosure:
    def test_has_a_value_that_is_known_for_every_measure(self) -> None:
        values = counted(A_CLOSURE)
        assert set(values) == set(OF_COMPLAINTS)
        assert all(values[measure] in set(VALUES[measure]) for measure in values)

    @pytest.mark.parametrize(
        ("days", "band"),
        [
            (0, Duration.TO_14),
            (14, Duration.TO_14),
            (15, Duration.TO_42),
            (42, Duration.TO_42),
            (70, Duration.TO_70),
            (182, Duration.TO_182),
            (183, Duration.LONGER),
        ],
    )
    def test_lasted_as_long_as_its_days_say(self, days: int, band: Duration) -> None:
        assert duration_of(days) is band

    def test_counts_its_days_from_the_complaint_of_this_episode(self) -> None:
        assert sorted_as(Measure.DURATION) == Duration.TO_70

    @pytest.mark.parametrize(
        ("changes", "answer"),
        [
            ({"contacted": False}, Answer.NOT_ASKED),
            ({}, Answer.UNPROMPTED),
            ({"past_clocks": [ended(Wait.INSTITUTION_REPLIES, 0)]}, Answer.UNPROMPTED),
            ({"letters": [Letter.INSTITUTION_REMINDER]}, Answer.REMINDED),
            ({"letters": [Letter.TERM_ENDS_TODAY]}, Answer.REMINDED),
            ({"past_clocks": [ended(Wait.INSTITUTION_REPLIES, 1)]}, Answer.LATE),
            (
                {
                    "past_clocks": [ended(Wait.INSTITUTION_REPLIES, 1)],
                    "letters": [Letter.INSTITUTION_REMINDER],
                },
                Answer.LATE,
            ),
            (
                {
                    "past_clocks": [ended(Wait.INSTITUTION_REPLIES, 9, Ending.STOPPED)],
                    "replied": False,
                },
                Answer.SILENT,
            ),
            (
                {
                    "past_clocks": [ended(Wait.INSTITUTION_REPLIES, 0, Ending.STOPPED)],
                    "replied": False,
                },
                Answer.NOT_DUE,
            ),
            (
                # The term began again with a new consent, and the last one counts.
                {
                    "past_clocks": [
                        ended(Wait.INSTITUTION_REPLIES, 9, Ending.STOPPED),
                        ended(Wait.INSTITUTION_REPLIES, 0),
                    ]
                },
                Answer.UNPROMPTED,
            ),
        ],
    )
    def test_tells_how_the_institution_answered(
        self, changes: Mapping[str, Any], answer: Answer
    ) -> None:
        assert sorted_as(Measure.INSTITUTION, **changes) == answer

    @pytest.mark.parametrize(
        ("measure", "wait"),
        [
            (Measure.ACKNOWLEDGEMENT, Wait.PORTAL_ACKNOWLEDGES),
            (Measure.MEDIATOR, Wait.MEDIATOR_FOUND),
            (Measure.PROPOSAL, Wait.MEDIATOR_PROPOSES),
        ],
    )
    def test_tells_whether_we_kept_our_own_promises(self, measure: Measure, wait: Wait) -> None:
        in_time, late = ended(wait, 0), ended(wait, 1)
        missed = ended(wait, 0, Ending.PASSED)
        dropped = ended(wait, 0, Ending.STOPPED)
        assert sorted_as(measure) == Promise.NOT_DUE
        assert sorted_as(measure, past_clocks=[dropped]) == Promise.NOT_DUE
        assert sorted_as(measure, past_clocks=[dropped, in_time]) == Promise.KEPT
        assert sorted_as(measure, past_clocks=[late, in_time]) == Promise.LATE
        assert sorted_as(measure, past_clocks=[missed]) == Promise.LATE

    def test_of_a_reopened_case_says_so(self) -> None:
        assert sorted_as(Measure.REOPENED) == "no"
        assert sorted_as(Measure.REOPENED, episode=2) == "yes"
        assert sorted_as(Measure.INTERVENTION, intervened=True) == "yes"


class TestKindsWithSmallCounts:
    def test_are_counted_together(self) -> None:
        *_, (rest) = merged({POLICE: 9, BANK: 3, LANDLORD: 2}, FIVE)
        assert rest.count == 5
        assert POLICE not in rest.kinds
        assert len(rest.kinds) == len(InstitutionKind) - 1

    def test_take_the_next_smallest_kind_along_when_they_are_too_few(self) -> None:
        groups = merged({POLICE: 9, BANK: 7, LANDLORD: 2}, FIVE)
        assert groups[0] == KindsCount(kinds=(POLICE,), count=9)
        assert groups[1].count == 9
        assert {BANK, LANDLORD} <= set(groups[1].kinds)

    def test_leave_nothing_when_all_of_them_are_too_few(self) -> None:
        assert merged({POLICE: 2, BANK: 2}, FIVE) == ()
        assert merged({}, FIVE) == ()

    def test_are_not_mentioned_where_there_are_none(self) -> None:
        assert merged({POLICE: 9, BANK: 7}, FIVE) == (
            KindsCount(kinds=(POLICE,), count=9),
            KindsCount(kinds=(BANK,), count=7),
        )

    @given(st.dictionaries(st.sampled_from(InstitutionKind), st.integers(0, 20)))
    def test_never_leave_a_count_that_is_too_small_and_lose_nobody(
        self, counts: Mapping[Kind, int]
    ) -> None:
        groups = merged(counts, FIVE)
        assert all(group.count >= FIVE for group in groups)
        assert sum(group.count for group in groups) == (
            sum(counts.values()) if sum(counts.values()) >= FIVE else 0
        )
        kinds = [kind for group in groups for kind in group.kinds]
        assert len(kinds) == len(set(kinds))


def closures(*those: tuple[InstitutionKind, Closure, int]) -> MeasuredCounts:
    """Count closures as the database does."""
    counts: dict[Measure, dict[tuple[Kind, str], int]] = {}
    for kind, closure, times in those:
        for measure, value in counted(closure).items():
            of_measure = counts.setdefault(measure, {})
            of_measure[kind, value] = of_measure.get((kind, value), 0) + times
    return counts


def a_table(totals: Sequence[int | None]) -> FiguresTable:
    columns = tuple(VALUES[Measure.DURATION])
    return FiguresTable(measure=Measure.DURATION, columns=columns, rows=(), totals=tuple(totals))


class TestAYear:
    def test_shows_what_is_not_small_and_hides_the_rest(self) -> None:
        withdrawn = replace(A_CLOSURE, outcome=Outcome.WITHDRAWN)
        referred = replace(A_CLOSURE, outcome=Outcome.REFERRED)
        counts = closures(
            (POLICE, A_CLOSURE, 30),
            (POLICE, withdrawn, 20),
            (POLICE, referred, 2),
            (BANK, A_CLOSURE, 12),
            (BANK, withdrawn, 40),
            (BANK, referred, 8),
        )
        figures = year_figures(2026, {POLICE: 60}, {}, counts, hidden_below=FIVE)

        assert (figures.received, figures.closed) == (60, 112)
        outcomes = figures.tables[0]
        assert outcomes.measure is Measure.OUTCOME
        police = dict(zip(outcomes.columns, outcomes.rows[0].counts, strict=True))
        assert [row.kinds for row in outcomes.rows] == [(POLICE,), (BANK,)]
        assert outcomes.rows[0].total == 52
        assert police["referred"] is None
        assert police["withdrawn"] == 20
        assert police["inadmissible"] == 0

    def test_hides_what_became_of_everybody_but_not_that_we_were_always_on_time(self) -> None:
        withdrawn = replace(A_CLOSURE, outcome=Outcome.WITHDRAWN)
        counts = closures((POLICE, withdrawn, 12), (BANK, A_CLOSURE, 40), (BANK, withdrawn, 30))
        figures = year_figures(2026, {}, {}, counts, hidden_below=FIVE)
        rows = {table.measure: table.rows[0] for table in figures.tables}
        column = list(ComplaintOutcome).index(ComplaintOutcome.WITHDRAWN)
        assert rows[Measure.OUTCOME].counts[column] is None
        assert rows[Measure.ACKNOWLEDGEMENT].counts == (0, 0, 12)

    def test_with_few_closures_has_no_tables(self) -> None:
        figures = year_figures(2026, {}, {}, closures((POLICE, A_CLOSURE, 4)), hidden_below=FIVE)
        assert (figures.received, figures.closed, figures.tables) == (None, None, ())

    def test_has_no_table_of_what_was_not_counted_all_year(self) -> None:
        counts = dict(closures((POLICE, A_CLOSURE, 30)))
        counts[Measure.SUBJECT] = {(POLICE, About.CONDUCT): 29}
        figures = year_figures(2026, {}, {}, counts, hidden_below=FIVE)
        assert Measure.SUBJECT not in {table.measure for table in figures.tables}
        assert len(figures.tables) == len(OF_COMPLAINTS) - 1

    def test_shows_that_landlords_are_never_written_to_and_protects_nothing_by_it(self) -> None:
        signposted = replace(A_CLOSURE, contacted=False)
        silent = replace(A_CLOSURE, replied=False)
        counts = closures(
            (POLICE, A_CLOSURE, 30),
            (POLICE, silent, 3),
            (LANDLORD, signposted, 12),
            (BANK, A_CLOSURE, 9),
        )
        never = never_written_to(load_policy(None), 2026)
        figures = year_figures(2026, {}, {}, counts, hidden_below=FIVE, without_mediation=never)
        [table] = [one for one in figures.tables if one.measure is Measure.INSTITUTION]
        [landlord] = [row for row in table.rows if row.kinds == (LANDLORD,)]
        shown = dict(zip(table.columns, landlord.counts, strict=True))
        assert shown == {answer: 12 if answer is Answer.NOT_ASKED else 0 for answer in Answer}

    @given(
        st.dictionaries(
            st.tuples(st.sampled_from(InstitutionKind), st.sampled_from(ComplaintOutcome)),
            st.integers(0, 30),
            max_size=30,
        )
    )
    @settings(max_examples=40, deadline=None)
    def test_shows_no_small_count_anywhere(
        self, outcomes: Mapping[tuple[InstitutionKind, ComplaintOutcome], int]
    ) -> None:
        counts = closures(
            *(
                (kind, replace(A_CLOSURE, outcome=outcome), times)
                for (kind, outcome), times in outcomes.items()
            )
        )
        for table in year_figures(2026, {}, {}, counts, hidden_below=FIVE).tables:
            shown = [*table.totals, *(count for row in table.rows for count in row.counts)]
            assert all(count >= FIVE for count in shown if count)
            assert all(row.total >= FIVE for row in table.rows)


class TestTheMedian:
    @pytest.mark.parametrize(
        ("totals", "band"),
        [
            ([10, 10, 10, 10, 10], Duration.TO_70),
            ([30, 5, 5, 5, 5], Duration.TO_14),
            ([5, 5, 5, 5, 30], Duration.LONGER),
            ([30, None, None, 9, 9], Duration.TO_14),
            ([None, None, 40, 5, 5], Duration.TO_70),
            ([12, None, None, 9, 9], None),
        ],
    )
    def test_is_told_as_far_as_what_is_shown_tells_it(
        self, totals: Sequence[int | None], band: Duration | None
    ) -> None:
        total = 52 if None in totals else 50
        assert median(a_table(totals), total) == band


class TestKindsThatAreNeverWrittenTo:
    def test_are_those_with_which_we_do_not_mediate(self) -> None:
        assert never_written_to(load_policy(None), 2026) >= {
            InstitutionKind.LANDLORD,
            InstitutionKind.OPERATOR,
        }
        assert POLICE not in never_written_to(load_policy(None), 2026)

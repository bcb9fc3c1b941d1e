"""What a question counts as when it closes, and what is published of questions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.clocks import Ending, PastClock
from domain.consultation import outcome_of_closing
from domain.figures import (
    KINDS,
    VALUES,
    Duration,
    Kind,
    Measure,
    NotSaid,
    QuestionAnswer,
    QuestionOutcome,
)
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.question_figures import QuestionClosure, counted
from domain.stages import Outcome
from domain.waits import Wait
from domain.year_figures import MatterFigures, MeasuredCounts, YearFigures, year_figures

FIVE = 5
MONDAY = date(2026, 3, 2)
POLICE, OPERATOR, BANK = (
    InstitutionKind.POLICE,
    InstitutionKind.OPERATOR,
    InstitutionKind.BANK_PRIVATE,
)
NOBODY = NotSaid.NOT_SAID

A_CLOSURE = QuestionClosure(
    outcome=Outcome.ADVISED,
    asked_on=MONDAY,
    answered_on=MONDAY + timedelta(days=2),
    closed_on=MONDAY + timedelta(days=16),
    past_clocks=(),
)
THE_THIRD_DAY = MONDAY + timedelta(days=3)


def ended(days: int, ending: Ending = Ending.ANSWERED) -> PastClock:
    """Return a clock of the answer that ended so many days after its last day."""
    last = MONDAY + timedelta(days=7)
    return PastClock(
        wait=Wait.ADVISER_ANSWERS,
        start=MONDAY,
        day=last,
        ended=datetime.combine(last, time(12), UTC) + timedelta(days=days),
        ending=ending,
        round=1,
    )


def sorted_as(measure: Measure, **changes: Any) -> str:
    return counted(replace(A_CLOSURE, **changes))[measure]


class TestAQuestionThatCloses:
    def test_has_a_value_that_is_known_for_every_measure_of_questions(self) -> None:
        values = counted(A_CLOSURE)
        assert set(values) == {it for it in Measure if it.matter is Matter.QUESTION}
        assert all(values[measure] in set(VALUES[measure]) for measure in values)

    @pytest.mark.parametrize(
        "outcome",
        [
            *(outcome_of_closing(waits) for waits in ((), Wait)),
            *(Outcome.BECAME_COMPLAINT, Outcome.WITHDRAWN),
        ],
    )
    def test_ended_in_each_way_in_which_one_can(self, outcome: Outcome) -> None:
        assert sorted_as(Measure.QUESTION_OUTCOME, outcome=outcome) == outcome

    def test_never_ended_as_only_a_complaint_does(self) -> None:
        with pytest.raises(ValueError, match="settled"):
            counted(replace(A_CLOSURE, outcome=Outcome.SETTLED))

    def test_lasted_from_its_arrival_to_its_closure(self) -> None:
        assert sorted_as(Measure.QUESTION_DURATION) == Duration.TO_42
        at_once = MONDAY + timedelta(days=14)
        assert sorted_as(Measure.QUESTION_DURATION, closed_on=at_once) == Duration.TO_14

    @pytest.mark.parametrize(
        ("changes", "answer"),
        [
            ({"past_clocks": [ended(-5)]}, QuestionAnswer.SOON),
            ({"answered_on": THE_THIRD_DAY, "past_clocks": [ended(0)]}, QuestionAnswer.IN_TIME),
            # An answer that came although the adviser had asked for more has no clock.
            ({"answered_on": THE_THIRD_DAY}, QuestionAnswer.IN_TIME),
            ({"past_clocks": [ended(1)]}, QuestionAnswer.LATE),
            ({"past_clocks": [ended(0, Ending.PASSED), ended(-2)]}, QuestionAnswer.LATE),
            # What was asked on after the first answer is promised as well.
            ({"past_clocks": [ended(-5), ended(0, Ending.PASSED)]}, QuestionAnswer.LATE),
            (
                {"answered_on": None, "past_clocks": [ended(0, Ending.PASSED)]},
                QuestionAnswer.SILENT,
            ),
            (
                {"answered_on": None, "past_clocks": [ended(1, Ending.STOPPED)]},
                QuestionAnswer.SILENT,
            ),
            (
                {"answered_on": None, "past_clocks": [ended(0, Ending.STOPPED)]},
                QuestionAnswer.NOT_DUE,
            ),
            ({"answered_on": None}, QuestionAnswer.NOT_DUE),
        ],
    )
    def test_tells_whether_we_answered_as_promised(
        self, changes: Mapping[str, Any], answer: QuestionAnswer
    ) -> None:
        assert sorted_as(Measure.QUESTION_ANSWER, **changes) == answer

    def test_is_not_late_by_what_others_let_pass(self) -> None:
        other = replace(ended(9, Ending.PASSED), wait=Wait.COMPLAINANT_ANSWERS)
        assert sorted_as(Measure.QUESTION_ANSWER, past_clocks=[other]) == QuestionAnswer.SOON


def questions(*those: tuple[Kind, QuestionClosure, int]) -> MeasuredCounts:
    """Count closures as the database does."""
    counts: dict[Measure, dict[tuple[Kind, str], int]] = {}
    for kind, closure, times in those:
        for measure, value in counted(closure).items():
            of_measure = counts.setdefault(measure, {})
            of_measure[kind, value] = of_measure.get((kind, value), 0) + times
    return counts


def published(closed: MeasuredCounts, asked: Mapping[Kind, int] | None = None) -> MatterFigures:
    year = year_figures(2026, {}, asked or {}, closed, hidden_below=FIVE)
    assert (year.received, year.closed, year.tables) == (None, None, ())
    assert year.questions is not None
    return year.questions


BECAME_COMPLAINT = replace(A_CLOSURE, outcome=Outcome.BECAME_COMPLAINT)
LATE = replace(A_CLOSURE, past_clocks=(ended(1),))


class TestTheQuestionsOfAYear:
    def test_have_totals_of_their_own_by_kind_also_where_none_was_said(self) -> None:
        counts = questions((POLICE, A_CLOSURE, 12), (NOBODY, A_CLOSURE, 30), (NOBODY, LATE, 9))
        figures = published(counts, {POLICE: 14, NOBODY: 38})

        assert (figures.received, figures.closed) == (52, 51)
        assert [(one.kinds, one.count) for one in figures.received_by_kind] == [
            ((POLICE,), 14),
            ((NOBODY,), 38),
        ]
        [answer] = [one for one in figures.tables if one.measure is Measure.QUESTION_ANSWER]
        assert [row.kinds for row in answer.rows] == [(POLICE,), (NOBODY,)]
        assert answer.rows[1].counts[:3] == (30, 0, 9)
        assert {one.measure for one in figures.tables} == {
            it for it in Measure if it.matter is Matter.QUESTION
        }

    def test_that_are_few_are_counted_together_with_those_without_a_kind(self) -> None:
        counts = questions((POLICE, A_CLOSURE, 12), (BANK, A_CLOSURE, 3), (NOBODY, A_CLOSURE, 2))
        *_, together = published(counts, {POLICE: 12, BANK: 3, NOBODY: 2}).received_by_kind
        assert together.count == 5
        assert set(together.kinds) == set(KINDS) - {POLICE}

    def test_leave_complaints_as_they_are(self) -> None:
        complaints: MeasuredCounts = {Measure.OUTCOME: {(POLICE, Outcome.SETTLED): 20}}
        asked = questions((POLICE, BECAME_COMPLAINT, 20))
        alone = year_figures(2026, {POLICE: 20}, {}, complaints, hidden_below=FIVE)
        both = year_figures(
            2026, {POLICE: 20}, {POLICE: 20}, {**complaints, **asked}, hidden_below=FIVE
        )
        assert both.questions != alone.questions
        assert [one.measure for one in both.tables] == [Measure.OUTCOME]
        assert replace(both, questions=alone.questions) == alone

    def test_do_not_tell_of_which_kind_how_many_became_complaints(self) -> None:
        # Five complaints about the police and one about a bank are counted together, as six.
        # With "five questions about the police became complaints", that one could be reckoned.
        counts = questions((POLICE, BECAME_COMPLAINT, 5), (BANK, A_CLOSURE, 20))
        figures = published(counts)
        outcomes = figures.tables[0]
        assert outcomes.measure is Measure.QUESTION_OUTCOME
        [row] = outcomes.rows
        assert row.kinds == tuple(KINDS)
        assert row.counts == outcomes.totals == (20, 0, 5, 0)
        told = {table.measure: len(table.rows) for table in figures.tables}
        assert told[Measure.QUESTION_ANSWER] == told[Measure.QUESTION_DURATION] == 2

    def test_hide_how_they_ended_when_they_all_ended_alike(self) -> None:
        outcomes = published(questions((POLICE, A_CLOSURE, 30))).tables[0]
        assert outcomes.rows[0].counts[0] is None
        assert outcomes.totals[0] is None

    def test_have_no_table_of_what_was_not_counted_all_year(self) -> None:
        counts = dict(questions((POLICE, A_CLOSURE, 30)))
        counts[Measure.QUESTION_ANSWER] = {(POLICE, QuestionAnswer.SOON): 29}
        told = {table.measure for table in published(counts).tables}
        assert told == {Measure.QUESTION_OUTCOME, Measure.QUESTION_DURATION}

    @given(
        st.dictionaries(
            st.tuples(
                st.sampled_from(KINDS), st.sampled_from(QuestionOutcome), st.sampled_from([0, 1, 9])
            ),
            st.integers(0, 30),
            max_size=30,
        )
    )
    @settings(max_examples=40, deadline=None)
    def test_show_no_small_count_anywhere(
        self, ends: Mapping[tuple[Kind, QuestionOutcome, int], int]
    ) -> None:
        counts = questions(
            *(
                (kind, replace(A_CLOSURE, outcome=Outcome(how), past_clocks=[ended(days)]), times)
                for (kind, how, days), times in ends.items()
            )
        )
        for table in published(counts).tables:
            shown = [*table.totals, *(count for row in table.rows for count in row.counts)]
            assert all(count >= FIVE for count in shown if count)
            assert all(row.total >= FIVE for row in table.rows)


class TestWhatWasPublished:
    def test_is_read_back_as_it_was(self) -> None:
        kept = TypeAdapter(YearFigures)
        counts = questions((OPERATOR, A_CLOSURE, 12), (NOBODY, LATE, 9))
        year = year_figures(2026, {}, {NOBODY: 9}, counts, hidden_below=FIVE)
        assert kept.validate_json(kept.dump_json(year)) == year

    def test_before_questions_were_counted_can_still_be_read(self) -> None:
        kept = TypeAdapter(YearFigures)
        written = kept.dump_python(
            year_figures(2026, {POLICE: 9}, {}, {}, hidden_below=FIVE), mode="json"
        )
        del written["questions"]
        year = kept.validate_python(written)
        assert (year.received, year.questions, year.all_tables) == (9, None, ())

    def test_about_questions_can_be_withheld_a_table_at_a_time(self) -> None:
        counts = questions((OPERATOR, A_CLOSURE, 12))
        year = year_figures(2026, {}, {}, counts, hidden_below=FIVE)
        less = year.without(Measure.QUESTION_ANSWER)
        assert [one.measure for one in less.all_tables] == [
            Measure.QUESTION_OUTCOME,
            Measure.QUESTION_DURATION,
        ]
        assert less.withheld == (Measure.QUESTION_ANSWER,)
        assert less.questions is not None
        assert less.questions.closed == 12

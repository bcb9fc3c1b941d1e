"""Reading policy files: ours, an operator's one over it, and the digest of each row."""

import re
from datetime import date

import pytest

from domain.policy.parsing import parse_policy
from domain.policy.rows import Policy, Table
from domain.spans import parse_span
from tests.domain.policy.policy_files import OURS, SOURCE, problems_of, row, without


def limits(policy: Policy, id_: str) -> list[tuple[date, date | None, str]]:
    return [
        (row.valid_from, row.valid_until, str(row.span)) for row in policy.limits if row.id == id_
    ]


class TestAPolicy:
    def test_has_the_version_of_its_file(self) -> None:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", parse_policy(OURS).version)

    def test_says_in_its_version_that_an_operator_changed_it(self) -> None:
        plain = parse_policy(OURS).version
        changed = [parse_policy(OURS, own).version for own in ("", "# another", "# another")]
        assert all(re.fullmatch(rf"{plain}\+[0-9a-f]{{12}}", version) for version in changed)
        assert len(set(changed)) == 2

    def test_reads_each_table(self) -> None:
        policy = parse_policy(OURS)
        assert all(policy.rows_of(table) for table in Table)
        assert [row.table for row in policy.rows()] == sorted(
            (row.table for row in policy.rows()), key=list(Table).index
        )


class TestAnOperatorsFile:
    def test_adds_a_row(self) -> None:
        own = row("free_days", "decree-2029-05-11", "day = 2029-05-11")
        assert parse_policy(OURS, own).free_days[-1].day == date(2029, 5, 11)

    def test_cannot_have_almost_nothing_hidden(self) -> None:
        own = row("disclosure", "yearly-figures", "hidden_below = 3")
        assert parse_policy(OURS, own).disclosure[0].hidden_below == 3
        [problem] = problems_of(row("disclosure", "yearly-figures", "hidden_below = 2"))
        assert problem.startswith("disclosure[yearly-figures].hidden_below: 2 hides too little")

    def test_replaces_the_row_of_the_same_id_and_first_day(self) -> None:
        own = row("limits", "awb-6-7", 'span = "8 weeks"')
        assert limits(parse_policy(OURS, own), "awb-6-7") == [(date(2020, 1, 1), None, "8 weeks")]

    def test_ends_our_row_where_its_own_one_begins(self) -> None:
        later = SOURCE.replace("2020-01-01", "2027-01-01")
        own = row("limits", "awb-6-7", 'span = "8 weeks"', source=later)
        assert limits(parse_policy(OURS, own), "awb-6-7") == [
            (date(2020, 1, 1), date(2026, 12, 31), "6 weeks"),
            (date(2027, 1, 1), None, "8 weeks"),
        ]

    def test_does_not_make_a_row_last_longer_that_had_ended(self) -> None:
        ours = OURS + row("limits", "x", "span = '1 day'", "valid_until = 2020-12-31")
        own = row("limits", "x", "span = '2 days'", source=SOURCE.replace("2020", "2022"))
        assert limits(parse_policy(ours, own), "x") == [
            (date(2020, 1, 1), date(2020, 12, 31), "1 day"),
            (date(2022, 1, 1), None, "2 days"),
        ]

    def test_may_have_a_row_for_a_single_day(self) -> None:
        own = row("limits", "x", "span = '1 day'", "valid_until = 2020-01-01")
        day = date(2020, 1, 1)
        assert limits(parse_policy(OURS, own), "x") == [(day, day, "1 day")]

    def test_can_change_a_row_twice(self) -> None:
        first = SOURCE.replace("2020-01-01", "2027-01-01\nvalid_until = 2027-12-31")
        then = SOURCE.replace("2020-01-01", "2028-01-01")
        own = row("limits", "awb-6-7", 'span = "7 weeks"', source=first)
        own += row("limits", "awb-6-7", 'span = "8 weeks"', source=then)
        assert limits(parse_policy(OURS, own), "awb-6-7") == [
            (date(2020, 1, 1), date(2026, 12, 31), "6 weeks"),
            (date(2027, 1, 1), date(2027, 12, 31), "7 weeks"),
            (date(2028, 1, 1), None, "8 weeks"),
        ]

    def test_does_not_touch_the_row_of_another_table_with_the_same_id(self) -> None:
        own = row("helplines", "police", 'number = "0900-0000"')
        policy = parse_policy(OURS, own)
        assert next(r for r in policy.kinds if r.id == "police").mediation
        assert [r.number for r in policy.helplines if r.id == "police"] == ["0900-0000"]

    def test_must_not_name_a_version(self) -> None:
        assert problems_of('version = "mine"') == ["operator.version: unknown; possible are none"]

    def test_is_told_apart_when_it_is_no_toml(self) -> None:
        (problem,) = problems_of("[[terms]\n")
        assert problem.startswith("the operator's file: ")

    @pytest.mark.parametrize("written", ["limits = 3", "[limits]\nid = 'x'", "limits = ['x']"])
    def test_has_tables_for_rows(self, written: str) -> None:
        assert "limits: has to be written as [[limits]]" in problems_of(written)


class TestOurFile:
    def test_has_to_be_toml(self) -> None:
        (problem,) = problems_of(None, "version")
        assert problem.startswith("the policy's file: ")

    def test_has_to_have_a_version(self) -> None:
        ours = OURS.replace("\nversion = ", "\nwersion = ")
        assert problems_of(None, ours) == [
            "policy.version: missing",
            "policy.wersion: unknown; possible are version",
        ]

    def test_has_to_have_every_kind(self) -> None:
        assert "kinds[other]: missing" in problems_of(None, without("other"))

    def test_has_to_have_every_term(self) -> None:
        assert problems_of(None, without("mediator-proposes")) == [
            "terms: none with everywhere = true for mediator_proposes"
        ]

    def test_has_to_have_every_term_of_questions(self) -> None:
        assert problems_of(None, without("adviser-answers")) == [
            "terms: none with questions = true for adviser_answers"
        ]

    def test_cannot_be_empty(self) -> None:
        problems = problems_of(None, 'version = "x"')
        assert len([p for p in problems if p.startswith("kinds[")]) == 11


class TestTheDigestOfARow:
    def digest(self, *lines: str, source: str = SOURCE) -> str:
        policy = parse_policy(OURS, row("limits", "x", *lines, source=source))
        found = next(row for row in policy.limits if row.id == "x")
        assert found.span == parse_span(lines[0].split("'")[1])
        return found.digest

    def test_changes_with_what_the_row_rules(self) -> None:
        assert self.digest("span = '1 day'") != self.digest("span = '2 days'")

    @pytest.mark.parametrize(
        ("lines", "source"),
        [
            (["note = 'seen'"], SOURCE),
            (["valid_until = 2030-01-01"], SOURCE),
            ([], SOURCE.replace("true", "false")),
            ([], SOURCE.replace("a law", "another law")),
            ([], SOURCE.replace("2020", "2021")),
        ],
    )
    def test_stays_when_the_row_is_noted_dated_or_verified(
        self, lines: list[str], source: str
    ) -> None:
        assert self.digest("span = '1 day'", *lines, source=source) == self.digest("span = '1 day'")

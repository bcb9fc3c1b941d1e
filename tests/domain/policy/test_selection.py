"""What a case takes from the policy of its day, and which corrections touch it."""

from datetime import date
from importlib.resources import files

import pytest

from domain.institutions import InstitutionKind
from domain.policy.model import CaseRules, Step
from domain.policy.parsing import parse_policy
from domain.policy.rows import Policy
from domain.policy.selection import NoRules, case_rules, touched_rows
from domain.waits import Wait

OURS = files("domain.policy").joinpath("policy.toml").read_text(encoding="utf-8")
POLICY = parse_policy(OURS)
TODAY = date(2026, 11, 25)
DECREES = {
    f"free_days[decree-{day}]"
    for day in ("2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26")
}

LONGER_TERM = """
[[terms]]
id = "awb-9-11"
wait = "institution_replies"
span = "8 weeks"
rolling = "statutory"
statutory = true
ladder = "institution_replies"
extension = "awb-9-11-extension"
source = "Awb 9:11"
verified = true
valid_from = 2027-01-01
"""
ANOTHER_LADDER = """
[[kinds]]
id = "municipality"
mediation = true
terms = ["awb-9-11"]
ladder = "short"
consents = ["contact"]
next_body = "national_ombudsman"
source = "Awb ch. 9"
verified = true
valid_from = 2020-01-01

[[ladders]]
id = "short"
source = "service_level"
verified = true
valid_from = 2020-01-01
[[ladders.rungs]]
id = "passed"
step = "pass"
days = 1
"""


def with_own(own: str) -> Policy:
    return parse_policy(OURS, own)


def rules(kind: InstitutionKind = InstitutionKind.MUNICIPALITY, on: date = TODAY) -> CaseRules:
    return case_rules(POLICY, kind, on)


def extension(span: str, *, verified: bool = False, from_: str = "2020-01-01") -> str:
    return f"""
[[extensions]]
id = "politiewet-extension"
span = "{span}"
source = "Politiewet 2012, 70"
verified = {str(verified).lower()}
valid_from = {from_}
note = "Looked up."
"""


class TestTheRulesOfACase:
    @pytest.mark.parametrize("kind", InstitutionKind)
    def test_have_a_term_for_every_wait_that_can_come(self, kind: InstitutionKind) -> None:
        taken = rules(kind)
        missing = set(Wait) - set(taken.terms)
        of_questions = {Wait.ADVISER_AVAILABLE, Wait.ADVISER_ANSWERS, Wait.COMPLAINANT_FOLLOWS_UP}
        assert of_questions <= missing
        no_window = not (taken.next_body and taken.next_body.windows)
        assert (Wait.NEXT_BODY_WINDOW in missing) == no_window
        assert (Wait.INSTITUTION_REPLIES in missing) == (not taken.mediation)
        assert missing - of_questions <= {Wait.NEXT_BODY_WINDOW, Wait.INSTITUTION_REPLIES}

    def test_name_the_version_and_the_kind(self) -> None:
        assert rules().version == POLICY.version
        assert rules().kind is InstitutionKind.MUNICIPALITY

    def test_are_those_of_the_day_on_which_it_begins(self) -> None:
        policy = with_own(LONGER_TERM)
        spans = {
            day: str(
                case_rules(policy, InstitutionKind.MUNICIPALITY, day)
                .terms[Wait.INSTITUTION_REPLIES]
                .span
            )
            for day in (date(2026, 12, 31), date(2027, 1, 1))
        }
        assert spans == {date(2026, 12, 31): "6 weeks", date(2027, 1, 1): "8 weeks"}

    def test_have_the_ladder_that_a_kind_names_instead_of_its_terms(self) -> None:
        policy = with_own(ANOTHER_LADDER)
        terms = case_rules(policy, InstitutionKind.MUNICIPALITY, TODAY).terms
        assert [rung.step for rung in terms[Wait.INSTITUTION_REPLIES].ladder] == [Step.PASS]
        assert len(terms[Wait.MEDIATOR_PROPOSES].ladder) == 2
        other = case_rules(policy, InstitutionKind.NATIONAL_SERVICE, TODAY)
        assert len(other.terms[Wait.INSTITUTION_REPLIES].ladder) == 6

    def test_do_not_exist_before_the_policy_begins(self) -> None:
        with pytest.raises(NoRules, match="no row municipality on 2019-12-31"):
            rules(on=date(2019, 12, 31))

    def test_share_nothing_that_can_change(self) -> None:
        rules().terms.clear()
        rules().unverified_rows.clear()
        assert rules().terms
        assert rules().unverified_rows


class TestTheFreeDaysOfACase:
    def test_reach_three_years_ahead_in_order(self) -> None:
        days = [free.day for free in rules().free_days]
        assert days == sorted(set(days))
        assert {day.year for day in days} == {2026, 2027, 2028, 2029}

    def test_have_the_days_of_royal_decrees(self) -> None:
        decreed = [free.day for free in rules().free_days if free.name == "royal_decree"]
        assert f"{decreed[0]} {decreed[-1]} {len(decreed)}" == "2026-01-02 2028-05-26 5"

    def test_leave_out_sundays(self) -> None:
        assert not any(free.day.weekday() == 6 for free in rules().free_days)

    def test_keep_the_name_of_a_feast_that_is_decreed_as_well(self) -> None:
        own = """
[[free_days]]
id = "double"
day = 2027-12-25
source = "royal decree"
verified = true
valid_from = 2020-01-01
"""
        taken = case_rules(with_own(own), InstitutionKind.OTHER, TODAY)
        names = [free.name for free in taken.free_days if free.day == date(2027, 12, 25)]
        assert names == ["christmas_day"]


class TestTheUnverifiedRowsOfACase:
    @pytest.mark.parametrize(
        ("kind", "others"),
        [
            (InstitutionKind.MUNICIPALITY, set[str]()),
            (InstitutionKind.OTHER, set[str]()),
            (InstitutionKind.POLICE, {"extensions[politiewet-extension]"}),
            (InstitutionKind.CARE_INSTITUTION, {"windows[care-disputes-committee]"}),
            (
                InstitutionKind.BANK_PRIVATE,
                {"kinds[bank_private]", "windows[kifid-after-first-complaint]"},
            ),
            (InstitutionKind.BANK_BUSINESS, {"bodies[bank_business_routes]"}),
        ],
    )
    def test_are_those_that_it_was_made_of(self, kind: InstitutionKind, others: set[str]) -> None:
        assert set(rules(kind).unverified_rows) == DECREES | others

    def test_have_a_term_that_nobody_verified(self) -> None:
        policy = with_own(LONGER_TERM.replace("verified = true", "verified = false"))
        kept = case_rules(policy, InstitutionKind.MUNICIPALITY, date(2027, 1, 1))
        assert set(kept.unverified_rows) - DECREES == {"terms[awb-9-11]"}

    def test_do_not_have_decreed_days_of_other_years(self) -> None:
        assert set(rules(on=date(2020, 5, 1)).unverified_rows) == set()
        ahead = rules(on=date(2028, 1, 1)).unverified_rows
        assert set(ahead) == {"free_days[decree-2028-04-28]", "free_days[decree-2028-05-26]"}

    def test_have_short_digests(self) -> None:
        assert all(len(digest) == 12 for digest in rules().unverified_rows.values())


class TestTouchedRows:
    kept = rules(InstitutionKind.POLICE).unverified_rows

    def test_are_none_when_nothing_changed(self) -> None:
        assert touched_rows(self.kept, POLICY, TODAY) == {}

    def test_are_none_when_a_row_is_only_verified(self) -> None:
        policy = with_own(extension("4 weeks", verified=True))
        assert touched_rows(self.kept, policy, TODAY) == {}

    @pytest.mark.parametrize("verified", [True, False])
    def test_name_a_row_that_was_corrected(self, verified: bool) -> None:
        policy = with_own(extension("6 weeks", verified=verified))
        assert list(touched_rows(self.kept, policy, TODAY)) == ["extensions[politiewet-extension]"]

    def test_tell_what_a_row_says_now(self) -> None:
        once, again = (
            touched_rows(self.kept, with_own(extension(span)), TODAY)
            for span in ("6 weeks", "8 weeks")
        )
        assert set(once) == set(again)
        assert once != again

    def test_name_a_row_from_the_day_of_its_correction(self) -> None:
        policy = with_own(extension("6 weeks", from_="2027-01-01"))
        assert touched_rows(self.kept, policy, date(2026, 12, 31)) == {}
        assert set(touched_rows(self.kept, policy, date(2027, 1, 1))) == {
            "extensions[politiewet-extension]"
        }

    def test_name_a_row_that_is_gone(self) -> None:
        own = """
[[free_days]]
id = "decree-2027-05-07"
day = 2027-05-07
source = "never decreed"
verified = true
valid_from = 2020-01-01
valid_until = 2026-11-24
"""
        assert touched_rows(self.kept, with_own(own), TODAY) == {
            "free_days[decree-2027-05-07]": None
        }

    def test_are_none_for_a_case_that_kept_only_verified_rows(self) -> None:
        assert touched_rows({}, with_own(extension("6 weeks")), TODAY) == {}

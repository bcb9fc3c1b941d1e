"""What has to be right between the rungs of a ladder, and between rows."""

import pytest

from domain.policy.parsing import parse_policy
from tests.domain.policy.policy_files import OURS, SOURCE, kind, ladder, problems_of, row, term

RECEIPT = (
    "wait = 'portal_acknowledges'",
    "span = '1 business day'",
    "rolling = 'statutory'",
    "statutory = true",
    "ladder = 'portal_acknowledges'",
)
PROMISE = (
    "wait = 'adviser_answers'",
    "span = '5 business days'",
    "rolling = 'statutory'",
    "statutory = true",
    "ladder = 'adviser_answers'",
)


class TestALadder:
    @pytest.mark.parametrize(
        ("rungs", "problem"),
        [
            (
                ["passed pass 1", "board contact_next 8", "coordinator contact_next 8"],
                "not in the order of their moments: coordinator does not come after board",
            ),
            (
                ["late remind -7", "early remind -14", "passed pass 1"],
                "not in the order of their moments: early does not come after late",
            ),
            (["a remind -1", "a pass 1"], "two rungs have the same id"),
            (["a remind -1"], "has to have exactly one rung that is a pass"),
            (["a pass 1", "b pass 2"], "has to have exactly one rung that is a pass"),
            ([], "has to have exactly one rung that is a pass"),
            (["a pass 0"], "a comes before the term is over: at least 1 day after the last one"),
            (
                ["a pass 3 anchor = 'first_day'"],
                "a comes before the term is over: at least 1 day after the last one",
            ),
            (["a pass 1", "b remind 2"], "b reminds of a term that has passed"),
            (["a offer_referral -1", "b pass 1"], "a comes before the term has passed"),
            (["a contact_next 0", "b pass 1"], "a comes before the term has passed"),
            (
                ["a pass 1 decides = 'mediator'"],
                "a is a pass, which nobody has to decide on",
            ),
            (
                ["a remind -1", "b remind 0 anchor = 'first_day'", "c pass 1"],
                "b counts from the first day, so it has to stand before a",
            ),
        ],
    )
    def test_has_its_order(self, rungs: list[str], problem: str) -> None:
        assert f"ladders[own].rungs: {problem}" in problems_of(ladder(*rungs))

    @pytest.mark.parametrize(
        ("post", "problem"),
        [
            (
                "letter = 'term_passed', to = 'complainant'",
                "to: term_passed goes to the institution, not the complainant",
            ),
            (
                "letter = 'referral_offer', to = 'mediator'",
                "to: referral_offer goes to the complainant, not the mediator",
            ),
            (
                "letter = 'answer_due', to = 'mediator'",
                "to: answer_due goes to the adviser, not the mediator",
            ),
            (
                "letter = 'wait_passed', to = 'institution'",
                "to: wait_passed goes to the mediator, not the institution",
            ),
            (
                "letter = 'your_turn', to = 'institution'",
                "to: your_turn does not go to the institution",
            ),
            (
                "letter = 'your_turn', to = 'mediator', contact = 'board'",
                "contact: a letter to the mediator goes to no desk of an institution",
            ),
        ],
    )
    def test_sends_letters_to_those_for_whom_they_are_written(
        self, post: str, problem: str
    ) -> None:
        own = ladder(f"passed pass 1 posts = [{{ {post} }}]")
        assert problems_of(own) == [f"ladders[own].rungs[passed].posts.{problem}"]

    def test_sends_no_letters_that_only_the_course_of_a_case_sends(self) -> None:
        own = ladder("a pass 1 posts = [{ letter = 'closing', to = 'complainant' }]")
        (problem,) = problems_of(own)
        assert "closing is no letter of a ladder; possible are" in problem

    def test_may_be_the_shortest_one(self) -> None:
        assert len(parse_policy(OURS, ladder("passed pass 1")).ladders[-1].rungs) == 1

    @pytest.mark.parametrize(
        ("span", "rung"),
        [("6 days", "reminder"), ("6 business days", "reminder"), ("1 day", "reminder")],
    )
    def test_fits_into_its_term(self, span: str, rung: str) -> None:
        assert problems_of(term(f'span = "{span}"')) == [
            (
                f"terms[awb-9-11].ladder: {rung} of ladders[institution_replies] comes before"
                f" a term of {span} begins"
            )
        ]

    def test_has_its_first_days_before_its_last_ones(self) -> None:
        own = ladder("a remind 9 anchor = 'first_day'", "b remind -6", "passed pass 1")
        assert problems_of(own + term('ladder = "own"', 'span = "15 days"')) == [
            "terms[awb-9-11].ladder: b of ladders[own] is too early for a term of 15 days"
        ]
        assert parse_policy(OURS, own + term('ladder = "own"', 'span = "16 days"'))

    def test_does_not_begin_before_its_term(self) -> None:
        own = ladder("a remind -1 anchor = 'first_day'", "passed pass 1")
        assert problems_of(own + term('ladder = "own"')) == [
            "terms[awb-9-11].ladder: a of ladders[own] comes before the term begins"
        ]

    def test_of_a_kind_fits_into_the_term_of_the_kind(self) -> None:
        own = ladder("a remind -43", "passed pass 1") + kind("municipality", 'ladder = "own"')
        assert problems_of(own) == [
            "kinds[municipality].ladder: a of ladders[own] comes before a term of 6 weeks begins"
        ]

    def test_of_a_window_fits_into_the_longest_one(self) -> None:
        own = row("windows", "awb-9-24", 'span = "1 month"', 'start = "term_ended"')
        assert problems_of(own) == [
            (
                "bodies[national_ombudsman].ladder: six_weeks of ladders[next_body_window] comes"
                " before a term of 1 month begins"
            )
        ]

    def test_of_windows_need_not_fit_into_the_shorter_one(self) -> None:
        own = row("windows", "kifid-after-rejection", 'span = "1 month"', 'start = "term_ended"')
        assert parse_policy(OURS, own)


class TestRowsTogether:
    def test_must_not_have_one_id_on_the_same_day_in_whatever_order(self) -> None:
        early = row("limits", "x", "span = '1 day'")
        late = row("limits", "x", "span = '2 days'", source=SOURCE.replace("2020", "2021"))
        for own in (early + late, late + early):
            assert problems_of(own) == ["limits[x]: two rows with this id are valid on 2021-01-01"]

    def test_may_follow_each_other_under_one_id(self) -> None:
        own = row("limits", "x", "span = '1 day'", "valid_until = 2020-12-31") + row(
            "limits", "x", "span = '2 days'", source=SOURCE.replace("2020", "2021")
        )
        assert [limit.id for limit in parse_policy(OURS, own).limits][-2:] == ["x", "x"]

    def test_must_not_make_the_same_day_free_twice(self) -> None:
        own = row("free_days", "x", "day = 2027-05-07")
        assert problems_of(own) == [
            "free_days[x].day: 2027-05-07 is free_days[decree-2027-05-07] already"
        ]

    def test_may_make_the_same_day_free_one_after_the_other(self) -> None:
        first = row("free_days", "x", "day = 2029-05-11", "valid_until = 2020-12-31")
        then = row("free_days", "y", "day = 2029-05-11", source=SOURCE.replace("2020", "2021"))
        assert [free.id for free in parse_policy(OURS, first + then).free_days][-2:] == ["x", "y"]

    def test_are_told_once_when_they_are_the_same_free_day(self) -> None:
        own = row("free_days", "x", "day = 2029-05-11")
        assert problems_of(own + own) == [
            "free_days[x]: two rows with this id are valid on 2020-01-01"
        ]

    @pytest.mark.parametrize(
        ("own", "problem"),
        [
            (term('ladder = "x"'), "terms[awb-9-11].ladder: ladders[x] is not there"),
            (term('extension = "x"'), "terms[awb-9-11].extension: extensions[x] is not there"),
            (
                row("side_routes", "x", "helpline = 'y'"),
                "side_routes[x].helpline: helplines[y] is not there",
            ),
            (
                row("bodies", "skgz", "windows = ['x']", "ladder = 'next_body_window'"),
                "bodies[skgz].windows: windows[x] is not there",
            ),
            (kind("police", 'next_body = "x"'), "kinds[police].next_body: bodies[x] is not there"),
            (kind("police", 'too_old = "x"'), "kinds[police].too_old: limits[x] is not there"),
            (kind("police", 'objection = "x"'), "kinds[police].objection: limits[x] is not there"),
            (kind("police", 'terms = ["x"]'), "kinds[police].terms: terms[x] is not there"),
            (kind("police", 'also = ["x"]'), "kinds[police].also: limits[x] is not there"),
            (kind("police", 'ladder = "x"'), "kinds[police].ladder: ladders[x] is not there"),
        ],
    )
    def test_must_not_name_one_that_is_not_there(self, own: str, problem: str) -> None:
        (told,) = problems_of(own)
        assert told.startswith(f"{problem}; possible are ")

    def test_must_not_name_one_that_has_ended(self) -> None:
        own = row("limits", "awb-6-7", 'span = "6 weeks"', "valid_until = 2026-12-31")
        kinds = ("municipality", "national_service", "police")
        named = [
            *(f"kinds[{kind}].objection" for kind in kinds),
            "situations[decision_of_somebody].limit",
        ]
        assert problems_of(own) == [
            f"{name}: limits[awb-6-7] is not valid (from 2027-01-01 on)" for name in named
        ]

    def test_must_not_leave_a_kind_without_rules(self) -> None:
        own = row("kinds", "landlord", "mediation = false", "valid_until = 2026-12-31")
        assert problems_of(own) == ["kinds[landlord]: missing (from 2027-01-01 on)"]

    def test_are_checked_on_the_day_on_which_a_new_one_begins(self) -> None:
        lines = ["wait = 'mediator_found'", "everywhere = true", "span = '9 days'"]
        lines += ["rolling = 'none'", "statutory = true", "ladder = 'mediator_found'"]
        own = row("terms", "x", *lines, source=SOURCE.replace("2020", "2027"))
        assert problems_of(own) == [
            "terms: two with everywhere = true for mediator_found (from 2027-01-01 on)"
        ]

    @pytest.mark.parametrize(
        ("own", "problem"),
        [
            (
                kind("police", "terms"),
                "kinds[police].terms: has to name a term for institution_replies",
            ),
            (
                kind("landlord", "mediation = false"),
                (
                    "kinds[landlord].terms: only shows the way, so names no term for"
                    " institution_replies"
                ),
            ),
            (
                kind("police", "consents"),
                "kinds[police].consents: nothing is sent to an institution without one",
            ),
            (
                kind("police", "next_body"),
                (
                    "kinds[police].next_body: missing, and ladders[institution_replies] offers the"
                    " way to it"
                ),
            ),
            (
                kind("police", 'terms = ["awb-9-11", "politiewet-term"]'),
                "kinds[police].terms: two for the same wait",
            ),
            (
                term("everywhere = true"),
                "terms[awb-9-11].everywhere: institution_replies differs by kind",
            ),
            (
                term("questions = true"),
                "terms[awb-9-11].questions: no question waits for institution_replies",
            ),
            (
                row("terms", "adviser-answers", *PROMISE, "everywhere = true", "questions = true"),
                "terms[adviser-answers].everywhere: only a question waits for it",
            ),
            (
                row("terms", "portal-acknowledges", *RECEIPT, "everywhere = true"),
                "terms: none with questions = true for portal_acknowledges",
            ),
            (
                term("statutory = false"),
                (
                    "terms[awb-9-11].statutory: true where a law sets the term,"
                    " false for service_level"
                ),
            ),
            (
                term('wait = "next_body_window"'),
                "terms[awb-9-11].wait: comes from the windows of the next body",
            ),
            (
                row("bodies", "adviser", "ladder = 'next_body_window'"),
                "bodies[adviser].ladder: needed with windows, and only with them",
            ),
            (
                row("bodies", "skgz", "windows = ['awb-9-24']"),
                "bodies[skgz].ladder: needed with windows, and only with them",
            ),
            (
                row("bodies", "skgz", "windows = ['awb-9-24']", "ladder = 'institution_replies'"),
                "bodies[skgz].ladder: of a window there is only a remind and a pass",
            ),
            (
                row(
                    "terms",
                    "x",
                    "wait = 'mediator_found'",
                    "everywhere = true",
                    "span = '9 days'",
                    "rolling = 'none'",
                    "statutory = true",
                    "ladder = 'mediator_found'",
                    "extension = 'awb-9-11-extension'",
                ),
                "terms: two with everywhere = true for mediator_found",
            ),
            (
                row(
                    "terms",
                    "x",
                    "wait = 'mediator_found'",
                    "span = '9 days'",
                    "rolling = 'none'",
                    "statutory = true",
                    "ladder = 'mediator_found'",
                    "extension = 'awb-9-11-extension'",
                ),
                "terms[x].extension: only an institution takes more time by notice",
            ),
        ],
    )
    def test_have_to_make_sense(self, own: str, problem: str) -> None:
        assert problem in problems_of(own)

    def test_that_no_other_one_names_are_told_but_no_mistake(self) -> None:
        own = row("limits", "x", "span = '1 day'") + ladder("passed pass 1")
        unused = [row.place for row in parse_policy(OURS, own).unused()]
        assert unused == ["limits[x]", "ladders[own]"]

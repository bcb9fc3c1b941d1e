"""Each field of a policy file that can be wrong, and how that is told."""

import pytest

from domain.policy.parsing import PolicyErrors, parse_policy
from tests.domain.policy.policy_files import OURS, SOURCE, ladder, problems_of, row, term


class TestAFieldThatIsWrong:
    @pytest.mark.parametrize(
        ("own", "problem"),
        [
            (
                term('span = "6 wekes"'),
                "terms[awb-9-11].span: '6 wekes' is not a span such as '6 weeks' or '1 year'",
            ),
            (
                term("span = 6"),
                "terms[awb-9-11].span: 6 is not a span such as '6 weeks' or '1 year'",
            ),
            (
                term('span = "999 weeks"'),
                "terms[awb-9-11].span: 999 weeks is no span that can be counted",
            ),
            (
                term('wait = "answer"'),
                (
                    "terms[awb-9-11].wait: 'answer' is unknown; possible are portal_acknowledges,"
                    " mediator_found, mediator_available, mediator_accepts, complainant_consents,"
                    " institution_reached, institution_replies, mediator_proposes,"
                    " complainant_responds,"
                    " complainant_answers, institution_answers,"
                    " complainant_chooses_route, next_body_window,"
                    " adviser_available, adviser_answers, complainant_follows_up"
                ),
            ),
            (
                term('rolling = "yes"'),
                "terms[awb-9-11].rolling: 'yes' is unknown; possible are statutory, none",
            ),
            (
                term('statutory = "yes"'),
                "terms[awb-9-11].statutory: 'yes' is neither true nor false",
            ),
            (
                term('laddder = "x"'),
                (
                    "terms[awb-9-11].laddder: unknown; possible are everywhere, extension, id,"
                    " ladder, note, questions, rolling, source, span, statutory, valid_from,"
                    " valid_until, verified, wait"
                ),
            ),
            (
                row("limits", "Awb 6:7", 'span = "1 day"'),
                "limits[Awb 6:7].id: 'Awb 6:7' is not an id such as 'awb-9-11'",
            ),
            (
                row("limits", "x", "span = '1 day'", source=SOURCE.replace("a law", " ")),
                "limits[x].source: ' ' is not a text",
            ),
            (
                row("limits", "x", "span = '1 day'", "note = 3"),
                "limits[x].note: 3 is not a text",
            ),
            (
                row(
                    "limits",
                    "x",
                    "span = '1 day'",
                    source=SOURCE.replace("2020-01-01", "'2020-01-01'"),
                ),
                (
                    "limits[x].valid_from: '2020-01-01' is not a day such as 2027-05-07,"
                    " without quotes"
                ),
            ),
            (
                row("free_days", "x", "day = 2027-05-07T00:00:00"),
                (
                    "free_days[x].day: datetime.datetime(2027, 5, 7, 0, 0) is not a day such as"
                    " 2027-05-07, without quotes"
                ),
            ),
            (
                row("limits", "x", "span = '1 day'", "valid_until = 2019-12-31"),
                "limits[x].valid_until: 2019-12-31 is before valid_from, 2020-01-01",
            ),
            (
                row("helplines", "x", "number = 'call us'"),
                "helplines[x].number: 'call us' is not a number such as '112' or '0800-2000'",
            ),
            (
                row("side_routes", "x", "kinds = ['school']"),
                (
                    "side_routes[x].kinds: 'school' is unknown; possible are municipality,"
                    " national_service, police, bank_private, bank_business, care_institution,"
                    " health_insurer, other_insurer, landlord, operator, other"
                ),
            ),
            (
                row("side_routes", "x", "also = 'awb-6-7'"),
                "side_routes[x].also: 'awb-6-7' is not a list",
            ),
            (
                row("side_routes", "x", "also = [1]"),
                "side_routes[x].also: not a list of texts",
            ),
            (
                row("side_routes", "x", "also = ['awb-6-7', 'awb-6-7']"),
                "side_routes[x].also: names something twice",
            ),
            (
                row("windows", "x", "span = '1 year'", "start = 'birth'"),
                "windows[x].start: 'birth' is unknown; possible are term_ended, first_complaint",
            ),
            (
                row("kinds", "school", "mediation = false"),
                (
                    "kinds[school].id: 'school' is unknown; possible are municipality,"
                    " national_service, police, bank_private, bank_business, care_institution,"
                    " health_insurer, other_insurer, landlord, operator, other"
                ),
            ),
            (
                row("ladders", "x", "rungs = [1]"),
                "ladders[x].rungs: not a list of tables",
            ),
            (
                ladder("passed pass 1.5"),
                "ladders[own].rungs[passed].days: 1.5 is not a whole number",
            ),
            (
                ladder("passed pass true"),
                "ladders[own].rungs[passed].days: True is not a whole number",
            ),
            (
                ladder("passed wait 1"),
                (
                    "ladders[own].rungs[passed].step: 'wait' is unknown; possible are remind, pass,"
                    " contact_next, offer_referral"
                ),
            ),
            (
                ladder("passed pass 1 posts = [{ to = 'mediator', letter = 'hello', by = 'us' }]"),
                "ladders[own].rungs[passed].posts.by: unknown; possible are contact, letter, to",
            ),
        ],
    )
    def test_is_named_with_its_place(self, own: str, problem: str) -> None:
        assert problem in problems_of(own)

    @pytest.mark.parametrize("key", ["source", "verified", "valid_from"])
    def test_may_be_one_that_every_row_has_to_have(self, key: str) -> None:
        source = "".join(line for line in SOURCE.splitlines(True) if not line.startswith(key))
        own = row("limits", "x", "span = '1 day'", source=source)
        assert problems_of(own) == [f"limits[x].{key}: missing"]

    def test_is_named_by_the_number_of_its_row_when_that_has_no_id(self) -> None:
        own = row("limits", "x", "span = '1 day'") + f"[[limits]]\nspan = '1 day'\n{SOURCE}"
        assert problems_of(own) == ["limits[#2].id: missing"]

    def test_does_not_hide_the_others(self) -> None:
        own = term('span = "6 wekes"', 'wait = "answer"') + row("limits", "x", "spann = '1 day'")
        places = [problem.split(":")[0] for problem in problems_of(own)]
        of_limit = ["limits[x].span", "limits[x].spann"]
        assert places == ["terms[awb-9-11].wait", "terms[awb-9-11].span", *of_limit]

    def test_is_part_of_the_message(self) -> None:
        with pytest.raises(PolicyErrors, match=r"^limits\[x\]\.span: missing$"):
            parse_policy(OURS, row("limits", "x"))

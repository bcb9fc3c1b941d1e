"""Lengths of time, as policy data write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.spans import InvalidSpan, Span, Unit, parse_span

MOST = {
    Unit.DAYS: 3660,
    Unit.BUSINESS_DAYS: 2600,
    Unit.WEEKS: 520,
    Unit.MONTHS: 120,
    Unit.YEARS: 10,
}


class TestParseSpan:
    @pytest.mark.parametrize(
        ("written", "span"),
        [
            ("1 day", Span(1, Unit.DAYS)),
            ("14 days", Span(14, Unit.DAYS)),
            ("1 business day", Span(1, Unit.BUSINESS_DAYS)),
            ("5 business days", Span(5, Unit.BUSINESS_DAYS)),
            ("6 weeks", Span(6, Unit.WEEKS)),
            ("3 months", Span(3, Unit.MONTHS)),
            ("1 year", Span(1, Unit.YEARS)),
        ],
    )
    def test_reads_each_unit(self, written: str, span: Span) -> None:
        assert parse_span(written) == span

    @pytest.mark.parametrize(
        "written",
        [
            *(
                "",
                "6",
                "weeks",
                "6wekes",
                "6 wekes",
                "six weeks",
                "6  weeks",
                " 6 weeks",
                "6 weeks ",
            ),
            *("0 weeks", "-1 day", "+1 day", "1.5 weeks", "06 weeks", "6 Weeks", "6 weeks\n"),
            *("6 hours", "6 business weeks", "\u0666 weeks", "6_0 days", "99999 days"),
        ],
    )
    def test_refuses_anything_else_and_shows_how_to_write_it(self, written: str) -> None:
        with pytest.raises(InvalidSpan, match="is not a span such as '6 weeks' or '1 year'"):
            parse_span(written)

    def test_refuses_more_than_ten_years(self) -> None:
        with pytest.raises(InvalidSpan, match="11 years is no span that can be counted"):
            parse_span("11 years")

    @given(
        st.sampled_from(Unit).flatmap(
            lambda u: st.builds(Span, st.integers(1, MOST[u]), st.just(u))
        )
    )
    def test_reads_back_what_a_span_says_of_itself(self, span: Span) -> None:
        assert parse_span(str(span)) == span


class TestASpan:
    @pytest.mark.parametrize("unit", Unit)
    def test_ends_at_ten_years(self, unit: Unit) -> None:
        assert Span(MOST[unit], unit).amount == MOST[unit]
        with pytest.raises(InvalidSpan):
            Span(MOST[unit] + 1, unit)

    @pytest.mark.parametrize("amount", [0, -1])
    def test_is_never_nothing(self, amount: int) -> None:
        with pytest.raises(InvalidSpan):
            Span(amount, Unit.DAYS)

    @pytest.mark.parametrize(
        ("span", "written"),
        [
            (Span(1, Unit.BUSINESS_DAYS), "1 business day"),
            (Span(2, Unit.BUSINESS_DAYS), "2 business days"),
            (Span(1, Unit.YEARS), "1 year"),
        ],
    )
    def test_says_itself_in_words(self, span: Span, written: str) -> None:
        assert str(span) == written

    @pytest.mark.parametrize(
        ("written", "days"),
        [
            ("14 days", 14),
            ("5 business days", 5),
            ("6 weeks", 42),
            ("1 month", 28),
            ("3 months", 84),
            ("1 year", 365),
        ],
    )
    def test_knows_the_fewest_days_that_it_can_last(self, written: str, days: int) -> None:
        assert parse_span(written).least_days == days

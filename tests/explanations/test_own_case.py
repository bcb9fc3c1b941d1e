"""The course of a case says "you" to whoever complained, and "the complainant" to the staff."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from catalogues.texts import Reader, catalogue, text_to
from domain.calendar import Calendar
from domain.clocks import Clock, Ending, Extension
from domain.identifiers import EntryNumber
from domain.languages import SPOKEN, Language
from domain.overview import ClockView, OverviewDetails
from domain.policy.model import Step, Term
from domain.policy.selection import question_rules
from domain.spans import Span, Unit
from domain.waits import Wait
from explanations import timeline, why
from tests.catalogues.asked_for import OF_WHO_COMPLAINED
from tests.domain.journey import POLICY, rules_for

OPENED, TODAY = date(2026, 3, 2), date(2026, 3, 20)
SINCE = datetime(2026, 3, 2, 11, tzinfo=UTC)
SOMEBODY_ELSE = {
    Language.DUTCH: r"indiener|klager",
    Language.ENGLISH: r"complainant|person who asked|tell whoever",
    Language.SPANISH: r"presenta la queja|quien preguntó|avisamos a quien hizo",
    Language.PORTUGUESE: r"fez a reclamação|quem perguntou|avisamos quem",
    Language.ROMANIAN: r"făcut plângerea|persoan\w+ care a întrebat",
    Language.BULGARIAN: r"подател|човек\w*, който (попита|ни писа)",
    Language.HUNGARIAN: r"panaszos|kérdező",
}
"""How a text speaks of whoever complained, or asked, to others."""


def terms() -> Iterator[tuple[Wait, Term]]:
    rules = (rules_for(), question_rules(POLICY, None, OPENED))
    return iter({wait: term for of in rules for wait, term in of.terms.items()}.items())


def clocks() -> Iterator[Clock]:
    """Yield clocks of every wait: running, passed, made longer, standing still."""
    for wait, term in terms():
        clock = Clock.begin(wait, term, SINCE, Calendar(()))
        longer = clock.day + timedelta(weeks=4)
        for agreed in (True, False):
            extension = Extension(
                EntryNumber(5), clock.day, longer, Span(4, Unit.WEEKS), (), "Awb 9:11", agreed
            )
            yield replace(clock, day=longer, extensions=(extension,))
        yield from (clock, clock.noted_as_passed(), replace(clock, paused_at=SINCE))


def told(language: Language, reader: Reader) -> Iterator[str]:
    """Yield all that is said of those clocks, whatever comes next."""
    for clock in clocks():
        for step in (None, *Step):
            view = ClockView(clock=clock, next_step=step, next_at=clock.due_at if step else None)
            yield why.in_words(view, language, reader=reader)
        details = OverviewDetails(
            clocks=(ClockView(clock=clock, next_step=None, next_at=None),),
            past_clocks=(clock.ended(Ending.ANSWERED, clock.due_at),),
        )
        yield from timeline.timeline_text(details, TODAY, language, OPENED, reader=reader)
        yield timeline.timeline_svg(details, TODAY, language, OPENED, reader=reader)
        yield text_to(reader, language, f"wait.{clock.wait}")
        yield text_to(reader, language, f"wait.{clock.wait}.then", due=clock.day)


@pytest.mark.parametrize("language", SPOKEN)
class TestTheCourseOfACase:
    def test_is_about_every_wait(self, language: Language) -> None:
        assert {wait for wait, _ in terms()} == set(Wait)

    @pytest.mark.parametrize("reader", [Reader.COMPLAINANT, Reader.ADVISED])
    def test_speaks_to_whoever_complained_and_of_nobody_else(
        self, language: Language, reader: Reader
    ) -> None:
        somebody_else = re.compile(SOMEBODY_ELSE[language], re.IGNORECASE)
        found = {words for words in told(language, reader) if somebody_else.search(words)}
        assert found == set()

    def test_keeps_the_words_for_the_staff(self, language: Language) -> None:
        theirs = set(told(language, Reader.STAFF))
        own = {catalogue(language)[f"{key}.own"] for key in OF_WHO_COMPLAINED}
        assert not own & theirs
        assert any(re.search(SOMEBODY_ELSE[language], words, re.IGNORECASE) for words in theirs)

    def test_has_an_own_text_only_where_one_speaks_of_somebody_else(
        self, language: Language
    ) -> None:
        texts = catalogue(language)
        for key in OF_WHO_COMPLAINED:
            assert re.search(SOMEBODY_ELSE[language], texts[key], re.IGNORECASE), key

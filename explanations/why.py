"""Why this date: a clock, a warning and the way to go, in plain sentences (level B1).

Everything is said from what the clock itself holds, so that nobody has to reckon again.
"""

from dataclasses import dataclass
from datetime import date

from catalogues.texts import text, written_date
from domain.calendar import Roll, Rolling, civil_date
from domain.clocks import Clock, Extension
from domain.intake import Notice
from domain.languages import Language
from domain.overview import ClockView, Referral
from domain.parties import Party
from domain.policy.model import SERVICE_LEVEL
from domain.spans import Span
from domain.waits import Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The parts of an explanation, each one or more sentences; empty where there is none.

    Attributes:
        term: from when, how long, and which rule says so.
        rolls: which days could not be the last one, and why.
        extensions: oldest first.
        pauses: that the clock stands still, or did.
        end: the last day.
        remarks: what else to know of this date.
        otherwise: what happens next if nobody acts, and when.
    """

    term: tuple[str, ...]
    rolls: tuple[str, ...]
    extensions: tuple[str, ...]
    pauses: tuple[str, ...]
    end: tuple[str, ...]
    remarks: tuple[str, ...]
    otherwise: tuple[str, ...]


def explain(view: ClockView, language: Language) -> Why:
    """Explain a running clock."""
    clock = view.clock
    return Why(
        term=_term(clock, language),
        rolls=_rolls(clock.rolls, language),
        extensions=tuple(
            sentence for given in clock.extensions for sentence in _extension(given, language)
        ),
        pauses=_pauses(clock, language),
        end=(_say(language, "passed" if clock.passed else "last_day", day=clock.day),),
        remarks=_remarks(clock, language),
        otherwise=_otherwise(view, language),
    )


def sentences(why: Why) -> list[str]:
    """Return an explanation as sentences, in the order in which they are read."""
    return [
        *why.term,
        *why.rolls,
        *why.extensions,
        *why.pauses,
        *why.end,
        *why.remarks,
        *why.otherwise,
    ]


def span_in_words(span: Span, language: Language) -> str:
    """Return a length of time in words, for instance ``6 weken``."""
    number = "one" if span.amount == 1 else "other"
    return text(language, f"span.{span.unit}.{number}", n=span.amount)


def source_in_words(source: str, language: Language) -> str:
    """Return where a term comes from: the article, or our own promise in words."""
    return text(language, "source.service_level") if source == SERVICE_LEVEL else source


def notice_in_words(notice: Notice, language: Language) -> str:
    """Return a warning in words."""
    day = "" if notice.until is None else written_date(notice.until, language)
    source = source_in_words(notice.source or SERVICE_LEVEL, language)
    return text(language, f"notice.{notice.kind}", day=day, source=source)


def referral_sentences(referral: Referral, language: Language) -> list[str]:
    """Return where a complainant can go next, and until when if a law sets a last day."""
    told = [text(language, f"body.{referral.body}")]
    if referral.until is not None:
        source = source_in_words(referral.source or SERVICE_LEVEL, language)
        day = written_date(referral.until, language)
        told.append(text(language, "referral.until", day=day, source=source))
    return told


def _say(language: Language, key: str, /, **values: object) -> str:
    written = {
        name: written_date(value, language) if isinstance(value, date) else value
        for name, value in values.items()
    }
    return text(language, f"why.{key}", **written)


def _term(clock: Clock, language: Language) -> tuple[str, ...]:
    told = [_say(language, "since", day=clock.start)]
    term = span_in_words(clock.span, language)
    if clock.source == SERVICE_LEVEL:
        told.append(_say(language, "service_level", term=term))
    else:
        told.append(_say(language, "law", term=term, source=clock.source))
    if not clock.verified:
        told.append(_say(language, "unverified"))
    return tuple(told)


def _rolls(rolls: tuple[Roll, ...], language: Language) -> tuple[str, ...]:
    if not rolls:
        return ()
    days = [
        _say(language, "free_day", day=roll.day, why=text(language, f"day.{roll.why}"))
        for roll in rolls
    ]
    return (_say(language, "rolled", days=", ".join(days)),)


def _extension(given: Extension, language: Language) -> tuple[str, ...]:
    source = source_in_words(given.source, language)
    kind = "extended" if given.source != SERVICE_LEVEL else "extended_by_mediator"
    told = [_say(language, kind, was=given.was, day=given.day, source=source)]
    if given.with_consent:
        told.append(_say(language, "with_consent"))
    return (*told, *_rolls(given.rolls, language))


def _pauses(clock: Clock, language: Language) -> tuple[str, ...]:
    told: list[str] = []
    if clock.paused_days:
        days = text(
            language,
            "span.days.one" if clock.paused_days == 1 else "span.days.other",
            n=clock.paused_days,
        )
        told.append(_say(language, "paused_before", days=days))
    if clock.paused_at is not None:
        told.append(_say(language, "paused", day=civil_date(clock.paused_at)))
    return tuple(told)


def _remarks(clock: Clock, language: Language) -> tuple[str, ...]:
    if clock.wait is Wait.NEXT_BODY_WINDOW or (
        clock.rolling is Rolling.NONE and clock.wait.party is Party.COMPLAINANT
    ):
        return (_say(language, "not_moved"),)
    if clock.statutory:
        return (_say(language, "statutory"),)
    return ()


def _otherwise(view: ClockView, language: Language) -> tuple[str, ...]:
    if view.next_step is None or view.next_at is None:
        return ()
    step = text(language, f"step.{view.next_step}")
    return (_say(language, "otherwise", day=civil_date(view.next_at), step=step),)

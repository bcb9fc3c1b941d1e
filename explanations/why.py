"""Why this date: a clock, a warning and the way to go, in plain sentences (level B1).

Everything is said from what the clock itself holds, so that nobody has to reckon again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from catalogues.texts import Reader, text, text_if_any, text_to, written_date
from domain.calendar import Roll, Rolling, civil_date
from domain.clocks import Clock, Extension
from domain.grounds import Ground
from domain.intake import Notice
from domain.languages import Language
from domain.overview import ClockView, OverviewDetails, Referral
from domain.parties import Party
from domain.policy.model import SERVICE_LEVEL, Step
from domain.spans import Span, Unit
from domain.waits import Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The parts of an explanation, each one or more sentences; empty where there is none.

    Attributes:
        party: of whom something is awaited.
        still: whether the clock stands still now, so that its last day is not certain.
        about: what is awaited.
        term: from when, how long, and which rule says so.
        rolls: which days could not be the last one, and why.
        extensions: oldest first.
        pauses: that the clock stands still, or did, and that this is for somebody's safety.
        end: the last day; while the clock stands still, the day from which it goes on moving.
        remarks: what else to know of this date.
        otherwise: what happens next if nobody acts, and when.
    """

    wait: Wait
    party: Party
    still: bool
    about: tuple[str, ...]
    term: tuple[str, ...]
    rolls: tuple[str, ...]
    extensions: tuple[str, ...]
    pauses: tuple[str, ...]
    end: tuple[str, ...]
    remarks: tuple[str, ...]
    otherwise: tuple[str, ...]


def reader_of(details: OverviewDetails) -> Reader:
    """Return as whom the complainant of a case reads of its course."""
    return Reader.COMPLAINANT if details.mediation else Reader.ADVISED


def explain(view: ClockView, language: Language, *, reader: Reader = Reader.STAFF) -> Why:
    """Explain a running clock, in the wordings of whoever reads it."""
    clock = view.clock
    return Why(
        wait=clock.wait,
        party=clock.wait.party,
        still=clock.paused_at is not None,
        about=(_say(language, "about", what=text_to(reader, language, f"wait.{clock.wait}")),),
        term=tuple(_term(clock, language)),
        rolls=tuple(_rolls(clock.rolls, language)),
        extensions=tuple(
            sentence
            for given in clock.extensions
            for sentence in _extension(given, language, reader=reader)
        ),
        pauses=tuple(_pauses(clock, language, reader=reader)),
        end=(_end(clock, language),),
        remarks=tuple(_remarks(clock, language, reader=reader)),
        otherwise=(_otherwise(view, language, reader=reader),),
    )


def sentences(why: Why) -> list[str]:
    """Return an explanation as sentences, in the order in which they are read."""
    return [
        *why.about,
        *why.term,
        *why.rolls,
        *why.extensions,
        *why.pauses,
        *why.end,
        *why.remarks,
        *why.otherwise,
    ]


def sentences_for_the_institution(why: Why) -> list[str]:
    """Return what an institution is told of its own term.

    Nothing of a standstill, which would tell that somebody is in danger, and nothing of what we
    may do next, which could read as a threat and names the way to another body.
    """
    end = () if why.still else why.end
    return [*why.about, *why.term, *why.rolls, *why.extensions, *end, *why.remarks]


def reasons_for_the_institution(why: Why) -> list[str]:
    """Return the same beside the last day itself, for whoever may look again and again.

    They are the same while the clock stands still, so that nobody learns of that.
    """
    return [*why.term, *why.rolls, *why.extensions, *why.remarks]


def in_words(view: ClockView, language: Language, *, reader: Reader = Reader.STAFF) -> str:
    """Return the whole explanation of a running clock as one text."""
    return " ".join(sentences(explain(view, language, reader=reader)))


def span_in_words(span: Span, language: Language) -> str:
    """Return a length of time in words, for instance ``6 weken``."""
    return text(language, f"span.{span.unit}", n=span.amount)


def days_in_words(days: int, language: Language) -> str:
    """Return a number of days in words, for instance ``3 dagen``."""
    return text(language, f"span.{Unit.DAYS}", n=days)


def source_in_words(source: str, language: Language) -> str:
    """Return where a term comes from: the citation as the policy writes it, or our own words.

    A source that is no citation (``service_level``, ``rules of the disputes committee``) has a
    text in the catalogue; what an operator adds without one is shown as it was written.
    """
    return text_if_any(language, f"source.{source.replace(' ', '_')}") or source


def notice_in_words(notice: Notice, language: Language) -> str:
    """Return a warning in words."""
    day = "" if notice.until is None else written_date(notice.until, language)
    source = source_in_words(notice.source or SERVICE_LEVEL, language)
    return text(language, f"notice.{notice.kind}", day=day, source=source)


def body_in_words(body: str, language: Language) -> str:
    """Return what the next body is and does.

    A body that an operator added, and for which the catalogue has no text, is not named.
    """
    return text_if_any(language, f"body.{body}") or text(language, "body.without_text")


def referral_sentences(referral: Referral, language: Language) -> list[str]:
    """Return where a complainant can go next, and until when if a law sets a last day."""
    told = [body_in_words(referral.body, language)]
    if referral.until is not None:
        source = source_in_words(referral.source or SERVICE_LEVEL, language)
        day = written_date(referral.until, language)
        told.append(text(language, "referral.until", day=day, source=source))
    return told


def referral_in_words(referral: Referral, language: Language) -> str:
    """Return where a complainant can go next as one text."""
    return " ".join(referral_sentences(referral, language))


def ground_in_words(ground: Ground, language: Language) -> str:
    """Return why a complaint cannot be handled here, and which way is open instead."""
    return f"{text(language, f'ground.{ground}')} {text(language, f'ground.{ground}.route')}"


def _say(
    language: Language, key: str, /, *, reader: Reader = Reader.STAFF, **values: object
) -> str:
    return text_to(reader, language, f"why.{key}", **values)


def _term(clock: Clock, language: Language) -> Iterator[str]:
    if clock.round > 1:
        yield _say(language, "round", n=clock.round)
    yield _say(language, "since", day=clock.start)
    term = span_in_words(clock.span, language)
    if clock.source == SERVICE_LEVEL:
        yield _say(language, "service_level", term=term)
    else:
        yield _say(language, "law", term=term, source=source_in_words(clock.source, language))
    if not clock.verified:
        yield _say(language, "unverified")


def _rolls(rolls: tuple[Roll, ...], language: Language) -> Iterator[str]:
    if rolls:
        days = ", ".join(
            _say(language, "free_day", day=roll.day, why=text(language, f"day.{roll.why}"))
            for roll in rolls
        )
        until = rolls[-1].day + timedelta(days=1)
        yield _say(language, "rolled", n=len(rolls), days=days, until=until)


def _extension(given: Extension, language: Language, *, reader: Reader) -> Iterator[str]:
    term = span_in_words(given.span, language)
    if given.source == SERVICE_LEVEL:
        yield _say(language, f"extended_by_{given.by}", term=term, was=given.was, day=given.day)
    else:
        source = source_in_words(given.source, language)
        yield _say(language, "extended", term=term, was=given.was, day=given.day, source=source)
        consent = "with_consent" if given.with_consent else "without_consent"
        yield _say(language, consent, reader=reader)
    yield from _rolls(given.rolls, language)


def _pauses(clock: Clock, language: Language, *, reader: Reader) -> Iterator[str]:
    if clock.paused_days:
        yield _say(language, "paused_before", days=days_in_words(clock.paused_days, language))
    if clock.paused_at is not None:
        yield _say(language, "paused", reader=reader, day=civil_date(clock.paused_at))


def _end(clock: Clock, language: Language) -> str:
    if clock.paused_at is not None:
        return _say(language, "last_day_moves", day=clock.day)
    return _say(language, "passed" if clock.passed else "last_day", day=clock.day)


def _remarks(clock: Clock, language: Language, *, reader: Reader) -> Iterator[str]:
    unrolled = clock.rolling is Rolling.NONE and clock.wait.party is Party.COMPLAINANT
    if unrolled or clock.wait is Wait.NEXT_BODY_WINDOW:
        yield _say(language, "not_moved", reader=reader)
    if clock.statutory:
        yield _say(language, "statutory")


def _otherwise(view: ClockView, language: Language, *, reader: Reader) -> str:
    clock = view.clock
    if view.next_step is None or view.next_at is None:
        return _say(language, "nothing_while_paused" if clock.paused_at else "nothing_more")
    then = text_to(reader, language, _step_key(view.next_step, clock.wait))
    return _say(language, "otherwise", day=civil_date(view.next_at), then=then)


def _step_key(step: Step, wait: Wait) -> str:
    match step:
        case Step.REMIND:
            return f"step.{step}.{wait.party}"
        case Step.PASS:
            return f"step.{step}.{wait}"
        case _:
            return f"step.{step}"

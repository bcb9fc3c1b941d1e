"""Whether an institution has answered, and why its term ended when it did, in plain sentences.

For a next body: nothing of a standstill, which would tell that somebody was in danger.
"""

from datetime import date

from catalogues.texts import text, written_date
from domain.clocks import Clock
from domain.languages import Language
from domain.overview import ClockView
from domain.standing import Known, Standing
from explanations import why


def standing_in_words(known: Known, until: date, language: Language) -> str:
    """Return what is certain about the answer.

    Args:
        until: the last day on which an answer could have been seen.
    """
    undated = known.standing is Standing.ANSWERED and known.day is None
    days = {"day": known.day, "last": known.last_day, "until": until}
    written = {name: written_date(day, language) for name, day in days.items() if day is not None}
    return text(
        language, f"dossier.standing.{known.standing}{'.undated' if undated else ''}", **written
    )


def term_in_words(
    clock: Clock, last_day: date | None, today: date, language: Language
) -> list[str]:
    """Return from when the term was counted, by which rule, and to which day."""
    reasons = why.explain(ClockView(clock=clock, next_step=None, next_at=None), language)
    told = [*reasons.term, *reasons.rolls, *reasons.extensions]
    if clock.paused_days or clock.paused_at is not None:
        told.append(text(language, "dossier.term.moved"))
    if last_day is not None:
        key = "why.passed" if last_day < today else "why.last_day"
        told.append(text(language, key, day=written_date(last_day, language)))
    return [*told, *reasons.remarks]

"""What has to be right about the policy beyond the form of each field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations, pairwise
from types import MappingProxyType

from domain.institutions import InstitutionKind
from domain.letters import Letter
from domain.parties import Party
from domain.policy.model import SERVICE_LEVEL, Anchor, Decides, Post, Rung, Step
from domain.policy.rows import (
    BodyRow,
    KindRow,
    LadderRow,
    Policy,
    Row,
    SituationRow,
    Table,
    TermRow,
    WindowRow,
    place,
)
from domain.spans import Span
from domain.waits import Wait

_GOES_TO: Mapping[Letter, Party] = MappingProxyType(
    {
        Letter.INSTITUTION_REMINDER: Party.INSTITUTION,
        Letter.TERM_ENDS_TODAY: Party.INSTITUTION,
        Letter.TERM_PASSED: Party.INSTITUTION,
        Letter.NEXT_CONTACT: Party.INSTITUTION,
        Letter.ANSWER_REMINDER: Party.INSTITUTION,
        Letter.INSTITUTION_SILENT: Party.COMPLAINANT,
        Letter.REFERRAL_OFFER: Party.COMPLAINANT,
        Letter.WINDOW_CLOSING: Party.COMPLAINANT,
        Letter.DELAY_AT_PORTAL: Party.COMPLAINANT,
        Letter.WAIT_PASSED: Party.MEDIATOR,
        Letter.ANSWER_DUE: Party.ADVISER,
        Letter.ANSWER_DELAYED: Party.COMPLAINANT,
        Letter.ADVISER_ASKS: Party.COMPLAINANT,
    }
)
"""The letters that a rung can send and whom each is written for. ``your_turn`` fits both below."""
_YOUR_TURN_GOES_TO = frozenset({Party.COMPLAINANT, Party.MEDIATOR})

_SET_ELSEWHERE = frozenset({Wait.INSTITUTION_REPLIES, Wait.NEXT_BODY_WINDOW})
"""Waits whose terms come from the kind of institution and from the windows of its next body."""

_OF_QUESTIONS_ALONE = frozenset(
    {Wait.ADVISER_AVAILABLE, Wait.ADVISER_ANSWERS, Wait.COMPLAINANT_FOLLOWS_UP}
)
OF_QUESTIONS = _OF_QUESTIONS_ALONE | {Wait.PORTAL_ACKNOWLEDGES, Wait.COMPLAINANT_ANSWERS}
"""What a question waits for."""


def post_problem(post: Post) -> str | None:
    """Return why a rung cannot send this letter to this party, if so."""
    if post.letter is Letter.YOUR_TURN:
        fits = post.to in _YOUR_TURN_GOES_TO
        return None if fits else f"{post.letter} does not go to the {post.to}"
    wanted = _GOES_TO.get(post.letter)
    if wanted is None:
        possible = ", ".join([*_GOES_TO, Letter.YOUR_TURN])
        return f"{post.letter} is no letter of a ladder; possible are {possible}"
    return None if wanted is post.to else f"{post.letter} goes to the {wanted}, not the {post.to}"


def ladder_problems(rungs: tuple[Rung, ...]) -> Iterator[str]:
    """Yield what is wrong with the rungs of a ladder, whatever its term."""
    if len({rung.id for rung in rungs}) < len(rungs):
        yield "two rungs have the same id"
    for lower, upper in pairwise(rungs):
        if lower.anchor is upper.anchor and lower.days >= upper.days:
            yield f"not in the order of their moments: {upper.id} does not come after {lower.id}"
        if lower.anchor is Anchor.LAST_DAY and upper.anchor is Anchor.FIRST_DAY:
            yield f"{upper.id} counts from the first day, so it has to stand before {lower.id}"
    passes = [n for n, rung in enumerate(rungs) if rung.step is Step.PASS]
    if len(passes) != 1:
        yield "has to have exactly one rung that is a pass"
        return
    for n, rung in enumerate(rungs):
        if rung.step is Step.PASS and (rung.anchor is Anchor.FIRST_DAY or rung.days < 1):
            yield f"{rung.id} comes before the term is over: at least 1 day after the last one"
        if rung.step is Step.REMIND and n > passes[0]:
            yield f"{rung.id} reminds of a term that has passed"
        if rung.step not in {Step.REMIND, Step.PASS} and n < passes[0]:
            yield f"{rung.id} comes before the term has passed"
        if rung.step in {Step.REMIND, Step.PASS} and rung.decides is not Decides.AUTOMATIC:
            yield f"{rung.id} is a {rung.step}, which nobody has to decide on"


def overlaps(policy: Policy) -> Iterator[str]:
    """Yield the rows of which two have the same id on the same day."""
    for table in Table:
        for one, other in combinations(policy.rows_of(table), 2):
            if one.id == other.id and one.overlaps(other):
                day = max(one.valid_from, other.valid_from)
                yield f"{one.place}: two rows with this id are valid on {day}"
    for one, other in combinations(policy.free_days, 2):
        if one.day == other.day and one.id != other.id and one.overlaps(other):
            yield f"{other.place}.day: {other.day} is {one.place} already"


def problems(policy: Policy) -> Iterator[str]:
    """Yield what is wrong between rows, each once and with the first day on which it is so."""
    seen = set[str]()
    first, *later = _days_of_change(policy)
    for day in (first, *later):
        for problem in _problems_on(policy, day):
            if problem not in seen:
                seen.add(problem)
                yield problem if day == first else f"{problem} (from {day} on)"


def _days_of_change(policy: Policy) -> list[date]:
    """Return the days on which some row begins or has ended, since cases can begin at all."""
    first = min((row.valid_from for row in policy.kinds), default=date.min)
    days = {first}
    for row in policy.rows():
        days.add(row.valid_from)
        if row.valid_until is not None and row.valid_until < date.max:
            days.add(row.valid_until + timedelta(days=1))
    return sorted(day for day in days if day >= first)


def _problems_on(policy: Policy, day: date) -> Iterator[str]:
    rows = [row for row in policy.rows() if row.is_valid_on(day)]
    valid = {(row.table, row.id): row for row in rows}
    missing = list(_dangling(rows, valid, policy))
    yield from missing
    yield from _kinds_without_row(rows)
    yield from _waits_without_term(rows)
    yield from _situations_without_answer(rows)
    if missing:
        return
    ladders = {row.id: row for row in rows if isinstance(row, LadderRow)}
    for row in rows:
        if isinstance(row, TermRow):
            yield from _problems_of_term(row, ladders)
        if isinstance(row, BodyRow):
            yield from _problems_of_body(row, valid, ladders)
        if isinstance(row, KindRow):
            yield from _problems_of_kind(row, valid, ladders)


def _dangling(
    rows: Iterable[Row], valid: Mapping[tuple[Table, str], Row], policy: Policy
) -> Iterator[str]:
    for row in rows:
        for reference in row.references():
            if (reference.table, reference.id) in valid:
                continue
            known = {other.id for other in policy.rows_of(reference.table)}
            why = (
                "is not valid"
                if reference.id in known
                else f"is not there; possible are {', '.join(sorted(known)) or 'none'}"
            )
            yield f"{row.place}.{reference.key}: {place(reference.table, reference.id)} {why}"


def _kinds_without_row(rows: Iterable[Row]) -> Iterator[str]:
    present = {row.kind for row in rows if isinstance(row, KindRow)}
    for kind in InstitutionKind:
        if kind not in present:
            yield f"{place(Table.KINDS, kind)}: missing"


def _waits_without_term(rows: Iterable[Row]) -> Iterator[str]:
    terms = [row for row in rows if isinstance(row, TermRow)]
    everywhere = [row for row in terms if row.everywhere]
    yield from _questions_without_term([row for row in terms if row.questions])
    for wait in Wait:
        found = [row for row in everywhere if row.wait is wait]
        if wait in _SET_ELSEWHERE:
            yield from (f"{row.place}.everywhere: {wait} differs by kind" for row in found)
        elif wait in _OF_QUESTIONS_ALONE:
            yield from (f"{row.place}.everywhere: only a question waits for it" for row in found)
        elif not found:
            yield f"{Table.TERMS}: none with everywhere = true for {wait}"
        elif len(found) > 1:
            yield f"{Table.TERMS}: two with everywhere = true for {wait}"


def _questions_without_term(rows: Iterable[TermRow]) -> Iterator[str]:
    found = Counter(row.wait for row in rows)
    for wait in Wait:
        if wait in OF_QUESTIONS and found[wait] != 1:
            number = "none" if found[wait] == 0 else "two"
            yield f"{Table.TERMS}: {number} with questions = true for {wait}"
    for row in rows:
        if row.wait not in OF_QUESTIONS:
            yield f"{row.place}.questions: no question waits for {row.wait}"


def _situations_without_answer(rows: Iterable[Row]) -> Iterator[str]:
    situations = [row for row in rows if isinstance(row, SituationRow)]
    if situations and all(row.conditions for row in situations):
        yield f"{Table.SITUATIONS}: none that fits everything, without happened, wishes and kinds"


def _problems_of_term(row: TermRow, ladders: Mapping[str, LadderRow]) -> Iterator[str]:
    if row.wait is Wait.NEXT_BODY_WINDOW:
        yield f"{row.place}.wait: comes from the windows of the next body"
    if row.statutory == (row.source == SERVICE_LEVEL):
        yield f"{row.place}.statutory: true where a law sets the term, false for {SERVICE_LEVEL}"
    if row.extension is not None and row.wait is not Wait.INSTITUTION_REPLIES:
        yield f"{row.place}.extension: only an institution takes more time by notice"
    yield from _misfits(f"{row.place}.ladder", row.span, ladders[row.ladder])


def _problems_of_body(
    row: BodyRow, valid: Mapping[tuple[Table, str], Row], ladders: Mapping[str, LadderRow]
) -> Iterator[str]:
    if bool(row.windows) != (row.ladder is not None):
        yield f"{row.place}.ladder: needed with windows, and only with them"
        return
    if row.ladder is None:
        return
    ladder = ladders[row.ladder]
    if any(rung.step not in {Step.REMIND, Step.PASS} for rung in ladder.rungs):
        yield f"{row.place}.ladder: of a window there is only a remind and a pass"
    windows = [w for id_ in row.windows if isinstance(w := valid[Table.WINDOWS, id_], WindowRow)]
    longest = max((window.span for window in windows), key=lambda span: span.least_days)
    yield from _misfits(f"{row.place}.ladder", longest, ladder)


def _problems_of_kind(
    row: KindRow, valid: Mapping[tuple[Table, str], Row], ladders: Mapping[str, LadderRow]
) -> Iterator[str]:
    terms = [term for id_ in row.terms if isinstance(term := valid[Table.TERMS, id_], TermRow)]
    waits = [term.wait for term in terms]
    if len(set(waits)) < len(waits):
        yield f"{row.place}.terms: two for the same wait"
    if (Wait.INSTITUTION_REPLIES in waits) != row.mediation:
        asked = "has to name a" if row.mediation else "only shows the way, so names no"
        yield f"{row.place}.terms: {asked} term for {Wait.INSTITUTION_REPLIES}"
    if row.mediation and not row.consents:
        yield f"{row.place}.consents: nothing is sent to an institution without one"
    for term in terms:
        if term.wait is not Wait.INSTITUTION_REPLIES:
            continue
        ladder = ladders[row.ladder or term.ladder]
        if row.ladder is not None:
            yield from _misfits(f"{row.place}.ladder", term.span, ladder)
        offers = any(rung.step is Step.OFFER_REFERRAL for rung in ladder.rungs)
        if offers and row.next_body is None:
            yield f"{row.place}.next_body: missing, and {ladder.place} offers the way to it"


def _misfits(where: str, span: Span, ladder: LadderRow) -> Iterator[str]:
    """Yield the rungs that do not fit into a span."""
    days = span.least_days
    last_from_start = -1
    for rung in ladder.rungs:
        if rung.anchor is Anchor.FIRST_DAY:
            last_from_start = rung.days
            if rung.days < 0:
                yield f"{where}: {rung.id} of {ladder.place} comes before the term begins"
        elif rung.days + days < 0:
            yield f"{where}: {rung.id} of {ladder.place} comes before a term of {span} begins"
        elif rung.days + days <= last_from_start:
            yield f"{where}: {rung.id} of {ladder.place} is too early for a term of {span}"

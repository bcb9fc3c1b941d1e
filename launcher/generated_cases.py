"""Fills a database with generated cases, to see how lists behave when there are very many.

The read model alone: no entries, no letters, no workflows. Nine of ten are closed, over several
years; a few mediators and institutions have most of them, as in life.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from domain.calendar import Calendar, civil_date
from domain.case_number import draw_case_number
from domain.clocks import Clock, Ending
from domain.course import Course
from domain.identifiers import StaffId
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.overview import ClockView, Overview, OverviewDetails
from domain.policy.model import CaseRules, Step
from domain.policy.selection import case_rules, question_rules
from domain.read_model import overview_of
from domain.stages import Stage
from domain.waits import Attention, Wait
from settings.policy import load_policy
from storage.course_records import columns_of

MEDIATORS = 40
INSTITUTIONS = 60
CLOSED = 0.9
QUESTIONS = 0.1
_YEARS = 6
_DETAILS = TypeAdapter(OverviewDetails)
_KINDS = tuple(InstitutionKind)
_ASKED_ABOUT = (None, *_KINDS)


@dataclass(frozen=True, slots=True)
class _Variant:
    """How a case stands; of a hundred open ones, ``weight`` stand like this."""

    weight: float
    stage: Stage
    wait: Wait | None = None
    attention: Attention | None = None
    has_mediator: bool = True
    is_offered: bool = False
    steps: tuple[str, ...] = ()


_OPEN = (
    _Variant(10, Stage.FINDING_MEDIATOR, Wait.MEDIATOR_ACCEPTS, None, False, True),
    _Variant(2, Stage.FINDING_MEDIATOR, Wait.MEDIATOR_AVAILABLE, Attention.NO_MEDIATOR, False),
    _Variant(14, Stage.AWAITING_CONSENT, Wait.COMPLAINANT_CONSENTS),
    _Variant(3, Stage.AWAITING_CONSENT, Wait.COMPLAINANT_CONSENTS, Attention.COMPLAINANT_SILENT),
    _Variant(30, Stage.AWAITING_INSTITUTION, Wait.INSTITUTION_REPLIES),
    _Variant(4, Stage.AWAITING_INSTITUTION, Wait.INSTITUTION_REPLIES, Attention.INSTITUTION_SILENT),
    _Variant(2, Stage.AWAITING_INSTITUTION, Wait.INSTITUTION_REPLIES, steps=("board",)),
    _Variant(1, Stage.AWAITING_INSTITUTION, Wait.INSTITUTION_REPLIES, Attention.DANGER),
    _Variant(22, Stage.HEARING_BOTH_SIDES, Wait.MEDIATOR_PROPOSES),
    _Variant(2, Stage.HEARING_BOTH_SIDES, Wait.MEDIATOR_PROPOSES, Attention.MEDIATOR_SILENT),
    _Variant(10, Stage.OUTCOME_PROPOSED, Wait.COMPLAINANT_RESPONDS),
)
_OPEN_QUESTIONS = (
    _Variant(1, Stage.FINDING_ADVISER, Wait.ADVISER_AVAILABLE, has_mediator=False),
    _Variant(8, Stage.AWAITING_ADVISER, Wait.ADVISER_ANSWERS),
    _Variant(1, Stage.AWAITING_ADVISER, Wait.ADVISER_ANSWERS, Attention.ADVISER_SILENT),
    _Variant(20, Stage.ANSWERED, Wait.COMPLAINANT_FOLLOWS_UP),
)
_ENDED = (
    _Variant(997, Stage.CLOSED),
    _Variant(3, Stage.CLOSED, attention=Attention.LETTER_FAILED),
)
_GROUPS = {
    (Matter.COMPLAINT, False): _OPEN,
    (Matter.QUESTION, False): _OPEN_QUESTIONS,
    (Matter.COMPLAINT, True): _ENDED,
    (Matter.QUESTION, True): _ENDED,
}


def mediator_id(number: int) -> UUID:
    """Return the id of a generated mediator, of whom the first has the most cases."""
    return UUID(int=0x9E << 120 | number)


def mediator_subject(number: int) -> str:
    """Return the subject of a generated mediator."""
    return f"generated-mediator-{number}"


def generate_cases(url: str, count: int, now: datetime) -> None:
    """Add cases to a database, and let the server learn what is in its tables.

    Args:
        url: of a migrated database, as SQLAlchemy writes it.
        now: the day on which somebody looks at them; some wait for what was due before it.
    """
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        with connection.transaction():
            _add_register(connection)
            numbers = connection.execute("SELECT number FROM cases")
            cases = list(_cases(count, now, {str(number) for (number,) in numbers}))
            _copy(connection, "cases", [case for case, _ in cases])
            _copy(connection, "overviews", [overview for _, overview in cases])
        connection.execute("VACUUM ANALYZE")


def _add_register(connection: psycopg.Connection) -> None:
    theirs = {"subject": mediator_subject(0)}
    known = "SELECT FROM staff_members WHERE subject = %(subject)s"
    if connection.execute(known, theirs).fetchone() is not None:
        return
    _copy(
        connection,
        "staff_members",
        [
            {
                "id": mediator_id(number),
                "subject": mediator_subject(number),
                "name": f"Bemiddelaar {number}",
                "address": f"bemiddelaar-{number}@wederhoor.example",
                "roles": ["mediator"],
                "language": "nl",
                "languages": ["nl"],
                "active": True,
            }
            for number in range(MEDIATORS)
        ],
    )
    _copy(
        connection,
        "institutions",
        [
            {
                "id": _institution(number),
                "kind": _kind(number),
                "name": f"Gegenereerde Instelling {number}",
                "contact_address": f"klachten@instelling-{number}.example",
                "language": "nl",
                "active": True,
            }
            for number in range(INSTITUTIONS)
        ],
    )


def _institution(number: int) -> str:
    return f"generated-{number}"


def _kind(number: int) -> InstitutionKind:
    return _KINDS[number % 4]


def _cases(
    count: int, now: datetime, taken: set[str]
) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Yield the rows of each case; ``taken`` are the numbers of others."""
    chance = random.Random(len(taken))  # noqa: S311 - the same cases each time
    variants = {
        (matter, ended): [(variant, _overview(variant, matter, now)) for variant in group]
        for (matter, ended), group in _GROUPS.items()
    }
    weights = {
        which: list(accumulate(variant.weight for variant, _ in group))
        for which, group in variants.items()
    }
    mediators = list(accumulate(1 / (number + 10) for number in range(MEDIATORS)))
    institutions = list(accumulate(1 / (number + 2) for number in range(INSTITUTIONS)))
    askers = list(accumulate(1 / 2**number for number in range(len(_ASKED_ABOUT))))
    count += len(taken)
    while len(taken) < count:
        number = draw_case_number()
        if number in taken:
            continue
        taken.add(number)
        ended = chance.random() < CLOSED
        asks = chance.random() < QUESTIONS
        which = (Matter.QUESTION if asks else Matter.COMPLAINT, ended)
        [(variant, told)] = chance.choices(variants[which], cum_weights=weights[which])
        [mediator] = chance.choices(range(MEDIATORS), cum_weights=mediators)
        [about] = chance.choices(_ASKED_ABOUT, cum_weights=askers)
        [institution] = chance.choices(range(INSTITUTIONS), cum_weights=institutions)
        age = timedelta(days=chance.uniform(60, 365 * _YEARS) if ended else chance.uniform(0, 60))
        due = now + timedelta(days=chance.uniform(-10, 40))
        overview = replace(
            told,
            due_at=due if variant.wait else None,
            mediator=StaffId(mediator_id(mediator)) if variant.has_mediator else None,
            offered=StaffId(mediator_id(mediator)) if variant.is_offered else None,
        )
        identifier = UUID(int=chance.getrandbits(128), version=4)
        case: dict[str, object] = {
            "id": identifier,
            "number": number,
            "episode": 2 if chance.random() < 0.03 else 1,
            "lifecycle": "closed" if ended else "open",
            "matter": which[0],
            "institution_id": None if asks else _institution(institution),
            "about_kind": about if asks else None,
            "opened_at": now - age,
            "closed_at": now - age / 2 if ended else None,
            "entry_count": 12,
            "workflow_started": True,
        }
        yield case, _overview_row(case, overview, now)


def _overview_row(case: dict[str, object], overview: Overview, now: datetime) -> dict[str, object]:
    columns = columns_of(overview)
    return {
        **columns,
        "details": Jsonb(_DETAILS.dump_python(overview.details, mode="json")),
        "case_id": case["id"],
        "institution_id": case["institution_id"],
        "about_kind": case["about_kind"],
        "episode": case["episode"],
        "revision": 9,
        "updated_at": now,
    }


def _overview(variant: _Variant, matter: Matter, now: datetime) -> Overview:
    policy, today = load_policy(None), civil_date(now)
    rules = (
        question_rules(policy, None, today)
        if matter is Matter.QUESTION
        else case_rules(policy, InstitutionKind.MUNICIPALITY, today)
    )
    since = now - timedelta(days=20)
    reasons = (variant.attention,) if variant.attention else ()
    details = OverviewDetails(
        matter=matter,
        kind=rules.kind,
        clocks=(_view(rules, variant.wait, since),) if variant.wait else (),
        past_clocks=tuple(
            _clock(rules, wait, since).ended(Ending.ANSWERED, now)
            for wait in (Wait.PORTAL_ACKNOWLEDGES, Wait.MEDIATOR_FOUND, Wait.MEDIATOR_ACCEPTS)
            if wait in rules.terms
        ),
        steps_to_decide=variant.steps,
        danger=variant.attention is Attention.DANGER,
        attentions=reasons,
        policy_version=rules.version,
        rules_of=rules.on,
        unverified_rows=dict(rules.unverified_rows),
    )
    return replace(
        overview_of(Course()),
        stage=variant.stage,
        waiting_for=variant.wait,
        attention=variant.attention,
        details=details,
    )


def _view(rules: CaseRules, wait: Wait, since: datetime) -> ClockView:
    return ClockView(clock=_clock(rules, wait, since), next_step=Step.PASS, next_at=since)


def _clock(rules: CaseRules, wait: Wait, since: datetime) -> Clock:
    return Clock.begin(wait, rules.terms[wait], since, Calendar(rules.free_days))


def _copy(connection: psycopg.Connection, table: str, rows: Sequence[dict[str, object]]) -> None:
    columns = list(rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([row[name] for name in columns])

"""Reading the policy from its file, and an operator's own file over it."""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from domain.calendar import Rolling
from domain.institutions import InstitutionKind
from domain.letters import Contact, Letter
from domain.parties import Party
from domain.policy import checking
from domain.policy.fields import Fields
from domain.policy.model import Anchor, Decides, Post, Purpose, Rung, Step, WindowStart
from domain.policy.rows import (
    BodyRow,
    DisclosureRow,
    ExtensionRow,
    FreeDayRow,
    HelplineRow,
    KindRow,
    LadderRow,
    LimitRow,
    Policy,
    Row,
    SideRouteRow,
    SituationRow,
    Table,
    TermRow,
    WindowRow,
    place,
)
from domain.situations import Happened, Nature, Paper, Wish
from domain.waits import Wait

_NUMBER = re.compile(r"[0-9]{3}|0[0-9]{2,3}-[0-9]{3,8}")
_RULES_NOTHING = {"source", "verified", "valid_from", "valid_until", "note"}
_DIGEST_LENGTH = 12
_LEAST_HIDDEN_BELOW = 3

_Named = tuple[str, dict[str, Any]]


class PolicyErrors(ValueError):
    """The policy cannot be used.

    Attributes:
        problems: each on one line, beginning with its place: ``terms[awb-9-11].span: …``.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def parse_policy(toml_text: str, overlay: str | None = None) -> Policy:
    """Read and check the policy.

    Args:
        toml_text: the policy's own file.
        overlay: an operator's file. A row of it replaces the one with its id and ``valid_from``;
            any other one is added, and ends an older row with its id the day before it begins.

    Raises:
        PolicyErrors: with everything that is wrong, as far as it can be seen together.
    """
    problems = list[str]()
    file = _toml(toml_text, "the policy's file", problems)
    own = _toml(overlay or "", "the operator's file", problems)
    if problems:
        raise PolicyErrors(problems)
    top = Fields("policy", {k: v for k, v in file.items() if k not in set(Table)}, problems)
    version = top.text("version")
    top.refuse_unknown()
    added = Fields("operator", {k: v for k, v in own.items() if k not in set(Table)}, problems)
    added.refuse_unknown()
    if overlay is not None:
        version = f"{version}+{hashlib.sha256(overlay.encode()).hexdigest()[:_DIGEST_LENGTH]}"
    rows: dict[str, tuple[Any, ...]] = {}
    for table in Table:
        merged = _merged(_tables(file, table, problems), _tables(own, table, problems))
        read = (_row(table, Fields(name, raw, problems), raw) for name, raw in merged)
        rows[table] = tuple(row for row in read if row is not None)
    policy = Policy(version=version, **rows)
    problems.extend(checking.overlaps(policy))
    if not problems:
        problems.extend(checking.problems(policy))
    if problems:
        raise PolicyErrors(problems)
    return policy


def _toml(text: str, name: str, problems: list[str]) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        problems.append(f"{name}: {problem}")
        return {}


def _tables(file: Mapping[str, Any], table: Table, problems: list[str]) -> list[_Named]:
    """Return the rows of one table, each with its name for errors: its number without an id."""
    value: object = file.get(table, [])
    rows = cast("list[Any]", value) if isinstance(value, list) else [None]
    if not all(isinstance(row, dict) for row in rows):
        problems.append(f"{table}: has to be written as [[{table}]]")
        return []
    named = cast("list[dict[str, Any]]", rows)
    return [(place(table, str(row.get("id", f"#{n}"))), row) for n, row in enumerate(named, 1)]


def _merged(ours: list[_Named], own: list[_Named]) -> list[_Named]:
    """Return our rows, replaced or ended by the operator's own ones, and those."""
    replaced = [(name, row.get("valid_from")) for name, row in own]
    kept = [(name, row) for name, row in ours if (name, row.get("valid_from")) not in replaced]
    return [*((name, _ended(name, row, own)) for name, row in kept), *own]


def _ended(name: str, row: dict[str, Any], own: list[_Named]) -> dict[str, Any]:
    """Return a row of ours, which ends where the first later one of the operator begins."""
    began, ends = row.get("valid_from"), row.get("valid_until", date.max)
    if type(began) is not date or type(ends) is not date:
        return row
    later = [
        start
        for other_name, other in own
        if other_name == name
        and type(start := other.get("valid_from")) is date
        and began < start <= ends
    ]
    return {**row, "valid_until": min(later) - timedelta(days=1)} if later else row


def _row(table: Table, fields: Fields, raw: Mapping[str, Any]) -> Row | None:
    ends = fields.optional_day("valid_until")
    common: dict[str, Any] = {
        "table": table,
        "id": fields.id("id"),
        "source": fields.text("source"),
        "verified": fields.flag("verified"),
        "valid_from": fields.day("valid_from"),
        "valid_until": ends,
        "note": fields.text("note", default=""),
        "digest": _digest(raw),
    }
    if ends is not None and ends < common["valid_from"]:
        fields.note("valid_until", f"{ends} is before valid_from, {common['valid_from']}")
    row = _READERS[table](fields, common)
    fields.refuse_unknown()
    return row if fields.sound else None


def _digest(raw: Mapping[str, Any]) -> str:
    ruling = {key: value for key, value in raw.items() if key not in _RULES_NOTHING}
    written = json.dumps(ruling, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:_DIGEST_LENGTH]


def _kind(fields: Fields, common: dict[str, Any]) -> Row:
    return KindRow(
        **common,
        kind=fields.choice("id", InstitutionKind),
        mediation=fields.flag("mediation"),
        needs_name=fields.flag("needs_name", default=False),
        terms=fields.ids("terms"),
        ladder=fields.optional_id("ladder"),
        consents=fields.choices("consents", Purpose),
        next_body=fields.optional_id("next_body"),
        too_old=fields.optional_id("too_old"),
        objection=fields.optional_id("objection"),
        also=fields.ids("also"),
    )


def _term(fields: Fields, common: dict[str, Any]) -> Row:
    return TermRow(
        **common,
        wait=fields.choice("wait", Wait),
        everywhere=fields.flag("everywhere", default=False),
        questions=fields.flag("questions", default=False),
        span=fields.span("span"),
        rolling=fields.choice("rolling", Rolling),
        statutory=fields.flag("statutory"),
        ladder=fields.id("ladder"),
        extension=fields.optional_id("extension"),
    )


def _extension(fields: Fields, common: dict[str, Any]) -> Row:
    return ExtensionRow(**common, span=fields.span("span"))


def _window(fields: Fields, common: dict[str, Any]) -> Row:
    return WindowRow(**common, span=fields.span("span"), start=fields.choice("start", WindowStart))


def _body(fields: Fields, common: dict[str, Any]) -> Row:
    return BodyRow(
        **common,
        windows=fields.ids("windows"),
        ladder=fields.optional_id("ladder"),
        helpline=fields.optional_id("helpline"),
    )


def _limit(fields: Fields, common: dict[str, Any]) -> Row:
    return LimitRow(**common, span=fields.span("span"))


def _side_route(fields: Fields, common: dict[str, Any]) -> Row:
    return SideRouteRow(
        **common,
        kinds=fields.choices("kinds", InstitutionKind),
        wishes=fields.choices("wishes", Wish),
        helpline=fields.optional_id("helpline"),
        also=fields.ids("also"),
    )


def _helpline(fields: Fields, common: dict[str, Any]) -> Row:
    number = fields.text("number")
    if number and not _NUMBER.fullmatch(number):
        fields.note("number", f"{number!r} is not a number such as '112' or '0800-2000'")
    return HelplineRow(**common, number=number, danger=fields.flag("danger", default=False))


def _free_day(fields: Fields, common: dict[str, Any]) -> Row:
    return FreeDayRow(**common, day=fields.day("day"))


def _ladder(fields: Fields, common: dict[str, Any]) -> Row:
    rungs = tuple(_rung(fields, number, raw) for number, raw in enumerate(fields.tables("rungs")))
    if fields.sound:
        for problem in checking.ladder_problems(rungs):
            fields.note("rungs", problem)
    return LadderRow(**common, rungs=rungs)


def _situation(fields: Fields, common: dict[str, Any]) -> Row:
    return SituationRow(
        **common,
        happened=fields.choices("happened", Happened),
        wishes=fields.choices("wishes", Wish),
        kinds=fields.choices("kinds", InstitutionKind),
        nature=fields.choice("nature", Nature),
        side_routes=fields.ids("side_routes"),
        papers=fields.choices("papers", Paper),
        limit=fields.optional_id("limit"),
        danger=fields.flag("danger", default=False),
    )


def _disclosure(fields: Fields, common: dict[str, Any]) -> Row:
    hidden_below = fields.integer("hidden_below")
    if fields.sound and hidden_below < _LEAST_HIDDEN_BELOW:
        fields.note(
            "hidden_below", f"{hidden_below} hides too little: {_LEAST_HIDDEN_BELOW} at least"
        )
    return DisclosureRow(**common, hidden_below=hidden_below)


def _rung(ladder: Fields, number: int, raw: Mapping[str, Any]) -> Rung:
    name = raw.get("id", f"#{number + 1}")
    fields = ladder.within(f"rungs[{name}]", raw)
    rung = Rung(
        id=fields.id("id"),
        step=fields.choice("step", Step),
        days=fields.integer("days"),
        anchor=fields.choice("anchor", Anchor, Anchor.LAST_DAY),
        decides=fields.choice("decides", Decides, Decides.AUTOMATIC),
        posts=tuple(_post(fields, post) for post in fields.tables("posts")),
    )
    fields.refuse_unknown()
    return rung


def _post(rung: Fields, raw: Mapping[str, Any]) -> Post:
    fields = rung.within("posts", raw)
    post = Post(
        letter=fields.choice("letter", Letter),
        to=fields.choice("to", Party),
        contact=fields.choice("contact", Contact, Contact.HANDLER),
    )
    if post.to is not Party.INSTITUTION and fields.has("contact"):
        fields.note("contact", f"a letter to the {post.to} goes to no desk of an institution")
    fields.refuse_unknown()
    if fields.sound and (problem := checking.post_problem(post)):
        fields.note("to", problem)
    return post


_READERS: Mapping[Table, Callable[[Fields, dict[str, Any]], Row]] = {
    Table.KINDS: _kind,
    Table.TERMS: _term,
    Table.EXTENSIONS: _extension,
    Table.WINDOWS: _window,
    Table.BODIES: _body,
    Table.LIMITS: _limit,
    Table.SIDE_ROUTES: _side_route,
    Table.HELPLINES: _helpline,
    Table.FREE_DAYS: _free_day,
    Table.LADDERS: _ladder,
    Table.SITUATIONS: _situation,
    Table.DISCLOSURE: _disclosure,
}

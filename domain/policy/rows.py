"""The rows of the policy, as they stand in the file: each with its source and its days.

Rows refer to each other by id, so that a row can be corrected, or replaced from some day on,
without touching those that refer to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import Rolling
from domain.institutions import InstitutionKind
from domain.policy.model import Purpose, Rung, WindowStart
from domain.situations import Happened, Nature, Paper, Wish
from domain.spans import Span
from domain.waits import Wait


class Table(StrEnum):
    """The tables of the policy file."""

    KINDS = "kinds"
    TERMS = "terms"
    EXTENSIONS = "extensions"
    WINDOWS = "windows"
    BODIES = "bodies"
    LIMITS = "limits"
    SIDE_ROUTES = "side_routes"
    HELPLINES = "helplines"
    FREE_DAYS = "free_days"
    LADDERS = "ladders"
    SITUATIONS = "situations"
    DISCLOSURE = "disclosure"


_STANDS_ALONE = frozenset(
    {
        Table.KINDS,
        Table.SIDE_ROUTES,
        Table.HELPLINES,
        Table.FREE_DAYS,
        Table.SITUATIONS,
        Table.DISCLOSURE,
    }
)


def place(table: Table, id_: str) -> str:
    """Return how a row is named in errors and lists: ``terms[awb-9-11]``."""
    return f"{table}[{id_}]"


@dataclass(frozen=True, slots=True)
class Reference:
    """That a row names another one.

    Attributes:
        key: where in the row.
    """

    key: str
    table: Table
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row has.

    Attributes:
        source: the article of a law or the body that sets it, or ``service_level``.
        verified: whether somebody read the source, rather than remembered it.
        valid_from: cases that begin on this day or later keep the row.
        valid_until: cases that begin after this day do not; ``None`` for no such day.
        note: for operators.
        digest: of what the row rules. It stays the same when the row is only verified, noted or
            dated, and changes when somebody corrects it.
    """

    table: Table
    id: str
    source: str
    verified: bool
    valid_from: date
    valid_until: date | None = None
    note: str = ""
    digest: str

    @property
    def place(self) -> str:
        """How the row is named in errors and lists."""
        return place(self.table, self.id)

    def is_valid_on(self, day: date) -> bool:
        """Tell whether a case that begins on a day keeps the row."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def overlaps(self, other: "Row") -> bool:
        """Tell whether there is a day on which both are valid."""
        return self.is_valid_on(other.valid_from) or other.is_valid_on(self.valid_from)

    def references(self) -> Iterator[Reference]:
        """Yield every row that this one names."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow(Row):
    """What binds institutions of a kind; its id is the kind.

    Attributes:
        mediation: false where we only show the way.
        needs_name: the institution handles complaints with a name and address only.
        terms: besides those that apply everywhere, or instead of them.
        ladder: instead of the one of the institution's term.
        also: further limits, to be shown.
    """

    kind: InstitutionKind
    mediation: bool
    needs_name: bool
    terms: tuple[str, ...]
    ladder: str | None
    consents: tuple[Purpose, ...]
    next_body: str | None
    too_old: str | None
    objection: str | None
    also: tuple[str, ...]

    def references(self) -> Iterator[Reference]:
        """Yield every row that this one names."""
        yield from (Reference("terms", Table.TERMS, term) for term in self.terms)
        yield from _reference("ladder", Table.LADDERS, self.ladder)
        yield from _reference("next_body", Table.BODIES, self.next_body)
        yield from _reference("too_old", Table.LIMITS, self.too_old)
        yield from _reference("objection", Table.LIMITS, self.objection)
        yield from (Reference("also", Table.LIMITS, limit) for limit in self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow(Row):
    """How long a wait lasts.

    Attributes:
        everywhere: it applies to every kind that names no other term for the same wait.
        questions: it applies to every question.
    """

    wait: Wait
    everywhere: bool
    questions: bool
    span: Span
    rolling: Rolling
    statutory: bool
    ladder: str
    extension: str | None

    def references(self) -> Iterator[Reference]:
        """Yield every row that this one names."""
        yield Reference("ladder", Table.LADDERS, self.ladder)
        yield from _reference("extension", Table.EXTENSIONS, self.extension)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRow(Row):
    """How much more time an institution may take by a notice of its own, once."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow(Row):
    """Until when a complainant can go to a next body."""

    span: Span
    start: WindowStart


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow(Row):
    """Where a complainant can go next. Its id is the last part of its key in the catalogue.

    Attributes:
        ladder: of the clock of its windows; ``None`` when it has none.
    """

    windows: tuple[str, ...]
    ladder: str | None
    helpline: str | None

    def references(self) -> Iterator[Reference]:
        """Yield every row that this one names."""
        yield from (Reference("windows", Table.WINDOWS, window) for window in self.windows)
        yield from _reference("ladder", Table.LADDERS, self.ladder)
        yield from _reference("helpline", Table.HELPLINES, self.helpline)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow(Row):
    """A length of time that a law sets to somebody, without a ladder of ours."""

    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRouteRow(Row):
    """Another way, beside the complaint. Its id is the last part of its key in the catalogue.

    Attributes:
        kinds: about which institutions; about all when empty.
        wishes: named, too, to whoever wishes one of these, where the row that decides says
            nothing of that wish.
        also: limits to be shown with it.
    """

    kinds: tuple[InstitutionKind, ...]
    wishes: tuple[Wish, ...]
    helpline: str | None
    also: tuple[str, ...]

    def references(self) -> Iterator[Reference]:
        """Yield every row that this one names."""
        yield from _reference("helpline", Table.HELPLINES, self.helpline)
        yield from (Reference("also", Table.LIMITS, limit) for limit in self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelplineRow(Row):
    """A telephone number. Its id is the last part of its key in the catalogue.

    Attributes:
        danger: shown to somebody who is not safe.
    """

    number: str
    danger: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeDayRow(Row):
    """A day that a royal decree treats as a holiday (Algemene termijnenwet, article 3)."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRow(Row):
    """What happens before and after the end of a term, in the order of its moments."""

    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationRow(Row):
    """What a situation is in law. Its id is the last part of its key in the catalogue.

    Of the rows that fit, the one with most conditions counts, and of several the first.

    Attributes:
        happened, wishes, kinds: what it fits; anything when empty.
        side_routes: other ways that are worth naming.
        papers: what helps to have at hand.
        limit: until when to answer or to object, where no kind of institution tells.
        danger: whoever comes with it may not be safe: the numbers for that are shown with it.
    """

    happened: tuple[Happened, ...]
    wishes: tuple[Wish, ...]
    kinds: tuple[InstitutionKind, ...]
    nature: Nature
    side_routes: tuple[str, ...]
    papers: tuple[Paper, ...]
    limit: str | None
    danger: bool

    def fits(self, kind: InstitutionKind | None, happened: Happened, wish: Wish | None) -> bool:
        """Tell whether this row is about such a situation; what nobody said fits no condition."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.happened or happened in self.happened)
            and (not self.wishes or wish in self.wishes)
        )

    @property
    def conditions(self) -> int:
        """How many of the three things it says something of."""
        return sum(map(bool, (self.kinds, self.happened, self.wishes)))

    def references(self) -> Iterator[Reference]:
        """Yield every row that this one names."""
        yield from (Reference("side_routes", Table.SIDE_ROUTES, one) for one in self.side_routes)
        yield from _reference("limit", Table.LIMITS, self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRow(Row):
    """What published figures may show.

    Attributes:
        hidden_below: a count below this is hidden.
    """

    hidden_below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy data, checked: every row that is named exists on every day that it is needed.

    Attributes:
        version: of the file; with an operator's own file also a digest of that.
    """

    version: str
    kinds: tuple[KindRow, ...] = ()
    terms: tuple[TermRow, ...] = ()
    extensions: tuple[ExtensionRow, ...] = ()
    windows: tuple[WindowRow, ...] = ()
    bodies: tuple[BodyRow, ...] = ()
    limits: tuple[LimitRow, ...] = ()
    side_routes: tuple[SideRouteRow, ...] = ()
    helplines: tuple[HelplineRow, ...] = ()
    free_days: tuple[FreeDayRow, ...] = ()
    ladders: tuple[LadderRow, ...] = ()
    situations: tuple[SituationRow, ...] = ()
    disclosure: tuple[DisclosureRow, ...] = ()

    def rows_of(self, table: Table) -> tuple[Row, ...]:
        """Return the rows of one table."""
        rows: tuple[Row, ...] = getattr(self, table)
        return rows

    def rows(self) -> Iterator[Row]:
        """Yield every row."""
        for table in Table:
            yield from self.rows_of(table)

    def unused(self) -> Iterator[Row]:
        """Yield every row that has an effect only when another one names it, and none does."""
        named = {(link.table, link.id) for row in self.rows() for link in row.references()}
        for row in self.rows():
            alone = row.table in _STANDS_ALONE or (
                isinstance(row, TermRow) and (row.everywhere or row.questions)
            )
            if not alone and (row.table, row.id) not in named:
                yield row


def _reference(key: str, table: Table, id_: str | None) -> Iterator[Reference]:
    if id_ is not None:
        yield Reference(key, table, id_)

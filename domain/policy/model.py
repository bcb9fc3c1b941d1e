"""The shape of the policy data: what the law, and Wederhoor's own promises, ask of each party.

The rows themselves are data (``policy.toml``), each with its source. This module only says what a
row may hold. ``CaseRules`` is the part of it that a case keeps as it was when the case began.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import FreeDay, Rolling
from domain.institutions import InstitutionKind
from domain.letters import Contact, Letter
from domain.parties import Party
from domain.spans import Span
from domain.waits import Wait

SERVICE_LEVEL = "service_level"
"""The source of a promise of our own, which no law asks for."""


class Purpose(StrEnum):
    """What a complainant allows, one by one; each permission can be taken back at any moment."""

    CONTACT = "contact"
    """The institution may read the complaint and be asked for its side."""
    NAME = "name"
    """The institution may be told the name and address that the complainant gave for it."""
    POLICE_COPY = "police_copy"
    """The police send a copy to the mayor and the chief public prosecutor (Politiewet 2012, 71)."""
    FURTHER_EXTENSION = "further_extension"
    """The institution may take more time than the law gives it by itself (Awb 9:11)."""


class Anchor(StrEnum):
    """From which day of a clock a rung counts its days."""

    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"


class Step(StrEnum):
    """What a rung does."""

    REMIND = "remind"
    """Say that the term is running. Overtaken by the next rung, it is not done any more."""
    PASS = "pass"  # noqa: S105
    """Note that the term has passed unanswered, and tell everybody whom that concerns."""
    CONTACT_NEXT = "contact_next"
    """Write to the next desk up: the complaints coordinator, then the board."""
    OFFER_REFERRAL = "offer_referral"
    """Offer the complainant the way to the next body, with the date until when."""


class Decides(StrEnum):
    """Who decides whether a rung is taken."""

    AUTOMATIC = "automatic"
    MEDIATOR = "mediator"
    """The mediator is asked. A rung that nobody decided on is left out when the next one comes."""
    COMPLAINANT = "complainant"


@dataclass(frozen=True, slots=True)
class Post:
    """A letter that a rung sends.

    Attributes:
        contact: which desk, when it goes to the institution.
    """

    letter: Letter
    to: Party
    contact: Contact = Contact.HANDLER


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One rung of a ladder: at nine in the morning of a day, something happens by itself.

    Attributes:
        id: its name within the ladder, for instance ``board``.
        days: from its anchor; negative for days before.
        posts: the letters that go out when it is taken.
    """

    id: str
    step: Step
    days: int
    anchor: Anchor = Anchor.LAST_DAY
    decides: Decides = Decides.AUTOMATIC
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRule:
    """How an institution may take more time by a notice of its own, once.

    A further extension needs the complainant's recorded consent.
    """

    span: Span
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long a wait lasts, and what happens meanwhile and afterwards.

    Attributes:
        row: the id of the policy row that it comes from.
        statutory: set by law, so it is never paused, and only the law's own extension moves it.
        source: the article of a law, or ``service_level`` for a promise of our own.
        verified: whether the source was read, rather than remembered.
        ladder: in the order of its moments.
        extension: ``None`` when no law gives the institution more time.
    """

    row: str
    span: Span
    rolling: Rolling
    statutory: bool
    source: str
    verified: bool
    ladder: tuple[Rung, ...]
    extension: ExtensionRule | None = None


class WindowStart(StrEnum):
    """From which day the window to go to the next body counts."""

    TERM_ENDED = "term_ended"
    """The end of the institution's term when it stayed silent, else the day of its answer."""
    FIRST_COMPLAINT = "first_complaint"
    """The day on which the institution received the complaint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How long a complainant can go to the next body. Of several, the one that ends last counts."""

    row: str
    span: Span
    start: WindowStart
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A length of time that a law sets to somebody, without a ladder of ours."""

    row: str
    span: Span
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NextBody:
    """Where a complainant can go next.

    Attributes:
        id: the last part of its key in the catalogue, below ``body``; name and telephone number
            are read there and in the current policy, never frozen.
        windows: empty when there is no last day, or none that we know.
    """

    id: str
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRules:
    """What a case keeps from the policy of the day on which it began, to its end.

    It travels in the workflow's own state, so that neither a correction nor a release moves a date
    under people who count on it.

    Attributes:
        version: the version of the policy data.
        on: the civil day on which the case began, whose rows count to its end.
        kind: the kind of institution; of a question the one that it is about, if that was said.
        mediation: false where we only show the way (landlords, operators, questions).
        needed_consents: without all of these nothing is sent to the institution.
        too_old: an institution may refuse what happened longer ago.
        objection: how long one can object to a decision of an institution of this kind.
        free_days: the days that are not ordinary, for some years ahead.
        unverified_rows: of the policy rows that these rules were made of, those that nobody
            verified, as id and digest, so that a correction finds the cases that it touches.
    """

    version: str
    on: date
    kind: InstitutionKind | None
    mediation: bool
    terms: dict[Wait, Term]
    needed_consents: tuple[Purpose, ...]
    next_body: NextBody | None
    too_old: Limit | None
    objection: Limit | None
    free_days: tuple[FreeDay, ...]
    unverified_rows: dict[str, str]

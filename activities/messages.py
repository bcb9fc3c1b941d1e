"""What workflows and activities tell each other: ids, enumerations and dates, never a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.case_number import CaseNumber
from domain.course import Course
from domain.entries import EntryFacts, Refusal, Verdict
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.institutions import InstitutionKind
from domain.letters import PendingLetter
from domain.matching import Unfit
from domain.matter import Matter
from domain.overview import Overview, Referral
from domain.people import CasePeople
from domain.reopening import ReopeningRequest
from domain.retention import ErasureReason
from domain.stages import Outcome
from domain.waits import Attention


@dataclass(frozen=True, slots=True)
class CaseReference:
    """Which case, and which episode of it: 1 at first, one more after each reopening."""

    id: CaseId
    number: CaseNumber
    episode: int


@dataclass(frozen=True, slots=True)
class BeginEpisode:
    """Begins an episode of a case, or goes on with it after continue-as-new.

    Attributes:
        cursor: the last entry that an earlier episode answered.
        danger: whether the complainant was not safe when it began.
        people: whoever had a part in earlier episodes.
        course: everything so far, when a run takes over from the one before it.
        untold: answers that were not recorded yet.
        revision: how many times the read model was told.
        desk: the address of the case's page at the desk.
    """

    case: CaseReference
    cursor: EntryNumber = EntryNumber(0)  # noqa: RUF009
    danger: bool = False
    people: CasePeople = CasePeople()  # noqa: RUF009
    course: Course | None = None
    untold: tuple[Verdict, ...] = ()
    revision: int = 0
    desk: str = ""


@dataclass(frozen=True, slots=True)
class BeginAftercare:
    """Begins the time after a closure.

    Attributes:
        closed_at: the closure, from which window and retention run, in UTC.
        mediator: the mediator or adviser of the closed episode, who may reopen it.
        danger: whether the complainant is not safe.
        erasure_asked_at: when the complainant asked to be erased, unless that was taken back.
        request: to open the case again, while nobody has answered it.
        referral: the way to the next body, as it stood at the closure.
        duties_done: how many duties of the time after a closure an earlier run did.
        people: whoever had a part in the case so far.
        desk: the address of the case's page at the desk.
    """

    case: CaseReference
    cursor: EntryNumber
    closed_at: datetime
    mediator: StaffId | None
    outcome: Outcome
    referral: Referral | None = None
    duties_done: int = 0
    danger: bool = False
    erasure_asked_at: datetime | None = None
    request: ReopeningRequest | None = None
    people: CasePeople = CasePeople()  # noqa: RUF009
    matter: Matter = Matter.COMPLAINT
    kind: InstitutionKind | None = None
    policy_version: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class BeginErasure:
    """Begins the erasure of a case whose retention has ended, or that somebody asked to erase."""

    case: CaseReference
    reason: ErasureReason = ErasureReason.RETENTION


@dataclass(frozen=True, slots=True)
class EraseCase:
    """Asks for a step of an erasure that notes why it is done."""

    case: CaseReference
    reason: ErasureReason


@dataclass(frozen=True, slots=True)
class EraseRuns:
    """Asks about all runs of some workflows."""

    workflow_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """Asks for the rules that bind a case.

    Attributes:
        on: the civil day on which it began; rows that are valid on that day count.
    """

    case: CaseReference
    on: date


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """Asks for the entries beyond a cursor, at most ``limit`` of them."""

    case: CaseReference
    cursor: EntryNumber
    limit: int


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Entries in order of number; ``more`` when the limit left some out."""

    entries: Sequence[EntryFacts]
    more: bool


@dataclass(frozen=True, slots=True)
class RecordCourse:
    """Tells the answers to entries and the read model.

    Attributes:
        overview: ``None`` when only answers are told.
        danger: of a closed case: whether the complainant is not safe; ``None`` when nothing was
            said of it.
        failing: of a closed case: whether something cannot be done for it; ``None`` when that is
            as it was.
        reopening: of a closed case: why somebody should look because of a request to open it
            again; ``None`` when that is as it was.
    """

    case: CaseReference
    verdicts: Sequence[Verdict]
    revision: int
    overview: Overview | None
    now: datetime
    danger: bool | None = None
    failing: bool | None = None
    reopening: Sequence[Attention] | None = None


@dataclass(frozen=True, slots=True)
class ChooseMediator:
    """Asks for a mediator who may be offered the case.

    Attributes:
        advised: whoever advises in the case, or did.
        earlier: who mediated in an earlier episode.
        now: the workflow's present, in UTC, and ``answer_by`` the last day to answer the offer.
    """

    case: CaseReference
    excluded: Sequence[StaffId]
    now: datetime
    answer_by: date
    advised: Sequence[StaffId] = ()
    earlier: StaffId | None = None


@dataclass(frozen=True, slots=True)
class ChooseAdviser:
    """Asks for an adviser who answers a question.

    Attributes:
        now: the workflow's present, in UTC, and ``begin_by`` the last day to begin with it.
        earlier: who answered in an earlier episode.
    """

    case: CaseReference
    excluded: Sequence[StaffId]
    now: datetime
    begin_by: date
    earlier: StaffId | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom to give a case; when there is nobody, for how many people each reason holds."""

    mediator: StaffId | None
    unfit: Mapping[Unfit, int]


@dataclass(frozen=True, slots=True)
class PostLetter:
    """Asks for a letter.

    Attributes:
        cursor: the last entry that was taken into account; ``None`` when whatever arrives now
            changes nothing in this letter.
        due_on: the last day of what the letter asks for, if it asks for anything.
        now: the workflow's present, from which the letter is dated.
        news: what was not recorded yet; it goes first, in the same transaction.
    """

    case: CaseReference
    letter: PendingLetter
    cursor: EntryNumber | None
    now: datetime
    due_on: date | None = None
    outcome: Outcome | None = None
    news: RecordCourse | None = None


@dataclass(frozen=True, slots=True)
class Foresee:
    """Asks what an entry would cause.

    Attributes:
        entry: as it would stand in the case file; its number is the next one.
        moment: the present of the case, in UTC.
    """

    entry: EntryFacts
    moment: datetime


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an entry would cause.

    Attributes:
        refusal: why it would be refused.
        letters: those that it would call for; the first one brings the read model as it would be.
        held: whether letters to the institution would wait, because somebody is not safe.
    """

    refusal: Refusal | None
    letters: Sequence[PostLetter]
    held: bool


@dataclass(frozen=True, slots=True)
class CloseCase:
    """Asks to close the case.

    Attributes:
        cursor: the last entry that was taken into account.
        news: what was not recorded yet; recorded with the closure, in the same transaction.
    """

    case: CaseReference
    cursor: EntryNumber
    now: datetime
    news: RecordCourse | None = None


@dataclass(frozen=True, slots=True)
class ReopenCase:
    """Asks to begin the next episode of a closed case."""

    case: CaseReference
    cursor: EntryNumber


@dataclass(frozen=True, slots=True)
class MarkEraseDue:
    """Asks to mark a case whose retention has ended."""

    case: CaseReference
    cursor: EntryNumber


@dataclass(frozen=True, slots=True)
class Acted:
    """Tells whether an outward or irrevocable act was done.

    ``done`` is false when the ledger holds entries beyond the cursor acted upon: nothing was
    done, and they must be read first. ``left_before`` is true of a letter that had left already.
    """

    done: bool
    left_before: bool = False


@dataclass(frozen=True, slots=True)
class WriteDigests:
    """Write the digests of the day on which this is done, which may be later than it was asked."""


@dataclass(frozen=True, slots=True)
class PublishFigures:
    """Publish the figures of every year that has ended when this is done."""

"""The bodies of answers. Names are lower camel case on the wire."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from api.schemas import Wire
from domain.attachments import MediaType, ScanState
from domain.entries import Decision, EntryKind, Refusal
from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.letters import Letter
from domain.mandates import MandateForm
from domain.matter import Matter
from domain.parties import Audience, Party
from domain.policy.model import Purpose, Step
from domain.stages import Outcome, Stage
from domain.waits import Wait
from storage.models import EntryStatus, LetterStatus


class InstitutionBody(Wire):
    """An institution that a complaint can be about."""

    id: str
    kind: str
    name: str


class InstitutionsBody(Wire):
    """The register of institutions."""

    institutions: list[InstitutionBody]


class HelplineBody(Wire):
    """A telephone number that helps."""

    code: str
    name: str
    number: str
    danger: bool
    """For somebody who is not safe."""
    verified: bool


class HelplinesBody(Wire):
    """Telephone numbers, always the current ones."""

    helplines: list[HelplineBody]


class SideRouteBody(Wire):
    """Another way, beside a complaint."""

    code: str
    text: str
    helpline: str | None
    """The code of a telephone number."""
    source: str
    verified: bool


class SideRoutesBody(Wire):
    """Other ways, beside a complaint."""

    side_routes: list[SideRouteBody]


class AcceptedBody(Wire):
    """What arrived has a place in the case file; the answer will stand beside it."""

    number: int
    status: EntryStatus


class AttachmentBody(Wire):
    """A file of the case. What is given out is its clean copy."""

    id: UUID
    entry_number: int
    name: str
    media_type: MediaType
    """Of the clean copy."""
    size: int
    """Of the clean copy, in bytes."""
    scan_state: ScanState
    scan_text: str
    """What that means, in words."""


class AttachmentsBody(Wire):
    """The files of a case, oldest first."""

    attachments: list[AttachmentBody]


class AttachmentAcceptedBody(AcceptedBody):
    """The file has a place in the case file; the answer will stand beside its entry."""

    attachment: AttachmentBody


class EntryBody(Wire):
    """An entry of the case file, and what became of it."""

    number: int
    kind: EntryKind
    title: str
    author: Party
    audience: Audience
    received_at: datetime
    decision: Decision | None
    outcome: Outcome | None
    status: EntryStatus
    refusal: Refusal | None
    refusal_text: str | None
    mandate: int | None
    """By which mandate a representative wrote this, or which one ends by it."""
    body: dict[str, str] | None


class EntriesBody(Wire):
    """Entries in the order in which they arrived; ``next`` when there are more."""

    entries: list[EntryBody]
    next: str | None


class LetterBody(Wire):
    """A letter to the reader."""

    id: UUID
    letter: Letter
    title: str
    written_at: datetime
    status: LetterStatus
    subject: str
    text: str
    html: str
    """The same for a browser, with the pictures that belong to it."""


class LettersBody(Wire):
    """Letters, oldest first."""

    letters: list[LetterBody]


class ReceiptBody(Wire):
    """What to keep: the case number and the receipt code, which is shown only now."""

    case_number: str
    receipt_code: str
    receipt_words: str
    """The same code as ten words. Either of the two opens the case."""


class HandedInBody(ReceiptBody):
    """What to keep after handing in; for somebody else, there are two codes."""

    helper_code: str | None
    """The code of whoever handed in for somebody else; it ends when the complainant says so."""
    helper_words: str | None


class RepresentativeCodeBody(Wire):
    """The code of whoever may act for the complainant, which is shown only now."""

    number: int
    receipt_code: str
    receipt_words: str


class LostCodeBody(Wire):
    """What becomes of a request for a new code: the same for everybody who asks."""

    claim_code: str
    """The first half of what the new code takes. It is shown only now."""
    text: list[str]
    """What happens next, and what is impossible, in sentences."""
    waiting_days: int
    usable_days: int


class CodeRequestBody(Wire):
    """Somebody asked for a new receipt code of this case."""

    id: UUID
    asked_at: datetime
    letter_on: date
    letter_written: bool
    usable_until: date
    text: str


class SessionBody(Wire):
    """A short session; its token goes into ``Authorization: Bearer``."""

    token: str
    expires_at: datetime


class StageBody(Wire):
    """Where a case stands, by name and in words."""

    code: Stage
    text: str


class WaitingBody(Wire):
    """Who is waited for, until when, why that date, and what happens if nobody acts."""

    code: Wait
    party: Party
    text: str
    since: datetime | None
    until: datetime | None
    still_since: date | None
    """Since which day its time stands still, for safety; then it is due on no day."""
    why: str | None
    if_nobody_acts: str | None


class ClockBody(Wire):
    """One running clock: until when, why that date, and what happens if nobody acts."""

    code: Wait
    party: Party
    text: str
    since: datetime
    last_day: date
    """The last day, rolls and extensions included; over at its end in the Netherlands."""
    raw_last_day: date
    """The last day before it was moved to an ordinary day."""
    statutory: bool
    source: str
    verified: bool
    round: int
    passed: bool
    paused: bool
    extensions: int
    why: list[str]
    """Sentences in the reader's language."""
    next_step: Step | None
    next_at: datetime | None


class ConsentStateBody(Wire):
    """One consent: what it means, whether it is given, and whether contact needs it."""

    purpose: Purpose
    title: str
    """A question."""
    explanation: str
    warnings: list[str]
    """What somebody should know before they allow it."""
    given: bool
    needed: bool


class ReferralBody(Wire):
    """Where the complainant can go next, and until when."""

    code: str
    text: list[str]
    until: date | None
    source: str | None


class OutcomeBody(Wire):
    """An outcome, by name and in words."""

    code: Outcome
    text: str
    entry: int | None = None


class MandateBody(Wire):
    """Somebody who may act for the complainant, or could until that was ended."""

    number: int
    """Of the entry that gave the mandate."""
    name: str
    organisation: str | None
    form: MandateForm
    given_at: datetime
    in_force: bool


class ReopeningBody(Wire):
    """Whether a closed case can be opened again, and what became of asking for that."""

    possible: bool
    """Whether ``POST /v1/my-case/reopening-requests`` is possible."""
    until: date | None
    """The last day on which one can ask."""
    asked_on: date | None
    """When it was asked, while nobody has answered."""
    answer_by: date | None
    """The last day on which we promise to answer; a supervisor looks afterwards."""


class MyCaseBody(Wire):
    """A complainant's own case."""

    case_number: str
    matter: Matter
    """A complaint, or a question, which has no institution."""
    institution: InstitutionBody | None
    about_kind: InstitutionKind | None
    """The kind of institution that a question is about, if that was said."""
    linked_cases: list[str]
    """The numbers of cases that belong to this one, such as the complaint that it became."""
    language: Language
    opened_at: datetime
    closed_at: datetime | None
    stage: StageBody
    waiting_for: WaitingBody | None
    clocks: list[ClockBody]
    timeline: list[str]
    """The picture at ``/v1/my-case/timeline``, in words."""
    notices: list[str]
    """What to know before relying on a complaint, for instance until when one can object."""
    in_danger: bool
    helplines: list[HelplineBody]
    """Numbers to call; given when it is not safe. ``GET /v1/helplines`` has them for anybody."""
    consent: bool
    """Whether all that contact with the institution needs is given."""
    consents: list[ConsentStateBody]
    may_object_to_mediator: bool
    """Whether ``POST /v1/my-case/mediator-objection`` is possible: once, while there is one."""
    news_by_mail: bool
    whole_letters_by_mail: bool
    """They asked for whole letters, not only for the word that there is news."""
    code_requests: list[CodeRequestBody]
    """Requests for a new receipt code, by somebody without the old one; each can be stopped."""
    proposal: OutcomeBody | None
    outcome: OutcomeBody | None
    ground: str | None
    referral: ReferralBody | None
    reopening: ReopeningBody
    mandates: list[MandateBody]
    """Who may act for the complainant. A representative sees none but their own."""
    read_by: int | None
    """The number of the mandate by which a representative reads; ``null`` for the complainant."""


class ErasureBody(Wire):
    """What being erased means, and whether it was asked for."""

    asked: bool
    erased_on: date | None
    """The day on which the case is erased, unless the request is taken back before."""
    text: list[str]


class DigestBody(Wire):
    """Whether the reader gets a mail on mornings on which something has to be done."""

    wanted: bool


class HealthBody(Wire):
    """Which parts answer."""

    status: str
    missing: list[str]


class FieldProblemBody(BaseModel):
    """What is wrong with one field: where it stands, and what to do."""

    detail: str
    pointer: str | None = None
    """JSON pointer (RFC 6901) into the body that was sent."""
    parameter: str | None = None
    """Name of a header or query parameter."""


class ProblemBody(BaseModel):
    """Why a request had no effect (RFC 9457), in the language of ``Accept-Language``."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblemBody] | None = None

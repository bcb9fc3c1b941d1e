"""The bodies of requests and answers. Names are lower camel case on the wire."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from domain.entries import Decision, EntryKind, Refusal
from domain.identifiers import InstitutionId
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from storage.models import EntryStatus, LetterStatus

TEXT_LIMIT = 20_000
"""Characters."""

_PERMITTED_CONTROLS = frozenset("\n\r\t")
_TURNING_CHARACTERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = frozenset("\u2028\u2029")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[^\W_]([^\W_]|-)*"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})+")
"""The dot-atom form of RFC 5322; the domain may be international."""


def _readable(value: str) -> str:
    categories = [unicodedata.category(c) for c in value if c not in _PERMITTED_CONTROLS]
    if not {"Cs", "Cc"}.isdisjoint(categories):
        raise PydanticCustomError("unreadable_characters", "unreadable characters")
    if all(category[0] in "CZ" for category in categories):
        raise PydanticCustomError("string_too_short", "nothing that can be seen")
    return value


def _one_line(value: str) -> str:
    if not (_PERMITTED_CONTROLS | _TURNING_CHARACTERS | _LINE_ENDS).isdisjoint(value):
        raise PydanticCustomError("unreadable_characters", "unreadable characters")
    return _readable(value)


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise PydanticCustomError("not_an_address", "not an e-mail address")
    return value


def _stripped(minimum: int, maximum: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


type Text = Annotated[str, _stripped(1, TEXT_LIMIT), AfterValidator(_readable)]
type Line = Annotated[str, _stripped(1, 200), AfterValidator(_one_line)]
type Address = Annotated[str, _stripped(3, 254), AfterValidator(_address)]
type InstitutionKey = Annotated[
    InstitutionId, StringConstraints(min_length=1, max_length=60), AfterValidator(_one_line)
]


class Wire(BaseModel):
    """What all bodies share: camel case."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True)


class Sent(Wire):
    """A body that somebody sends: nothing in it that we do not know, and one name per field."""

    model_config = ConfigDict(validate_by_name=False, validate_by_alias=True, extra="forbid")


class ComplaintBody(Sent):
    """A new complaint about one institution. No name is asked."""

    institution_id: InstitutionKey
    subject: Line
    text: Text
    language: Language = Language.DUTCH
    email: Address | None = None
    """Where we may send that there is news. Leave it out to read letters in the case file."""


class ReceiptBody(Wire):
    """What to keep: the case number and the receipt code, which is shown only now."""

    case_number: str
    receipt_code: str


class SessionRequest(Sent):
    """Opens a session with a receipt code."""

    receipt_code: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class SessionBody(Wire):
    """A session of a complainant."""

    token: str
    expires_at: datetime


class MessageBody(Sent):
    """A message to the mediator."""

    text: Text


class ConsentBody(Sent):
    """Gives or revokes the consent to contact the institution."""

    consent: StrictBool


class ResponseBody(Sent):
    """Answers the proposed outcome."""

    accept: StrictBool
    text: Text | None = None


class WithdrawalBody(Sent):
    """Withdraws the complaint, with or without a reason."""

    reason: Text | None = None


class ContactBody(Sent):
    """Where news may be sent; ``null`` for nowhere."""

    email: Address | None


class IdentityBody(Sent):
    """Who the complainant is, for an institution that requires it; ``null`` takes it back."""

    name: Line | None
    postal_address: Line | None = None


class LanguageBody(Sent):
    """In which language the complainant wishes to be addressed."""

    language: Language


class StaffMessageBody(Sent):
    """A message of the mediator, or a note for the mediator alone."""

    text: Text
    audience: Audience


class DecisionBody(Sent):
    """A decision of a mediator or supervisor."""

    decision: Decision
    outcome: Annotated[Outcome | None, Field(validate_default=True)] = None
    """Belongs to ``propose_outcome`` and ``close_case`` only."""
    mediator_id: Annotated[UUID | None, Field(validate_default=True)] = None
    """Belongs to ``offer_case`` only."""
    reason: Text | None = None

    @field_validator("outcome")
    @classmethod
    def _outcome_fits(cls, value: Outcome | None, so_far: ValidationInfo) -> Outcome | None:
        _fits(so_far, {Decision.PROPOSE_OUTCOME, Decision.CLOSE_CASE}, given=value is not None)
        return value

    @field_validator("mediator_id")
    @classmethod
    def _mediator_fits(cls, value: UUID | None, so_far: ValidationInfo) -> UUID | None:
        _fits(so_far, {Decision.OFFER_CASE}, given=value is not None)
        return value


def _fits(so_far: ValidationInfo, decisions: set[Decision], *, given: bool) -> None:
    decision = so_far.data.get("decision")
    if decision is None:
        return  # already refused
    if decision in decisions and not given:
        raise PydanticCustomError("missing", "this decision needs it")
    if decision not in decisions and given:
        raise PydanticCustomError("value_error", "it does not belong to this decision")


class ReplyBody(Sent):
    """The institution's answer."""

    text: Text


class InstitutionBody(Wire):
    """An institution that a complaint can be about."""

    id: str
    kind: str
    name: str


class InstitutionsBody(Wire):
    """The register of institutions."""

    institutions: list[InstitutionBody]


class AcceptedBody(Wire):
    """What arrived has a place in the case file; the answer will stand beside it."""

    number: int
    status: EntryStatus


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


class LettersBody(Wire):
    """Letters, oldest first."""

    letters: list[LetterBody]


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
    why: str | None
    if_nobody_acts: str | None


class OutcomeBody(Wire):
    """An outcome, by name and in words."""

    code: Outcome
    text: str
    entry: int | None = None


class MyCaseBody(Wire):
    """A complainant's own case."""

    case_number: str
    institution: InstitutionBody
    language: Language
    opened_at: datetime
    closed_at: datetime | None
    stage: StageBody
    waiting_for: WaitingBody | None
    consent: bool
    news_by_mail: bool
    proposal: OutcomeBody | None
    outcome: OutcomeBody | None


class CaseBody(Wire):
    """The course of a case, for staff."""

    case_number: str
    episode: int
    institution: InstitutionBody
    opened_at: datetime
    closed_at: datetime | None
    stage: Stage
    waiting_for: Wait | None
    due_at: datetime | None
    attention: Attention | None
    mediator_id: UUID | None
    offered_id: UUID | None
    consent: bool
    contacted: bool
    replied: bool
    proposal: Outcome | None
    outcome: Outcome | None
    entry_count: int


class CasesBody(Wire):
    """A page of cases; ``next`` when there are more."""

    cases: list[CaseBody]
    next: str | None


class AddressedBody(Wire):
    """What was addressed to the institution, and what it answered; ``next`` when there is more."""

    case_number: str
    institution: InstitutionBody
    entries: list[EntryBody]
    next: str | None


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

"""The bodies of requests. Names are lower camel case on the wire."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from domain.addresses import as_it_travels
from domain.case_number import CaseNumber, InvalidCaseNumber, parse_case_number
from domain.identifiers import InstitutionId
from domain.institutions import InstitutionKind
from domain.intake import About, Safety
from domain.languages import SPOKEN, Language
from domain.mandates import MandateForm
from domain.policy.model import Purpose
from domain.situations import Happened, Wish

TEXT_LIMIT = 20_000
"""Characters."""
LARGEST_NUMBER = 2**31 - 2
"""Of an entry."""

_FIRST_DAY = date(1950, 1, 1)
_LAST_DAY = date(2100, 12, 31)
_A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERMITTED_CONTROLS = frozenset("\n\r\t")
_TURNING_CHARACTERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = frozenset("\u2028\u2029")


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


def _spoken(value: object) -> object:
    if value not in SPOKEN:
        choices = {"expected": ", ".join(f"'{language}'" for language in SPOKEN)}
        raise PydanticCustomError("enum", "not a language that we speak", choices)
    return value


def _address(value: str) -> str:
    try:
        as_it_travels(value)
    except ValueError:
        raise PydanticCustomError("not_an_address", "not an e-mail address") from None
    if "." not in value.rpartition("@")[2]:
        raise PydanticCustomError("not_an_address", "a domain of this machine only")
    return value


def _case_number(value: str) -> CaseNumber:
    try:
        return parse_case_number(value)
    except InvalidCaseNumber:
        raise PydanticCustomError("not_a_case_number", "not a case number") from None


def _written_day(value: object) -> object:
    """Read ``2026-11-25`` and nothing else: no moment, and no number of seconds."""
    if not isinstance(value, str):
        raise PydanticCustomError("date_type", "not written as a day")
    try:
        return date.fromisoformat(value if _A_DAY.fullmatch(value) else "")
    except ValueError:
        raise PydanticCustomError("not_a_day", "no day of the calendar") from None


def _day_of_our_time(value: date) -> date:
    if not _FIRST_DAY <= value <= _LAST_DAY:
        raise PydanticCustomError("value_error", "no day that a case can be about")
    return value


def _stripped(minimum: int, maximum: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


type Text = Annotated[str, _stripped(1, TEXT_LIMIT), AfterValidator(_readable)]
type Line = Annotated[str, _stripped(1, 200), AfterValidator(_one_line)]
type Address = Annotated[str, _stripped(3, 254), AfterValidator(_address)]
type SpokenLanguage = Annotated[
    Language,
    BeforeValidator(_spoken),
    WithJsonSchema({"type": "string", "enum": [str(language) for language in SPOKEN]}),
]
type CaseNumberTyped = Annotated[str, _stripped(1, 40), AfterValidator(_case_number)]
type Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_day_of_our_time)]
type InstitutionKey = Annotated[
    InstitutionId, StringConstraints(min_length=1, max_length=60), AfterValidator(_one_line)
]


class Wire(BaseModel):
    """What all bodies share: camel case."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, frozen=True)


class Sent(Wire):
    """A body that somebody sends: nothing in it that we do not know, and one name per field."""

    model_config = ConfigDict(validate_by_name=False, validate_by_alias=True, extra="forbid")


class IntakeBody(Sent):
    """What is good to know of a complaint. Every question can be skipped."""

    about: About = About.UNSURE
    """Whether it is about how people were treated, or about a decision."""
    happened_on: Day | None = None
    decided_on: Day | None = None
    other_procedure: StrictBool | None = None
    """Whether a court or another body is dealing with it."""
    handled_before: StrictBool | None = None
    """Whether the institution handled the same complaint before."""
    safety: Safety = Safety.NOT_SAID
    """The answer to "Are you safe now?". Nothing is reported to anybody because of it."""


class HelperBody(Sent):
    """Who hands in for somebody else, and how that was agreed."""

    name: Line
    organisation: Line | None = None
    form: Literal[MandateForm.SPOKEN, MandateForm.WRITTEN]
    confirmed: Annotated[StrictBool, Field(json_schema_extra={"const": True})]
    """``true``: the complainant asked for this, and knows that it can be ended at any moment."""

    @field_validator("confirmed")
    @classmethod
    def _confirmed(cls, value: bool) -> bool:
        if not value:
            raise PydanticCustomError("missing", "the complainant has to want this")
        return value


class RepresentativeBody(Sent):
    """Whom the complainant lets act for them."""

    name: Line
    organisation: Line | None = None


class ComplaintBody(Sent):
    """A new complaint about one institution. No name of the complainant is asked."""

    institution_id: InstitutionKey
    subject: Line
    text: Text
    language: SpokenLanguage = Language.DUTCH
    email: Address | None = None
    """Where we may send that there is news. Leave it out to read letters in the case file."""
    intake: IntakeBody = IntakeBody()
    helper: HelperBody | None = None
    """Who hands it in for the complainant, and gets a code of their own for that."""


class QuestionBody(Sent):
    """A question about rights and duties. No name of whoever asks it is needed."""

    text: Text
    subject: Line | None = None
    kind: InstitutionKind | None = None
    """The kind of institution that it is about. Leave it out when it is about none."""
    language: Language = Language.DUTCH
    email: Address | None = None
    """Where we may send that there is news. Leave it out to read letters in the case file."""
    safety: Safety = Safety.NOT_SAID
    """The answer to "Are you safe now?". Nothing is reported to anybody because of it."""
    helper: HelperBody | None = None
    """Who asks for somebody else, and gets a code of their own for that."""


class ComplaintFromQuestionBody(Sent):
    """Turns a question into a complaint about one institution, in the words of the question."""

    institution_id: InstitutionKey
    subject: Line | None = None
    """Instead of the subject of the question."""
    text: Text | None = None
    """Instead of the text of the question. The institution reads it, once there is consent."""
    intake: IntakeBody = IntakeBody()
    close_question: StrictBool = True
    """Whether the question closes by it; otherwise it is answered all the same."""


type TypedCode = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class SessionRequest(Sent):
    """Opens a session with a receipt code."""

    receipt_code: TypedCode
    """As 26 characters or as ten words; spaces, hyphens, capitals and accents do not matter."""


class LostCodeRequest(Sent):
    """Asks for a new receipt code without having the old one."""

    case_number: CaseNumberTyped
    email: Address
    """The address to which news of this case goes."""


class HalvesBody(Sent):
    """Both halves of what a new receipt code takes."""

    claim_code: TypedCode
    """From the answer to the request."""
    letter_code: TypedCode
    """From the letter."""


class NewCodeRequest(Sent):
    """Asks for a new receipt code; there is nothing to say."""


class MessageBody(Sent):
    """A message to the mediator."""

    text: Text


class ConsentBody(Sent):
    """Gives or revokes one consent; ``contact`` is the one to write to the institution."""

    consent: StrictBool
    purpose: Purpose = Purpose.CONTACT


class Question(StrEnum):
    """What a complainant answers with yes or no."""

    OUTCOME = "outcome"
    REFERRAL = "referral"


class ResponseBody(Sent):
    """Answers the proposed outcome, or the offer of the way to the next body."""

    accept: StrictBool
    about: Question = Question.OUTCOME
    text: Text | None = None
    proposal: Annotated[StrictInt, Field(ge=1, le=LARGEST_NUMBER)] | None = None
    """The entry with the proposal that was read: ``proposal.entry`` of the case. When another one
    is proposed by now, the answer is refused; without it, it answers whatever is proposed."""


class SafetyBody(Sent):
    """Says whether the complainant is safe. Nothing is reported to anybody because of it."""

    safe: StrictBool


class FeedbackBody(Sent):
    """How the complainant looks back, after the closure. Answering is never needed."""

    text: Text


class WithdrawalBody(Sent):
    """Withdraws the complaint, with or without a reason."""

    reason: Text | None = None


class ReopeningRequestBody(Sent):
    """Asks that a closed case is opened again, and says why."""

    text: Text


class ErasureRequestBody(Sent):
    """Asks that everything is erased."""

    confirm: Annotated[StrictBool, Field(json_schema_extra={"const": True})]
    """``true``: the complainant read what is erased and what stays."""


class CancellationBody(Sent):
    """Takes something back; there is nothing more to say."""


class ContactBody(Sent):
    """Where news may be sent; ``null`` for nowhere."""

    email: Address | None
    whole_letters: StrictBool = False
    """Send whole letters instead of the word that there is news. Whoever sees the mailbox reads
    them, and the name of the institution."""


class IdentityBody(Sent):
    """Who the complainant is, for an institution that requires it; ``null`` takes it back."""

    name: Line | None
    postal_address: Line | None = None


class LanguageBody(Sent):
    """In which language the complainant wishes to be addressed."""

    language: SpokenLanguage


class SituationBody(Sent):
    """What somebody asks the guide. Only what happened has to be said."""

    happened: Happened
    kind: InstitutionKind | None = None
    wish: Wish | None = None
    happened_on: Day | None = None
    decided_on: Day | None = None
    """The day on the decision."""
    complained_on: Day | None = None
    """When the institution received a complaint about it."""
    answered_on: Day | None = None
    """When it answered that."""


class DigestWishBody(Sent):
    """Whether somebody of the staff wants the mail of the morning."""

    wanted: StrictBool


class TopicSearchBody(Sent):
    """What somebody looks for."""

    words: Line


class ObjectionBody(Sent):
    """Asks for another mediator, and says why: once."""

    reason: Text


class ReplyBody(Sent):
    """What the institution says: an answer, an objection, or a correction of facts."""

    text: Text


class ReplyTokenBody(Sent):
    """The token of a reply link, exchanged for a short session."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class ExtensionBody(Sent):
    """The institution takes more time, says why, and until when if not all that the law gives."""

    text: Text
    until: Day | None = None

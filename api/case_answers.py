"""The bodies that tell the staff of cases: one, lists, and counts."""

from datetime import date, datetime
from uuid import UUID

from api.answers import ClockBody, InstitutionBody, ReferralBody
from api.schemas import Wire
from api.staffing_answers import UnfitBody
from domain.grounds import Ground
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.policy.model import Purpose
from domain.stages import Outcome, Stage
from domain.todo import Need
from domain.waits import Attention, Wait


class NeedBody(Wire):
    """Something that a case needs of its reader."""

    code: Need
    text: str


class CaseBody(Wire):
    """The course of a case, for staff."""

    case_number: str
    episode: int
    matter: Matter
    institution: InstitutionBody | None
    about_kind: InstitutionKind | None
    opened_at: datetime
    closed_at: datetime | None
    stage: Stage
    waiting_for: Wait | None
    due_at: datetime | None
    """Until when that is due."""
    still_since: date | None
    """Since which day its time stands still, for safety; then it is due on no day."""
    needs: list[NeedBody]
    """What the case needs of the reader, the most urgent in front."""
    needs_until: datetime | None
    """When the first of it is due; nothing where it is due on no day, or cannot wait for one."""
    attention: Attention | None
    """The most urgent reason why somebody should look, and ``attentions`` all of them."""
    attentions: list[Attention]
    mediator_id: UUID | None
    offered_id: UUID | None
    adviser_id: UUID | None
    """Who answers a question, or advises beside the mediator of a complaint."""
    unfit: list[UnfitBody]
    """Why nobody could be asked, while that is so."""
    consent: bool
    contacted: bool
    replied: bool
    proposal: Outcome | None
    outcome: Outcome | None
    entry_count: int
    clocks: list[ClockBody]
    timeline: list[str]
    """The picture at ``/v1/cases/{number}/timeline``, in words."""
    steps_to_decide: list[str]
    """Rungs of the ladder that wait for the mediator's decision."""
    notices: list[str]
    """As the complainant reads them."""
    consents: list[Purpose]
    in_danger: bool
    ground: Ground | None
    referral: ReferralBody | None
    policy_version: str
    linked_cases: list[str]
    """The numbers of the cases that a mediator linked to this one."""


class CasesBody(Wire):
    """A page of cases, what is due first in front; ``next`` when there are more."""

    cases: list[CaseBody]
    next: str | None


class FoundBody(Wire):
    """A page of cases that a search found; ``after`` goes into the next one when there are more."""

    cases: list[CaseBody]
    after: str | None


class CountsBody(Wire):
    """How many cases are under way: open, or closed and still asking for attention."""

    stages: dict[Stage, int]
    waiting_for: dict[Wait, int]
    attentions: dict[Attention, int]
    """A case with several reasons counts for each."""
    needs_me: int
    """How many need something of the reader."""
    reading_asked: list[str]
    """The cases that a colleague asks to read, where the reader can answer (break-glass)."""

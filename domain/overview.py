"""The read model of a case: what its file, the desk and the pages show of its course."""

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.clocks import Clock, PastClock
from domain.grounds import Ground
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.institutions import InstitutionKind
from domain.intake import Notice
from domain.matching import Unfit
from domain.matter import Matter
from domain.policy.model import Purpose, Step
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """A running clock as it is shown.

    Attributes:
        next_step: what happens next if nobody acts, and ``next_at`` when, in UTC.
        extendable: whether the rules give the institution more time at a notice of its own.
    """

    clock: Clock
    next_step: Step | None
    next_at: datetime | None
    extendable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """The way to the next body.

    Attributes:
        body: the last part of its key in the catalogue, below ``body``.
        until: the last day, never rolled; ``None`` where no law sets one.
        source: the article that sets it.
    """

    body: str
    until: date | None
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that has to be done, fails, and is tried again for ever.

    Attributes:
        effect: the name of the activity.
        since: when it was first tried, in UTC.
        rounds: how many rounds of tries have failed.
    """

    effect: str
    since: datetime
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewDetails:
    """The part of the read model that nobody filters by.

    Attributes:
        clocks: those that run, the one that ends first in front.
        past_clocks: those that ended, oldest first.
        consents: what the complainant allows now.
        needed_consents: without all of these nothing is sent to the institution.
        contestable: whether a decision of such an institution can be objected to.
        linked: other cases that belong to this one.
        steps_to_decide: rungs of the ladder that wait for the mediator, by id.
        referral: where the complainant can go next, once that is of use.
        attentions: why somebody should look, the most urgent reason in front.
        adviser: who advises in the case.
        recused: mediators who left the case, or were taken off it.
        may_object: whether the complainant can ask for another mediator.
        unfit: for how many mediators each reason not to ask them holds, when nobody is left.
        policy_version: the version of the policy data that the case keeps.
        rules_of: the civil day whose rows of it the case keeps.
        unverified_rows: see ``CaseRules.unverified_rows``.
        complained_on: the civil day on which the complaint of this episode arrived.
        correctable: the clocks that a supervisor can count from another day.
        reachable: the stages into which a supervisor can bring the case by hand.
        trouble: what cannot be done at present.
    """

    matter: Matter = Matter.COMPLAINT
    kind: InstitutionKind | None = None
    mediation: bool = True
    clocks: tuple[ClockView, ...] = ()
    past_clocks: tuple[PastClock, ...] = ()
    consents: tuple[Purpose, ...] = ()
    needed_consents: tuple[Purpose, ...] = ()
    contestable: bool = False
    linked: tuple[CaseId, ...] = ()
    steps_to_decide: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    referral: Referral | None = None
    ground: Ground | None = None
    danger: bool = False
    attentions: tuple[Attention, ...] = ()
    adviser: StaffId | None = None
    recused: tuple[StaffId, ...] = ()
    may_object: bool = False
    unfit: dict[Unfit, int] = field(default_factory=dict[Unfit, int])
    policy_version: str = ""
    rules_of: date | None = None
    unverified_rows: dict[str, str] = field(default_factory=dict[str, str])
    complained_on: date | None = None
    correctable: tuple[Wait, ...] = ()
    reachable: tuple[Stage, ...] = ()
    trouble: Trouble | None = None

    def still_since(self, wait: Wait | None) -> datetime | None:
        """Return since when the clock of a wait stands still, in UTC, if it does."""
        clocks = (view.clock for view in self.clocks)
        return next((clock.paused_at for clock in clocks if clock.wait is wait), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Where a case stands.

    Attributes:
        waiting_for: what is awaited, which also names the party and what follows if nobody acts.
        waiting_since: when that wait began, in UTC.
        remind_at: when the next reminder of it is due, in UTC.
        due_at: until when, in UTC.
        attention: the most urgent reason why somebody should look.
        consent: whether everything that is needed to contact the institution is allowed.
        cursor: the last entry that this overview takes into account.
    """

    stage: Stage
    cursor: EntryNumber
    waiting_for: Wait | None
    waiting_since: datetime | None
    remind_at: datetime | None
    due_at: datetime | None
    term_source: str | None
    mediator: StaffId | None
    offered: StaffId | None
    consent: bool
    contacted: bool
    replied: bool
    proposal: Outcome | None
    proposed_in: EntryNumber | None
    outcome: Outcome | None
    attention: Attention | None
    details: OverviewDetails
